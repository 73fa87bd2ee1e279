/**
 * Finds the slot of a row by its id: a hash table of slots (open addressing,
 * at most half full) that compares with the ids where they are kept anyway.
 * Eight to sixteen octets per row, where a Map takes five times as many. Ids
 * come from the traffic, so where they fall is drawn anew for every table.
 */
import { randomBytes } from 'node:crypto';
import type { Float64Column } from './columns.js';

const NONE = -1;
const FIRST_BITS = 6;

export class IdSlots {
  readonly #ids: Float64Column;
  readonly #factors = oddNumbers();
  #bits = FIRST_BITS;
  #places = new Int32Array(2 ** FIRST_BITS).fill(NONE);
  #size = 0;

  /** `ids`: the id of each slot; an id must stand there while its slot is entered. */
  constructor(ids: Float64Column) {
    this.#ids = ids;
  }

  /** -1 when there is no such row. */
  slotOf(id: number): number {
    return this.#places[this.#find(id)] as number;
  }

  /** Enters a slot, in place of another that has the same id. */
  add(slot: number): void {
    if ((this.#size + 1) * 2 > this.#places.length) this.#grow();
    const place = this.#find(this.#idOf(slot));
    if (this.#places[place] === NONE) this.#size++;
    this.#places[place] = slot;
  }

  delete(slot: number): void {
    const { length } = this.#places;
    let hole = this.#find(this.#idOf(slot));
    if (this.#places[hole] !== slot) return;
    this.#size--;
    // Whatever would not be found any more across the hole moves into it.
    for (let at = (hole + 1) % length; this.#places[at] !== NONE; at = (at + 1) % length) {
      const home = this.#home(this.#idOf(this.#places[at] as number));
      if ((at - home + length) % length < (at - hole + length) % length) continue;
      this.#places[hole] = this.#places[at] as number;
      hole = at;
    }
    this.#places[hole] = NONE;
  }

  #idOf(slot: number): number {
    return this.#ids.values[slot] as number;
  }

  /** The place of the id, or the empty one where it belongs. */
  #find(id: number): number {
    const mask = this.#places.length - 1;
    let at = this.#home(id);
    for (;;) {
      const slot = this.#places[at] as number;
      if (slot === NONE || this.#ids.values[slot] === id) return at;
      at = (at + 1) & mask;
    }
  }

  #home(id: number): number {
    const [first, second] = this.#factors;
    const high = Math.floor(id / 0x1_0000_0000);
    return (Math.imul(id | 0, first) + Math.imul(high, second)) >>> (32 - this.#bits);
  }

  #grow(): void {
    const before = this.#places;
    this.#bits++;
    this.#places = new Int32Array(before.length * 2).fill(NONE);
    for (const slot of before) if (slot !== NONE) this.#places[this.#find(this.#idOf(slot))] = slot;
  }
}

function oddNumbers(): readonly [number, number] {
  const octets = randomBytes(8);
  return [octets.readUInt32LE(0) | 1, octets.readUInt32LE(4) | 1];
}
