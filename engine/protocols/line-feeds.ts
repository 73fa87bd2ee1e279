/**
 * Where lines end: the most frequent question about captured octets. In: a
 * stretch of a buffer. Out: the place of its first LF, or how many there are.
 * Four octets are compared at once, through a view of the same memory that is
 * kept while the same buffer is asked about (packets come many from one).
 */
import { indexOfOctet } from '../octets.js';

const LF = 10;
/** Four LF; XOR with it makes each LF an octet of zeros. */
const LINE_FEEDS = 0x0a0a0a0a;
const LOW_BITS = 0x01010101;
const HIGH_BITS = 0x80808080 | 0;
const OTHER_BITS = 0x7f7f7f7f;
/** Shorter stretches are searched octet by octet. */
const WORTH_BYTES = 24;
/** A view of a smaller buffer would cost more than it saves. */
const VIEWED_BYTES = 16_384;
/** Beyond this distance a native search is quicker. */
const NEAR_BYTES = 512;

let viewed: Uint8Array = new Uint8Array(0);
let words: Int32Array = new Int32Array(0);
/** Index of the octet at which the first word begins. */
let aligned = 0;

/** Index of the first LF in [start, end), or -1. */
export function findLineFeed(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  if (end - start >= WORTH_BYTES && (buffer === viewed || view(buffer))) {
    for (; ((at - aligned) & 3) !== 0; at++) if (buffer[at] === LF) return at;
    const near = end - at > NEAR_BYTES ? at + NEAR_BYTES : end;
    at = wordWithLineFeed(at, near);
    if (at === near && near < end) return indexOfOctet(buffer, LF, near, end);
  }
  return indexOfOctet(buffer, LF, at, end);
}

/** How many LF there are in [start, end). */
export function countLineFeeds(buffer: Uint8Array, start: number, end: number): number {
  let count = 0;
  let at = start;
  if (end - start >= WORTH_BYTES && (buffer === viewed || view(buffer))) {
    for (; ((at - aligned) & 3) !== 0; at++) if (buffer[at] === LF) count++;
    const octetsOf = words;
    const stop = (end - aligned) >> 2;
    for (let word = (at - aligned) >> 2; word < stop; word++) {
      const octets = (octetsOf[word] as number) ^ LINE_FEEDS;
      // The high bit of each octet that is zero, exactly; the product adds them up.
      const zeros = ~(((octets & OTHER_BITS) + OTHER_BITS) | octets | OTHER_BITS);
      if (zeros !== 0) count += Math.imul(zeros >>> 7, LOW_BITS) >>> 24;
    }
    at = aligned + stop * 4;
  }
  for (; at < end; at++) if (buffer[at] === LF) count++;
  return count;
}

/** Index of the first word with an LF in [start, end), or behind the last whole word. `start` is aligned. */
function wordWithLineFeed(start: number, end: number): number {
  const octetsOf = words;
  const stop = (end - aligned) >> 2;
  let word = (start - aligned) >> 2;
  for (; word + 1 < stop; word += 2) {
    const first = (octetsOf[word] as number) ^ LINE_FEEDS;
    const second = (octetsOf[word + 1] as number) ^ LINE_FEEDS;
    if ((((first - LOW_BITS) & ~first) | ((second - LOW_BITS) & ~second)) & HIGH_BITS) break;
  }
  return aligned + word * 4;
}

/** Makes the view of a large buffer; false for a small one. */
function view(buffer: Uint8Array): boolean {
  if (buffer.length < VIEWED_BYTES) return false;
  aligned = -buffer.byteOffset & 3;
  words = new Int32Array(buffer.buffer, buffer.byteOffset + aligned, (buffer.length - aligned) >> 2);
  viewed = buffer;
  return true;
}
