/**
 * Collects a window of one direction's octets for the hex view while the
 * connection's stretch of the capture is read again. In: the ordered octets
 * and gaps of the stream, and what the dialogue says of its lines, because only
 * that tells which octets are secret. Out: a `HexPage`.
 */
import type { HexPage } from '../../shared/ipc.js';
import type { WireLine, WireListener } from '../protocols/dialogue.js';
import type { Direction } from '../protocols/events.js';
import { directionName } from './transcript-record.js';

/** Octets of one page at most. */
export const HEX_PAGE_BYTES = 65_536;
const MISSING = -1;
const MASKED = -2;

export class StreamRecorder implements WireListener {
  /** Octets of the direction so far, gaps included. */
  streamLength = 0;
  private readonly values: Int16Array;
  private readonly secret: Uint8Array;

  /** Records octets [offset, offset + count) of `direction`; at most `HEX_PAGE_BYTES`. */
  constructor(
    private readonly direction: Direction,
    private readonly offset: number,
    count: number,
  ) {
    const length = Math.max(0, Math.min(Math.trunc(count), HEX_PAGE_BYTES));
    this.values = new Int16Array(length).fill(MISSING);
    this.secret = new Uint8Array(length);
  }

  /** Ordered stream octets `start` to `end` of a borrowed buffer, at `offset` of their direction. */
  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void {
    if (direction !== this.direction) return;
    this.streamLength = Math.max(this.streamLength, offset + end - start);
    const from = Math.max(0, this.offset - offset);
    const to = Math.min(end - start, this.offset + this.values.length - offset);
    for (let i = from; i < to; i++) this.values[offset + i - this.offset] = buffer[start + i] as number;
  }

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    if (direction === this.direction) this.streamLength = Math.max(this.streamLength, offset + lengthBytes);
  }

  line(line: WireLine): void {
    if (line.secretEnd <= line.secretStart) return;
    const from = line.offset + line.secretStart - line.start;
    // What is not held of a line belongs to the secret that reaches the end of what is.
    const beyond = line.secretEnd >= line.end ? line.omittedBytes : 0;
    this.hide(line.direction, from, from + line.secretEnd - line.secretStart + beyond);
  }

  blob(
    direction: Direction,
    _what: 'chunk' | 'literal',
    _line: number,
    _buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    _last: boolean,
    secretLabel: string,
  ): void {
    if (secretLabel !== '') this.hide(direction, offset, offset + end - start);
  }

  tls(): void {
    // TLS octets are shown as they crossed.
  }

  note(): void {
    // Words have no octets.
  }

  /** The window as far as the stream reaches. */
  page(reveal: boolean): HexPage {
    const { direction, offset, streamLength } = this;
    const count = Math.max(0, Math.min(this.values.length, streamLength - offset));
    const octets = Array.from(this.values.subarray(0, count), (value, i) =>
      !reveal && this.secret[i] === 1 && value !== MISSING ? MASKED : value,
    );
    return { direction: directionName(direction), offset, octets, streamLength };
  }

  private hide(direction: Direction, from: number, to: number): void {
    if (direction !== this.direction) return;
    const first = Math.max(0, from - this.offset);
    const last = Math.min(this.secret.length, to - this.offset);
    for (let i = first; i < last; i++) this.secret[i] = 1;
  }
}
