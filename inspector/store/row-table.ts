/**
 * Rows of one kind as columns. A row has a slot for as long as it is kept and
 * somebody may still show it; slots are used again. The table knows in which
 * order the rows came, and what happened to them since it was last asked.
 */
import { Float64Column, type Column } from './columns.js';
import { IdSlots } from './id-slots.js';
import { sortByNumber } from './radix-sort.js';

const FIRST_CAPACITY = 256;
const GROWTH = 1.25;

/** What became of a slot since the last change was taken. */
const STATE = { free: 0, added: 1, known: 2, changed: 3, discarded: 4 } as const;

/** What happened to rows between two looks; a row is in at most one list. Slots. */
export interface TableChange {
  readonly added: readonly number[];
  readonly changed: readonly number[];
  /** They hold their values until they are released. */
  readonly discarded: readonly number[];
}

export class RowTable {
  readonly ids = new Float64Column();
  /** Order of arrival: breaks ties, so that every order is total. */
  readonly sequence = new Float64Column();
  /** 1 for slots of rows that the last change has as changed or discarded. */
  touched = new Uint8Array(0);
  readonly #columns: Column[] = [this.ids, this.sequence];
  readonly #idSlots = new IdSlots(this.ids);
  #states = new Uint8Array(0);
  #size = 0;
  #sequence = 0;
  /** Slots below this were given out at some time. */
  #end = 0;
  #unused: number[] = [];
  #added: number[] = [];
  #changed: number[] = [];
  #discarded: number[] = [];
  /** Discarded before anybody heard of them. */
  #unseen: number[] = [];
  #last: TableChange = { added: [], changed: [], discarded: [] };
  /** A slot was used a second time: their order is not that of the arrivals any more. */
  #isShuffled = false;

  /** Rows that are kept. */
  get size(): number {
    return this.#size;
  }

  /** Number of the row that came last. */
  get lastSequence(): number {
    return this.#sequence;
  }

  /** The slot of the row with this id, or -1. */
  slotOf(id: number): number {
    return this.#idSlots.slotOf(id);
  }

  idOf(slot: number): number {
    return this.ids.values[slot] as number;
  }

  /** The kept rows in the order of their arrival. */
  slots(): Uint32Array {
    const slots = new Uint32Array(this.#size);
    let count = 0;
    for (let slot = 0; slot < this.#end; slot++) {
      const state = this.#states[slot] as number;
      if (state !== STATE.free && state !== STATE.discarded) slots[count++] = slot;
    }
    if (!this.#isShuffled) return slots;
    const { values } = this.sequence;
    return sortByNumber(slots, (slot) => values[slot] as number, false);
  }

  /** Says that the row looks different from before. */
  change(slot: number): void {
    if (this.#states[slot] !== STATE.known) return;
    this.#states[slot] = STATE.changed;
    this.#changed.push(slot);
  }

  discard(slot: number): void {
    this.#idSlots.delete(slot);
    this.#size--;
    if (this.#states[slot] === STATE.added) this.#unseen.push(slot);
    else this.#discarded.push(slot);
    this.#states[slot] = STATE.discarded;
  }

  /** What happened since the last call. The slots of discarded rows stay as they are until `release`. */
  takeChange(): TableChange {
    for (const slot of this.#last.changed) this.touched[slot] = 0;
    for (const slot of this.#last.discarded) this.touched[slot] = 0;
    const added = this.#unseen.length === 0 ? this.#added : this.#added.filter((slot) => this.#is(slot, STATE.added));
    const changed = this.#changed.filter((slot) => this.#is(slot, STATE.changed));
    const discarded = this.#discarded;
    for (const slot of added) this.#states[slot] = STATE.known;
    for (const slot of changed) {
      this.#states[slot] = STATE.known;
      this.touched[slot] = 1;
    }
    for (const slot of discarded) this.touched[slot] = 1;
    this.release(this.#unseen);
    [this.#added, this.#changed, this.#discarded, this.#unseen] = [[], [], [], []];
    this.#last = { added, changed, discarded };
    return this.#last;
  }

  /** Nobody shows these discarded rows any more: their slots may be used again. */
  release(slots: readonly number[]): void {
    for (const slot of slots) {
      this.clear(slot);
      this.#states[slot] = STATE.free;
      this.#unused.push(slot);
    }
  }

  /** A slot for a new row. */
  protected add(id: number): number {
    const slot = this.#unused.pop() ?? this.#end;
    if (slot < this.#end) this.#isShuffled = true;
    else if (++this.#end > this.#states.length) this.#grow();
    this.ids.values[slot] = id;
    this.sequence.values[slot] = ++this.#sequence;
    this.#idSlots.add(slot);
    this.#states[slot] = STATE.added;
    this.#added.push(slot);
    this.#size++;
    return slot;
  }

  /** Makes a column one of this table; before the first row. */
  protected column<C extends Column>(column: C): C {
    this.#columns.push(column);
    return column;
  }

  /** Lets go what the row keeps beside its place in the columns. */
  protected clear(_slot: number): void {}

  #is(slot: number, state: number): boolean {
    return this.#states[slot] === state;
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, Math.ceil(this.#states.length * GROWTH));
    for (const column of this.#columns) column.grow(capacity);
    this.#states = larger(this.#states, capacity);
    this.touched = larger(this.touched, capacity);
  }
}

function larger(octets: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(length);
  grown.set(octets);
  return grown;
}
