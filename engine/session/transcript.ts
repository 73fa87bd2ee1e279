/**
 * Builds the transcript of one connection while its stretch of the capture is
 * read again. In: what a dialogue tells its `WireListener`. Out: pages of
 * display-safe items, with findings marked, secrets masked and bodies folded.
 * Holds at most the `transcript...` bounds of limits.ts, and says in words what
 * they cut.
 */
import type { Severity } from '../../shared/severity.js';
import type { TranscriptItem, TranscriptLine, TranscriptPage } from '../../shared/transcript.js';
import type { Occurrence } from '../protections/record.js';
import type { PacketPosition, WireLine, WireListener } from '../protocols/dialogue.js';
import { TO_CLIENT, TO_SERVER, type Direction } from '../protocols/events.js';
import { DEFAULT_LIMITS, type Limits } from '../limits.js';
import { BlobLines } from './blob-lines.js';
import { marksWithin, OccurrenceIndex, worstOf } from './occurrences.js';
import { lineRuns } from './runs.js';
import { layOut, tlsNote, type FoldSlot, type Slot } from './transcript-layout.js';
import { TranscriptKeeper } from './transcript-keeper.js';
import { directionName, type LineRecord } from './transcript-record.js';

export interface TranscriptOptions {
  /** Time and number of the packet whose octets are being delivered; blobs have no other clock. */
  readonly position?: PacketPosition;
  /** Transcript lines with findings, if known already: these are kept beyond the bound on bodies. */
  readonly keepLines?: ReadonlySet<number>;
  readonly limits?: Limits;
}

export interface PageRequest {
  readonly sessionId: number;
  /** µs since 1970 from which the transcript counts. */
  readonly startUs: number;
  readonly reveal: boolean;
  /** Ids of folds that are open. */
  readonly expand: readonly number[];
  readonly from: number;
  readonly count: number;
  readonly occurrences: readonly Occurrence[];
  /** The session's violations: a line carries the id of each whose protection fired on it. */
  readonly violations: readonly { readonly id: number; readonly protection: string }[];
  /** For the note about TLS: `TLS 1.2` if known, and the length of both streams (to server, to client). */
  readonly tlsVersion?: string;
  readonly streamBytes?: readonly [number, number];
}

/** When the two sides spoke, in µs since 1970; -1 when they did not. */
export interface ConversationPace {
  readonly firstToServerUs: number;
  readonly firstToClientUs: number;
  readonly longestPauseUs: number;
  /** Number of the line that ended the longest pause; 0 when there is none. */
  readonly longestPauseLine: number;
}

export class TranscriptBuilder implements WireListener {
  private readonly keeper: TranscriptKeeper;
  private readonly blobs: readonly [BlobLines, BlobLines];
  private readonly tlsOffset: [number, number] = [-1, -1];
  private readonly firstUs: [number, number] = [-1, -1];
  private lastUs = -1;
  private longestPauseUs = 0;
  private longestPauseLine = 0;

  constructor(options: TranscriptOptions = {}) {
    const limits = options.limits ?? DEFAULT_LIMITS;
    this.keeper = new TranscriptKeeper(limits, options.keepLines ?? new Set());
    const blobLines = (): BlobLines => new BlobLines(limits.lineBytes, options.position ?? null, this.keeper);
    this.blobs = [blobLines(), blobLines()];
  }

  line(line: WireLine): void {
    this.follow(line.direction, line.timeUs, line.line);
    this.keeper.line(line);
  }

  blob(
    direction: Direction,
    what: 'chunk' | 'literal',
    line: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    last: boolean,
    secretLabel: string,
  ): void {
    this.blobs[direction].piece({ direction, what, line, buffer, start, end, offset, last, secretLabel });
  }

  gap(direction: Direction, _offset: number, lengthBytes: number): void {
    this.blobs[direction].interrupt();
    this.keeper.item({ kind: 'gap', direction, lengthBytes });
  }

  tls(direction: Direction, offset: number): void {
    if (this.tlsOffset[direction] >= 0) return;
    this.tlsOffset[direction] = offset;
    this.keeper.item({ kind: 'tls' });
  }

  note(text: string): void {
    this.keeper.item({ kind: 'note', text });
  }

  /** Items `from` to `from + count` as they are to be shown, and how many there are in all. */
  page(request: PageRequest): TranscriptPage {
    for (const blob of this.blobs) blob.interrupt();
    const index = new OccurrenceIndex(this.keeper.records, request.occurrences);
    const expand = new Set(request.expand);
    const slots = layOut({ records: this.keeper.records, index, expand, tlsNote: this.tlsNote(request) });
    const from = Math.max(0, Math.min(Math.trunc(request.from), slots.length));
    const ids = findingIds(request.violations);
    const items = slots.slice(from, from + Math.max(0, request.count)).map((slot) => toItem(slot, ids, request.reveal));
    return {
      sessionId: request.sessionId,
      items,
      from,
      total: slots.length,
      startUs: request.startUs,
      revealed: request.reveal,
      masked: request.reveal ? 0 : this.keeper.secrets,
      warnings: this.keeper.warnings(),
    };
  }

  /** Index of the item that shows transcript line `number` under these findings and open folds; -1 when folded away. */
  indexOfLine(number: number, request: Pick<PageRequest, 'occurrences' | 'expand'>): number {
    const index = new OccurrenceIndex(this.keeper.records, request.occurrences);
    const slots = layOut({ records: this.keeper.records, index, expand: new Set(request.expand), tlsNote: '' });
    return slots.findIndex((slot) => slot.kind === 'line' && slot.record.number === number);
  }

  pace(): ConversationPace {
    const [firstToServerUs, firstToClientUs] = this.firstUs;
    const { longestPauseUs, longestPauseLine } = this;
    return { firstToServerUs, firstToClientUs, longestPauseUs, longestPauseLine };
  }

  private follow(direction: Direction, timeUs: number, number: number): void {
    if (this.firstUs[direction] < 0) this.firstUs[direction] = timeUs;
    if (this.lastUs >= 0 && timeUs - this.lastUs > this.longestPauseUs) {
      this.longestPauseUs = timeUs - this.lastUs;
      this.longestPauseLine = number;
    }
    this.lastUs = Math.max(this.lastUs, timeUs);
  }

  private tlsNote(request: PageRequest): string {
    const { streamBytes } = request;
    const behind = (direction: Direction): number => {
      const offset = this.tlsOffset[direction];
      return offset < 0 || streamBytes === undefined ? 0 : Math.max(0, streamBytes[direction] - offset);
    };
    const volumes = streamBytes === undefined ? null : ([behind(TO_SERVER), behind(TO_CLIENT)] as const);
    return tlsNote(request.tlsVersion ?? '', volumes === null ? null : [volumes[0], volumes[1]]);
  }
}

type FindingIds = ReadonlyMap<string, readonly number[]>;

function findingIds(violations: PageRequest['violations']): FindingIds {
  const ids = new Map<string, number[]>();
  for (const { id, protection } of violations) ids.set(protection, [...(ids.get(protection) ?? []), id]);
  return ids;
}

function findingsOf(occurrences: readonly Occurrence[], ids: FindingIds): readonly number[] {
  if (occurrences.length === 0) return [];
  const found = new Set(occurrences.flatMap(({ protection }) => ids.get(protection) ?? []));
  return [...found].sort((a, b) => a - b);
}

function toItem(slot: Slot, ids: FindingIds, reveal: boolean): TranscriptItem {
  switch (slot.kind) {
    case 'line':
      return toLine(slot.record, slot.occurrences, ids, reveal);
    case 'fold':
      return toFold(slot, ids);
    case 'gap':
      return { kind: 'gap', direction: directionName(slot.direction), lengthBytes: slot.lengthBytes };
    case 'pause':
    case 'note':
      return slot;
  }
}

function toFold(slot: FoldSlot, ids: FindingIds): TranscriptItem {
  const { id, fold, lines, lengthBytes, expanded } = slot;
  const findings = findingsOf(slot.occurrences, ids);
  return {
    kind: 'fold',
    id,
    direction: directionName(fold.direction),
    lines,
    lengthBytes,
    what: fold.what,
    findings,
    expanded,
  };
}

function toLine(
  record: LineRecord,
  occurrences: readonly Occurrence[],
  ids: FindingIds,
  reveal: boolean,
): TranscriptLine {
  const { block, start, length } = record.kept;
  const severity: Severity | null = worstOf(occurrences);
  const { runs, omittedBytes } = lineRuns({
    octets: block.subarray(start, start + length),
    missingBytes: record.missingBytes,
    secret: reveal ? null : record.secret,
    marks: marksWithin(record, occurrences),
  });
  return {
    kind: 'line',
    number: record.number,
    timeUs: record.timeUs,
    packet: record.packet,
    direction: directionName(record.direction),
    secure: record.secure,
    role: record.role,
    runs,
    lengthBytes: record.lengthBytes,
    omittedBytes,
    terminator: record.terminator,
    severity,
    findings: findingsOf(occurrences, ids),
  };
}
