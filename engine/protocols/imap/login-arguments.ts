/**
 * The two arguments of LOGIN (RFC 9051 6.2.3): atoms, quoted strings or literals,
 * spread over the fragments of one command. In: fragments and literal octets in
 * order. Out: decoded copies, at most 16 KiB each, their whole lengths, and where
 * they stand in the fragment read last. What it holds is secret.
 */
import { copyOctets } from '../../octets.js';
import { wipe } from '../wipe.js';

const CREDENTIAL_BYTES = 16_384;
/** A longer buffer is not kept for the next login. */
const RETAINED_BYTES = 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

export class Credential {
  private octets: Uint8Array = new Uint8Array(64);
  /** Octets held, and decoded in all. */
  held = 0;
  bytes = 0;
  /** Where it stands in the fragment read last; -1 when it does not. */
  start = -1;
  end = -1;

  /** Forgets, and wipes, what was collected. */
  clear(): void {
    if (this.octets.length > RETAINED_BYTES) this.octets = new Uint8Array(64);
    else wipe(this.octets, this.held);
    this.held = this.bytes = 0;
    this.start = this.end = -1;
  }

  push(octet: number): void {
    this.bytes++;
    if (this.held === CREDENTIAL_BYTES) return;
    if (this.held === this.octets.length) {
      const larger = new Uint8Array(Math.min(CREDENTIAL_BYTES, this.held * 2));
      larger.set(this.octets);
      this.octets = larger;
    }
    this.octets[this.held++] = octet;
  }

  /** A copy of the octets held. */
  copy(): Uint8Array {
    return copyOctets(this.octets, 0, this.held);
  }
}

export class LoginArguments {
  readonly user = new Credential();
  readonly password = new Credential();
  /** Arguments begun so far. */
  count = 0;

  begin(): void {
    this.user.clear();
    this.password.clear();
    this.count = 0;
  }

  /** A fragment's arguments, up to `end` (a literal's mark excluded); `omittedBytes` of the line are not held. */
  fragment(buffer: Uint8Array, start: number, end: number, omittedBytes: number): void {
    this.user.start = this.user.end = this.password.start = this.password.end = -1;
    let at = start;
    while (at < end) {
      if (buffer[at] === SPACE) {
        at++;
        continue;
      }
      this.count++;
      const credential = this.current;
      at = buffer[at] === QUOTE ? this.quoted(buffer, at, end, credential) : this.atom(buffer, at, end, credential);
    }
    if (omittedBytes > 0 && this.current !== null) this.current.bytes += omittedBytes;
  }

  /** A literal begins: it is the next argument. Returns its number, from 1. */
  literal(): number {
    return ++this.count;
  }

  /** Octets of the literal that began last. */
  literalOctets(buffer: Uint8Array, start: number, end: number): void {
    const credential = this.current;
    if (credential === null) return;
    const room = Math.min(end, start + CREDENTIAL_BYTES - credential.held);
    for (let i = start; i < room; i++) credential.push(buffer[i] as number);
    if (end > room) credential.bytes += end - Math.max(start, room);
  }

  private get current(): Credential | null {
    return this.count === 1 ? this.user : this.count === 2 ? this.password : null;
  }

  private atom(buffer: Uint8Array, start: number, end: number, credential: Credential | null): number {
    let at = start;
    for (; at < end && buffer[at] !== SPACE; at++) credential?.push(buffer[at] as number);
    if (credential !== null) {
      credential.start = start;
      credential.end = at;
    }
    return at;
  }

  private quoted(buffer: Uint8Array, start: number, end: number, credential: Credential | null): number {
    let at = start + 1;
    for (; at < end && buffer[at] !== QUOTE; at++) {
      if (buffer[at] === BACKSLASH && at + 1 < end) at++;
      credential?.push(buffer[at] as number);
    }
    if (credential !== null) {
      credential.start = start + 1;
      credential.end = at;
    }
    return Math.min(end, at + 1);
  }
}
