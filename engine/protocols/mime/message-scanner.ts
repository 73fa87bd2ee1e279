/**
 * Reads what a summary says of a message while it passes: addresses, subject,
 * date, and the file names of attachments. In: message text, line by line or as
 * raw chunks (not both for one message). Out: `summary()`. Bodies are never
 * decoded nor kept: of a body line only the first octets are compared, and only
 * inside multipart bodies. Headers are bounded by `headerSectionBytes`, once for
 * the message's own and once for all parts together.
 */
import type { EmailSummary } from '../../../shared/transaction.js';
import { findLineFeed } from '../line-feeds.js';
import { TEXT_SCAN } from '../text-scan.js';
import { BoundaryStack, DELIMITER } from './boundaries.js';
import { FIELD, fieldColon, fieldNumber, isBlank } from './field-names.js';
import { KeptFields } from './kept-fields.js';
import { isEnclosedMessage, mayNameFile, multipartBoundary } from './part-type.js';
import { summarize } from './summary.js';

const DASH = 0x2d;
const CR = 13;

/** What the next line is. */
const HEADER = 0;
const PART_HEADER = 1;
/** A body in which delimiters are looked for. */
const MULTIPART = 2;
/** Nothing of interest can follow. */
const PLAIN = 3;

/** Longest piece of a line kept between two chunks: a header line, a delimiter line. */
const HEADER_LINE_BYTES = 65_536;
const BODY_LINE_BYTES = 512;
/** More than any line has. */
const ANY_BYTES = 0x7fffffff;

export class MessageScanner {
  private phase = HEADER;
  private readonly kept = new KeptFields();
  private readonly boundaries = new BoundaryStack();
  /** Header octets that may still be read: of the message, and of its parts. */
  private headerLeft: number;
  private partLeft: number;
  private field: number = FIELD.none;
  private fieldOpen = false;
  /** Of the header section being read: where Content-Disposition and Content-Type with a file name stand. */
  private dispositionStart = -1;
  private dispositionEnd = -1;
  private typeStart = -1;
  private typeEnd = -1;
  private isMultipart = false;
  private isEnclosed = false;
  /** Chunks only: the line that has begun. */
  private carry: Uint8Array = new Uint8Array(0);
  private carryBytes = 0;

  constructor(private readonly headerSectionBytes: number) {
    this.headerLeft = headerSectionBytes;
    this.partLeft = headerSectionBytes;
  }

  /** True while the message's own header section is being read. */
  get inHeader(): boolean {
    return this.phase === HEADER;
  }

  /** True where lines matter only by their first octet. */
  get inBody(): boolean {
    return this.phase >= MULTIPART;
  }

  /** In a body: the octet with which all lines begin that matter; -1 when none does. */
  get bodyMark(): number {
    return this.phase === MULTIPART ? DASH : -1;
  }

  /** Does a line that begins with this octet matter? In bodies hardly any does. */
  wants(octet: number): boolean {
    return this.phase === MULTIPART ? octet === DASH : this.phase !== PLAIN;
  }

  /** One line of message text, terminator and stuffed dot removed. */
  line(buffer: Uint8Array, start: number, end: number): void {
    if (this.phase === PLAIN) return;
    if (this.phase === MULTIPART) {
      if (end - start > 2 && buffer[start] === DASH && buffer[start + 1] === DASH)
        this.delimiterLine(buffer, start, end);
      return;
    }
    this.headerLine(buffer, start, end);
  }

  /** Raw octets that contain line ends, cut anywhere. */
  chunk(buffer: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      if (this.phase === PLAIN) return;
      if (this.carryBytes > 0) at = this.finishCarried(buffer, at, end);
      else if (this.phase === MULTIPART && buffer[at] !== DASH) at = this.bodyLines(buffer, at, end);
      else at = this.chunkLine(buffer, at, end);
    }
  }

  /** Forgets everything: the next octet begins a message. */
  reset(): void {
    this.phase = HEADER;
    this.kept.clear();
    this.boundaries.clear();
    this.headerLeft = this.headerSectionBytes;
    this.partLeft = this.headerSectionBytes;
    this.carryBytes = 0;
    this.fieldOpen = false;
    this.forgetPart();
  }

  /** What was found so far, decoded and display-safe. To be asked when the message is over. */
  summary(): Omit<EmailSummary, 'status'> {
    if (this.carryBytes > 0) {
      const length = this.carryBytes;
      this.carryBytes = 0;
      this.line(this.carry, 0, length);
    }
    if (this.fieldOpen) this.finishField();
    this.finishPart();
    return summarize(this.kept);
  }

  private headerLine(buffer: Uint8Array, start: number, end: number): void {
    if (end === start) return this.endHeader();
    if (this.phase === PART_HEADER && buffer[start] === DASH && this.delimiterLine(buffer, start, end)) return;
    const length = end - start;
    if (this.phase === HEADER) this.headerLeft -= length;
    else this.partLeft -= length;
    if ((this.phase === HEADER ? this.headerLeft : this.partLeft) < 0) return;
    if (isBlank(buffer[start] as number)) {
      if (this.fieldOpen && this.field !== FIELD.none) this.kept.appendFolded(buffer, start, end);
      return;
    }
    if (this.fieldOpen) this.finishField();
    this.openField(buffer, start, end);
  }

  private openField(buffer: Uint8Array, start: number, end: number): void {
    const colon = fieldColon(buffer, start, end);
    this.field = colon === -1 ? FIELD.none : fieldNumber(buffer, start, colon);
    // Addresses and subject are those of the message itself, not of an enclosed one.
    if (this.phase === PART_HEADER && this.field < FIELD.contentType) this.field = FIELD.none;
    this.fieldOpen = true;
    this.kept.begin();
    if (this.field !== FIELD.none) this.kept.append(buffer, colon + 1, end);
  }

  private finishField(): void {
    this.fieldOpen = false;
    const { kept, field } = this;
    if (field === FIELD.none) return;
    if (field === FIELD.contentType) this.finishContentType();
    else if (field === FIELD.contentDisposition) {
      if (this.dispositionStart === -1 && mayNameFile(kept.octets, kept.openStart, kept.used)) {
        this.dispositionStart = kept.openStart;
        this.dispositionEnd = kept.used;
      } else kept.discard();
    } else if (!kept.keep(field)) kept.discard();
  }

  private finishContentType(): void {
    const { kept } = this;
    const boundary = multipartBoundary(kept.octets, kept.openStart, kept.used);
    if (boundary !== null) this.isMultipart = this.isMultipart || this.boundaries.push(boundary);
    else if (isEnclosedMessage(kept.octets, kept.openStart, kept.used)) this.isEnclosed = true;
    if (this.typeStart === -1 && mayNameFile(kept.octets, kept.openStart, kept.used)) {
      this.typeStart = kept.openStart;
      this.typeEnd = kept.used;
    } else kept.discard();
  }

  /** The empty line: what follows is a body, or the header of an enclosed message. */
  private endHeader(): void {
    if (this.fieldOpen) this.finishField();
    const enclosed = this.isEnclosed && !this.isMultipart;
    this.finishPart();
    if (enclosed && this.partLeft > 0) this.phase = PART_HEADER;
    else this.phase = this.boundaries.depth > 0 ? MULTIPART : PLAIN;
  }

  private finishPart(): void {
    if (this.dispositionStart !== -1 || this.typeStart !== -1) {
      this.kept.addPart(this.dispositionStart, this.dispositionEnd, this.typeStart, this.typeEnd);
    }
    this.forgetPart();
  }

  private forgetPart(): void {
    this.dispositionStart = -1;
    this.dispositionEnd = -1;
    this.typeStart = -1;
    this.typeEnd = -1;
    this.isMultipart = false;
    this.isEnclosed = false;
  }

  /** True when the line is a delimiter. */
  private delimiterLine(buffer: Uint8Array, start: number, end: number): boolean {
    const delimiter = this.boundaries.match(buffer, start, end);
    if (delimiter === DELIMITER.none) return false;
    if (this.fieldOpen) this.finishField();
    this.finishPart();
    if (delimiter === DELIMITER.part) this.phase = this.partLeft > 0 ? PART_HEADER : PLAIN;
    else this.phase = this.boundaries.depth > 0 ? MULTIPART : PLAIN;
    return true;
  }

  /** At the start of a line: deals with it, or holds it when it does not end here. */
  private chunkLine(buffer: Uint8Array, start: number, end: number): number {
    const lineFeed = findLineFeed(buffer, start, end);
    if (lineFeed === -1) {
      this.hold(buffer, start, end);
      return end;
    }
    if (this.phase !== MULTIPART || buffer[start] === DASH) {
      this.line(buffer, start, lineFeed > start && buffer[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed);
    }
    return lineFeed + 1;
  }

  /** Lines of a body, as many as begin with something else than a delimiter does; the last may be held. */
  private bodyLines(buffer: Uint8Array, start: number, end: number): number {
    const behind = TEXT_SCAN.ordinaryLines(buffer, start, end, DASH, ANY_BYTES);
    return behind === start ? this.chunkLine(buffer, start, end) : behind;
  }

  private finishCarried(buffer: Uint8Array, start: number, end: number): number {
    const lineFeed = findLineFeed(buffer, start, end);
    this.hold(buffer, start, lineFeed === -1 ? end : lineFeed);
    if (lineFeed === -1) return end;
    let length = this.carryBytes;
    if (this.carry[length - 1] === CR) length--;
    this.carryBytes = 0;
    this.line(this.carry, 0, length);
    return lineFeed + 1;
  }

  private hold(buffer: Uint8Array, start: number, end: number): void {
    const maximum = this.phase === MULTIPART ? BODY_LINE_BYTES : HEADER_LINE_BYTES;
    const length = Math.min(end - start, maximum - this.carryBytes);
    if (length <= 0) return;
    if (this.carryBytes + length > this.carry.length) {
      const larger = new Uint8Array(Math.min(HEADER_LINE_BYTES, Math.max(512, (this.carryBytes + length) * 2)));
      larger.set(this.carry.subarray(0, this.carryBytes));
      this.carry = larger;
    }
    for (let i = 0; i < length; i++) this.carry[this.carryBytes + i] = buffer[start + i] as number;
    this.carryBytes += length;
  }
}
