/**
 * One live view: the rows of one kind that match a search, in one order. It is
 * kept in order by merging what changed into what stands, so an update costs
 * one pass and not a sort. Rows are shared with the store, never copied.
 */
import type { ViewSpec, ViewState } from '../../shared/inspection.js';
import type { Row, StoreChange } from './rows.js';
import { rowMatcher, searchWords, type Matches } from './search.js';
import { RowOrder } from './row-order.js';

export class View {
  readonly viewId: number;
  #spec: ViewSpec;
  #order: RowOrder;
  #matches: Matches;
  #rows: Row[] = [];
  #unfiltered = 0;
  #version: number;

  /** `version` continues the count of an earlier view of the same id. Throws `ProblemError` on an unknown column. */
  constructor(viewId: number, spec: ViewSpec, all: Iterable<Row>, version: number) {
    this.viewId = viewId;
    this.#spec = spec;
    this.#order = new RowOrder(spec.kind, spec.sort);
    this.#matches = rowMatcher(searchWords(spec.search));
    this.#version = version;
    this.#rebuild(all);
  }

  get spec(): ViewSpec {
    return this.#spec;
  }

  get state(): ViewState {
    return { viewId: this.viewId, version: this.#version, total: this.#rows.length, unfiltered: this.#unfiltered };
  }

  /** Another order, search or kind for the same view. Only an order that changed is not searched anew. */
  change(spec: ViewSpec, all: Iterable<Row>): void {
    const before = this.#spec;
    const order = new RowOrder(spec.kind, spec.sort);
    this.#spec = spec;
    this.#order = order;
    this.#matches = rowMatcher(searchWords(spec.search));
    this.#version++;
    const isSameSearch =
      spec.kind === before.kind && spec.search === before.search && spec.sessionId === before.sessionId;
    if (isSameSearch && spec.search !== '') this.#rows = order.sort(this.#rows.sort((a, b) => a.sequence - b.sequence));
    else this.#rebuild(all);
  }

  /** The same order and search over all rows, after changes that it was not told of. */
  renew(all: Iterable<Row>): void {
    this.#version++;
    this.#rebuild(all);
  }

  /** Takes in what changed since the last update. */
  update(change: StoreChange): void {
    const removed = change.discarded.filter((row) => this.#belongs(row));
    const altered = change.changed.filter((row) => this.#belongs(row));
    const added = change.added.filter((row) => this.#belongs(row));
    if (removed.length + altered.length + added.length === 0) return;
    const kept =
      removed.length + altered.length === 0 ? this.#rows : withoutRows(this.#rows, new Set([...removed, ...altered]));
    const fresh = [...altered, ...added].filter((row) => this.#matches(row));
    this.#rows = fresh.length === 0 ? kept : this.#order.merge(kept, fresh);
    this.#unfiltered += added.length - removed.length;
    this.#version++;
  }

  /** At most `count` rows from index `from` on. */
  rows(from: number, count: number): readonly Row[] {
    return this.#rows.slice(from, from + count);
  }

  /** Index of a row as sorted now, or -1. */
  indexOf(row: Row): number {
    const place = this.#order.placeOf(row, this.#rows);
    return this.#rows[place] === row ? place : -1;
  }

  #belongs(row: Row): boolean {
    if (row.kind !== this.#spec.kind) return false;
    const { sessionId } = this.#spec;
    if (sessionId === undefined) return true;
    return row.kind === 'sessions' ? row.id === sessionId : row.value.sessionId === sessionId;
  }

  #rebuild(all: Iterable<Row>): void {
    this.#unfiltered = 0;
    const rows: Row[] = [];
    for (const row of all) {
      if (!this.#belongs(row)) continue;
      this.#unfiltered++;
      if (this.#matches(row)) rows.push(row);
    }
    this.#rows = this.#order.sort(rows);
  }
}

function withoutRows(rows: readonly Row[], gone: ReadonlySet<Row>): Row[] {
  return rows.filter((row) => !gone.has(row));
}
