/**
 * The part of one session's transcript that is held: consecutive pages of
 * items. In: wishes (more, a line, a fold, reveal). Out: a snapshot after each
 * change. Answers to wishes that were overtaken are thrown away; never more
 * than `HELD_ITEMS` are held.
 */
import type { Problem } from '../../../shared/inspection.js';
import type { Answer } from '../../../shared/ipc.js';
import type { TranscriptItem, TranscriptPage } from '../../../shared/transcript.js';

export const PAGE_ITEMS = 2000;
export const HELD_ITEMS = 10 * PAGE_ITEMS;

export interface TranscriptRequest {
  readonly reveal: boolean;
  readonly expand: readonly number[];
  readonly from: number;
  readonly count: number;
}
export type FetchTranscript = (request: TranscriptRequest) => Promise<Answer<TranscriptPage>>;

export interface TranscriptSnapshot {
  readonly items: readonly TranscriptItem[];
  readonly from: number;
  readonly total: number;
  readonly startUs: number;
  readonly revealed: boolean;
  readonly masked: number;
  readonly warnings: readonly string[];
  readonly loading: boolean;
  readonly problem: Problem | null;
}

export const EMPTY_TRANSCRIPT: TranscriptSnapshot = {
  items: [],
  from: 0,
  total: 0,
  startUs: 0,
  revealed: false,
  masked: 0,
  warnings: [],
  loading: true,
  problem: null,
};

export class TranscriptWindow {
  private snapshot: TranscriptSnapshot = EMPTY_TRANSCRIPT;
  private expand: readonly number[] = [];
  private generation = 0;
  private closed = false;
  private reveal = false;
  private grewMeanwhile = false;

  constructor(
    private readonly fetch: FetchTranscript,
    private readonly changed: (snapshot: TranscriptSnapshot) => void,
  ) {}

  get current(): TranscriptSnapshot {
    return this.snapshot;
  }

  /** Loads, or loads again, what is held; at first the first page. */
  async reload(): Promise<void> {
    const { from, items } = this.snapshot;
    await this.replace(from, Math.max(PAGE_ITEMS, items.length));
  }

  /** The session has grown: loads again what is held, after what is being loaded; not when that went wrong. */
  async grow(): Promise<void> {
    if (this.snapshot.problem !== null) return;
    if (this.snapshot.loading) this.grewMeanwhile = true;
    else await this.reload();
  }

  /** Loads on to the end; what lies too far before it is let go. */
  async toEnd(): Promise<void> {
    const { from, items, total } = this.snapshot;
    if (total - from - items.length <= PAGE_ITEMS) await this.loadMore('after');
    else await this.replace(total - PAGE_ITEMS, PAGE_ITEMS);
  }

  async setReveal(reveal: boolean): Promise<void> {
    if (reveal === this.reveal) return;
    this.reveal = reveal;
    await this.reload();
  }

  /** Answers that are still on their way change nothing any more. */
  close(): void {
    this.closed = true;
    this.generation++;
  }

  /** Expands or collapses a fold. */
  async toggleFold(id: number): Promise<void> {
    this.expand = this.expand.includes(id) ? this.expand.filter((other) => other !== id) : [...this.expand, id];
    await this.reload();
  }

  /** Loads the page after (or before) what is held; does nothing while loading or when there is none. */
  async loadMore(side: 'before' | 'after'): Promise<void> {
    const { from, items, total, loading } = this.snapshot;
    const end = from + items.length;
    if (loading || (side === 'after' ? end >= total : from === 0)) return;
    const start = side === 'after' ? end : Math.max(0, from - PAGE_ITEMS);
    const generation = this.begin();
    const page = await this.page(start, side === 'after' ? PAGE_ITEMS : from - start, generation);
    if (page === null) return;
    const joined = side === 'after' ? [...items, ...page.items] : [...page.items, ...items];
    const excess = Math.max(0, joined.length - HELD_ITEMS);
    const held = side === 'after' ? joined.slice(excess) : joined.slice(0, HELD_ITEMS);
    this.accept(page, held, side === 'after' ? from + excess : start);
  }

  /**
   * Index of the item that shows a transcript line, loading around it when it
   * is not held and expanding the fold that hides the finding. -1 when there is no such line.
   */
  async seek(line: number, violationId: number | null): Promise<number> {
    const held = this.find(line, violationId);
    if (held !== null) return this.open(held, line, violationId);
    const start = await this.pageOf(line);
    if (start === null) return -1;
    await this.replace(start, PAGE_ITEMS);
    const found = this.find(line, violationId);
    return found === null ? -1 : this.open(found, line, violationId);
  }

  /** Opens the fold at `index` when that is what was found; gives the line's index then. */
  private async open(index: number, line: number, violationId: number | null): Promise<number> {
    const item = this.snapshot.items[index - this.snapshot.from];
    if (item?.kind !== 'fold' || item.expanded) return index;
    await this.toggleFold(item.id);
    return this.find(line, violationId) ?? index;
  }

  private find(line: number, violationId: number | null): number | null {
    const { items, from } = this.snapshot;
    let fold: number | null = null;
    for (let at = 0; at < items.length; at++) {
      const item = items[at];
      if (item?.kind === 'line' && item.number === line) return from + at;
      if (item?.kind === 'fold' && violationId !== null && item.findings.includes(violationId)) fold = from + at;
    }
    return fold;
  }

  /** Start of the page that holds a line, by bisection over line numbers, which rise through the transcript. */
  private async pageOf(line: number): Promise<number | null> {
    const generation = this.begin();
    let low = 0;
    let high = Math.max(0, Math.ceil(this.snapshot.total / PAGE_ITEMS) - 1);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const probe = await this.page(middle * PAGE_ITEMS, 64, generation);
      if (probe === null) return null;
      const number = probe.items.find((item) => item.kind === 'line')?.number ?? Infinity;
      if (number <= line) low = middle;
      else high = middle - 1;
    }
    return low * PAGE_ITEMS;
  }

  private async replace(from: number, count: number): Promise<void> {
    const generation = this.begin();
    const items: TranscriptItem[] = [];
    let last: TranscriptPage | null = null;
    for (let at = from; at < from + count; at += PAGE_ITEMS) {
      last = await this.page(at, Math.min(PAGE_ITEMS, from + count - at), generation);
      if (last === null) return;
      for (const item of last.items) items.push(item);
      if (at + PAGE_ITEMS >= last.total) break;
    }
    if (last !== null) this.accept(last, items, from);
  }

  private begin(): number {
    this.generation++;
    this.set({ ...this.snapshot, loading: true, problem: null });
    return this.generation;
  }

  private async page(from: number, count: number, generation: number): Promise<TranscriptPage | null> {
    const answer = await this.fetch({ reveal: this.reveal, expand: this.expand, from, count });
    if (generation !== this.generation) return null;
    if (answer.ok) return answer.value;
    this.set({ ...this.snapshot, loading: false, problem: answer.problem });
    return null;
  }

  private accept(page: TranscriptPage, items: readonly TranscriptItem[], from: number): void {
    const { total, startUs, revealed, masked, warnings } = page;
    this.set({ items, from, total, startUs, revealed, masked, warnings, loading: false, problem: null });
    if (!this.grewMeanwhile) return;
    this.grewMeanwhile = false;
    void this.reload();
  }

  private set(snapshot: TranscriptSnapshot): void {
    if (this.closed) return;
    this.snapshot = snapshot;
    this.changed(snapshot);
  }
}
