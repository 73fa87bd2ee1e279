/**
 * Finds a verb's number from its octets, without making a string: names are
 * interned once, compared without regard to case. In: the names of a protocol.
 * Out: an index into them, or -1.
 */
const BUCKETS = 256;
const NAME_BYTES = 32;

export class VerbTable {
  private readonly buckets: (readonly number[])[] = Array.from({ length: BUCKETS }, () => []);
  private readonly octets: readonly Uint8Array[];
  /** What commands and replies may name, by the number that stands for it in events: none, a verb, the greeting. */
  private readonly words: readonly string[];

  /** `names`: upper case, at most 32 characters each. */
  constructor(readonly names: readonly string[]) {
    this.octets = names.map((name) => Uint8Array.from(name, (character) => character.charCodeAt(0)));
    this.words = ['', ...names, 'GREETING'];
    this.octets.forEach((name, index) => {
      const bucket = bucketOf(name, 0, name.length);
      this.buckets[bucket] = [...(this.buckets[bucket] as readonly number[]), index];
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
    const bucket = this.buckets[bucketOf(buffer, start, end)] as readonly number[];
    for (let i = 0; i < bucket.length; i++) {
      const index = bucket[i] as number;
      if (equalsUpper(buffer, start, length, this.octets[index] as Uint8Array)) return index;
    }
    return -1;
  }
}

/** Folds letters to upper case by bit 5, which is enough for a bucket. */
function bucketOf(buffer: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = (hash * 31 + ((buffer[i] as number) & 0xdf)) & 0xffff;
  return (hash ^ (hash >> 8)) & (BUCKETS - 1);
}

function equalsUpper(buffer: Uint8Array, start: number, length: number, name: Uint8Array): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) {
    const octet = buffer[start + i] as number;
    const upper = octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet;
    if (upper !== name[i]) return false;
  }
  return true;
}
