/**
 * The order of a view's rows: by key, rising or falling, then always by arrival;
 * so every order is total, and a merge equals a sort.
 *
 * A million rows are sorted without a comparator: keys become ranks, rank and
 * place one number, and numbers are sorted natively.
 */
import type { SortOrder, ViewKind } from '../../shared/inspection.js';
import type { Row } from './rows.js';
import { compareKeys, keyBy, type KeyOf, type SortKey } from './sort-keys.js';

export class RowOrder {
  readonly #keyOf: KeyOf;
  readonly #sign: 1 | -1;

  /** Throws `ProblemError` on an unknown column. */
  constructor(kind: ViewKind, sort: SortOrder) {
    this.#keyOf = keyBy(kind, sort);
    this.#sign = sort.descending ? -1 : 1;
  }

  compare(left: Row, right: Row): number {
    return this.#sign * compareKeys(this.#keyOf(left), this.#keyOf(right)) || left.sequence - right.sequence;
  }

  /** The rows in order. `rows` must be in the order of their arrival. */
  sort(rows: readonly Row[]): Row[] {
    const keys = rows.map(this.#keyOf);
    const ranks = rankKeys(keys);
    const last = ranks.size - 1;
    const rankOf = (key: SortKey): number => {
      const rank = ranks.get(key) as number;
      return this.#sign === 1 ? rank : last - rank;
    };
    const places = Float64Array.from(keys, (key, place) => rankOf(key) * rows.length + place).sort();
    return Array.from(places, (place) => rows[place % rows.length] as Row);
  }

  /** Where the row stands among sorted ones, or where it would have to be put. */
  placeOf(row: Row, sorted: readonly Row[]): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(sorted[middle] as Row, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Both lists as one. Each row of the (short) second is put in its place; what lies between is copied. */
  merge(sorted: readonly Row[], further: readonly Row[]): Row[] {
    const merged: Row[] = [];
    let from = 0;
    for (const row of [...further].sort((a, b) => this.compare(a, b))) {
      const to = this.placeOf(row, sorted);
      for (; from < to; from++) merged.push(sorted[from] as Row);
      merged.push(row);
    }
    for (; from < sorted.length; from++) merged.push(sorted[from] as Row);
    return merged;
  }
}

/** From 0 for the least; equal keys have the same rank. */
function rankKeys(keys: readonly SortKey[]): ReadonlyMap<SortKey, number> {
  const numbers: number[] = [];
  const texts: string[] = [];
  for (const key of new Set(keys)) {
    if (typeof key === 'number') numbers.push(key);
    else texts.push(key);
  }
  const ranks = new Map<SortKey, number>();
  for (const number of Float64Array.from(numbers).sort()) ranks.set(number, ranks.size);
  for (const text of texts.sort()) ranks.set(text, ranks.size);
  return ranks;
}
