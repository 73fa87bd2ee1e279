/**
 * Line ends in long stretches of text, four octets at a time: a loop over single
 * octets costs more than everything else that is done with a message that is only
 * counted. In: octets. Out: how many line feeds, and where a line begins with a dot.
 */
const LF = 10;
const DOT = 0x2e;
const WORD = 4;
/** Shorter stretches are not worth a view of words. */
const SHORT = 96;
/** Line feeds in each octet of a word. */
const LINE_FEEDS = 0x0a0a0a0a;
const ONES = 0x01010101;
const LOW_BITS = 0x7f7f7f7f;
const HIGH_BITS = 0x80808080 | 0;
/** Words after which the four counts of eight bits may be full. */
const FULL = 255;

/** How many LF there are in [start, end). */
export function countLineFeeds(buffer: Uint8Array, start: number, end: number): number {
  if (end - start < SHORT) return countSingly(buffer, start, end);
  const words = wordsOf(buffer);
  const first = start + misalignment(buffer, start);
  const length = (end - first) >> 2;
  const firstWord = (buffer.byteOffset + first) >> 2;
  const lastWord = firstWord + length;
  let count = countSingly(buffer, start, first) + countSingly(buffer, first + length * WORD, end);
  for (let at = firstWord; at < lastWord;) {
    const stop = at + FULL < lastWord ? at + FULL : lastWord;
    let sums = 0;
    for (; at < stop; at++) {
      const differing = (words[at] as number) ^ LINE_FEEDS;
      // The high bit of each octet is set unless all of it is zero; no carry leaves an octet.
      const nonZero = ((differing & LOW_BITS) + LOW_BITS) | differing;
      sums += (~nonZero >>> 7) & ONES;
    }
    count += (sums & 0xff) + ((sums >>> 8) & 0xff) + ((sums >>> 16) & 0xff) + (sums >>> 24);
  }
  return count;
}

/** Passes over text up to a line that begins with a dot. One for all: its findings are borrowed. */
class TextScan {
  /** LF in what was passed over, and the index of the last one, -1 when there is none. */
  lineFeeds = 0;
  lastLineFeed = -1;

  /** Index of the first dot in [start, end) that stands behind a LF there; `end` when there is none. */
  run(buffer: Uint8Array, start: number, end: number): number {
    this.lineFeeds = 0;
    this.lastLineFeed = -1;
    if (end - start < SHORT) return this.singly(buffer, start, end, end);
    const words = wordsOf(buffer);
    const base = buffer.byteOffset;
    const first = start + misalignment(buffer, start);
    const lastWord = (base + end) >> 2;
    if (first > start) {
      const dot = this.singly(buffer, start, first, end);
      if (dot < first || this.isDotLine(buffer, first, end)) return dot;
    }
    for (let word = (base + first) >> 2; word < lastWord; word++) {
      const differing = (words[word] as number) ^ LINE_FEEDS;
      if (((differing - ONES) & ~differing & HIGH_BITS) === 0) continue;
      const at = (word << 2) - base;
      const dot = this.singly(buffer, at, at + WORD, end);
      if (dot !== at + WORD || this.isDotLine(buffer, dot, end)) return dot;
    }
    return this.singly(buffer, (lastWord << 2) - base, end, end);
  }

  private isDotLine(buffer: Uint8Array, at: number, end: number): boolean {
    return at < end && this.lastLineFeed === at - 1 && buffer[at] === DOT;
  }

  /** Octet by octet up to `stop`; returns the index of a dot that begins a line, which may be at `stop`, else `stop`. */
  private singly(buffer: Uint8Array, start: number, stop: number, end: number): number {
    for (let at = start; at < stop; at++) {
      if (buffer[at] !== LF) continue;
      this.lineFeeds++;
      this.lastLineFeed = at;
      if (at + 1 < end && buffer[at + 1] === DOT) return at + 1;
    }
    return stop;
  }
}

export const TEXT_SCAN = new TextScan();

function countSingly(buffer: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (buffer[at] === LF) count++;
  return count;
}

/** Octets before the next whole word of the memory under the buffer. */
function misalignment(buffer: Uint8Array, at: number): number {
  return -(buffer.byteOffset + at) & (WORD - 1);
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
