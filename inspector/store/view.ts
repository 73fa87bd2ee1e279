/**
 * One live view: the rows of one kind that match a search, in one order. It is
 * kept in order by putting what changed at its place, so an update costs a pass
 * and not a sort. Rows are slots of a table: four octets each.
 */
import type { ViewSpec, ViewState } from '../../shared/inspection.js';
import type { SearchField } from './columns.js';
import { RowOrder } from './row-order.js';
import type { RowTable, TableChange } from './row-table.js';
import { isNarrower, matches, matchingRows, searchWords } from './search.js';
import type { SessionStore } from './session-store.js';
import { sessionOrder, violationOrder } from './sort-columns.js';

const GROWTH = 1.25;

export class View {
  readonly viewId: number;
  readonly #store: SessionStore;
  #spec: ViewSpec;
  #order: RowOrder;
  #words: readonly string[];
  /** In order, the first `#length`; behind them is room. */
  #rows: Uint32Array = new Uint32Array(0);
  #length = 0;
  #unfiltered = 0;
  #version: number;

  /** `version` continues the count of an earlier view of the same id. Throws `ProblemError` on an unknown column. */
  constructor(viewId: number, spec: ViewSpec, store: SessionStore, version: number) {
    this.viewId = viewId;
    this.#store = store;
    this.#spec = spec;
    this.#order = rowOrder(spec, store);
    this.#words = searchWords(spec.search);
    this.#version = version;
    this.#rebuild();
  }

  get spec(): ViewSpec {
    return this.#spec;
  }

  get state(): ViewState {
    return { viewId: this.viewId, version: this.#version, total: this.#length, unfiltered: this.#unfiltered };
  }

  /** Another order, search or kind for the same view. `isCurrent`: it was told of every change. */
  change(spec: ViewSpec, isCurrent: boolean): void {
    const before = this.#spec;
    const wordsBefore = this.#words;
    this.#order = rowOrder(spec, this.#store);
    this.#spec = spec;
    this.#words = searchWords(spec.search);
    this.#version++;
    const isSameOrder =
      spec.kind === before.kind &&
      spec.sessionId === before.sessionId &&
      spec.sort.column === before.sort.column &&
      spec.sort.descending === before.sort.descending;
    if (isCurrent && isSameOrder && isNarrower(this.#words, wordsBefore)) this.#narrow();
    else this.#rebuild();
  }

  /** The same order and search over all rows, after changes that it was not told of. */
  renew(): void {
    this.#version++;
    this.#rebuild();
  }

  /** Takes in what changed since the last update. */
  update({ added, changed, discarded }: TableChange): void {
    const isOurs = (slot: number): boolean => this.#belongs(slot);
    const ofAdded = added.filter(isOurs);
    const ofChanged = changed.filter(isOurs);
    const ofDiscarded = discarded.filter(isOurs);
    if (ofAdded.length + ofChanged.length + ofDiscarded.length === 0) return;
    if (ofChanged.length + ofDiscarded.length > 0) this.#withoutTouched();
    const fields = this.#fields();
    const fresh = [...ofChanged, ...ofAdded].filter((slot) => matches(this.#words, fields, slot));
    this.#makeRoom(fresh.length);
    this.#order.merge(this.#rows, this.#length, fresh);
    this.#length += fresh.length;
    this.#unfiltered += ofAdded.length - ofDiscarded.length;
    this.#version++;
  }

  /** At most `count` rows from index `from` on; borrowed. */
  rows(from: number, count: number): Uint32Array {
    return this.#rows.subarray(Math.min(from, this.#length), Math.min(from + count, this.#length));
  }

  /** All rows; borrowed. */
  all(): Uint32Array {
    return this.rows(0, this.#length);
  }

  /** Index of a row as sorted now, or -1. */
  indexOf(slot: number): number {
    const place = this.#order.placeOf(slot, this.#rows, this.#length);
    return place < this.#length && this.#rows[place] === slot ? place : -1;
  }

  #table(): RowTable {
    return this.#spec.kind === 'sessions' ? this.#store.sessions : this.#store.violations;
  }

  #fields(): readonly SearchField[] {
    return this.#spec.kind === 'sessions' ? this.#store.sessions.searched : this.#store.violations.searched;
  }

  #belongs(slot: number): boolean {
    const { kind, sessionId } = this.#spec;
    if (sessionId === undefined) return true;
    const { sessions, violations } = this.#store;
    return (kind === 'sessions' ? sessions.ids : violations.sessionId).values[slot] === sessionId;
  }

  #rebuild(): void {
    let slots = this.#table().slots();
    if (this.#spec.sessionId !== undefined) slots = slots.filter((slot) => this.#belongs(slot));
    this.#unfiltered = slots.length;
    this.#rows = this.#order.sort(matchingRows(this.#words, this.#fields(), slots));
    this.#length = this.#rows.length;
  }

  /** The rows stay in order, and only they can match. */
  #narrow(): void {
    this.#rows = matchingRows(this.#words, this.#fields(), this.all());
    this.#length = this.#rows.length;
  }

  #withoutTouched(): void {
    const { touched } = this.#table();
    const rows = this.#rows;
    let kept = 0;
    for (let i = 0; i < this.#length; i++) {
      const slot = rows[i] as number;
      if (touched[slot] === 1) continue;
      rows[kept++] = slot;
    }
    this.#length = kept;
  }

  #makeRoom(count: number): void {
    if (this.#length + count <= this.#rows.length) return;
    const larger = new Uint32Array(Math.ceil((this.#length + count) * GROWTH));
    larger.set(this.all());
    this.#rows = larger;
  }
}

function rowOrder({ kind, sort }: ViewSpec, { sessions, violations }: SessionStore): RowOrder {
  return kind === 'sessions'
    ? new RowOrder(sessionOrder(sessions, sort), sessions.sequence, sort.descending)
    : new RowOrder(violationOrder(violations, sort), violations.sequence, sort.descending);
}
