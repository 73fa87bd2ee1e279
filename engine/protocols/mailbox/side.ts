/**
 * One direction of a POP3 or IMAP conversation: its line framer, and where the
 * line that is being read began (packet, time, transcript number).
 */
import { LIMIT_DEFAULTS } from '../../limits.js';
import type { PacketPosition } from '../dialogue.js';
import type { Direction } from '../events.js';
import type { ConnectionFacts } from '../facts.js';
import { LineFramer } from '../framing.js';

/** Up to this length a growing line is reported after every packet, then only when it doubled. */
const REPORT_EVERY_BYTES = 16_384;

export class Side {
  readonly framer = new LineFramer(LIMIT_DEFAULTS.lineBytes);
  /** Number of the line that has begun, 0 between lines. */
  line = 0;
  timeUs = 0;
  packet = 0;
  /** The next line may be the tail of one whose beginning is lost. */
  afterGap = false;
  /** Length at which the growing line was last reported. */
  private reportedBytes = 0;

  constructor(readonly direction: Direction) {}

  /** Gives the next line its number at its first octet; nothing when one has begun. */
  begin(facts: ConnectionFacts, position: PacketPosition): void {
    if (this.line !== 0) return;
    this.line = ++facts.lines;
    this.timeUs = position.timeUs;
    this.packet = position.packet;
  }

  /** Goes on with a line whose first octet was numbered earlier. */
  resume(line: number, timeUs: number, packet: number): void {
    this.line = line;
    this.timeUs = timeUs;
    this.packet = packet;
  }

  /** The line is over. */
  finish(): void {
    this.line = 0;
    this.reportedBytes = 0;
    this.afterGap = false;
  }

  /** Forgets a line that cannot be completed. */
  abandon(): void {
    this.framer.reset();
    this.finish();
  }

  /** True when a growing line is longer than `limit` and worth another report: bounds the work per octet. */
  shouldReportPartial(limit: number): boolean {
    const bytes = this.framer.partialBytes;
    if (bytes <= limit || (bytes > REPORT_EVERY_BYTES && bytes < this.reportedBytes * 2)) return false;
    this.reportedBytes = bytes;
    return true;
  }
}
