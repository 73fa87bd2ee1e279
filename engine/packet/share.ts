/**
 * Which part of the connections an inspection follows when several share the
 * work on one capture. Every part sees all packets and follows those of its
 * own connections; both directions of a connection fall to the same part.
 */
import type { TcpSegment } from './segment.js';

/** One of `count` parts, numbered from 0. */
export interface Share {
  readonly index: number;
  readonly count: number;
  /** Decides what falls to whom: the same for all parts, another in every run, so that nobody can load one part. */
  readonly seed: number;
}

/** True when the segment's connection falls to this part; addresses and ports are read already. */
export function isOwn({ index, count, seed }: Share, segment: TcpSegment): boolean {
  const { source, destination, sourcePort, destinationPort } = segment;
  const words = segment.isIpv6 ? 4 : 1;
  const ends = (endpoint(source, words, sourcePort, seed) + endpoint(destination, words, destinationPort, seed)) | 0;
  return (scrambled(ends) >>> 0) % count === index;
}

function endpoint(address: Int32Array, words: number, port: number, seed: number): number {
  let hash = seed ^ port;
  for (let i = 0; i < words; i++) hash = Math.imul(scrambled(hash ^ (address[i] as number)), 0xcc9e2d51);
  return scrambled(hash);
}

/** The last steps of MurmurHash3 (public domain). */
function scrambled(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
