/**
 * Where lines end: the most frequent question about captured octets. In: a
 * stretch of a buffer. Out: the place of its first LF, how many there are, or
 * which octets of a block are one. Sixteen octets, a block, are looked at at
 * once; single ones in short stretches, and around the blocks.
 */
import { indexOfOctet } from '../octets.js';
import { IS_LITTLE_ENDIAN, isWorthWords, wordsOf } from '../octet-words.js';
import { kernelsOf, type OctetKernels } from '../simd/octet-memory.js';

const LF = 10;
/** Four LF; XOR with it makes each LF an octet of zeros. */
const LINE_FEEDS = 0x0a0a0a0a;
const BEHIND_LINE_FEEDS = 0x0b0b0b0b;
const ONES = 0x01010101;
const HIGH_BITS = 0x80808080 | 0;
const OTHER_BITS = 0x7f7f7f7f;
/** A product with it moves the lowest bits of a word's octets to bits 24 to 27; no other term reaches these. */
const GATHER = 0x01020408;
/** Shorter stretches are searched octet by octet. */
const WORTH_BYTES = IS_LITTLE_ENDIAN ? 24 : Infinity;
/** Beyond this distance a native search is quicker. */
const NEAR_BYTES = 512;

/** For so many octets it is worth to call a kernel. */
export const WORTH_KERNEL_BYTES = 16;

/** A block's words. */
export const BLOCK_WORDS = 4;

/** True when the stretch is long enough for blocks. */
export function hasBlocks(buffer: Uint8Array, start: number, end: number): boolean {
  return end - start >= WORTH_BYTES && isWorthWords(buffer, end - start);
}

/** Which octets of the block at `word` are LF: bit 0 for its first, 16 bits. */
export function lineFeedsIn(words: Int32Array, word: number): number {
  const a = words[word] as number;
  const b = words[word + 1] as number;
  const c = words[word + 2] as number;
  const d = words[word + 3] as number;
  if (!mayHold(a, b, c, d)) return 0;
  return gather(a) | (gather(b) << 4) | (gather(c) << 8) | (gather(d) << 12);
}

/** Index of the lowest bit that is set. */
export function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Index of the first LF in [start, end), or -1. */
export function findLineFeed(buffer: Uint8Array, start: number, end: number): number {
  if (end - start < WORTH_KERNEL_BYTES) return findSingly(buffer, start, end);
  const kernels = kernelsOf(buffer);
  return kernels === null ? findWithout(buffer, start, end) : findWith(kernels, buffer, start, end);
}

function findSingly(buffer: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (buffer[at] === LF) return at;
  return -1;
}

/** Rare where there are kernels: apart, so that what is hot there stays small. */
function findWithout(buffer: Uint8Array, start: number, end: number): number {
  if (!hasBlocks(buffer, start, end)) return indexOfOctet(buffer, LF, start, end);
  const words = wordsOf(buffer);
  const base = buffer.byteOffset;
  let at = start;
  for (; ((at + base) & 3) !== 0; at++) if (buffer[at] === LF) return at;
  const near = end - at > NEAR_BYTES ? at + NEAR_BYTES : end;
  const stop = ((near + base) >> 2) - 1;
  let word = (at + base) >> 2;
  // Two words at once, not a block: most lines are short.
  for (; word < stop; word += 2) {
    const first = firstOf((words[word] as number) ^ LINE_FEEDS);
    const second = firstOf((words[word + 1] as number) ^ LINE_FEEDS);
    if ((first | second) === 0) continue;
    const octet = first !== 0 ? lowestBit(first) >> 3 : 4 + (lowestBit(second) >> 3);
    return (word << 2) - base + octet;
  }
  return indexOfOctet(buffer, LF, (word << 2) - base, end);
}

function findWith(kernels: OctetKernels, buffer: Uint8Array, start: number, end: number): number {
  const base = buffer.byteOffset;
  const distance = kernels.findLineFeed(base + start, base + end);
  return distance === -1 ? -1 : start + distance;
}

/** How many LF there are in [start, end). */
export function countLineFeeds(buffer: Uint8Array, start: number, end: number): number {
  if (end - start < WORTH_KERNEL_BYTES) return countSingly(buffer, start, end);
  const kernels = kernelsOf(buffer);
  if (kernels === null) return countWithout(buffer, start, end);
  return kernels.countLineFeeds(buffer.byteOffset + start, buffer.byteOffset + end);
}

function countWithout(buffer: Uint8Array, start: number, end: number): number {
  if (!hasBlocks(buffer, start, end)) return countSingly(buffer, start, end);
  const words = wordsOf(buffer);
  const base = buffer.byteOffset;
  let word = (base + start + 3) >> 2;
  let count = countSingly(buffer, start, (word << 2) - base);
  for (const last = ((base + end) >> 2) - BLOCK_WORDS; word <= last; word += BLOCK_WORDS) {
    const a = words[word] as number;
    const b = words[word + 1] as number;
    const c = words[word + 2] as number;
    const d = words[word + 3] as number;
    // The highest octet of the product is the sum of all.
    if (mayHold(a, b, c, d)) count += Math.imul(exactly(a) + exactly(b) + exactly(c) + exactly(d), ONES) >>> 24;
  }
  return count + countSingly(buffer, (word << 2) - base, end);
}

function countSingly(buffer: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (buffer[at] === LF) count++;
  return count;
}

/**
 * False only for words that certainly hold no LF: to take 0x0b from each octet sets the high bit of
 * those up to LF. It is set for some others, too, rare in text: beyond ASCII, or behind one of those.
 */
function mayHold(a: number, b: number, c: number, d: number): boolean {
  return (
    (((a - BEHIND_LINE_FEEDS) | (b - BEHIND_LINE_FEEDS) | (c - BEHIND_LINE_FEEDS) | (d - BEHIND_LINE_FEEDS)) &
      HIGH_BITS) !==
    0
  );
}

/** The lowest bit that is set is in the lowest octet that is zero; 0 when none is. */
function firstOf(octets: number): number {
  return (octets - ONES) & ~octets & HIGH_BITS;
}

/** 1 in each octet where the word has a LF, exactly. */
function exactly(word: number): number {
  const differing = word ^ LINE_FEEDS;
  // The high bit of each octet is set unless all of it is zero; no carry leaves an octet.
  const nonZero = ((differing & OTHER_BITS) + OTHER_BITS) | differing;
  return (~nonZero >>> 7) & ONES;
}

/** Four bits, the lowest for the word's first octet: set where it has a LF. */
function gather(word: number): number {
  return Math.imul(exactly(word), GATHER) >>> 24;
}
