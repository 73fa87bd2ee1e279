/**
 * Line ends in long stretches of text, sixteen octets at a time: a loop over
 * single octets costs more than everything else that is done with a message that
 * is only counted. In: octets. Out: how many line feeds, and where a line begins
 * with a dot.
 */
const LF = 10;
const DOT = 0x2e;
/** A line feed in each octet of a word. */
const LINE_FEEDS = 0x0a0a0a0a;
const ONES = 0x01010101;
const LOW_BITS = 0x7f7f7f7f;
const HIGH_BITS = 0x80808080 | 0;
/** Words are read as numbers, first octet lowest; where they are not, single octets are read. */
const isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;
/** Shorter stretches are not worth a view of words. */
const SHORT = isLittleEndian ? 96 : Infinity;

/** Passes over text, counting its lines. One for all: what it found is borrowed. */
class TextScan {
  /** LF in what was passed over, and the index of the last one, -1 when there is none. */
  lineFeeds = 0;
  lastLineFeed = -1;

  /** Index of the first dot in [start, end) that stands behind a LF there; `end` when there is none. */
  run(buffer: Uint8Array, start: number, end: number): number {
    this.lineFeeds = 0;
    this.lastLineFeed = -1;
    let dot = -1;
    let at = start;
    if (end - start >= SHORT) {
      const words = wordsOf(buffer);
      const base = buffer.byteOffset;
      at += -(base + start) & 3;
      dot = this.singly(buffer, start, at, end);
      const behind = (base + end) >> 2;
      for (let word = (base + at) >> 2; word < behind && dot === -1;) {
        word = withoutLineFeed(words, word, behind);
        const stop = word < behind - 3 ? word + 4 : behind;
        for (; word < stop && dot === -1; word++) {
          const found = lineFeedsOf(words[word] as number);
          if (found !== 0) dot = this.take(buffer, (word << 2) - base, found, end);
        }
      }
      at = (behind << 2) - base;
    }
    if (dot === -1) dot = this.singly(buffer, at, end, end);
    return dot === -1 ? end : dot;
  }

  /** Octets up to `stop`; returns the index of a dot behind a line feed among them, -1 when there is none. */
  private singly(buffer: Uint8Array, start: number, stop: number, end: number): number {
    for (let at = start; at < stop; at++) if (buffer[at] === LF && this.isBeforeDot(buffer, at, end)) return at + 1;
    return -1;
  }

  /** The line feeds of a word, a bit in each octet; returns as `singly`. */
  private take(buffer: Uint8Array, at: number, found: number, end: number): number {
    for (let left = found; left !== 0; left &= left - 1) {
      const lineFeed = at + ((31 - Math.clz32(left & -left)) >> 3);
      if (this.isBeforeDot(buffer, lineFeed, end)) return lineFeed + 1;
    }
    return -1;
  }

  private isBeforeDot(buffer: Uint8Array, lineFeed: number, end: number): boolean {
    this.lineFeeds++;
    this.lastLineFeed = lineFeed;
    return lineFeed + 1 < end && buffer[lineFeed + 1] === DOT;
  }
}

export const TEXT_SCAN = new TextScan();

/** How many LF there are in [start, end). */
export function countLineFeeds(buffer: Uint8Array, start: number, end: number): number {
  if (end - start < SHORT) return countSingly(buffer, start, end);
  const words = wordsOf(buffer);
  const base = buffer.byteOffset;
  const first = start + (-(base + start) & 3);
  const behind = (base + end) >> 2;
  let count = countSingly(buffer, start, first) + countSingly(buffer, (behind << 2) - base, end);
  for (let word = (base + first) >> 2; word < behind;) {
    word = withoutLineFeed(words, word, behind);
    const stop = word < behind - 3 ? word + 4 : behind;
    // The product's highest octet is the sum of all.
    for (; word < stop; word++) count += Math.imul(lineFeedsOf(words[word] as number), ONES) >>> 24;
  }
  return count;
}

function countSingly(buffer: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (buffer[at] === LF) count++;
  return count;
}

/** Passes over words that certainly hold no LF, four at a time; the first that may is one of the next four, if there is one. */
function withoutLineFeed(words: Int32Array, start: number, end: number): number {
  let word = start;
  for (; word < end - 3; word += 4) {
    const a = (words[word] as number) ^ LINE_FEEDS;
    const b = (words[word + 1] as number) ^ LINE_FEEDS;
    const c = (words[word + 2] as number) ^ LINE_FEEDS;
    const d = (words[word + 3] as number) ^ LINE_FEEDS;
    // Taking one from an octet that is zero sets its high bit; it is set in octets beyond ASCII, too, which stop here for nothing.
    if ((((a - ONES) | (b - ONES) | (c - ONES) | (d - ONES)) & HIGH_BITS) !== 0) break;
  }
  return word;
}

/** 1 in each octet of the result where the word has a LF, exactly. */
function lineFeedsOf(word: number): number {
  const differing = word ^ LINE_FEEDS;
  // The high bit of each octet is set unless all of it is zero; no carry leaves an octet.
  const nonZero = ((differing & LOW_BITS) + LOW_BITS) | differing;
  return (~nonZero >>> 7) & ONES;
}

let viewed: Uint8Array | null = null;
let view: Int32Array = new Int32Array(0);

/** The memory under the buffer as words; the last view is remembered, because packets come many from one buffer. */
function wordsOf(buffer: Uint8Array): Int32Array {
  if (buffer === viewed) return view;
  view = new Int32Array(buffer.buffer, 0, buffer.buffer.byteLength >> 2);
  viewed = buffer;
  return view;
}
