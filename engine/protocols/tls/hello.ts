/**
 * Reads the two hellos that cross in clear at the start of TLS: the server name
 * the client asks for (RFC 6066 3) and the version the server chose (RFC 8446
 * 4.2.1). In: the octets of each direction in order, at any cut. Out: `version`
 * and `sni`. Hostile input sets `failed`; nothing throws. At most 64 KiB are held
 * per direction, and after its hello a direction costs one comparison per push.
 */
import type { Direction } from '../events.js';
import { TLS_CONTENT, TLS_RECORD_BYTES, TLS_RECORD_HEADER_BYTES, TLS_START, tlsStart } from './detect.js';
import { readHello } from './hello-message.js';

const HELLO_BYTES = 65_536;
const SSL2_VERSION = 0x0002;
const EMPTY = new Uint8Array(0);

export class TlsHello {
  /** Version the server chose, for example `TLS 1.3`; empty until its hello was seen. */
  version = '';
  /** Server name octets of the ClientHello (a copy, at most 255); null when absent or not seen. */
  sni: Uint8Array | null = null;
  /** True when a direction's octets were no TLS handshake. */
  failed = false;

  private readonly sides: readonly [Side, Side] = [new Side(), new Side()];

  /** Takes octets `start`..`end` of `buffer` (borrowed) of one direction. */
  push(direction: Direction, buffer: Uint8Array, start: number, end: number): void {
    const side = this.sides[direction];
    if (side.done) return;
    side.push(buffer, start, end);
    if (!side.done) return;
    if (side.failed) this.failed = true;
    if (side.version !== 0) this.version = tlsVersionName(side.version);
    if (side.sni !== null) this.sni = side.sni;
  }

  /** Octets of this direction are missing: its hello cannot be read any more. */
  gap(direction: Direction): void {
    this.sides[direction].finish();
  }

  /** True when neither direction is read any more. */
  get isDone(): boolean {
    return this.sides[0].done && this.sides[1].done;
  }
}

/** Name of a version number as people write it; empty for numbers that are none. */
export function tlsVersionName(version: number): string {
  if (version === SSL2_VERSION) return 'SSL 2.0';
  if (version === 0x0300) return 'SSL 3.0';
  if (version > 0x0300 && version <= 0x0304) return `TLS 1.${version - 0x0301}`;
  // 7f xx: drafts of TLS 1.3 (RFC 8446 before publication).
  return version >> 8 === 0x7f ? 'TLS 1.3' : '';
}

/** One direction: records are taken apart, the handshake octets in them joined. */
class Side {
  done = false;
  failed = false;
  version = 0;
  sni: Uint8Array | null = null;

  /** The record header (or SSL 2 hello) as far as it came. */
  private held: Uint8Array = EMPTY;
  private heldBytes = 0;
  /** Bodies of handshake records, joined. */
  private handshake: Uint8Array = EMPTY;
  private handshakeBytes = 0;
  private bodyLeft = 0;

  push(buffer: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end && !this.done)
      at = this.bodyLeft > 0 ? this.takeBody(buffer, at, end) : this.takeHeader(buffer, at);
  }

  finish(): void {
    this.done = true;
    this.held = EMPTY;
    this.handshake = EMPTY;
  }

  private fail(): void {
    this.failed = true;
    this.finish();
  }

  /** Collects a record header octet by octet: it is short, and may be cut anywhere. */
  private takeHeader(buffer: Uint8Array, start: number): number {
    if (this.held.length === 0) this.held = new Uint8Array(16);
    this.held[this.heldBytes++] = buffer[start] as number;
    const header = this.held;
    if (this.handshakeBytes === 0 && ((header[0] as number) & 0x80) !== 0) this.judgeSsl2();
    else if (this.heldBytes === TLS_RECORD_HEADER_BYTES) this.openRecord(header);
    return start + 1;
  }

  private openRecord(header: Uint8Array): void {
    const type = header[0] as number;
    const length = ((header[3] as number) << 8) | (header[4] as number);
    const isRecord = header[1] === 3 && (header[2] as number) <= 4 && length <= TLS_RECORD_BYTES;
    this.heldBytes = 0;
    if (type === TLS_CONTENT.handshake && isRecord && length > 0) this.bodyLeft = length;
    else if (isRecord && type === TLS_CONTENT.alert) this.finish();
    else this.fail();
  }

  /** An SSL 2 hello names no server; a client may begin with one and go on in TLS (RFC 5246 E.2). */
  private judgeSsl2(): void {
    const answer = tlsStart(this.held, 0, this.heldBytes);
    if (answer === TLS_START.undecided) return;
    if (answer === TLS_START.no) return this.fail();
    if (this.held[2] === 4) this.version = ((this.held[5] as number) << 8) | (this.held[6] as number);
    this.finish();
  }

  private takeBody(buffer: Uint8Array, start: number, end: number): number {
    const length = Math.min(this.bodyLeft, end - start);
    this.bodyLeft -= length;
    if (!this.join(buffer, start, start + length)) {
      this.fail();
      return end;
    }
    this.judgeHandshake();
    return start + length;
  }

  private join(buffer: Uint8Array, start: number, end: number): boolean {
    const needed = this.handshakeBytes + end - start;
    if (needed > HELLO_BYTES) return false;
    if (needed > this.handshake.length) {
      const larger = new Uint8Array(Math.min(HELLO_BYTES, Math.max(1024, needed, this.handshake.length * 2)));
      larger.set(this.handshake.subarray(0, this.handshakeBytes));
      this.handshake = larger;
    }
    this.handshake.set(buffer.subarray(start, end), this.handshakeBytes);
    this.handshakeBytes = needed;
    return true;
  }

  private judgeHandshake(): void {
    const octets = this.handshake;
    const type = octets[0] as number;
    if (type !== 1 && type !== 2) return this.fail();
    if (this.handshakeBytes < 4) return;
    const length = ((octets[1] as number) << 16) | ((octets[2] as number) << 8) | (octets[3] as number);
    if (length + 4 > HELLO_BYTES) return this.fail();
    if (this.handshakeBytes < length + 4) return;
    const hello = readHello(octets, 0, length + 4);
    if (hello === null) return this.fail();
    this.version = hello.version;
    this.sni = hello.sni;
    this.finish();
  }
}
