/**
 * Passes over message text that is only counted: what is done for each octet
 * here costs more than everything else that is done with a message. In: octets.
 * Out: how many lines, and where one begins that needs a closer look.
 */
import { wordsOf } from '../octet-words.js';
import { UPPER_NUMBER, kernelsOf, type OctetKernels } from '../simd/octet-memory.js';
import { BLOCK_WORDS, WORTH_KERNEL_BYTES, hasBlocks, lineFeedsIn, lowestBit } from './line-feeds.js';

const LF = 10;
const CR = 13;
const DOT = 0x2e;

/** One for all: what it found is borrowed. */
class TextScan {
  /** LF in what was passed over, and the index of the last one, -1 when there is none. */
  lineFeeds = 0;
  lastLineFeed = -1;
  /** `ordinaryLines` stopped because no line ends in the rest. */
  isExhausted = false;
  private other = DOT;
  private longestBytes = 0;

  /** Index of the first dot in [start, end) that stands behind a LF there; `end` when there is none. */
  toDot(buffer: Uint8Array, start: number, end: number): number {
    const kernels = end - start < WORTH_KERNEL_BYTES ? null : kernelsOf(buffer);
    return kernels === null ? this.toDotWithout(buffer, start, end) : this.toDotWith(kernels, buffer, start, end);
  }

  /**
   * Passes over whole lines from `start`, where one begins, and returns the place of the first that is
   * not ordinary or does not end: ordinary ones end in CRLF, are at most `longestBytes` long with it,
   * and do not begin with a dot, nor with the octet `other`. The first line's first octet is not looked at.
   */
  ordinaryLines(buffer: Uint8Array, start: number, end: number, other: number, longestBytes: number): number {
    const kernels = end - start < WORTH_KERNEL_BYTES ? null : kernelsOf(buffer);
    if (kernels === null) return this.ordinaryLinesWithout(buffer, start, end, other, longestBytes);
    return this.ordinaryLinesWith(kernels, buffer, start, end, other, longestBytes);
  }

  /** Rare where there are kernels: apart, so that what is hot there stays small. */
  private toDotWithout(buffer: Uint8Array, start: number, end: number): number {
    this.lineFeeds = 0;
    this.lastLineFeed = -1;
    let at = start;
    let dot = -1;
    if (hasBlocks(buffer, start, end)) {
      const words = wordsOf(buffer);
      const base = buffer.byteOffset;
      let word = (base + start + 3) >> 2;
      dot = this.singleDot(buffer, start, (word << 2) - base, end);
      for (const last = ((base + end) >> 2) - BLOCK_WORDS; word <= last && dot === -1; word += BLOCK_WORDS) {
        const found = lineFeedsIn(words, word);
        if (found !== 0) dot = this.blockDot(buffer, (word << 2) - base, found, end);
      }
      at = (word << 2) - base;
    }
    if (dot === -1) dot = this.singleDot(buffer, at, end, end);
    return dot === -1 ? end : dot;
  }

  private ordinaryLinesWithout(
    buffer: Uint8Array,
    start: number,
    end: number,
    other: number,
    longestBytes: number,
  ): number {
    this.lineFeeds = 0;
    this.lastLineFeed = start - 1;
    this.isExhausted = false;
    this.other = other;
    this.longestBytes = longestBytes;
    let at = start;
    let isOrdinary = true;
    if (hasBlocks(buffer, start, end)) {
      const words = wordsOf(buffer);
      const base = buffer.byteOffset;
      let word = (base + start + 3) >> 2;
      isOrdinary = this.singleLines(buffer, start, (word << 2) - base, end);
      for (const last = ((base + end) >> 2) - BLOCK_WORDS; word <= last && isOrdinary; word += BLOCK_WORDS) {
        const found = lineFeedsIn(words, word);
        if (found !== 0) isOrdinary = this.blockLines(buffer, (word << 2) - base, found, end);
      }
      at = (word << 2) - base;
    }
    this.isExhausted = isOrdinary && this.singleLines(buffer, at, end, end);
    return this.lastLineFeed + 1;
  }

  private toDotWith(kernels: OctetKernels, buffer: Uint8Array, start: number, end: number): number {
    const base = buffer.byteOffset;
    const found = kernels.toDot(base + start, base + end);
    const lower = this.takeLines(found);
    const behind = start + (lower >>> 1);
    this.lastLineFeed = lower < 2 ? -1 : behind - 1;
    return (lower & 1) === 0 ? end : behind;
  }

  private ordinaryLinesWith(
    kernels: OctetKernels,
    buffer: Uint8Array,
    start: number,
    end: number,
    other: number,
    longestBytes: number,
  ): number {
    const base = buffer.byteOffset;
    const found = kernels.ordinaryLines(base + start, base + end, other, longestBytes);
    const lower = this.takeLines(found);
    const behind = start + (lower >>> 1);
    this.isExhausted = (lower & 1) === 1;
    this.lastLineFeed = behind - 1;
    return behind;
  }

  /** The upper of the two numbers is that of lines; returns the lower. */
  private takeLines(found: number): number {
    const lines = (found / UPPER_NUMBER) | 0;
    this.lineFeeds = lines;
    return found - lines * UPPER_NUMBER;
  }

  /** Octets up to `stop`; returns the index of a dot behind a line feed among them, -1 when there is none. */
  private singleDot(buffer: Uint8Array, start: number, stop: number, end: number): number {
    for (let at = start; at < stop; at++) if (buffer[at] === LF && this.isBeforeDot(buffer, at, end)) return at + 1;
    return -1;
  }

  /** The line feeds of a block, a bit for each; returns as `singleDot`. */
  private blockDot(buffer: Uint8Array, at: number, found: number, end: number): number {
    for (let left = found; left !== 0; left &= left - 1) {
      const lineFeed = at + lowestBit(left);
      if (this.isBeforeDot(buffer, lineFeed, end)) return lineFeed + 1;
    }
    return -1;
  }

  private isBeforeDot(buffer: Uint8Array, lineFeed: number, end: number): boolean {
    this.lineFeeds++;
    this.lastLineFeed = lineFeed;
    return lineFeed + 1 < end && buffer[lineFeed + 1] === DOT;
  }

  /** Octets up to `stop`; false when a line ends among them that is not ordinary, or that is followed by one with another look. */
  private singleLines(buffer: Uint8Array, start: number, stop: number, end: number): boolean {
    for (let at = start; at < stop; at++) if (buffer[at] === LF && !this.goesOn(buffer, at, end)) return false;
    return true;
  }

  /** The line feeds of a block, a bit for each; returns as `singleLines`. */
  private blockLines(buffer: Uint8Array, at: number, found: number, end: number): boolean {
    for (let left = found; left !== 0; left &= left - 1) {
      if (!this.goesOn(buffer, at + lowestBit(left), end)) return false;
    }
    return true;
  }

  /** The line that ends here is passed over, if it is ordinary; true when the next one may be. */
  private goesOn(buffer: Uint8Array, lineFeed: number, end: number): boolean {
    const length = lineFeed - this.lastLineFeed;
    if (length === 1 || buffer[lineFeed - 1] !== CR || length > this.longestBytes) return false;
    this.lineFeeds++;
    this.lastLineFeed = lineFeed;
    if (lineFeed + 1 >= end) return true;
    const first = buffer[lineFeed + 1] as number;
    return first !== DOT && first !== this.other;
  }
}

export const TEXT_SCAN = new TextScan();
