/**
 * Decides what a transcript shows, line by line, without making text. In:
 * records, findings, and which folds are expanded. Out: slots, one per item.
 * A folded line with a finding stands outside of its fold, with the line before
 * and the line after it.
 */
import { formatBytes, countOf } from './quantity.js';
import type { Occurrence } from '../protections/record.js';
import type { OccurrenceIndex } from './occurrences.js';
import type { FoldRecord, LineRecord, TranscriptRecord } from './transcript-record.js';
import type { Direction } from '../protocols/events.js';

/** A silence this long between two lines is an item of its own. */
export const PAUSE_US = 2_000_000;

export interface FoldSlot {
  readonly kind: 'fold';
  readonly id: number;
  readonly fold: FoldRecord;
  readonly lines: number;
  readonly lengthBytes: number;
  readonly expanded: boolean;
  /** Findings in lines that could not be kept. */
  readonly occurrences: readonly Occurrence[];
}
export type Slot =
  | { readonly kind: 'line'; readonly record: LineRecord; readonly occurrences: readonly Occurrence[] }
  | FoldSlot
  | { readonly kind: 'gap'; readonly direction: Direction; readonly lengthBytes: number }
  | { readonly kind: 'pause'; readonly seconds: number }
  | { readonly kind: 'note'; readonly text: string };

export interface LayoutInput {
  readonly records: readonly TranscriptRecord[];
  readonly index: OccurrenceIndex;
  readonly expand: ReadonlySet<number>;
  readonly tlsNote: string;
}

/** Every item of the transcript in order, without text. */
export function layOut(input: LayoutInput): readonly Slot[] {
  const layout = new Layout(input);
  for (const record of input.records) layout.add(record);
  return layout.slots;
}

class Layout {
  readonly slots: Slot[] = [];
  private lastTimeUs = -1;
  private tlsNoted = false;

  constructor(private readonly input: LayoutInput) {}

  add(record: TranscriptRecord): void {
    switch (record.kind) {
      case 'line':
        return this.line(record);
      case 'fold':
        return record.lineCount === 1 && record.lines[0] !== undefined ? this.line(record.lines[0]) : this.fold(record);
      case 'gap':
      case 'note':
        this.slots.push(record);
        return;
      case 'tls':
        if (!this.tlsNoted) this.slots.push({ kind: 'note', text: this.input.tlsNote });
        this.tlsNoted = true;
        return;
    }
  }

  private line(record: LineRecord): void {
    this.pause(record.timeUs);
    this.lastTimeUs = record.timeUs;
    this.slots.push({ kind: 'line', record, occurrences: this.input.index.of(record) });
  }

  private pause(timeUs: number): void {
    const silenceUs = timeUs - this.lastTimeUs;
    if (this.lastTimeUs >= 0 && silenceUs >= PAUSE_US) {
      this.slots.push({ kind: 'pause', seconds: Math.round(silenceUs / 1000) / 1000 });
    }
  }

  /** Alternates between stretches that are folded and kept lines that are shown. */
  private fold(fold: FoldRecord): void {
    const shown = this.shownLines(fold);
    let from = 0;
    let fromKept = 0;
    for (const at of shown) {
      const record = fold.lines[at] as LineRecord;
      this.segment(fold, from, record.linesBefore, fromKept, at);
      this.line(record);
      from = record.linesBefore + 1;
      fromKept = at + 1;
    }
    this.segment(fold, from, fold.lineCount, fromKept, fold.lines.length);
    this.lastTimeUs = Math.max(this.lastTimeUs, fold.lastTimeUs);
  }

  /** Indexes of kept lines with findings and of their neighbours, ascending. */
  private shownLines(fold: FoldRecord): readonly number[] {
    const shown = new Set<number>();
    fold.lines.forEach((record, at) => {
      if (this.input.index.of(record).length === 0) return;
      for (const near of [at - 1, at, at + 1]) {
        const neighbour = fold.lines[near];
        if (neighbour !== undefined && neighbour.linesBefore - record.linesBefore === near - at) shown.add(near);
      }
    });
    return [...shown].sort((a, b) => a - b);
  }

  /** Lines `from` to `to` of the fold, of which those at `keptFrom` to `keptTo` are kept. */
  private segment(fold: FoldRecord, from: number, to: number, keptFrom: number, keptTo: number): void {
    const lines = to - from;
    if (lines <= 0) return;
    const first = fold.lines[keptFrom];
    if (lines === 1 && first !== undefined && keptFrom < keptTo) return this.line(first);
    if (first !== undefined && keptFrom < keptTo) {
      this.pause(first.timeUs);
      this.lastTimeUs = first.timeUs;
    }
    const id = fold.firstId + from;
    const expanded = this.input.expand.has(id);
    const startByte = this.bytesBefore(fold, from, keptFrom - 1);
    const endByte = to === fold.lineCount ? fold.lengthBytes : (fold.lines[keptTo] as LineRecord).bytesBefore;
    const occurrences = this.input.index
      .of(fold)
      .filter(({ offset }) => offset - fold.offset >= startByte && offset - fold.offset < endByte);
    this.slots.push({ kind: 'fold', id, fold, lines, lengthBytes: endByte - startByte, expanded, occurrences });
    if (expanded) this.unfold(fold, from, to, keptFrom, keptTo);
    else this.lastTimeUs = (fold.lines[keptTo - 1] ?? first)?.timeUs ?? this.lastTimeUs;
  }

  private bytesBefore(fold: FoldRecord, line: number, keptBefore: number): number {
    if (line === 0) return 0;
    const before = fold.lines[keptBefore] as LineRecord;
    return before.bytesBefore + before.lengthBytes;
  }

  private unfold(fold: FoldRecord, from: number, to: number, keptFrom: number, keptTo: number): void {
    let next = from;
    for (let at = keptFrom; at < keptTo; at++) {
      const record = fold.lines[at] as LineRecord;
      this.notKept(record.linesBefore - next);
      this.line(record);
      next = record.linesBefore + 1;
    }
    this.notKept(to - next);
  }

  private notKept(lines: number): void {
    if (lines > 0) this.slots.push({ kind: 'note', text: `${countOf(lines, 'line')} not kept for viewing` });
  }
}

/** What stands where TLS begins. `volumes`: octets to the server and to the client, null when unknown. */
export function tlsNote(version: string, volumes: readonly [number, number] | null): string {
  const name = version === '' ? 'TLS' : version;
  if (volumes === null) return `${name} from here on, not decrypted`;
  const [toServer, toClient] = volumes;
  return `${name} from here on: ${formatBytes(toServer)} to the server, ${formatBytes(toClient)} to the client, not decrypted`;
}
