/**
 * One direction of the conversation. A line that lies whole in the octets at
 * hand needs nothing but its number; what spans deliveries has a framer, made
 * when it happens first. A line's number, time and packet are those of its
 * first octet.
 */
import type { PacketPosition } from '../dialogue.js';
import type { Direction } from '../events.js';
import type { ConnectionFacts } from '../facts.js';
import { LineFramer } from '../framing.js';
import { findLineFeed } from '../line-feeds.js';
import { CURRENT_LINES, type Line, type LinePlace } from './line.js';

/** Up to this length a growing line is reported after every packet, then only when it doubled. */
const REPORT_EVERY_BYTES = 16_384;

/** Of a lane in which a line (or a chunk) began that was not there as a whole. */
class OpenLine implements LinePlace {
  readonly framer: LineFramer;
  line = 0;
  timeUs = 0;
  packet = 0;
  reportedBytes = 0;

  constructor(maximumBytes: number) {
    this.framer = new LineFramer(maximumBytes);
  }
}

export class Lane {
  /** The next line may be the tail of one whose beginning is lost. */
  afterGap = false;
  /** TLS from here on. */
  opaque = false;
  /** Stream offset behind the last octet that was delivered or lost before this call. */
  streamEnd = 0;
  private open: OpenLine | null = null;

  constructor(
    readonly direction: Direction,
    readonly maximumBytes: number,
  ) {}

  /** Octets of a line that has begun and not ended. */
  get partialBytes(): number {
    return this.open === null ? 0 : this.open.framer.partialBytes;
  }

  /** With which it begins; to be asked only then. */
  get firstOctet(): number {
    return this.opened().framer.firstOctet;
  }

  /** Where the last line (or chunk) began that `begin` or `keepPlace` was told of. */
  get place(): LinePlace {
    return this.opened();
  }

  /** The next octet begins a line (or a chunk): gives it its number. */
  begin(facts: ConnectionFacts, position: PacketPosition): void {
    const open = this.opened();
    open.line = ++facts.lines;
    open.timeUs = position.timeUs;
    open.packet = position.packet;
    open.reportedBytes = 0;
  }

  /** From this line on, the lane remembers where its last line began. No later one is forgotten for it. */
  keepPlace(line: LinePlace): void {
    const open = this.opened();
    if (line.line <= open.line) return;
    open.line = line.line;
    open.timeUs = line.timeUs;
    open.packet = line.packet;
  }

  /**
   * Reads on at `at`; returns the position behind the line, which is `current` then, or -1 when it
   * does not end before `end`: then all was consumed.
   */
  read(
    facts: ConnectionFacts,
    position: PacketPosition,
    buffer: Uint8Array,
    at: number,
    end: number,
    base: number,
  ): number {
    const { open } = this;
    if (open !== null && open.framer.partialBytes > 0) return this.readOn(buffer, at, end, base);
    const lineFeed = findLineFeed(buffer, at, end);
    if (lineFeed === -1) {
      this.begin(facts, position);
      this.hold(buffer, at, end, base);
      return -1;
    }
    const line = CURRENT_LINES[this.direction];
    line.takeWhole(buffer, at, lineFeed, base + at, this.maximumBytes, ++facts.lines, position);
    if (open !== null) this.keepPlace(line);
    return lineFeed + 1;
  }

  /** Goes on with a line that has begun; as `read`. */
  readOn(buffer: Uint8Array, at: number, end: number, base: number): number {
    const open = this.opened();
    const behind = open.framer.next(buffer, at, end, base + at);
    if (!open.framer.ready) return -1;
    CURRENT_LINES[this.direction].takeFrom(open.framer, open);
    return behind;
  }

  /** All octets belong to the line that has begun, and do not end it. */
  hold(buffer: Uint8Array, start: number, end: number, base: number): void {
    this.opened().framer.hold(buffer, start, end, base + start);
  }

  /** The line being judged. */
  get current(): Line {
    return CURRENT_LINES[this.direction];
  }

  /** Makes the unfinished line, as far as it is there, the current one; null when there is none. It stays unfinished. */
  peek(): Line | null {
    const { open } = this;
    if (open === null || !open.framer.peekPartial()) return null;
    const line = CURRENT_LINES[this.direction];
    line.takeFrom(open.framer, open);
    return line;
  }

  /** Forgets an unfinished line. */
  reset(): void {
    this.open?.framer.reset();
  }

  /** True when a growing line is longer than `above` and worth another report: bounds the work per octet. */
  isReportDue(above: number): boolean {
    const { open } = this;
    if (open === null) return false;
    const bytes = open.framer.partialBytes;
    if (bytes <= above || (bytes > REPORT_EVERY_BYTES && bytes < open.reportedBytes * 2)) return false;
    open.reportedBytes = bytes;
    return true;
  }

  private opened(): OpenLine {
    return (this.open ??= new OpenLine(this.maximumBytes));
  }
}
