/**
 * Cuts a direction's octets into lines at LF, at any chunking, without copying
 * a line that lies whole in one chunk. Pulled by a dialogue, because what comes
 * after a line (a literal, a chunk, TLS) is known only when the line was read.
 *
 * A line that spans chunks is collected in a buffer of its own, at most
 * `maximumBytes`; what is longer is counted and not held.
 */
import { findLineFeed } from './line-feeds.js';

const CR = 13;

export class LineFramer {
  /** The line: octets [start, end) of buffer, terminator excluded. Borrowed until the next call. */
  buffer: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  /** Stream offset of its first octet. */
  offset = 0;
  /** Octets on the wire so far, terminator included. */
  lengthBytes = 0;
  terminator: 'crlf' | 'lf' | 'none' = 'none';
  /** True when `next` delivered a whole line. */
  ready = false;

  private held: Uint8Array = EMPTY;
  private heldBytes = 0;
  /** Octets of the unfinished line, held or not; 0 when none. */
  private pendingBytes = 0;
  private pendingOffset = 0;
  private lastOctet = 0;

  constructor(private readonly maximumBytes: number) {}

  /** Octets of a line that has begun and not ended. */
  get partialBytes(): number {
    return this.pendingBytes;
  }

  /** With which the unfinished line begins; to be asked only when there is one. */
  get firstOctet(): number {
    return this.held[0] as number;
  }

  /**
   * Reads on from `position`; returns the position behind what was consumed.
   * Afterwards `ready` says whether a whole line is there; if not, all was consumed.
   */
  next(buffer: Uint8Array, position: number, limit: number, offset: number): number {
    const lineFeed = findLineFeed(buffer, position, limit);
    if (lineFeed === -1) {
      this.hold(buffer, position, limit, offset);
      this.ready = false;
      return limit;
    }
    const after = lineFeed + 1;
    if (this.pendingBytes === 0) {
      this.buffer = buffer;
      this.start = position;
      this.offset = offset;
      this.lengthBytes = after - position;
      const isCrlf = lineFeed > position && buffer[lineFeed - 1] === CR;
      this.terminator = isCrlf ? 'crlf' : 'lf';
      const end = isCrlf ? lineFeed - 1 : lineFeed;
      this.end = end - position > this.maximumBytes ? position + this.maximumBytes : end;
    } else {
      const before = lineFeed > position ? (buffer[lineFeed - 1] as number) : this.lastOctet;
      this.hold(buffer, position, after, offset);
      this.terminator = before === CR ? 'crlf' : 'lf';
      this.lengthBytes = this.pendingBytes;
      const text = this.pendingBytes - (before === CR ? 2 : 1);
      this.deliverHeld(text);
    }
    this.ready = true;
    return after;
  }

  /** The unfinished line as it is, with terminator `none`; false when there is none. Keeps it. */
  peekPartial(): boolean {
    if (this.pendingBytes === 0) return false;
    this.terminator = 'none';
    this.lengthBytes = this.pendingBytes;
    this.buffer = this.held;
    this.start = 0;
    this.end = this.heldBytes;
    this.offset = this.pendingOffset;
    return true;
  }

  /** Forgets an unfinished line. */
  reset(): void {
    this.pendingBytes = 0;
    this.heldBytes = 0;
  }

  private deliverHeld(textBytes: number): void {
    this.buffer = this.held;
    this.start = 0;
    this.end = Math.min(this.heldBytes, textBytes);
    this.offset = this.pendingOffset;
    this.pendingBytes = 0;
    this.heldBytes = 0;
    // A long line leaves its buffer behind; a short one is reused.
    if (this.held.length > RETAINED_BYTES) this.held = EMPTY;
  }

  /** Takes octets that do not end the line. */
  hold(buffer: Uint8Array, start: number, end: number, offset: number): void {
    const length = end - start;
    if (length === 0) return;
    if (this.pendingBytes === 0) this.pendingOffset = offset;
    this.pendingBytes += length;
    this.lastOctet = buffer[end - 1] as number;
    const room = this.maximumBytes - this.heldBytes;
    const keep = length < room ? length : room;
    if (keep <= 0) return;
    if (this.heldBytes + keep > this.held.length) this.grow(this.heldBytes + keep);
    for (let i = 0; i < keep; i++) this.held[this.heldBytes + i] = buffer[start + i] as number;
    this.heldBytes += keep;
  }

  private grow(needed: number): void {
    let size = Math.max(256, this.held.length);
    while (size < needed) size *= 2;
    const larger = new Uint8Array(Math.min(size, this.maximumBytes));
    larger.set(this.held.subarray(0, this.heldBytes));
    this.held = larger;
  }
}

const EMPTY = new Uint8Array(0);
const RETAINED_BYTES = 4096;
