/**
 * Client octets that wait until the server has answered STARTTLS: only then is
 * known what they are. Kept with the place of each line's first octet, so that
 * they can be read as commands afterwards. Bounded: 64 KiB, 1,024 lines.
 */
import { LIMIT_DEFAULTS } from '../../limits.js';
import type { PacketPosition } from '../dialogue.js';
import type { ConnectionFacts } from '../facts.js';
import { findLineFeed } from '../line-feeds.js';
import { NO_OCTETS } from '../reused-events.js';

const LINES = 1024;

/** One held line and the place of its first octet. */
export interface HeldLine {
  start: number;
  end: number;
  line: number;
  timeUs: number;
  packet: number;
  offset: number;
  /** Octets other than CR, LF and SP. */
  solidBytes: number;
}

export class HeldOctets {
  octets: Uint8Array = NO_OCTETS;
  /** More came than is held: what follows cannot be read. */
  overflowed = false;
  private used = 0;
  private lines: HeldLine[] = [];
  private head = 0;
  private lastEnded = true;

  get isEmpty(): boolean {
    return this.head === this.lines.length;
  }

  /** The oldest line; undefined when empty. */
  get first(): HeldLine | undefined {
    return this.lines[this.head];
  }

  /** Index behind the last octet held. */
  get end(): number {
    return this.used;
  }

  get solidBytes(): number {
    let sum = 0;
    for (let i = this.head; i < this.lines.length; i++) sum += (this.lines[i] as HeldLine).solidBytes;
    return sum;
  }

  /** Takes octets in, giving each line that begins its number. Returns the position behind what was taken: all, unless `overflowed`. */
  add(
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    facts: ConnectionFacts,
    position: PacketPosition,
  ): number {
    let at = start;
    while (at < end && !this.overflowed) {
      if (this.used === LIMIT_DEFAULTS.lineBytes || (this.lastEnded && this.lines.length === LINES)) {
        this.overflowed = true;
        return at;
      }
      const room = Math.min(end, at + LIMIT_DEFAULTS.lineBytes - this.used);
      const lineFeed = findLineFeed(buffer, at, room);
      const after = lineFeed === -1 ? room : lineFeed + 1;
      if (this.lastEnded) this.open(offset + at - start, facts, position);
      this.append(buffer, at, after);
      this.lastEnded = lineFeed !== -1;
      at = after;
    }
    return at;
  }

  /** Takes the oldest line off. Its octets stay valid until the next `add`. */
  shift(): HeldLine | undefined {
    const line = this.lines[this.head];
    if (line === undefined) return undefined;
    if (++this.head === this.lines.length) this.clear();
    return line;
  }

  clear(): void {
    this.lines = [];
    this.head = 0;
    this.used = 0;
    this.lastEnded = true;
  }

  private open(offset: number, facts: ConnectionFacts, position: PacketPosition): void {
    const { timeUs, packet } = position;
    this.lines.push({ start: this.used, end: this.used, line: ++facts.lines, timeUs, packet, offset, solidBytes: 0 });
  }

  private append(buffer: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.used + length > this.octets.length) this.grow(this.used + length);
    const line = this.lines[this.lines.length - 1] as HeldLine;
    for (let i = start; i < end; i++) {
      const octet = buffer[i] as number;
      this.octets[this.used++] = octet;
      if (octet !== 13 && octet !== 10 && octet !== 32) line.solidBytes++;
    }
    line.end = this.used;
  }

  private grow(needed: number): void {
    let size = Math.max(256, this.octets.length);
    while (size < needed) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(this.octets.subarray(0, this.used));
    this.octets = larger;
  }
}
