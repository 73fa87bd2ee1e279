/**
 * Captured octets read four at a time, as 32-bit words of the same memory: the
 * checksum of every segment and the search for line ends pass over every octet.
 * The view is kept while the same buffer is asked about (packets come many from
 * one). Words are in the machine's own order; the octets around the aligned
 * middle are the asker's to read.
 */

/** First octet lowest: only then do bits of a word, from the lowest, stand for octets in their order. */
export const IS_LITTLE_ENDIAN = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** A view for a shorter stretch of a smaller buffer would cost more than it saves. */
const VIEWED_BYTES = 16_384;
const LONG_BYTES = 1024;

let viewed: Uint8Array | null = null;
let words: Int32Array = new Int32Array(0);

/**
 * The memory under the buffer as words: its octet `i` is in word `(buffer.byteOffset + i) >> 2`, which
 * there is when all four octets belong to the buffer.
 */
export function wordsOf(buffer: Uint8Array): Int32Array {
  if (buffer === viewed) return words;
  words = new Int32Array(buffer.buffer, 0, buffer.buffer.byteLength >> 2);
  viewed = buffer;
  return words;
}

/** Is it worth a view to read so many octets of the buffer? */
export function isWorthWords(buffer: Uint8Array, lengthBytes: number): boolean {
  return buffer === viewed || buffer.length >= VIEWED_BYTES || lengthBytes >= LONG_BYTES;
}
