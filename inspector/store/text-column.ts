/**
 * A column of texts: every different text is kept once and has a number, rows
 * have the number. A text is forgotten with the last row that has it. When the
 * column is sorted by, its texts get ranks, which are kept and brought up to
 * date with those texts alone that came since.
 */
import type { Column, SearchField } from './columns.js';
import { sortIdsByText } from './text-sort.js';

/** The order of texts: a comparison, and the same for many at once. */
export interface TextOrder {
  compare(left: string, right: string): number;
  /** The ids in the order of their texts, which are all different. */
  sort(ids: Uint32Array, texts: readonly string[]): Uint32Array;
}

/** By code unit: fast, and the same everywhere. */
export const BY_CODE_UNIT: TextOrder = {
  compare: (left, right) => (left === right ? 0 : left < right ? -1 : 1),
  sort: sortIdsByText,
};

/** The empty text; what a slot has before anything is set. */
const EMPTY = 0;

export class TextColumn implements Column, SearchField {
  codes = new Uint32Array(0);
  readonly order: TextOrder;
  readonly #texts: string[] = [''];
  readonly #codeOf = new Map<string, number>([['', EMPTY]]);
  /** How many rows have each text; the empty one is never forgotten. */
  #uses = new Uint32Array(64);
  #unused: number[] = [];
  /** Codes in the order of their texts, as far as known; null until somebody asks. */
  #sorted: Uint32Array | null = null;
  #ranks = new Uint32Array(1);
  /** Codes that got their text since. */
  #fresh: number[] = [];
  /** The texts in lower case, as far as somebody has searched them; mostly they are that already. */
  #lower: (string | undefined)[] = [];

  constructor(order: TextOrder = BY_CODE_UNIT) {
    this.order = order;
  }

  get codeCount(): number {
    return this.#texts.length;
  }

  grow(capacity: number): void {
    const larger = new Uint32Array(capacity);
    larger.set(this.codes);
    this.codes = larger;
  }

  get(slot: number): string {
    return this.textOf(this.codes[slot] as number);
  }

  textOf(code: number): string {
    return this.#texts[code] as string;
  }

  searchedText(code: number): string {
    const known = this.#lower[code];
    if (known !== undefined) return known;
    const text = this.textOf(code);
    const lower = text.toLowerCase();
    this.#lower[code] = lower === text ? text : lower;
    return lower;
  }

  set(slot: number, text: string): void {
    const before = this.codes[slot] as number;
    if (this.#texts[before] === text) return;
    this.codes[slot] = text === '' ? EMPTY : this.#take(text);
    if (before !== EMPTY) this.#letGo(before);
  }

  compare(left: number, right: number): number {
    const one = this.codes[left] as number;
    const other = this.codes[right] as number;
    return one === other ? 0 : this.order.compare(this.textOf(one), this.textOf(other));
  }

  /** For each code its place among the texts in order. Valid until a text is set. */
  ranks(): Uint32Array {
    if (this.#sorted === null) {
      this.#sorted = this.order.sort(Uint32Array.from(this.#codeOf.values()), this.#texts);
    } else if (this.#fresh.length > 0) {
      this.#sorted = this.#withFresh(this.#sorted);
    } else return this.#ranks;
    this.#fresh = [];
    this.#ranks = new Uint32Array(this.#texts.length);
    for (let rank = 0; rank < this.#sorted.length; rank++) this.#ranks[this.#sorted[rank] as number] = rank;
    return this.#ranks;
  }

  #take(text: string): number {
    const code = this.#codeOf.get(text) ?? this.#enter(text);
    this.#uses[code] = (this.#uses[code] as number) + 1;
    return code;
  }

  #enter(text: string): number {
    const code = this.#unused.pop() ?? this.#texts.length;
    this.#texts[code] = text;
    if (code < this.#lower.length) this.#lower[code] = undefined;
    this.#codeOf.set(text, code);
    if (code === this.#uses.length) {
      const larger = new Uint32Array(code * 2);
      larger.set(this.#uses);
      this.#uses = larger;
    }
    if (this.#sorted !== null) this.#fresh.push(code);
    return code;
  }

  #letGo(code: number): void {
    const uses = (this.#uses[code] as number) - 1;
    this.#uses[code] = uses;
    if (uses > 0) return;
    this.#codeOf.delete(this.textOf(code));
    this.#texts[code] = '';
    if (code < this.#lower.length) this.#lower[code] = undefined;
    this.#unused.push(code);
  }

  /** What was in order, without codes that mean nothing or something else now, and the new ones at their places. */
  #withFresh(sorted: Uint32Array): Uint32Array {
    const isFresh = new Uint8Array(this.#texts.length);
    for (const code of this.#fresh) isFresh[code] = 1;
    const stays = (code: number): boolean =>
      isFresh[code] === 0 && (code === EMPTY || (this.#uses[code] as number) > 0);
    const kept = sorted.filter(stays);
    const used = Uint32Array.from(new Set(this.#fresh)).filter((code) => (this.#uses[code] as number) > 0);
    const added = this.order.sort(used, this.#texts);
    const merged = new Uint32Array(kept.length + added.length);
    let from = 0;
    for (let i = 0; i < added.length; i++) {
      const code = added[i] as number;
      const to = this.#placeOf(this.textOf(code), kept, from);
      merged.set(kept.subarray(from, to), from + i);
      merged[to + i] = code;
      from = to;
    }
    merged.set(kept.subarray(from), from + added.length);
    return merged;
  }

  #placeOf(text: string, sorted: Uint32Array, from: number): number {
    let low = from;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.order.compare(this.textOf(sorted[middle] as number), text) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const SEPARATOR = '\n';

/** Lists of texts without line ends, each kept as one text. */
export class ListColumn extends TextColumn {
  getList(slot: number): readonly string[] {
    const text = this.get(slot);
    return text === '' ? [] : text.split(SEPARATOR);
  }

  setList(slot: number, list: readonly string[]): void {
    this.set(slot, list.length === 0 ? '' : list.join(SEPARATOR));
  }
}
