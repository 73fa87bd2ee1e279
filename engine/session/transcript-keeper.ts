/**
 * Keeps the records of a transcript within bounds. In: borrowed lines in the
 * order of the conversation. Out: records, and in words what was not kept.
 * Lines with known findings are kept whatever else is full.
 */
import type { LineRole } from '../../shared/transcript.js';
import type { Limits } from '../limits.js';
import type { WireLine } from '../protocols/dialogue.js';
import type { Direction } from '../protocols/events.js';
import { OctetStore, type KeptOctets } from './kept-octets.js';
import { countOf, formatBytes, formatCount } from './quantity.js';
import type { FoldRecord, LineRecord, SecretSpan, TranscriptRecord } from './transcript-record.js';

/** A line before it is kept; its octets are borrowed. */
export interface OfferedLine {
  readonly number: number;
  readonly timeUs: number;
  readonly packet: number;
  readonly direction: Direction;
  readonly role: LineRole;
  readonly secure: boolean;
  readonly terminator: 'crlf' | 'lf' | 'none';
  readonly offset: number;
  readonly lengthBytes: number;
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly omittedBytes: number;
  readonly secret: SecretSpan | null;
}

/** Which fold a line belongs to: equal groups in a row are one fold. */
export interface FoldGroup {
  readonly what: FoldRecord['what'];
  /** Message number of a body; for blobs a number of their own below -1. */
  readonly group: number;
}

const NO_OCTETS: KeptOctets = { block: new Uint8Array(0), start: 0, length: 0 };

export class TranscriptKeeper {
  readonly records: TranscriptRecord[] = [];
  /** Lines and blobs that hold a credential. */
  secrets = 0;
  /** Packet time of the latest line; -1 before. */
  lastTimeUs = -1;
  private readonly text: OctetStore;
  private readonly bodies: OctetStore;
  /** For lines with findings when everything is full; as many as the caller named. */
  private readonly reserve = new OctetStore(Infinity);
  private openFold: FoldRecord | null = null;
  private openGroup = 0;
  private blobGroups = 0;
  private items = 0;
  private foldedLines = 0;
  private droppedItems = 0;
  private textlessLines = 0;
  private unkeptLines = 0;
  private unkeptBytes = 0;

  constructor(
    private readonly limits: Limits,
    private readonly keepLines: ReadonlySet<number>,
  ) {
    this.text = new OctetStore(limits.transcriptBytes);
    this.bodies = new OctetStore(limits.transcriptBodyBytes);
  }

  /** A line of the dialogue; message text goes into the fold of its message. */
  line(line: WireLine): void {
    const offered = { ...borrowed(line), secret: secretOf(line) };
    if (line.role === 'body') this.folded(offered, { what: 'body', group: line.message });
    else this.shown(offered);
  }

  /** A line that stands for itself. */
  shown(line: OfferedLine): void {
    this.lastTimeUs = line.timeUs;
    if (line.secret !== null) this.secrets++;
    this.openFold = null;
    if (!this.hasRoom(line.number)) return;
    const kept = this.text.keep(line.buffer, line.start, line.end) ?? this.reserved(line);
    if (kept === null) this.textlessLines++;
    this.records.push(toRecord(line, kept, 0, 0));
  }

  /** A line of a body, chunk or literal. */
  folded(line: OfferedLine, { what, group }: FoldGroup): void {
    this.lastTimeUs = line.timeUs;
    const fold = this.foldFor(line, what, group);
    if (fold === null) return;
    const kept = this.keepFolded(line);
    if (kept === null) {
      this.unkeptLines++;
      this.unkeptBytes += line.lengthBytes;
    } else {
      this.items++;
      fold.lines.push(toRecord(line, kept, fold.lineCount, fold.lengthBytes));
    }
    fold.lineCount++;
    fold.lengthBytes += line.lengthBytes;
    fold.lastTimeUs = line.timeUs;
    this.foldedLines++;
  }

  /** A group that no other line has, for the lines of one blob; messages count from -1 upwards. */
  newBlobGroup(): number {
    this.blobGroups++;
    return -1 - this.blobGroups;
  }

  /** A gap, note or the beginning of TLS. */
  item(record: TranscriptRecord): void {
    this.openFold = null;
    if (this.hasRoom(0)) this.records.push(record);
  }

  /** What the bounds cut, in words. */
  warnings(): readonly string[] {
    const warnings: string[] = [];
    const { unkeptLines, unkeptBytes, textlessLines, droppedItems } = this;
    if (unkeptLines > 0) {
      warnings.push(`Message text not kept for viewing: ${countOf(unkeptLines, 'line')}, ${formatBytes(unkeptBytes)}.`);
    }
    if (textlessLines > 0) {
      warnings.push(`Shown without text, because the session is too large: ${countOf(textlessLines, 'line')}.`);
    }
    if (droppedItems > 0) {
      const shown = formatCount(this.limits.transcriptItems);
      warnings.push(`The transcript ends after ${shown} items; left out: ${formatCount(droppedItems)} more.`);
    }
    return warnings;
  }

  private foldFor(line: OfferedLine, what: FoldRecord['what'], group: number): FoldRecord | null {
    const open = this.openFold;
    if (open !== null && open.what === what && this.openGroup === group && open.direction === line.direction)
      return open;
    this.openFold = null;
    if (!this.hasRoom(line.number)) return null;
    const { direction, offset, timeUs } = line;
    const fold: FoldRecord = {
      kind: 'fold',
      firstId: this.foldedLines + 1,
      direction,
      what,
      offset,
      lines: [],
      lineCount: 0,
      lengthBytes: 0,
      lastTimeUs: timeUs,
    };
    this.records.push(fold);
    this.openFold = fold;
    this.openGroup = group;
    return fold;
  }

  private keepFolded(line: OfferedLine): KeptOctets | null {
    const room = this.items < this.limits.transcriptItems;
    return (room ? this.bodies.keep(line.buffer, line.start, line.end) : null) ?? this.reserved(line);
  }

  private reserved(line: OfferedLine): KeptOctets | null {
    return this.keepLines.has(line.number) ? this.reserve.keep(line.buffer, line.start, line.end) : null;
  }

  private hasRoom(number: number): boolean {
    const room = this.items < this.limits.transcriptItems || this.keepLines.has(number);
    if (room) this.items++;
    else this.droppedItems++;
    return room;
  }
}

function toRecord(line: OfferedLine, kept: KeptOctets | null, linesBefore: number, bytesBefore: number): LineRecord {
  const { number, timeUs, packet, direction, role, secure, terminator, offset, lengthBytes } = line;
  return {
    kind: 'line',
    number,
    timeUs,
    packet,
    direction,
    role,
    secure,
    terminator,
    offset,
    lengthBytes,
    kept: kept ?? NO_OCTETS,
    missingBytes: line.omittedBytes + (kept === null ? line.end - line.start : 0),
    // Where a secret stands is of no use without octets.
    secret: kept === null ? null : line.secret,
    linesBefore,
    bytesBefore,
  };
}

/** Copies the fields of a borrowed line; its octets stay borrowed. */
function borrowed(line: WireLine): Omit<OfferedLine, 'secret'> {
  const { timeUs, packet, direction, role, secure, terminator, offset, lengthBytes, buffer, start, end, omittedBytes } =
    line;
  return {
    number: line.line,
    timeUs,
    packet,
    direction,
    role,
    secure,
    terminator,
    offset,
    lengthBytes,
    buffer,
    start,
    end,
    omittedBytes,
  };
}

function secretOf(line: WireLine): SecretSpan | null {
  const start = Math.max(line.secretStart, line.start);
  const end = Math.min(line.secretEnd, line.end);
  if (end <= start) return null;
  return { start: start - line.start, end: end - line.start, label: line.secretLabel };
}
