/**
 * Message text behind DATA (RFC 5321 4.5.2, PROTECTIONS 1.1.5). In: octets of
 * the client. Out: long lines as events, everything to the message scanner, and
 * where the message ends: CRLF.CRLF and nothing else. The hot path of the whole
 * dialogue: a line that lies whole in the chunk costs one scan for its end.
 */
import { LONG_DATA_LINE, MESSAGE_STEP_BYTES, TO_SERVER } from '../events.js';
import { findLineFeed } from '../line-feeds.js';
import { MessageScanner } from '../mime/message-scanner.js';
import { DELIVERED_TEXT, FACT_LINE_BYTES } from '../text-facts.js';
import { TEXT_SCAN } from '../text-scan.js';
import type { Conversation } from './conversation.js';
import { emitLongDataLine, emitMessageEnd, emitMessageGrowth } from './emitter.js';
import { isCompleteCommand, splitCommand, type CommandParts } from './grammar.js';
import type { Lane } from './lane.js';
import { Line, type LinePlace } from './line.js';
import { STATE } from './state.js';
import { VERB } from './verbs.js';

const DOT = 0x2e;
const CR = 13;
/** A growing line longer than this is reported before it ends. */
const GROWING_LINE_BYTES = 1000;

/** Scanners that no message uses at the moment, by their header limit: most connections carry one message. */
const idleScanners = new Map<number, MessageScanner[]>();
const IDLE_SCANNERS = 32;

function borrowScanner(headerSectionBytes: number): MessageScanner {
  return idleScanners.get(headerSectionBytes)?.pop() ?? new MessageScanner(headerSectionBytes);
}

function returnScanner(headerSectionBytes: number, scanner: MessageScanner): void {
  const idle = idleScanners.get(headerSectionBytes);
  if (idle === undefined) idleScanners.set(headerSectionBytes, [scanner]);
  else if (idle.length < IDLE_SCANNERS) idle.push(scanner);
}

/** What `read` and `takeLine` found. */
export const MESSAGE_LINE = {
  text: 0,
  /** The lone dot. */
  end: 1,
  /** No message text: a command (after a gap, or after a reply amid the text). */
  command: 2,
} as const;
export type MessageLine = (typeof MESSAGE_LINE)[keyof typeof MESSAGE_LINE];

/** What is told of octets that were not read as a line of their own. */
const told = new Line(TO_SERVER);
const parts: CommandParts = { verb: 0, verbStart: 0, verbEnd: 0, argumentStart: 0 };

export class Message {
  /** A message has begun and not ended. */
  open = false;
  /** Number of the transaction it belongs to. */
  number = 0;
  /** Octets so far: unstuffed, line ends counted, the final dot not. */
  bytes = 0;
  lines = 0;
  /** Octets of it are missing. */
  hasGap = false;
  /** The server replied amid the text: a command may follow without end of data. */
  repliedAmid = false;
  inHeader = true;
  /** Stream offset behind its last chunk octet, or behind the BDAT command when there is none yet. */
  chunkEnd = 0;
  /** Beyond so many octets it has grown by another step. */
  private growthMark = MESSAGE_STEP_BYTES;
  private scanner: MessageScanner | null = null;
  private afterCrlf = true;
  /** Counted octets since the last CRLF, of lines that ended in LF alone. */
  private unended = 0;

  constructor(private readonly conversation: Conversation) {}

  /** `startsLine`: the octet before the first was CRLF, so a lone dot ends an empty message. */
  begin(number: number, startsLine: boolean): void {
    this.open = true;
    this.number = number;
    this.bytes = this.lines = 0;
    this.growthMark = MESSAGE_STEP_BYTES;
    this.hasGap = this.repliedAmid = false;
    this.inHeader = true;
    this.afterCrlf = startsLine;
    this.unended = 0;
    this.scanner ??= borrowScanner(this.conversation.limits.headerSectionBytes);
    this.scanner.reset();
  }

  /**
   * Reads lines until the chunk or the message ends. Returns the position behind what it consumed;
   * `stopped` says why. On `command` the line is in the lane's `current` and is consumed.
   */
  stopped: MessageLine = MESSAGE_LINE.text;
  read(lane: Lane, buffer: Uint8Array, start: number, end: number, base: number): number {
    const { conversation } = this;
    const watch = this.hasGap || this.repliedAmid || lane.afterGap || conversation.wire !== null;
    this.stopped = MESSAGE_LINE.text;
    let at = start;
    if (!watch && DELIVERED_TEXT.isOf(buffer, start, end) && this.isPassableKnown(lane, end - start))
      return this.passKnown(lane, buffer, start, end, base);
    while (at < end) {
      if (lane.partialBytes === 0) {
        if (!watch) at = this.wholeLines(lane, buffer, at, end, base);
        if (at === end) return end;
        lane.begin(conversation.facts, conversation.position);
      }
      at = lane.readOn(buffer, at, end, base);
      if (at === -1) return end;
      this.stopped = this.takeLine(lane.current, lane.afterGap);
      lane.afterGap = false;
      if (this.stopped !== MESSAGE_LINE.text) return at;
    }
    return at;
  }

  /** Are all lines that end in the octets at hand passed over, that which has begun included? */
  private isPassableKnown(lane: Lane, restBytes: number): boolean {
    const { partialBytes } = lane;
    if (DELIVERED_TEXT.lines === 0 || partialBytes > FACT_LINE_BYTES) return false;
    const first = partialBytes > 0 ? lane.firstOctet : DELIVERED_TEXT.firstMark;
    return first !== DOT && this.isPassable(first, partialBytes + restBytes);
  }

  /** As `wholeLines`, with a look only at what begins the next line. */
  private passKnown(lane: Lane, buffer: Uint8Array, start: number, end: number, base: number): number {
    const { lines, behindLines } = DELIVERED_TEXT;
    const { partialBytes } = lane;
    this.conversation.facts.lines += partialBytes > 0 ? lines - 1 : lines;
    this.lines += lines;
    this.bytes += partialBytes + behindLines - start;
    this.afterCrlf = true;
    if (partialBytes > 0) lane.reset();
    return this.beginLine(lane, buffer, behindLines, end, base);
  }

  /**
   * Lines that lie in one chunk, do not begin with a dot, and need no other look. Returns the position
   * of the first line that is none of these; a line that does not end in the chunk has been begun.
   */
  private wholeLines(lane: Lane, buffer: Uint8Array, start: number, end: number, base: number): number {
    let at = start;
    while (at < end && buffer[at] !== DOT) {
      if (this.isPassable(buffer[at] as number, end - at)) {
        at = this.ordinaryLines(buffer, at, end);
        if (TEXT_SCAN.isExhausted) return this.beginLine(lane, buffer, at, end, base);
        if (buffer[at] === DOT) return at;
      }
      const behind = this.eachLine(lane, buffer, at, end, base);
      if (behind === at) return this.beginLine(lane, buffer, at, end, base);
      at = behind;
    }
    return at;
  }

  /** In a body, of most lines the length alone matters. So it is for one that begins with this octet, and the chunk's rest. */
  private isPassable(first: number, restBytes: number): boolean {
    if (this.inHeader || this.unended !== 0 || this.bytes + restBytes > this.growthMark) return false;
    const scanner = this.scanner as MessageScanner;
    return scanner.inBody && !scanner.wants(first);
  }

  private ordinaryLines(buffer: Uint8Array, start: number, end: number): number {
    const { bodyMark } = this.scanner as MessageScanner;
    const at = TEXT_SCAN.ordinaryLines(buffer, start, end, bodyMark, LONG_DATA_LINE);
    const { lineFeeds } = TEXT_SCAN;
    if (lineFeeds === 0) return at;
    this.conversation.facts.lines += lineFeeds;
    this.lines += lineFeeds;
    this.bytes += at - start;
    this.afterCrlf = true;
    return at;
  }

  /** All octets from `start` belong to a line that ends later. */
  private beginLine(lane: Lane, buffer: Uint8Array, start: number, end: number, base: number): number {
    if (start < end) {
      lane.begin(this.conversation.facts, this.conversation.position);
      lane.hold(buffer, start, end, base);
    }
    return end;
  }

  /**
   * Lines one by one: those of a header, and in a body the next one. What is written down about a line
   * is, for ordinary ones, written once for all of them. Returns `start` when no line ends.
   */
  private eachLine(lane: Lane, buffer: Uint8Array, start: number, end: number, base: number): number {
    const scanner = this.scanner as MessageScanner;
    const { facts } = this.conversation;
    let { bytes, lines, unended, afterCrlf } = this;
    let at = start;
    do {
      const lineFeed = findLineFeed(buffer, at, end);
      if (lineFeed === -1) break;
      const isCrlf = lineFeed > at && buffer[lineFeed - 1] === CR;
      const textEnd = isCrlf ? lineFeed - 1 : lineFeed;
      const length = lineFeed + 1 - at;
      bytes += length;
      lines++;
      if (scanner.wants(buffer[at] as number)) scanner.line(buffer, at, textEnd);
      if (length + unended > LONG_DATA_LINE || bytes > this.growthMark || textEnd === at) {
        facts.lines += lines - this.lines;
        this.bytes = bytes;
        this.lines = lines;
        this.unended = unended;
        this.notableLine(lane, buffer, at, textEnd, base, length, isCrlf);
      }
      unended = isCrlf ? 0 : unended + length;
      afterCrlf = isCrlf;
      at = lineFeed + 1;
    } while (at < end && buffer[at] !== DOT && !(scanner.inBody && unended === 0));
    facts.lines += lines - this.lines;
    this.bytes = bytes;
    this.lines = lines;
    this.unended = unended;
    this.afterCrlf = afterCrlf;
    return at;
  }

  /** A line that may be long, may be empty, and may be the one with which the message grew beyond its mark. */
  private notableLine(
    lane: Lane,
    buffer: Uint8Array,
    start: number,
    textEnd: number,
    base: number,
    length: number,
    isCrlf: boolean,
  ): void {
    if (length + this.unended > LONG_DATA_LINE) this.reportWhole(lane, buffer, start, textEnd, base, length, isCrlf);
    if (textEnd === start) this.inHeader = false;
    if (this.bytes > this.growthMark) this.wholeLineGrew(lane, base + start + length);
  }

  private reportWhole(
    lane: Lane,
    buffer: Uint8Array,
    start: number,
    textEnd: number,
    base: number,
    length: number,
    isCrlf: boolean,
  ): void {
    const line = told;
    const { facts, position, limits } = this.conversation;
    line.direction = lane.direction;
    line.buffer = buffer;
    line.start = line.secretStart = line.secretEnd = start;
    line.end = Math.min(textEnd, start + limits.lineBytes);
    line.offset = base + start;
    line.lengthBytes = length;
    line.terminator = isCrlf ? 'crlf' : 'lf';
    line.line = facts.lines;
    line.timeUs = position.timeUs;
    line.packet = position.packet;
    this.report(line, length);
  }

  /** Any line, whole or after `peekPartial`. `fragment`: its beginning may be lost. */
  takeLine(line: Line, fragment: boolean): MessageLine {
    const { buffer, start, end } = line;
    const isDot = end > start && buffer[start] === DOT;
    if (isDot && end === start + 1 && line.terminator === 'crlf' && this.afterCrlf && !fragment) {
      this.conversation.showLine(line, 'body', this.number);
      return MESSAGE_LINE.end;
    }
    if ((this.hasGap || this.repliedAmid) && !fragment && this.isCommand(line)) return MESSAGE_LINE.command;
    const stuffed = isDot && end > start + 1 ? 1 : 0;
    const counted = line.lengthBytes - stuffed;
    this.bytes += counted;
    this.lines++;
    this.afterCrlf = line.terminator === 'crlf';
    if (counted + this.unended > LONG_DATA_LINE && !fragment) this.report(line, counted);
    this.unended = this.afterCrlf ? 0 : this.unended + counted;
    (this.scanner as MessageScanner).line(buffer, start + stuffed, end);
    this.conversation.showLine(line, this.inHeader && end > start ? 'header' : 'body', this.number);
    if (end === start && !fragment) this.inHeader = false;
    if (this.bytes > this.growthMark) this.grew(line, line.offset + line.lengthBytes);
    return MESSAGE_LINE.text;
  }

  /** A line that grows beyond 1000 octets. */
  reportPartial(lane: Lane): void {
    if (lane.afterGap || !lane.isReportDue(GROWING_LINE_BYTES)) return;
    const line = lane.peek();
    if (line === null) return;
    const stuffed = line.buffer[line.start] === DOT ? 1 : 0;
    this.report(line, line.lengthBytes - stuffed);
  }

  /** Octets of the text are missing; the line that had begun is as it is. */
  gap(lane: Lane): void {
    this.takeUnfinished(lane);
    this.hasGap = true;
    this.afterCrlf = false;
    this.unended = 0;
  }

  /** The end of the connection, or a gap, amid a line. */
  takeUnfinished(lane: Lane): void {
    const line = lane.peek();
    if (line === null) return;
    this.takeLine(line, lane.afterGap);
    lane.reset();
  }

  /** Octets of a BDAT chunk that began at `first`; `offset` is the stream offset of the octet at `start`. */
  scanChunk(first: Line, buffer: Uint8Array, start: number, end: number, offset: number): void {
    const before = this.bytes;
    const after = before + end - start;
    while (after > this.growthMark) {
      this.bytes = this.growthMark + 1;
      this.chunkGrew(first, offset + this.bytes - before);
    }
    this.bytes = after;
    this.chunkEnd = offset + end - start;
    (this.scanner as MessageScanner).chunk(buffer, start, end);
  }

  private wholeLineGrew(lane: Lane, offset: number): void {
    const line = told;
    const { facts, position } = this.conversation;
    line.direction = lane.direction;
    line.line = facts.lines;
    line.timeUs = position.timeUs;
    line.packet = position.packet;
    this.grew(line, offset);
  }

  private chunkGrew(first: Line, offset: number): void {
    const line = told;
    const { position } = this.conversation;
    line.direction = first.direction;
    line.line = first.line;
    line.timeUs = position.timeUs;
    line.packet = position.packet;
    this.conversation.speakFor(STATE.bdat);
    this.tellGrowth(line, offset);
  }

  private grew(line: Line, offset: number): void {
    this.conversation.speakFor(STATE.data);
    this.tellGrowth(line, offset);
  }

  /** It passed its mark, at `offset` of the stream; the next is the first multiple not passed. */
  private tellGrowth(line: Line, offset: number): void {
    this.growthMark = Math.ceil(this.bytes / MESSAGE_STEP_BYTES) * MESSAGE_STEP_BYTES;
    emitMessageGrowth(this.conversation, line, offset, this.number, this.bytes);
  }

  /** The message is over, at `offset` of the client's stream: hands its summary to the transaction and says so. */
  finish(line: Readonly<LinePlace>, offset: number, truncated: boolean): void {
    const { conversation } = this;
    const isTruncated = truncated || this.hasGap;
    this.open = false;
    conversation.facts.messages++;
    const { transaction } = conversation;
    if (transaction) {
      transaction.email = (this.scanner as MessageScanner).summary();
      transaction.bytes = this.bytes;
      transaction.truncated = isTruncated;
    }
    returnScanner(conversation.limits.headerSectionBytes, this.scanner as MessageScanner);
    this.scanner = null;
    const { direction } = conversation.client;
    emitMessageEnd(conversation, direction, line, offset, this.number, this.bytes, this.lines, isTruncated);
  }

  private report(line: Line, counted: number): void {
    const { conversation } = this;
    conversation.speakFor(STATE.data);
    emitLongDataLine(conversation, line, counted, counted + this.unended, this.inHeader, 'data', this.number);
  }

  /** After a gap, MAIL, QUIT, RSET or EHLO; after a reply amid the text, any known command (PROTECTIONS 1.1.5, 1.4). */
  private isCommand(line: Line): boolean {
    splitCommand(line.buffer, line.start, line.end, parts);
    const { verb } = parts;
    if (verb === VERB.none || parts.verbStart !== line.start || line.terminator === 'none') return false;
    const isPlain = verb === VERB.MAIL || verb === VERB.QUIT || verb === VERB.RSET || verb === VERB.EHLO;
    return (isPlain || this.repliedAmid) && isCompleteCommand(line.buffer, parts, line.end);
  }
}
