/**
 * One direction of a POP3 or IMAP conversation: cuts its octets into lines and
 * remembers where the line began (packet, time, transcript number).
 *
 * What was read is in `current`, one object for all conversations of a thread:
 * almost every line lies whole in one chunk, and then nothing of it belongs to
 * its connection. Only a line that is split between chunks is held.
 */
import { LIMIT_DEFAULTS } from '../../limits.js';
import type { PacketPosition } from '../dialogue.js';
import { TO_CLIENT, TO_SERVER, type Direction, type OctetsEvent } from '../events.js';
import type { ConnectionFacts } from '../facts.js';
import { LineFramer } from '../framing.js';
import { findLineFeed } from '../line-feeds.js';
import { NO_OCTETS } from '../reused-events.js';

/** Up to this length a growing line is reported after every packet, then only when it doubled. */
const REPORT_EVERY_BYTES = 16_384;
const CR = 13;

/** The line that was read last in a direction, whole or not. Borrowed: until any line of that direction is read. */
export class CurrentLine {
  /** Octets [start, end) of buffer, terminator excluded. */
  buffer: Uint8Array = NO_OCTETS;
  start = 0;
  end = 0;
  /** Stream offset of its first octet. */
  offset = 0;
  /** Octets on the wire so far, terminator included. */
  lengthBytes = 0;
  terminator: OctetsEvent['terminator'] = 'none';
  /** Its transcript number; 0 when the line is over. */
  line = 0;
  /** Where its first octet was. */
  timeUs = 0;
  packet = 0;
  /** False for a line whose end has not come. */
  isWhole = false;

  constructor(readonly direction: Direction) {}

  take(framer: LineFramer): void {
    this.buffer = framer.buffer;
    this.start = framer.start;
    this.end = framer.end;
    this.offset = framer.offset;
    this.lengthBytes = framer.lengthBytes;
    this.terminator = framer.terminator;
  }
}

const CURRENT: readonly [CurrentLine, CurrentLine] = [new CurrentLine(TO_SERVER), new CurrentLine(TO_CLIENT)];

/** A line that has begun in one chunk and goes on in another. */
class SplitLine {
  readonly framer = new LineFramer(LIMIT_DEFAULTS.lineBytes);
  /** Its transcript number, 0 when none has begun. */
  line = 0;
  timeUs = 0;
  packet = 0;
  /** Length at which the growing line was last reported. */
  reportedBytes = 0;

  begin(line: number, timeUs: number, packet: number): void {
    this.line = line;
    this.timeUs = timeUs;
    this.packet = packet;
  }

  over(): void {
    this.line = 0;
    this.reportedBytes = 0;
  }
}

export class Side {
  /** The line that is being told; shared with all other conversations. */
  readonly current: CurrentLine;
  /** The next line may be the tail of one whose beginning is lost. */
  afterGap = false;
  private split: SplitLine | null = null;

  constructor(direction: Direction) {
    this.current = CURRENT[direction];
  }

  get direction(): Direction {
    return this.current.direction;
  }

  /** A line has begun and has not ended. */
  get hasBegun(): boolean {
    return this.split !== null && this.split.line !== 0;
  }

  /** Octets of a line that has begun and not ended. */
  get partialBytes(): number {
    return this.split === null ? 0 : this.split.framer.partialBytes;
  }

  /**
   * Reads on from `position` into `current`; the line gets its number at its first octet. Returns the
   * position behind what was consumed: all, when afterwards the line is not whole.
   */
  next(
    buffer: Uint8Array,
    position: number,
    limit: number,
    offset: number,
    facts: ConnectionFacts,
    place: PacketPosition,
  ): number {
    if (this.split !== null && this.split.line !== 0) return this.goOn(this.split, buffer, position, limit, offset);
    const lineFeed = findLineFeed(buffer, position, limit);
    const line = ++facts.lines;
    if (lineFeed === -1) {
      this.resume(line, place.timeUs, place.packet);
      return this.goOn(this.begun, buffer, position, limit, offset);
    }
    const { current } = this;
    const isCrlf = lineFeed > position && buffer[lineFeed - 1] === CR;
    const end = isCrlf ? lineFeed - 1 : lineFeed;
    // Nearly always the same: to store a young object in an old one takes the collector's notice.
    if (current.buffer !== buffer) current.buffer = buffer;
    current.start = position;
    current.end = end - position > LIMIT_DEFAULTS.lineBytes ? position + LIMIT_DEFAULTS.lineBytes : end;
    current.offset = offset;
    current.lengthBytes = lineFeed + 1 - position;
    current.terminator = isCrlf ? 'crlf' : 'lf';
    current.line = line;
    current.timeUs = place.timeUs;
    current.packet = place.packet;
    current.isWhole = true;
    return lineFeed + 1;
  }

  /** Goes on with a line whose first octet was numbered earlier. */
  resume(line: number, timeUs: number, packet: number): void {
    this.begun.begin(line, timeUs, packet);
  }

  /** Makes the unfinished line, as it is, the current one; false when there is none. Keeps it. */
  peekPartial(): boolean {
    const { split, current } = this;
    if (split === null || !split.framer.peekPartial()) return false;
    current.take(split.framer);
    this.place(split);
    current.isWhole = false;
    return true;
  }

  /** The line is over. */
  finish(): void {
    this.current.line = 0;
    this.afterGap = false;
    this.split?.over();
  }

  /** Forgets a line that cannot be completed. */
  abandon(): void {
    this.split?.framer.reset();
    this.finish();
  }

  /** True when a growing line is longer than `limit` and worth another report: bounds the work per octet. */
  shouldReportPartial(limit: number): boolean {
    const { split } = this;
    const bytes = this.partialBytes;
    if (split === null || bytes <= limit || (bytes > REPORT_EVERY_BYTES && bytes < split.reportedBytes * 2))
      return false;
    split.reportedBytes = bytes;
    return true;
  }

  private get begun(): SplitLine {
    return (this.split ??= new SplitLine());
  }

  private goOn(split: SplitLine, buffer: Uint8Array, position: number, limit: number, offset: number): number {
    const { current } = this;
    const at = split.framer.next(buffer, position, limit, offset);
    current.isWhole = split.framer.ready;
    if (current.isWhole) {
      current.take(split.framer);
      this.place(split);
    }
    return at;
  }

  private place(split: SplitLine): void {
    const { current } = this;
    current.line = split.line;
    current.timeUs = split.timeUs;
    current.packet = split.packet;
  }
}
