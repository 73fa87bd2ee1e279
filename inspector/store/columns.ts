/**
 * Columns of a table: one value per slot, in typed arrays, so that a million
 * rows are a few dozen arrays and not a million objects. A slot that no row
 * has keeps whatever was in it.
 */

/** Where the values of a column are looked up by a search: a code per slot, and a text per code. */
export interface SearchField {
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
  /** Codes are below this. */
  readonly codeCount: number;
  /** In lower case. */
  searchedText(code: number): string;
}

export interface Column {
  /** Makes room for slots below `capacity`; keeps what there is. */
  grow(capacity: number): void;
}

export class Float64Column implements Column {
  values = new Float64Array(0);

  grow(capacity: number): void {
    const larger = new Float64Array(capacity);
    larger.set(this.values);
    this.values = larger;
  }
}

export class Uint32Column implements Column {
  values = new Uint32Array(0);

  grow(capacity: number): void {
    const larger = new Uint32Array(capacity);
    larger.set(this.values);
    this.values = larger;
  }
}

/** Numbers below 65,536: ports are found by their digits. */
export class Uint16Column implements Column, SearchField {
  codes = new Uint16Array(0);
  readonly codeCount = 65_536;

  grow(capacity: number): void {
    const larger = new Uint16Array(capacity);
    larger.set(this.codes);
    this.codes = larger;
  }

  searchedText(code: number): string {
    return String(code);
  }
}

/** Slots of other rows, or -1. */
export class LinkColumn implements Column {
  values = new Int32Array(0);

  grow(capacity: number): void {
    const larger = new Int32Array(capacity);
    larger.set(this.values);
    this.values = larger;
  }
}

/** One of a few words, in lower case, that are known beforehand. */
export class WordColumn<W extends string> implements Column, SearchField {
  codes = new Uint8Array(0);
  readonly codeCount: number;
  readonly #words: readonly W[];
  readonly #codeOf: ReadonlyMap<W, number>;

  /** The keys are the words; the compiler sees to it that none is forgotten. */
  constructor(words: Readonly<Record<W, true>>) {
    this.#words = Object.keys(words) as W[];
    this.#codeOf = new Map(this.#words.map((word, code) => [word, code]));
    this.codeCount = this.#words.length;
  }

  grow(capacity: number): void {
    const larger = new Uint8Array(capacity);
    larger.set(this.codes);
    this.codes = larger;
  }

  get(slot: number): W {
    return this.textOf(this.codes[slot] as number);
  }

  set(slot: number, word: W): void {
    const code = this.#codeOf.get(word);
    if (code === undefined) throw new Error(`"${word}" is no word of this column.`);
    this.codes[slot] = code;
  }

  textOf(code: number): W {
    return this.#words[code] as W;
  }

  searchedText(code: number): string {
    return this.textOf(code);
  }

  /** For each code its place among the words in order of the alphabet. */
  ranks(): Uint32Array {
    const sorted = [...this.#words].sort();
    return Uint32Array.from(this.#words, (word) => sorted.indexOf(word));
  }
}
