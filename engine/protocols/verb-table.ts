/**
 * Finds a verb's number from its octets, without making a string: names are
 * interned once, compared without regard to case, up to eight octets as two
 * numbers. In: the names of a protocol. Out: an index into them, or -1.
 */

/** More than twice as many as any protocol has names. */
const SLOTS = 256;
const NAME_BYTES = 32;
const WORD_BYTES = 4;

export class VerbTable {
  private readonly octets: readonly Uint8Array[];
  /** By slot: the first and the second four octets of a name, and its index from 1; 0 where there is none. */
  private readonly first = new Int32Array(SLOTS);
  private readonly second = new Int32Array(SLOTS);
  private readonly index = new Uint8Array(SLOTS);
  /** What commands and replies may name, by the number that stands for it in events: none, a verb, the greeting. */
  private readonly words: readonly string[];

  /** `names`: upper case, at most 32 characters each, at most 127. */
  constructor(readonly names: readonly string[]) {
    this.octets = names.map((name) => Uint8Array.from(name, (character) => character.charCodeAt(0)));
    this.words = ['', ...names, 'GREETING'];
    this.octets.forEach((name, index) => {
      const first = wordAt(name, 0, name.length);
      const second = wordAt(name, WORD_BYTES, name.length);
      let slot = slotOf(first, second, name.length);
      while (this.index[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
      this.first[slot] = first;
      this.second[slot] = second;
      this.index[slot] = index + 1;
    });
  }

  /** Stands for the greeting where a verb's index is asked for. */
  get greeting(): number {
    return this.names.length;
  }

  /** Word of a verb's index, empty for -1. */
  wordOf(index: number): string {
    return this.words[index + 1] as string;
  }

  /** Number of a verb's index in events. */
  numberOf(index: number): number {
    return index + 1;
  }

  /** Index of the name that [start, end) spells in any case, else -1. */
  find(buffer: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length === 0 || length > NAME_BYTES) return -1;
    const first = wordAt(buffer, start, end);
    const second = length > WORD_BYTES ? wordAt(buffer, start + WORD_BYTES, end) : 0;
    for (let slot = slotOf(first, second, length); ; slot = (slot + 1) & (SLOTS - 1)) {
      const index = (this.index[slot] as number) - 1;
      if (index === -1) return -1;
      if (this.first[slot] === first && this.second[slot] === second && this.endsAs(index, buffer, start, length))
        return index;
    }
  }

  /** The name is as long, and the same behind what the numbers hold. */
  private endsAs(index: number, buffer: Uint8Array, start: number, length: number): boolean {
    const name = this.octets[index] as Uint8Array;
    if (name.length !== length) return false;
    for (let i = 2 * WORD_BYTES; i < length; i++) if (upper(buffer[start + i] as number) !== name[i]) return false;
    return true;
  }
}

function slotOf(first: number, second: number, length: number): number {
  const hash = Math.imul(first ^ Math.imul(second, 31) ^ length, 0x9e3779b1 | 0);
  return hash >>> 24;
}

/** Up to four octets from `start`, in upper case, as a number. */
function wordAt(buffer: Uint8Array, start: number, end: number): number {
  const stop = start + WORD_BYTES < end ? start + WORD_BYTES : end;
  let word = 0;
  for (let at = start; at < stop; at++) word = (word << 8) | upper(buffer[at] as number);
  return word;
}

function upper(octet: number): number {
  return octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet;
}
