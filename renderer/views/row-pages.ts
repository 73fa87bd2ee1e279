/**
 * The rows of one view, fetched in pages around what is visible. In: the
 * view's state (version and total) and the visible window. Out: rows by index,
 * a call of `changed` whenever they differ. A page that an older version of the
 * view gave stays visible until the newer one has come; at most one request per
 * page is under way; pages far from the window are forgotten. A row that came
 * again as it was stays the same object, so that nobody renders it again.
 */
import type { ViewState } from '../../shared/inspection.js';
import { keepSame } from './same-data.js';

export const PAGE_ROWS = 200;
const KEPT_PAGES = 24;

export interface RowAnswer<Row> {
  readonly state: ViewState;
  readonly from: number;
  readonly rows: readonly Row[];
}

/** Asks for rows; null when the view is gone or the call failed. */
export type FetchRows<Row> = (from: number, count: number) => Promise<RowAnswer<Row> | null>;

interface Page<Row> {
  readonly version: number;
  readonly rows: readonly Row[];
}

export class RowPages<Row> {
  private readonly pages = new Map<number, Page<Row>>();
  private readonly pending = new Set<number>();
  private version = -1;
  private count = 0;
  private firstPage = 0;
  private lastPage = 0;
  private closed = false;

  constructor(
    private readonly fetch: FetchRows<Row>,
    private readonly changed: () => void,
  ) {}

  /** How many rows the view has. */
  get total(): number {
    return this.count;
  }

  /** The row at an index, or undefined while it is on its way. */
  rowAt(index: number): Row | undefined {
    const page = this.pages.get(Math.floor(index / PAGE_ROWS));
    return index < this.count ? page?.rows[index % PAGE_ROWS] : undefined;
  }

  /** The view says that its rows changed. States older than the known one are ignored. */
  setState(state: ViewState): void {
    if (state.version < this.version) return;
    if (state.version === this.version && state.total === this.count) return;
    this.version = state.version;
    this.count = state.total;
    this.request();
    this.changed();
  }

  /** First and last visible row. */
  setWindow(first: number, last: number): void {
    this.firstPage = Math.max(0, Math.floor(first / PAGE_ROWS));
    this.lastPage = Math.max(this.firstPage, Math.floor(last / PAGE_ROWS));
    this.request();
  }

  close(): void {
    this.closed = true;
  }

  private request(): void {
    const beyond = Math.ceil(this.count / PAGE_ROWS) - 1;
    for (let index = this.firstPage; index <= Math.min(this.lastPage, beyond); index++) {
      if (this.pending.has(index)) continue;
      if (this.pages.get(index)?.version !== this.version) void this.load(index);
    }
  }

  private async load(index: number): Promise<void> {
    this.pending.add(index);
    const asked = this.version;
    const answer = await this.fetch(index * PAGE_ROWS, PAGE_ROWS);
    this.pending.delete(index);
    if (this.closed || answer === null) return;
    this.accept(index, answer, asked);
  }

  /**
   * An answer counts as of the version that was known when it was asked for,
   * whatever older number it carries: asking again at once would be a circle.
   */
  private accept(index: number, answer: RowAnswer<Row>, asked: number): void {
    const before = this.pages.get(index)?.rows;
    const rows = keepSame(before, answer.rows);
    this.pages.set(index, { version: Math.max(asked, answer.state.version), rows });
    const isNewer = answer.state.version > this.version;
    if (isNewer) {
      this.version = answer.state.version;
      this.count = answer.state.total;
    }
    this.forgetFarPages();
    if (isNewer || rows !== before) this.changed();
    this.request();
  }

  private forgetFarPages(): void {
    if (this.pages.size <= KEPT_PAGES) return;
    const middle = (this.firstPage + this.lastPage) / 2;
    const byDistance = [...this.pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const index of byDistance.slice(0, this.pages.size - KEPT_PAGES)) this.pages.delete(index);
  }
}
