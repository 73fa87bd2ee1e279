/**
 * One SASL exchange as seen from outside, the same for SMTP AUTH, POP3 AUTH and
 * IMAP AUTHENTICATE. In: the mechanism name and each client response as it
 * stands on the line. Out: the decoded response, the step, and the credentials
 * as soon as they crossed. Who drives it decides which lines are responses.
 *
 * What it holds is secret: measure it, never show it.
 */
import { base64DecodedLength, decodeBase64 } from './base64.js';
import { findCredentials, responsesNeeded, type CredentialRanges } from './credentials.js';

const MECHANISM_CHARACTERS = 32;
const EMPTY = new Uint8Array(0);

export class SaslExchange {
  /** Upper case, printable, at most 32 characters; empty when unknown. */
  mechanism = '';
  /** Responses so far, an initial one included. */
  step = 0;
  /** The last response decoded (first 16 KiB, a copy of its own), or null when it is not base64. */
  decoded: Uint8Array | null = null;
  /** Decoded user name and password, null until (or unless) they cross in clear; at most 16 KiB each. */
  user: Uint8Array | null = null;
  password: Uint8Array | null = null;
  /** Decoded lengths, also beyond what is held; -1 when unknown. */
  userBytes = -1;
  passwordBytes = -1;
  /** The client gave up with `*`. */
  cancelled = false;
  /** The credentials have been sent, in whatever form. */
  attempted = false;

  private readonly ranges: CredentialRanges = { userStart: -1, userEnd: -1, passwordStart: -1, passwordEnd: -1 };

  /** Starts an exchange; octets `start`..`end` are the mechanism's name (an empty range when it was not seen). */
  begin(buffer: Uint8Array, start: number, end: number): void {
    this.mechanism = mechanismName(buffer, start, end);
    this.step = 0;
    this.decoded = null;
    this.user = this.password = null;
    this.userBytes = this.passwordBytes = -1;
    this.cancelled = this.attempted = false;
  }

  /**
   * Takes a response, without its terminator. `initial` is one on the AUTH line itself, where a
   * lone `=` stands for an empty response (RFC 4954 4). `omittedBytes` were on the wire but are not held.
   * Returns true when with it the credentials have been sent.
   */
  respond(buffer: Uint8Array, start: number, end: number, initial: boolean, omittedBytes = 0): boolean {
    if (!initial && end - start === 1 && buffer[start] === 0x2a) {
      this.cancelled = true;
      this.decoded = null;
      return false;
    }
    this.step++;
    // Of a response too long to be held, whole groups of four can be decoded.
    const usable = omittedBytes > 0 ? end - ((end - start) % 4) : end;
    this.decoded = initial && end - start === 1 && buffer[start] === 0x3d ? EMPTY : decodeBase64(buffer, start, usable);
    const omitted = Math.floor((omittedBytes * 3) / 4);
    if (this.decoded !== null) {
      this.remember(this.decoded, Math.max(base64DecodedLength(buffer, start, usable), this.decoded.length) + omitted);
    }
    if (this.attempted || this.step < responsesNeeded(this.mechanism)) return false;
    this.attempted = true;
    return true;
  }

  private remember(decoded: Uint8Array, decodedBytes: number): void {
    const ranges = this.ranges;
    findCredentials(this.mechanism, this.step, decoded, ranges);
    const beyond = decodedBytes - decoded.length;
    if (ranges.userStart !== -1) {
      this.user = decoded.subarray(ranges.userStart, ranges.userEnd);
      this.userBytes = this.user.length + (ranges.userEnd === decoded.length ? beyond : 0);
    }
    if (ranges.passwordStart !== -1) {
      this.password = decoded.subarray(ranges.passwordStart, ranges.passwordEnd);
      this.passwordBytes = this.password.length + beyond;
    }
  }
}

/** Upper case, as far as printable (RFC 4422 3.1 allows 20 characters; hostile ones are longer). */
export function mechanismName(buffer: Uint8Array, start: number, end: number): string {
  let name = '';
  for (let i = start; i < end && name.length < MECHANISM_CHARACTERS; i++) {
    const octet = buffer[i] as number;
    if (octet <= 0x20 || octet > 0x7e) break;
    name += String.fromCharCode(octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet);
  }
  return name;
}
