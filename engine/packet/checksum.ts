/**
 * The TCP checksum (RFC 9293 3.1 over the pseudo headers of IPv4 and RFC 8200
 * 8.1): ones' complement sum of 16-bit words, here summed as 32-bit words.
 */
import { PROTOCOL_TCP } from './ip.js';
import type { IpPacket } from './segment.js';

/** True when the whole captured payload of `ip`, a TCP segment, has a right checksum. */
export function isTcpChecksumGood(ip: IpPacket): boolean {
  const words = ip.isIpv6 ? 4 : 1;
  let sum = PROTOCOL_TCP + (ip.end - ip.start);
  for (let i = 0; i < words; i++) {
    const source = ip.source[i] as number;
    const destination = ip.destination[i] as number;
    sum += (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
  }
  sum += sumOctets(ip.buffer, ip.start, ip.end);
  return fold(sum) === 0xffff;
}

/**
 * Sum of the big-endian 16-bit words of [start, end), an odd last octet padded with zero. The aligned
 * middle is read as 32-bit words in the machine's own order: a ones' complement sum may be taken in any
 * byte order and swapped at the end (RFC 1071 2 B), and again where the middle begins at an odd place.
 */
function sumOctets(buffer: Uint8Array, start: number, end: number): number {
  const words = wordsOf(buffer);
  const firstWord = (start - viewStart + 3) >> 2;
  const lastWord = (end - viewStart) >> 2;
  if (lastWord <= firstWord) return sumBytes(buffer, start, end, start);
  const middle = firstWord * 4 + viewStart;
  const tail = lastWord * 4 + viewStart;
  let sum = sumWords(words, firstWord, lastWord);
  if (IS_LITTLE_ENDIAN !== ((middle - start) % 2 === 1)) sum = ((sum & 0xff) << 8) | (sum >> 8);
  return sum + sumBytes(buffer, start, middle, start) + sumBytes(buffer, tail, end, start);
}

/** Octets one by one; those at an even distance from `origin` are the high halves of their words. */
function sumBytes(buffer: Uint8Array, start: number, end: number, origin: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += (i - origin) % 2 === 0 ? (buffer[i] as number) << 8 : (buffer[i] as number);
  return sum;
}

/** Ones' complement sum of whole words, as 16 bits. Both sums stay below 2^31 for 128 KiB. */
function sumWords(words: Uint32Array, from: number, to: number): number {
  let low = 0;
  let high = 0;
  let i = from;
  for (const last = to - 3; i < last; i += 4) {
    const a = words[i] as number;
    const b = words[i + 1] as number;
    const c = words[i + 2] as number;
    const d = words[i + 3] as number;
    low += (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff);
    high += (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16);
  }
  for (; i < to; i++) {
    const word = words[i] as number;
    low += word & 0xffff;
    high += word >>> 16;
  }
  return fold(low + high);
}

const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
/** The view of the buffer asked for last: packets come many from one buffer. */
let viewed: Uint8Array | null = null;
let view: Uint32Array = new Uint32Array(0);
/** Index in the buffer of the view's first octet. */
let viewStart = 0;

function wordsOf(buffer: Uint8Array): Uint32Array {
  if (buffer === viewed) return view;
  const aligned = (buffer.byteOffset + 3) & ~3;
  viewStart = aligned - buffer.byteOffset;
  view = new Uint32Array(buffer.buffer, aligned, Math.max(0, (buffer.length - viewStart) >> 2));
  viewed = buffer;
  return view;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = Math.floor(folded / 65536) + (folded % 65536);
  return folded;
}
