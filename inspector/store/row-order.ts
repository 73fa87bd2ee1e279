/**
 * The order of a view's rows: by column, rising or falling, then always by
 * arrival; so every order is total, and a merge equals a sort. Rows are slots.
 */
import type { Float64Column } from './columns.js';
import { sortByNumber } from './radix-sort.js';
import type { ColumnOrder } from './sort-columns.js';

/** Fewer rows are compared one with another. */
const MANY = 16_384;

export class RowOrder {
  readonly #order: ColumnOrder;
  readonly #sequence: Float64Column;
  readonly #descending: boolean;

  /** `sequence`: the order of arrival. */
  constructor(order: ColumnOrder, sequence: Float64Column, descending: boolean) {
    this.#order = order;
    this.#sequence = sequence;
    this.#descending = descending;
  }

  readonly compare = (left: number, right: number): number => {
    const order = this.#order.compare(left, right);
    if (order !== 0) return this.#descending ? -order : order;
    const { values } = this.#sequence;
    return (values[left] as number) - (values[right] as number);
  };

  /** The rows in order. `slots` must be in the order of their arrival; it may be reused. */
  sort(slots: Uint32Array): Uint32Array {
    if (slots.length < MANY) return slots.sort(this.compare);
    return sortByNumber(slots, this.#order.keys(), this.#descending);
  }

  /** Where the row stands among the first `length` sorted ones, or where it would have to be put. */
  placeOf(slot: number, sorted: Uint32Array, length: number): number {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(sorted[middle] as number, slot) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Puts further rows, in any order, among the first `length` sorted ones of `rows`, which has room
   * for them behind. Each is put at its place, the last first; what lies between moves once.
   */
  merge(rows: Uint32Array, length: number, further: readonly number[]): void {
    const fresh = Uint32Array.from(further).sort(this.compare);
    let end = length;
    for (let i = fresh.length - 1; i >= 0; i--) {
      const slot = fresh[i] as number;
      const place = this.placeOf(slot, rows, end);
      rows.copyWithin(place + i + 1, place, end);
      rows[place + i] = slot;
      end = place;
    }
  }
}
