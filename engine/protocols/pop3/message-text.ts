/**
 * The text of one message in the answer to RETR or TOP, up to the line with a
 * dot alone (RFC 1939 3). Octets are only passed over: what matters is how many
 * lines there are, and which of them begin with a dot. With a wire listener, or
 * after a gap, every line is framed; both ways say the same.
 */
import { DELIVERED_TEXT } from '../text-facts.js';
import { TEXT_SCAN } from '../text-scan.js';
import type { Side } from '../mailbox/side.js';
import type { Speaker } from '../mailbox/speaker.js';
import { STATUS, statusOf } from './grammar.js';

const DOT = 0x2e;
const CR = 13;

export class MessageText {
  /** Number of the message on this connection, from 0. */
  message = 0;
  /** Octets on the wire without the final dot line, and lines. */
  lengthBytes = 0;
  lines = 0;
  /** Octets of it are missing. */
  lossy = false;
  /** Stream offset behind what was read of it. */
  endOffset = 0;
  /** Its final line was read. */
  isOver = false;
  /** A status line stands where text should: the final dot was lost in a gap. */
  statusFound = false;

  private inLine = false;
  /** The last octet of the previous chunk, within a line, was CR. */
  private endedInCr = false;
  private lastLineCrlf = true;
  /** The server ends its lines with LF alone, so a dot between two of those ends the message. */
  private lenient = false;
  private inHeader = true;
  /** What follows a gap is not the start of a line. */
  private afterGap = false;

  constructor(private readonly speaker: Speaker) {}

  /** A message begins behind a status line that ended with CRLF or not, at `offset` of the stream. */
  begin(message: number, statusEndedInCrlf: boolean, offset: number): void {
    this.message = message;
    this.endOffset = offset;
    this.lengthBytes = this.lines = 0;
    this.lossy = this.isOver = this.statusFound = this.inLine = this.endedInCr = this.afterGap = false;
    this.lastLineCrlf = this.inHeader = true;
    this.lenient = !statusEndedInCrlf;
  }

  /** Octets are missing here: a line that has begun goes on somewhere behind them. */
  gap(lengthBytes: number): void {
    this.lossy = true;
    this.lengthBytes += lengthBytes;
    this.endOffset += lengthBytes;
    this.afterGap = this.lastLineCrlf = true;
    this.inLine = false;
  }

  /**
   * Reads on; returns the position behind what was consumed. With `isOver` or `statusFound` the
   * side's line is the one that ended the message, and the caller finishes it.
   */
  read(side: Side, buffer: Uint8Array, start: number, end: number, offset: number): number {
    const at =
      this.speaker.context.wire !== null || this.lossy
        ? this.readFramed(side, buffer, start, end, offset)
        : this.readFast(side, buffer, start, end, offset);
    this.endOffset = offset + at - start;
    return at;
  }

  private readFast(side: Side, buffer: Uint8Array, start: number, end: number, offset: number): number {
    const isBegun = this.inLine;
    const isKnown = DELIVERED_TEXT.isOf(buffer, start, end);
    if (!isBegun && ((isKnown ? DELIVERED_TEXT.firstMark : buffer[start]) === DOT || side.hasBegun))
      return this.readFramed(side, buffer, start, end, offset);
    if (isKnown) return this.passKnown(start, end);
    const behind = TEXT_SCAN.toDot(buffer, start, end);
    const { lineFeeds, lastLineFeed } = TEXT_SCAN;
    this.inLine = lastLineFeed + 1 !== behind;
    // Each line feed begins a line, unless a dot or the end of the octets follows the last one.
    this.speaker.facts.lines += lineFeeds + (isBegun ? 0 : 1) - (this.inLine ? 0 : 1);
    this.lines += lineFeeds;
    this.lengthBytes += behind - start;
    if (lineFeeds > 0)
      this.lastLineCrlf = lastLineFeed > start ? buffer[lastLineFeed - 1] === CR : isBegun && this.endedInCr;
    this.endedInCr = this.inLine && buffer[behind - 1] === CR;
    return behind;
  }

  /** As `readFast`, without a look at the octets. */
  private passKnown(start: number, end: number): number {
    const { lines, behindLines } = DELIVERED_TEXT;
    const isBegun = this.inLine;
    this.inLine = behindLines !== end;
    this.speaker.facts.lines += lines + (isBegun ? 0 : 1) - (this.inLine ? 0 : 1);
    this.lines += lines;
    this.lengthBytes += end - start;
    if (lines > 0) this.lastLineCrlf = true;
    this.endedInCr = DELIVERED_TEXT.endsInCr;
    return end;
  }

  /** One line, or as much of it as there is. */
  private readFramed(side: Side, buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { speaker } = this;
    const at = side.next(buffer, start, end, offset, speaker.facts, speaker.context.position);
    if (!side.current.isWhole) return at;
    const fragment = this.afterGap;
    this.afterGap = false;
    if (this.lossy && !fragment && this.isStatus(side)) this.statusFound = true;
    else if (this.isFinalDot(side)) {
      this.speaker.wire(side, 'body', 0, 0, '', this.message);
      this.isOver = true;
    } else this.countLine(side);
    return at;
  }

  private countLine(side: Side): void {
    const { current } = side;
    this.speaker.wire(side, this.inHeader ? 'header' : 'body', 0, 0, '', this.message);
    if (current.end === current.start) this.inHeader = false;
    this.lastLineCrlf = current.terminator === 'crlf';
    this.lengthBytes += current.lengthBytes;
    this.lines++;
    side.finish();
  }

  private isStatus(side: Side): boolean {
    const { buffer, start, end } = side.current;
    const status = statusOf(buffer, start, end);
    return status === STATUS.ok || status === STATUS.error;
  }

  private isFinalDot(side: Side): boolean {
    const { current } = side;
    if (current.end - current.start !== 1 || current.buffer[current.start] !== DOT || current.lengthBytes > 3)
      return false;
    return this.lenient || (this.lastLineCrlf && current.terminator === 'crlf');
  }

  /** The conversation ends inside the message: shows and counts what there is of a line. */
  cutOff(side: Side): void {
    if (!side.peekPartial()) return;
    this.speaker.wire(side, this.inHeader ? 'header' : 'body', 0, 0, '', this.message);
    this.lengthBytes += side.current.lengthBytes;
    side.abandon();
  }
}
