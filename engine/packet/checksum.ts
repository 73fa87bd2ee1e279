/**
 * The TCP checksum (RFC 9293 3.1 over the pseudo headers of IPv4 and RFC 8200
 * 8.1): ones' complement sum of 16-bit words, here summed as 32-bit words.
 */
import { IS_LITTLE_ENDIAN, wordsOf } from '../octet-words.js';
import { kernelsOf } from '../simd/octet-memory.js';
import { PROTOCOL_TCP } from './ip.js';
import type { IpPacket } from './segment.js';

/** Shorter ones are summed sooner than a kernel is called. */
const WORTH_KERNEL_BYTES = 16;

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

/** The same for a segment in [start, end) between two IPv4 addresses. */
export function isIpv4TcpChecksumGood(
  buffer: Uint8Array,
  start: number,
  end: number,
  source: number,
  destination: number,
): boolean {
  const addresses = (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
  return fold(PROTOCOL_TCP + (end - start) + addresses + sumOctets(buffer, start, end)) === 0xffff;
}

/**
 * Sum of the big-endian 16-bit words of [start, end), an odd last octet padded with zero. The aligned
 * middle is read as 32-bit words in the machine's own order: a ones' complement sum may be taken in any
 * byte order and swapped at the end (RFC 1071 2 B), and again where the middle begins at an odd place.
 */
function sumOctets(buffer: Uint8Array, start: number, end: number): number {
  const kernels = end - start < WORTH_KERNEL_BYTES ? null : kernelsOf(buffer);
  if (kernels !== null) {
    const base = buffer.byteOffset;
    const swapped = kernels.sum(base + start, base + end);
    return ((swapped & 0xff) << 8) | (swapped >> 8);
  }
  const words = wordsOf(buffer);
  const base = buffer.byteOffset;
  const firstWord = (base + start + 3) >> 2;
  const lastWord = (base + end) >> 2;
  if (lastWord <= firstWord) return sumBytes(buffer, start, end, start);
  const middle = firstWord * 4 - base;
  const tail = lastWord * 4 - base;
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

/**
 * Ones' complement sum of whole words, as 16 bits. Summed are the words, of which 32 bits remain, and
 * their high halves, which tell the low ones; both halves' sums stay below 2^31 for 128 KiB.
 */
function sumWords(words: Int32Array, from: number, to: number): number {
  let all = 0;
  let high = 0;
  let i = from;
  for (const last = to - 3; i < last; i += 4) {
    const a = words[i] as number;
    const b = words[i + 1] as number;
    const c = words[i + 2] as number;
    const d = words[i + 3] as number;
    all = (all + a + b + c + d) | 0;
    high = (high + (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16)) | 0;
  }
  for (; i < to; i++) {
    const word = words[i] as number;
    all = (all + word) | 0;
    high = (high + (word >>> 16)) | 0;
  }
  const low = (all - (high << 16)) >>> 0;
  return fold(low + high);
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = Math.floor(folded / 65536) + (folded % 65536);
  return folded;
}
