/**
 * The text of one message in the answer to RETR or TOP, up to the line with a
 * dot alone (RFC 1939 3). Octets are only passed over: a line that does not begin
 * with a dot costs the search for its end. With a wire listener, or after a gap,
 * every line is framed; both ways say the same.
 */
import type { DialogueContext } from '../dialogue.js';
import { findLineFeed } from '../framing.js';
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

  constructor(
    private readonly speaker: Speaker,
    private readonly context: DialogueContext,
  ) {}

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
      this.context.wire !== null || this.lossy
        ? this.readFramed(side, buffer, start, end, offset)
        : this.readFast(side, buffer, start, end, offset);
    this.endOffset = offset + at - start;
    return at;
  }

  private readFast(side: Side, buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { facts } = this.context;
    let at = start;
    while (at < end) {
      if (!this.inLine) {
        if (buffer[at] === DOT || side.line !== 0) return this.readFramed(side, buffer, at, end, offset + at - start);
        facts.lines++;
        this.endedInCr = false;
      }
      const lineFeed = findLineFeed(buffer, at, end);
      if (lineFeed === -1) {
        this.inLine = true;
        this.endedInCr = buffer[end - 1] === CR;
        this.lengthBytes += end - at;
        return end;
      }
      this.lastLineCrlf = lineFeed > at ? buffer[lineFeed - 1] === CR : this.inLine && this.endedInCr;
      this.lengthBytes += lineFeed + 1 - at;
      this.lines++;
      this.inLine = false;
      at = lineFeed + 1;
    }
    return at;
  }

  /** One line, or as much of it as there is. */
  private readFramed(side: Side, buffer: Uint8Array, start: number, end: number, offset: number): number {
    side.begin(this.context.facts, this.context.position);
    const at = side.framer.next(buffer, start, end, offset);
    if (!side.framer.ready) return at;
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
    const { framer } = side;
    this.speaker.wire(side, this.inHeader ? 'header' : 'body', 0, 0, '', this.message);
    if (framer.end === framer.start) this.inHeader = false;
    this.lastLineCrlf = framer.terminator === 'crlf';
    this.lengthBytes += framer.lengthBytes;
    this.lines++;
    side.finish();
  }

  private isStatus(side: Side): boolean {
    const { buffer, start, end } = side.framer;
    const status = statusOf(buffer, start, end);
    return status === STATUS.ok || status === STATUS.error;
  }

  private isFinalDot(side: Side): boolean {
    const { framer } = side;
    if (framer.end - framer.start !== 1 || framer.buffer[framer.start] !== DOT || framer.lengthBytes > 3) return false;
    return this.lenient || (this.lastLineCrlf && framer.terminator === 'crlf');
  }

  /** The conversation ends inside the message: shows and counts what there is of a line. */
  cutOff(side: Side): void {
    if (!side.framer.peekPartial()) return;
    this.speaker.wire(side, this.inHeader ? 'header' : 'body', 0, 0, '', this.message);
    this.lengthBytes += side.framer.lengthBytes;
    side.abandon();
  }
}
