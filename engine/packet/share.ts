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
export function isOwn(share: Share, segment: TcpSegment): boolean {
  const { source, destination, sourcePort, destinationPort } = segment;
  const words = segment.isIpv6 ? 4 : 1;
  const { seed } = share;
  return isAmong(share, endpoint(source, words, sourcePort, seed), endpoint(destination, words, destinationPort, seed));
}

/** The same of a connection between two IPv4 addresses. */
export function isIpv4Own(
  share: Share,
  source: number,
  destination: number,
  sourcePort: number,
  destinationPort: number,
): boolean {
  const from = scrambled(mixed(share.seed ^ sourcePort, source));
  return isAmong(share, from, scrambled(mixed(share.seed ^ destinationPort, destination)));
}

function isAmong({ index, count }: Share, one: number, other: number): boolean {
  return (scrambled((one + other) | 0) >>> 0) % count === index;
}

function endpoint(address: Int32Array, words: number, port: number, seed: number): number {
  let hash = seed ^ port;
  for (let i = 0; i < words; i++) hash = mixed(hash, address[i] as number);
  return scrambled(hash);
}

function mixed(hash: number, word: number): number {
  return Math.imul(scrambled(hash ^ word), 0xcc9e2d51);
}

/** The last steps of MurmurHash3 (public domain). */
function scrambled(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
