/**
 * The book of one connection's findings: one violation per protection with its
 * count, first place and worst severity (PROTECTIONS 0.3).
 *
 * In: candidates by line. Findings of a line stay open until a later line of
 * the same direction begins, because the line may go on, a later event may
 * report it again, and among overlapping findings only the first in precedence
 * fires. Out: the same records for every cut of the stream.
 */
import { SEVERITIES, SEVERITY_RANK, type Severity, type SeverityCounts } from '../../shared/severity.js';
import type { Direction } from '../protocols/events.js';
import type { Candidate } from './record.js';

/** Settled lines remembered per connection, for a login whose outcome comes after further lines. */
const REMEMBERED_LINES = 64;

/** All that is known of one protection on one connection. */
export interface Slot {
  readonly index: number;
  count: number;
  severity: Severity;
  confidence: number;
  first: Candidate;
  /** Occurrence with the worst severity, the earliest of equals. */
  worst: Candidate;
  /** Occurrence with the greatest measured value. */
  greatest: Candidate;
  /** Indexes of the protections that the same octets met. */
  readonly also: Set<number>;
  /** False when the session had its fill of records: counted only. */
  readonly isRecorded: boolean;
}

interface Line {
  readonly line: number;
  readonly candidates: Candidate[];
}

export interface LedgerRules {
  /** Precedence class of each active protection: lower fires first; of one class the worse, then the first in the policy. */
  readonly classes: readonly number[];
  readonly maximumRecords: number;
}

export class Ledger {
  version = 0;
  onSettled: ((candidate: Candidate) => void) | null = null;

  private readonly slots: Slot[] = [];
  private readonly open: [Line | null, Line | null] = [null, null];
  private readonly remembered: Line[] = [];
  private counted: SeverityCounts = NO_COUNTS;
  private countedVersion = 0;

  constructor(private readonly rules: LedgerRules) {}

  /** True while some line's findings may still change. */
  get hasOpenLines(): boolean {
    return this.open[0] !== null || this.open[1] !== null;
  }

  /** Told of each line event before it is judged: settles what lies behind it, drops what it supersedes. */
  enter(direction: Direction, line: number, family: number): void {
    const open = this.open[direction];
    if (open === null || line < open.line) return;
    if (line > open.line) this.settleLine(direction);
    else if (this.drop(open, (candidate) => candidate.isPartial && candidate.family === family)) {
      this.version++;
      if (open.candidates.length === 0) this.open[direction] = null;
    }
  }

  /** True when a finding of this protection at this line would give the record its place and evidence. */
  isFirst(index: number, line: number): boolean {
    const slot = this.slots.find((known) => known.index === index);
    return slot === undefined || slot.first.line >= line;
  }

  add(candidate: Candidate): void {
    this.version++;
    const open = this.open[candidate.direction];
    if (open === null) {
      const settled = this.remembered.find((known) => known.line === candidate.line);
      if (settled === undefined) this.open[candidate.direction] = { line: candidate.line, candidates: [candidate] };
      else this.addLate(settled, candidate);
    } else if (open.line === candidate.line) {
      this.drop(open, (known) => known.index === candidate.index);
      open.candidates.push(candidate);
    } else if (candidate.line > open.line) {
      this.settleLine(candidate.direction);
      this.open[candidate.direction] = { line: candidate.line, candidates: [candidate] };
    } else {
      const settled = this.remembered.find((known) => known.line === candidate.line);
      this.addLate(settled ?? { line: candidate.line, candidates: [] }, candidate);
    }
  }

  /** Nothing open changes any more: the connection is over. */
  settle(): void {
    const [client, server] = this.open;
    const clientFirst = client === null || server === null || client.line < server.line;
    this.settleLine(clientFirst ? 0 : 1);
    this.settleLine(clientFirst ? 1 : 0);
  }

  /** Slots as of now, open lines counted in. Borrowed. */
  current(): readonly Slot[] {
    if (!this.hasOpenLines) return this.slots;
    const projected = this.slots.map((slot) => ({ ...slot, also: new Set(slot.also) }));
    const lines = this.open.filter((line) => line !== null).sort((a, b) => a.line - b.line);
    for (const line of lines) this.apply(projected, line.candidates);
    return projected;
  }

  get counts(): SeverityCounts {
    if (this.countedVersion === this.version) return this.counted;
    const counts: Record<Severity, number> = { ...NO_COUNTS };
    for (const slot of this.current()) counts[slot.severity]++;
    this.countedVersion = this.version;
    return (this.counted = counts);
  }

  get worst(): Severity | null {
    const counts = this.counts;
    return SEVERITIES.find((severity) => counts[severity] > 0) ?? null;
  }

  private settleLine(direction: Direction): void {
    const open = this.open[direction];
    if (open === null) return;
    this.open[direction] = null;
    if (open.candidates.length === 0) return;
    const fired = this.apply(this.slots, open.candidates);
    this.remember({ line: open.line, candidates: fired });
    if (this.onSettled !== null) for (const candidate of fired) this.onSettled(candidate);
  }

  /** A line settled before is reported again, by the same protection or by a further one. */
  private addLate(settled: Line, candidate: Candidate): void {
    if (this.slots.some((slot) => slot.also.has(candidate.index) && isFoldedInto(slot, settled, candidate))) return;
    const again = settled.candidates.findIndex((known) => known.index === candidate.index);
    const slot = this.slots.find((known) => known.index === candidate.index);
    if (again !== -1 && slot !== undefined) {
      settled.candidates[again] = candidate;
      if (slot.first.line === candidate.line) slot.first = candidate;
      if (slot.worst.line === candidate.line) slot.worst = candidate;
      this.raise(slot, candidate);
    } else {
      if (this.foldedInto(settled.candidates, candidate, this.slots)) return;
      this.apply(this.slots, [candidate]);
      if (settled.candidates.length === 0) this.remember(settled);
      settled.candidates.push(candidate);
    }
    this.onSettled?.(candidate);
  }

  /** Enters a line's findings into the slots, those that overlap folded; returns those that fired. */
  private apply(slots: Slot[], candidates: readonly Candidate[]): Candidate[] {
    const ordered = [...candidates].sort((a, b) => this.order(a, b));
    const fired: Candidate[] = [];
    for (const candidate of ordered) {
      if (this.foldedInto(fired, candidate, slots)) continue;
      fired.push(candidate);
      const slot = slots.find((known) => known.index === candidate.index);
      if (slot === undefined) slots.push(this.newSlot(slots, candidate));
      else {
        slot.count++;
        this.raise(slot, candidate);
      }
    }
    return fired;
  }

  private foldedInto(fired: readonly Candidate[], candidate: Candidate, slots: readonly Slot[]): boolean {
    const over = fired.find((known) => this.order(known, candidate) <= 0 && overlaps(known, candidate));
    if (over === undefined || over.index === candidate.index) return false;
    slots.find((slot) => slot.index === over.index)?.also.add(candidate.index);
    return true;
  }

  private newSlot(slots: readonly Slot[], candidate: Candidate): Slot {
    return {
      index: candidate.index,
      count: 1,
      severity: candidate.severity,
      confidence: candidate.confidence,
      first: candidate,
      worst: candidate,
      greatest: candidate,
      also: new Set(),
      isRecorded: slots.length < this.rules.maximumRecords,
    };
  }

  private raise(slot: Slot, candidate: Candidate): void {
    if (SEVERITY_RANK[candidate.severity] > SEVERITY_RANK[slot.severity]) {
      slot.severity = candidate.severity;
      slot.worst = candidate;
    }
    if (candidate.line < slot.first.line) slot.first = candidate;
    if (candidate.confidence > slot.confidence) slot.confidence = candidate.confidence;
    if ((candidate.measured ?? 0) > (slot.greatest.measured ?? 0)) slot.greatest = candidate;
  }

  private remember(line: Line): void {
    if (this.remembered.length === REMEMBERED_LINES) this.remembered.shift();
    this.remembered.push(line);
  }

  private drop(line: Line, isDropped: (candidate: Candidate) => boolean): boolean {
    const kept = line.candidates.filter((candidate) => !isDropped(candidate));
    const dropped = kept.length < line.candidates.length;
    line.candidates.splice(0, line.candidates.length, ...kept);
    return dropped;
  }

  /** Negative when `a` fires rather than `b`. */
  private order(a: Candidate, b: Candidate): number {
    const { classes } = this.rules;
    const byClass = (classes[a.index] as number) - (classes[b.index] as number);
    return byClass || SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity] || a.index - b.index;
  }
}

const NO_COUNTS: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

function overlaps(a: Candidate, b: Candidate): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

function isFoldedInto(slot: Slot, settled: Line, candidate: Candidate): boolean {
  return settled.candidates.some((known) => known.index === slot.index && overlaps(known, candidate));
}
