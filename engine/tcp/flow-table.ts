/**
 * An open-addressing hash table from an address pair (32-bit words) to a
 * connection. Keys lie in one typed array, the hash has a secret so that nobody
 * can prepare collisions, and a look-up allocates nothing.
 */
import { randomBytes } from 'node:crypto';

const INITIAL_SLOTS = 1024;
/** Octets of a word, and the values of an octet. */
const OCTETS = 4;
const VALUES = 256;

export class FlowTable<T extends object> {
  /** Write the key here before `find`, `insert` or `remove`. */
  readonly key: Int32Array;
  size = 0;
  private slots = INITIAL_SLOTS;
  private keys: Int32Array;
  private values: (T | null)[];
  /** For each octet of a key 256 random numbers. */
  private readonly secret: Int32Array;

  constructor(private readonly words: number) {
    this.secret = new Int32Array(words * OCTETS * VALUES);
    const random = randomBytes(this.secret.byteLength);
    for (let i = 0; i < this.secret.length; i++) this.secret[i] = random.readInt32LE(i * OCTETS);
    this.key = new Int32Array(words);
    this.keys = new Int32Array(INITIAL_SLOTS * words);
    this.values = new Array<T | null>(INITIAL_SLOTS).fill(null);
  }

  find(): T | null {
    return this.values[this.slotOf()] as T | null;
  }

  /** Stores `value` under the key, which must not be in the table. */
  insert(value: T): void {
    if ((this.size + 1) * 2 > this.slots) this.grow();
    const slot = this.slotOf();
    this.values[slot] = value;
    this.keys.set(this.key, slot * this.words);
    this.size++;
  }

  /** Puts `value` in the place of the one under the key. */
  replace(value: T): void {
    this.values[this.slotOf()] = value;
  }

  /** Removes the key if it is there, closing the hole that it leaves (no tombstones). */
  remove(): void {
    let hole = this.slotOf();
    if (this.values[hole] === null) return;
    this.size--;
    const mask = this.slots - 1;
    for (let slot = (hole + 1) & mask; this.values[slot] !== null; slot = (slot + 1) & mask) {
      const home = this.hash(this.keys, slot * this.words) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      this.values[hole] = this.values[slot] as T;
      this.keys.copyWithin(hole * this.words, slot * this.words, (slot + 1) * this.words);
      hole = slot;
    }
    this.values[hole] = null;
  }

  /** Slot of the key, or the empty slot where it belongs. */
  private slotOf(): number {
    const { key, keys, values, words } = this;
    const mask = this.slots - 1;
    let slot = this.hash(key, 0) & mask;
    while (values[slot] !== null) {
      const at = slot * words;
      let i = 0;
      while (i < words && keys[at + i] === key[i]) i++;
      if (i === words) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /**
   * Simple tabulation: linear probing stays short whatever the keys (Patrascu and Thorup, 2012).
   * Hashes that only begin with a secret do not do: MurmurHash3 has keys that collide for every seed.
   */
  private hash(from: Int32Array, at: number): number {
    const { secret, words } = this;
    let hash = 0;
    for (let i = 0, table = 0; i < words; i++, table += OCTETS * VALUES) {
      const word = from[at + i] as number;
      hash ^=
        (secret[table + (word & 0xff)] as number) ^
        (secret[table + VALUES + ((word >>> 8) & 0xff)] as number) ^
        (secret[table + 2 * VALUES + ((word >>> 16) & 0xff)] as number) ^
        (secret[table + 3 * VALUES + (word >>> 24)] as number);
    }
    return hash;
  }

  private grow(): void {
    const { keys, values, words, slots } = this;
    const saved = this.key.slice();
    this.slots = slots * 2;
    this.keys = new Int32Array(this.slots * words);
    this.values = new Array<T | null>(this.slots).fill(null);
    for (let slot = 0; slot < slots; slot++) {
      const value = values[slot];
      if (value === null || value === undefined) continue;
      this.key.set(keys.subarray(slot * words, (slot + 1) * words));
      const target = this.slotOf();
      this.values[target] = value;
      this.keys.set(this.key, target * words);
    }
    this.key.set(saved);
  }
}
