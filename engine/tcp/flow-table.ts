/**
 * An open-addressing hash table from an address pair (32-bit words) to the
 * number of a row. Keys and numbers lie side by side in one typed array, the
 * hash has a secret so that nobody can prepare collisions, and a look-up
 * allocates nothing.
 */
import { randomFillSync } from 'node:crypto';

const INITIAL_SLOTS = 1024;
/** Octets of a word, and the values of an octet. */
const OCTETS = 4;
const VALUES = 256;

export class FlowTable {
  /** Write the key here before `find`, `insert` or `remove`. */
  readonly key: Int32Array;
  size = 0;
  private slots = INITIAL_SLOTS;
  /** Words of a slot: its key, then its row; row 0 says that the slot is empty. */
  private readonly stride: number;
  private entries: Int32Array;
  /** For each octet of a key 256 random numbers. */
  private readonly secret: Int32Array;

  constructor(private readonly words: number) {
    this.secret = randomFillSync(new Int32Array(words * OCTETS * VALUES));
    this.key = new Int32Array(words);
    this.stride = words + 1;
    this.entries = new Int32Array(INITIAL_SLOTS * this.stride);
  }

  /** The key as numbers of its own. */
  copyKey(): readonly number[] {
    // Word by word: a typed array of so few words takes longer to make than all else of a connection.
    const words: number[] = [];
    for (let i = 0; i < this.words; i++) words.push(this.key[i] as number);
    return words;
  }

  /** Writes a key for what follows. */
  setKey(words: readonly number[]): void {
    for (let i = 0; i < this.words; i++) this.key[i] = words[i] as number;
  }

  /** The row under the key; 0 when there is none. */
  find(): number {
    return this.entries[this.slotOf() * this.stride + this.words] as number;
  }

  /** The same under a key of three words, which need not be written anywhere. */
  rowOf(first: number, second: number, third: number): number {
    const { entries, secret, slots } = this;
    const mask = slots - 1;
    const hash =
      ofWord(secret, 0, first) ^ ofWord(secret, OCTETS * VALUES, second) ^ ofWord(secret, 2 * OCTETS * VALUES, third);
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 4;
      const row = entries[at + 3] as number;
      if (row === 0 || (entries[at] === first && entries[at + 1] === second && entries[at + 2] === third)) return row;
    }
  }

  /** Stores `row`, which is not 0, under the key, which must not be in the table. */
  insert(row: number): void {
    if ((this.size + 1) * 2 > this.slots) this.grow();
    this.store(this.slotOf(), row);
    this.size++;
  }

  /** Puts `row` in the place of the one under the key. */
  replace(row: number): void {
    this.entries[this.slotOf() * this.stride + this.words] = row;
  }

  /** Removes the key if it is there, closing the hole that it leaves (no tombstones). */
  remove(): void {
    const { entries, stride, words } = this;
    let hole = this.slotOf();
    if (entries[hole * stride + words] === 0) return;
    this.size--;
    const mask = this.slots - 1;
    for (let slot = (hole + 1) & mask; entries[slot * stride + words] !== 0; slot = (slot + 1) & mask) {
      const home = this.hash(entries, slot * stride) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      entries.copyWithin(hole * stride, slot * stride, (slot + 1) * stride);
      hole = slot;
    }
    entries[hole * stride + words] = 0;
  }

  private store(slot: number, row: number): void {
    const { entries, key, words } = this;
    const at = slot * this.stride;
    for (let i = 0; i < words; i++) entries[at + i] = key[i] as number;
    entries[at + words] = row;
  }

  /** Slot of the key, or the empty slot where it belongs. */
  private slotOf(): number {
    const { key, entries, words, stride } = this;
    const mask = this.slots - 1;
    let slot = this.hash(key, 0) & mask;
    for (;;) {
      const at = slot * stride;
      if (entries[at + words] === 0) return slot;
      let i = 0;
      while (i < words && entries[at + i] === key[i]) i++;
      if (i === words) return slot;
      slot = (slot + 1) & mask;
    }
  }

  /**
   * Simple tabulation: linear probing stays short whatever the keys (Patrascu and Thorup, 2012).
   * Hashes that only begin with a secret do not do: MurmurHash3 has keys that collide for every seed.
   */
  private hash(from: Int32Array, at: number): number {
    const { secret, words } = this;
    let hash = 0;
    for (let i = 0, table = 0; i < words; i++, table += OCTETS * VALUES) {
      hash ^= ofWord(secret, table, from[at + i] as number);
    }
    return hash;
  }

  private grow(): void {
    const { entries, words, stride, slots } = this;
    const saved = this.key.slice();
    this.slots = slots * 2;
    this.entries = new Int32Array(this.slots * stride);
    for (let at = 0; at < slots * stride; at += stride) {
      const row = entries[at + words] as number;
      if (row === 0) continue;
      this.key.set(entries.subarray(at, at + words));
      this.store(this.slotOf(), row);
    }
    this.key.set(saved);
  }
}

/** What a word adds to the hash, from the random numbers at `table`. */
function ofWord(secret: Int32Array, table: number, word: number): number {
  return (
    (secret[table + (word & 0xff)] as number) ^
    (secret[table + VALUES + ((word >>> 8) & 0xff)] as number) ^
    (secret[table + 2 * VALUES + ((word >>> 16) & 0xff)] as number) ^
    (secret[table + 3 * VALUES + (word >>> 24)] as number)
  );
}
