/**
 * Connections whose keys collide under MurmurHash3 for every seed (Aumasson and
 * Bernstein, 2012): a difference of one word's mix that comes out of its round
 * as the top bit alone is taken back by the next word, whatever was before.
 * Nine words of an IPv6 key give eight such pairs, so 256 keys have one hash.
 */
export interface Endpoints {
  readonly source: readonly number[];
  readonly destination: readonly number[];
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const WORDS = 9;
const PAIRS = WORDS - 1;
const TOP = 0x8000_0000;
/** What becomes the top bit by the rotation by 13 that follows. */
const BEFORE_ROTATION = 1 << 18;
const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** Key after key, without end: 256 that collide, then 256 that collide elsewhere. */
export function* collidingKeys(): Generator<Endpoints, never> {
  const [lower, higher] = firstWords();
  for (let group = 1; ; group++) {
    const key = [lower, group, 1, 2, higher, group, 3, 4, (1025 << 16) | 25];
    for (let variant = 0; variant < 1 << PAIRS; variant++) yield endpoints(words(key, variant));
  }
}

/** The words of another key with the hash of `key`; each set bit of `variant` is a pair of differences that cancel. */
function words(key: readonly number[], variant: number): readonly number[] {
  return key.map((word, index) => {
    const begins = (variant >>> index) & 1 ? BEFORE_ROTATION : 0;
    const cancels = index > 0 && (variant >>> (index - 1)) & 1 ? TOP : 0;
    return changed(word, begins ^ cancels);
  });
}

/** The lower address comes first in a key, so all forms of the one must be below all forms of the other. */
function firstWords(): readonly [number, number] {
  const forms = (word: number): readonly number[] =>
    [0, BEFORE_ROTATION, TOP, BEFORE_ROTATION ^ TOP].map((difference) => changed(word, difference) >>> 0);
  let lower = 1;
  while (Math.max(...forms(lower)) >= TOP) lower++;
  let higher = TOP + 1;
  while (Math.min(...forms(higher)) < TOP) higher++;
  return [lower, higher];
}

function endpoints(key: readonly number[]): Endpoints {
  const ports = (key[8] as number) >>> 0;
  return {
    source: key.slice(0, 4),
    destination: key.slice(4, 8),
    sourcePort: ports >>> 16,
    destinationPort: ports & 0xffff,
  };
}

/** The word whose mix differs from that of `word` by `difference`. */
function changed(word: number, difference: number): number {
  return unmixed(mixed(word) ^ difference);
}

const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
const mixed = (word: number): number => Math.imul(rotated(Math.imul(word, C1), 15), C2);
const unmixed = (word: number): number => Math.imul(rotated(Math.imul(word, inverse(C2)), 17), inverse(C1));

/** The number that an odd one times makes 1, modulo 2^32 (Newton's iteration). */
function inverse(odd: number): number {
  let guess = odd;
  for (let i = 0; i < 5; i++) guess = Math.imul(guess, 2 - Math.imul(odd, guess));
  return guess;
}
