/**
 * One direction of the conversation: its framer, and the line that has begun.
 * A line's number, time and packet are those of its first octet.
 */
import type { PacketPosition } from '../dialogue.js';
import type { Direction } from '../events.js';
import type { ConnectionFacts } from '../facts.js';
import { LineFramer } from '../framing.js';

const EMPTY = new Uint8Array(0);
/** Up to this length a growing line is reported after every packet, then only when it doubled. */
const REPORT_EVERY_BYTES = 16_384;

/** A line (or a stretch) with everything that is known of it. Reused by its lane; borrowed. */
export class Line {
  buffer: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  offset = 0;
  lengthBytes = 0;
  terminator: 'crlf' | 'lf' | 'none' = 'none';
  line = 0;
  timeUs = 0;
  packet = 0;
  secretStart = 0;
  secretEnd = 0;
  secretLabel = '';

  constructor(public direction: Direction) {}

  /** Marks a credential; nothing when the range is empty. */
  markSecret(start: number, end: number, label: string): void {
    if (end <= start) return;
    this.secretStart = start;
    this.secretEnd = end;
    this.secretLabel = label;
  }

  /** A line of its own that stays valid. Its terminator lies behind `end` in its buffer. */
  copy(): Line {
    const copy = new Line(this.direction);
    const textBytes = this.end - this.start;
    copy.buffer = new Uint8Array(textBytes + this.terminatorBytes);
    copy.buffer.set(this.buffer.subarray(this.start, this.end));
    if (this.terminator !== 'none') copy.buffer[copy.buffer.length - 1] = 10;
    if (this.terminator === 'crlf') copy.buffer[textBytes] = 13;
    copy.end = textBytes;
    copy.offset = this.offset;
    copy.lengthBytes = this.lengthBytes;
    copy.terminator = this.terminator;
    copy.line = this.line;
    copy.timeUs = this.timeUs;
    copy.packet = this.packet;
    return copy;
  }

  get terminatorBytes(): number {
    return this.terminator === 'crlf' ? 2 : this.terminator === 'lf' ? 1 : 0;
  }

  /** Octets of the line that are not held. */
  get omittedBytes(): number {
    return this.lengthBytes - this.terminatorBytes - (this.end - this.start);
  }
}

export class Lane {
  readonly framer: LineFramer;
  /** The line being judged. */
  readonly current: Line;
  /** Of the line that begins or has begun. */
  line = 0;
  timeUs = 0;
  packet = 0;
  /** The next line may be the tail of one whose beginning is lost. */
  afterGap = false;
  /** Stream offset behind the last octet that was delivered or lost before this call. */
  streamEnd = 0;
  /** TLS from here on. */
  opaque = false;
  private reportedBytes = 0;

  constructor(
    readonly direction: Direction,
    maximumBytes: number,
  ) {
    this.framer = new LineFramer(maximumBytes);
    this.current = new Line(direction);
  }

  /** The next octet begins a line (or a chunk): gives it its number. */
  begin(facts: ConnectionFacts, position: PacketPosition): void {
    this.line = ++facts.lines;
    this.timeUs = position.timeUs;
    this.packet = position.packet;
    this.reportedBytes = 0;
  }

  /** The line that the framer holds, whole or (after `peekPartial`) unfinished. */
  take(): Line {
    const { current, framer } = this;
    current.buffer = framer.buffer;
    current.start = framer.start;
    current.end = framer.end;
    current.offset = framer.offset;
    current.lengthBytes = framer.lengthBytes;
    current.terminator = framer.terminator;
    current.line = this.line;
    current.timeUs = this.timeUs;
    current.packet = this.packet;
    current.secretStart = current.secretEnd = framer.start;
    current.secretLabel = '';
    return current;
  }

  /** True when a growing line is longer than `above` and worth another report: bounds the work per octet. */
  isReportDue(above: number): boolean {
    const bytes = this.framer.partialBytes;
    if (bytes <= above || (bytes > REPORT_EVERY_BYTES && bytes < this.reportedBytes * 2)) return false;
    this.reportedBytes = bytes;
    return true;
  }
}
