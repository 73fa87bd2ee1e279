/**
 * The first octets of a client literal that is no message: seen where they lie
 * as long as one packet has them all, else collected. In: its octets in order.
 * Out: a range of at most `LITERAL_TEXT_BYTES`, with the place of its first octet.
 */
import type { PacketPosition } from '../dialogue.js';
import { LITERAL_TEXT_BYTES } from '../events.js';
import { NO_OCTETS } from '../reused-events.js';

const FIRST_CAPACITY = 256;

export class LiteralText {
  /** Octets [start, end) of buffer. Borrowed: valid until the call with the last octet returns. */
  buffer: Uint8Array = NO_OCTETS;
  start = 0;
  end = 0;
  /** Stream offset, packet time and packet of its first octet. */
  offset = 0;
  timeUs = 0;
  packet = 0;
  private held: Uint8Array = NO_OCTETS;
  private isBegun = false;

  begin(): void {
    this.buffer = NO_OCTETS;
    this.start = this.end = 0;
    this.isBegun = false;
  }

  /** The place of its first octet. */
  place(offset: number, { timeUs, packet }: PacketPosition): void {
    this.offset = offset;
    this.timeUs = timeUs;
    this.packet = packet;
  }

  /** Octets of it; `isLast` when no more will come. */
  push(buffer: Uint8Array, start: number, end: number, isLast: boolean): void {
    const isFirst = !this.isBegun;
    this.isBegun = true;
    if (!isFirst || !isLast) return this.collect(buffer, start, end);
    this.buffer = buffer;
    this.start = start;
    this.end = Math.min(end, start + LITERAL_TEXT_BYTES);
  }

  /** What was collected need not be kept. */
  forget(): void {
    this.buffer = this.held = NO_OCTETS;
  }

  private collect(buffer: Uint8Array, start: number, end: number): void {
    const length = Math.min(end - start, LITERAL_TEXT_BYTES - this.end);
    if (this.end + length > this.held.length) this.grow(this.end + length);
    this.buffer = this.held;
    for (let i = 0; i < length; i++) this.held[this.end + i] = buffer[start + i] as number;
    this.end += length;
  }

  private grow(needed: number): void {
    let size = Math.max(FIRST_CAPACITY, this.held.length);
    while (size < needed) size *= 2;
    const larger = new Uint8Array(Math.min(size, LITERAL_TEXT_BYTES));
    larger.set(this.held.subarray(0, this.end));
    this.held = larger;
  }
}
