/**
 * Puts what the wire listener hears into the order of first octets. A line may
 * be complete before one that began earlier: the other direction's unfinished
 * one, or lines held until their meaning is known. Such lines wait here, as
 * copies, until nothing that began earlier is open; at most 1 MiB of them, then
 * order gives way. Exists only while somebody looks at the session.
 */
import type { WireLine, WireListener } from '../dialogue.js';
import type { Direction } from '../events.js';
import { copyOctets } from '../../octets.js';

const WAITING_BYTES = 1_048_576;
const ENTRY_BYTES = 128;

interface Waiting {
  readonly line: number;
  readonly tell: () => void;
}

export class WireOrder implements WireListener {
  private waiting: Waiting[] = [];
  private bytes = 0;

  constructor(
    private readonly listener: WireListener,
    /** Number of the first line that has begun and was not told yet; Infinity when there is none. */
    private readonly firstOpen: () => number,
  ) {}

  line(line: WireLine): void {
    if (this.mayTell(line.line)) return this.listener.line(line);
    const { start, end, secretStart, secretEnd } = line;
    const copy: WireLine = {
      ...line,
      buffer: copyOctets(line.buffer, start, end),
      start: 0,
      end: end - start,
      secretStart: secretStart - start,
      secretEnd: secretEnd - start,
    };
    this.wait(line.line, end - start, () => this.listener.line(copy));
  }

  blob: WireListener['blob'] = (direction, what, line, buffer, start, end, offset, last, secretLabel) => {
    if (this.mayTell(line))
      return this.listener.blob(direction, what, line, buffer, start, end, offset, last, secretLabel);
    const copy = copyOctets(buffer, start, end);
    this.wait(line, end - start, () =>
      this.listener.blob(direction, what, line, copy, 0, copy.length, offset, last, secretLabel),
    );
  };

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    this.behindAll(() => this.listener.gap(direction, offset, lengthBytes));
  }

  tls(direction: Direction, offset: number): void {
    this.behindAll(() => this.listener.tls(direction, offset));
  }

  note(text: string): void {
    this.behindAll(() => this.listener.note(text));
  }

  /** Tells whatever does not have to wait any more. To be called after each piece of work. */
  settle(): void {
    if (this.waiting.length === 0) return;
    const open = this.bytes > WAITING_BYTES ? Infinity : this.firstOpen();
    // Stable: what waits behind a line keeps its place.
    this.waiting.sort((a, b) => a.line - b.line);
    let told = 0;
    for (const { line, tell } of this.waiting) {
      if (line > open) break;
      tell();
      told++;
    }
    this.waiting = this.waiting.slice(told);
    if (this.waiting.length === 0) this.bytes = 0;
  }

  private mayTell(line: number): boolean {
    return line <= this.firstOpen() && this.waiting.every((entry) => entry.line > line);
  }

  private wait(line: number, bytes: number, tell: () => void): void {
    this.waiting.push({ line, tell });
    this.bytes += bytes + ENTRY_BYTES;
    if (this.bytes > WAITING_BYTES) this.settle();
  }

  private behindAll(tell: () => void): void {
    const last = this.waiting.reduce((number, entry) => Math.max(number, entry.line), 0);
    if (this.waiting.length === 0) tell();
    else this.wait(last, 0, tell);
  }
}
