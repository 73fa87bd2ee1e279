/**
 * A line (or a stretch) with everything that is known of it. What is read is
 * valid during one call only, so one object a direction serves all dialogues of
 * a thread; whoever keeps a line takes a copy.
 */
import type { PacketPosition } from '../dialogue.js';
import { TO_CLIENT, TO_SERVER, type Direction } from '../events.js';
import type { LineFramer } from '../framing.js';

const EMPTY = new Uint8Array(0);
const CR = 13;

/** Where a line begins. */
export interface LinePlace {
  line: number;
  timeUs: number;
  packet: number;
}

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

  /** It is what a framer holds, whole or (after `peekPartial`) unfinished, and began at `place`. */
  takeFrom(framer: LineFramer, place: LinePlace): void {
    this.buffer = framer.buffer;
    this.start = this.secretStart = this.secretEnd = framer.start;
    this.end = framer.end;
    this.offset = framer.offset;
    this.lengthBytes = framer.lengthBytes;
    this.terminator = framer.terminator;
    this.line = place.line;
    this.timeUs = place.timeUs;
    this.packet = place.packet;
    this.secretLabel = '';
  }

  /** It is the octets from `start` to the LF at `lineFeed`, of which at most `maximumBytes` are looked at. */
  takeWhole(
    buffer: Uint8Array,
    start: number,
    lineFeed: number,
    offset: number,
    maximumBytes: number,
    line: number,
    position: PacketPosition,
  ): void {
    const isCrlf = lineFeed > start && buffer[lineFeed - 1] === CR;
    const end = isCrlf ? lineFeed - 1 : lineFeed;
    // Nearly always the same: to store a young object in an old one takes the collector's notice.
    if (this.buffer !== buffer) this.buffer = buffer;
    this.start = this.secretStart = this.secretEnd = start;
    this.end = end - start > maximumBytes ? start + maximumBytes : end;
    this.offset = offset;
    this.lengthBytes = lineFeed + 1 - start;
    this.terminator = isCrlf ? 'crlf' : 'lf';
    this.line = line;
    this.timeUs = position.timeUs;
    this.packet = position.packet;
    this.secretLabel = '';
  }

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

/** The line being judged, of each direction. */
export const CURRENT_LINES: readonly [Line, Line] = [new Line(TO_SERVER), new Line(TO_CLIENT)];
