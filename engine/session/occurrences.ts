/**
 * Finds the transcript lines that findings are about. In: where each offending
 * stretch lies in its direction's stream. Out: for each record the occurrences
 * that touch it.
 */
import { SEVERITY_RANK, type Severity } from '../../shared/severity.js';
import type { Occurrence } from '../protections/record.js';
import { TO_CLIENT, TO_SERVER } from '../protocols/events.js';
import type { MarkSpan } from './runs.js';
import type { FoldRecord, LineRecord, TranscriptRecord } from './transcript-record.js';

/** Lines that one occurrence may mark; a stretch over more lines marks the first ones. */
const LINES_PER_OCCURRENCE = 1000;

type Located = LineRecord | FoldRecord;

/** Which occurrences touch which lines, and which fall into folded lines that were not kept. */
export class OccurrenceIndex {
  private readonly byRecord = new Map<Located, Occurrence[]>();

  constructor(records: readonly TranscriptRecord[], occurrences: readonly Occurrence[]) {
    if (occurrences.length === 0) return;
    const located: readonly [Located[], Located[]] = [[], []];
    for (const record of records) {
      if (record.kind === 'line' || record.kind === 'fold') located[record.direction].push(record);
    }
    for (const direction of [TO_SERVER, TO_CLIENT] as const) located[direction].sort((a, b) => a.offset - b.offset);
    for (const occurrence of occurrences) {
      this.locate(located[occurrence.direction], occurrence, 0);
    }
  }

  /** Occurrences that touch this line; of a fold, those in lines that were not kept. */
  of(record: Located): readonly Occurrence[] {
    return this.byRecord.get(record) ?? [];
  }

  private locate(records: readonly Located[], occurrence: Occurrence, already: number): number {
    const end = occurrence.offset + Math.max(1, occurrence.length);
    let lines = already;
    for (let i = lastAtOrBefore(records, occurrence.offset); i < records.length && lines < LINES_PER_OCCURRENCE; i++) {
      const record = records[i] as Located;
      if (record.offset >= end) break;
      if (record.offset + record.lengthBytes <= occurrence.offset) continue;
      const inside = record.kind === 'fold' ? this.locate(record.lines, occurrence, lines) : lines;
      if (record.kind === 'fold' && inside > lines) lines = inside;
      else {
        this.add(record, occurrence);
        lines++;
      }
    }
    return lines;
  }

  private add(record: Located, occurrence: Occurrence): void {
    const found = this.byRecord.get(record);
    if (found === undefined) this.byRecord.set(record, [occurrence]);
    else found.push(occurrence);
  }
}

/** Index of the last record that begins at or before `offset`; 0 when none does. */
function lastAtOrBefore(records: readonly Located[], offset: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle] as Located).offset <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** The worst severity, null of none. */
export function worstOf(occurrences: readonly Occurrence[]): Severity | null {
  let worst: Severity | null = null;
  for (const { severity } of occurrences) {
    if (worst === null || SEVERITY_RANK[severity] > SEVERITY_RANK[worst]) worst = severity;
  }
  return worst;
}

/** The marks of a line, as indexes of its octets. */
export function marksWithin(record: LineRecord, occurrences: readonly Occurrence[]): readonly MarkSpan[] {
  return occurrences.map(({ offset, length, severity }) => ({
    start: Math.max(0, offset - record.offset),
    end: Math.min(record.lengthBytes, offset - record.offset + length),
    severity,
  }));
}
