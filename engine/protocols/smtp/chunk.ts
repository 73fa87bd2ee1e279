/**
 * Counted octets: BDAT chunks (RFC 3030) and XEXCH50 payloads. In: octets of
 * the client. Out: how many are left; message octets to the message, long text
 * lines as events. A chunk's end does not end a line: the next chunk goes on
 * with it. A chunk takes one line number.
 */
import { LONG_DATA_LINE, type Direction } from '../events.js';
import { LineFramer } from '../framing.js';
import { TEXT_SCAN } from '../text-scan.js';
import type { Conversation } from './conversation.js';
import { emitLongDataLine } from './emitter.js';
import type { Lane } from './lane.js';
import { Line, type LinePlace } from './line.js';
import type { Message } from './message.js';
import { STATE } from './state.js';

export class Chunk {
  remaining = 0;
  /** Octets that XEXCH50 announced, for when the server is ready for them. */
  xexch50Bytes = 0;
  /** The last of its message. */
  isLast = false;
  /** Octets of an XEXCH50 payload are no message. */
  isMessage = true;
  /** Where it begins: its command until its first octet is there. */
  readonly first: Line;
  private begun = false;
  private framer: LineFramer | null = null;
  /** Octets since the last CRLF, of lines that ended in LF alone. */
  private unended = 0;
  /** Where the text line began, which may be in an earlier chunk. */
  private readonly line: Line;

  constructor(
    private readonly conversation: Conversation,
    private readonly message: Message,
  ) {
    this.line = new Line(conversation.client.direction);
    this.first = new Line(conversation.client.direction);
  }

  /** Its command was read on `line`. */
  begin(bytes: number, isLast: boolean, isMessage: boolean, direction: Direction, place: LinePlace): void {
    this.place(direction, place);
    this.remaining = bytes;
    this.isLast = isLast;
    this.isMessage = isMessage;
    this.begun = false;
  }

  /** It has its line number, and octets of it are to come. */
  get isOpen(): boolean {
    return this.begun && this.remaining > 0;
  }

  /** Takes what belongs to the chunk out of the stream; returns the position behind it. */
  read(lane: Lane, buffer: Uint8Array, start: number, end: number, base: number): number {
    if (!this.begun) {
      lane.begin(this.conversation.facts, this.conversation.position);
      this.place(lane.direction, lane.place);
    }
    return this.take(buffer, start, end, base);
  }

  /** Takes what belongs to the chunk out of octets that were held as a line, and numbered then. */
  readHeld(line: Line, buffer: Uint8Array, start: number, end: number, base: number): number {
    if (!this.begun) this.place(line.direction, line);
    return this.take(buffer, start, end, base);
  }

  private place(direction: Direction, at: LinePlace): void {
    this.first.direction = direction;
    this.first.line = at.line;
    this.first.timeUs = at.timeUs;
    this.first.packet = at.packet;
  }

  private take(buffer: Uint8Array, start: number, end: number, base: number): number {
    const stop = end - start < this.remaining ? end : start + this.remaining;
    const { direction, line } = this.first;
    this.begun = true;
    this.remaining -= stop - start;
    const { wire } = this.conversation;
    if (wire !== null) {
      wire.blob(direction, 'chunk', line, buffer, start, stop, base + start, this.remaining === 0, '');
    }
    if (!this.isMessage) return stop;
    this.message.scanChunk(this.first, buffer, start, stop, base + start);
    this.scanLines(buffer, start, stop, base);
    return stop;
  }

  /** Octets of it are missing. Returns how many of the gap lie behind the chunk. */
  gap(lengthBytes: number): number {
    const inside = Math.min(lengthBytes, this.remaining);
    this.remaining -= inside;
    this.framer?.reset();
    this.unended = 0;
    if (this.isMessage) this.message.hasGap = true;
    return lengthBytes - inside;
  }

  /** The last line of a message may have no line end. */
  finishLines(): void {
    if (this.framer?.peekPartial()) this.report(this.framer);
    this.framer?.reset();
    this.unended = 0;
  }

  private scanLines(buffer: Uint8Array, start: number, end: number, base: number): void {
    const framer = (this.framer ??= new LineFramer(this.conversation.limits.lineBytes));
    const { line, message } = this;
    for (let at = start; at < end;) {
      if (framer.partialBytes === 0) {
        at = this.ordinaryLines(buffer, at, end);
        if (at === end) return;
        line.direction = this.first.direction;
        line.line = this.first.line;
        line.timeUs = this.conversation.position.timeUs;
        line.packet = this.conversation.position.packet;
      }
      at = framer.next(buffer, at, end, base + at);
      if (!framer.ready) return;
      message.lines++;
      this.report(framer);
      this.unended = framer.terminator === 'crlf' ? 0 : this.unended + framer.lengthBytes;
      if (framer.end === framer.start) message.inHeader = false;
    }
  }

  /** Passes over lines of a body of which only the number matters; returns where one begins that needs another look. */
  private ordinaryLines(buffer: Uint8Array, start: number, end: number): number {
    const { message } = this;
    if (message.inHeader || this.unended !== 0) return start;
    let at = start;
    do {
      // It stops before a dot, which means nothing here, and passes over it when it is called again.
      at = TEXT_SCAN.ordinaryLines(buffer, at, end, -1, LONG_DATA_LINE);
      message.lines += TEXT_SCAN.lineFeeds;
    } while (TEXT_SCAN.lineFeeds > 0 && !TEXT_SCAN.isExhausted);
    return at;
  }

  private report(framer: LineFramer): void {
    const { lengthBytes } = framer;
    if (lengthBytes + this.unended <= LONG_DATA_LINE) return;
    const { line, message, conversation } = this;
    line.buffer = framer.buffer;
    line.start = line.secretStart = line.secretEnd = framer.start;
    line.end = framer.end;
    line.offset = framer.offset;
    line.lengthBytes = lengthBytes;
    line.terminator = framer.terminator;
    conversation.speakFor(STATE.bdat);
    const { inHeader, number } = message;
    emitLongDataLine(conversation, line, lengthBytes, lengthBytes + this.unended, inHeader, 'chunk', number);
  }
}
