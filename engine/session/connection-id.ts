/**
 * A number for a connection that is the same in every run, whatever else the
 * file holds: 53 bits of hash over its addresses, ports and first packet's time.
 */
import type { Connection } from '../tcp/connection.js';

const LOW_SEED = 0x9747b28c;
const HIGH_SEED = 0x3c6ef372;

export function connectionId(connection: Connection): number {
  const seconds = Math.floor(connection.startUs / 1e6);
  const microseconds = Math.round(connection.startUs - seconds * 1e6);
  const low = hash(connection, seconds, microseconds, LOW_SEED);
  const high = hash(connection, seconds, microseconds, HIGH_SEED) & 0x1fffff;
  // Zero means "no flow" to those who read EVE.
  return high * 4294967296 + low || 1;
}

function hash(connection: Connection, seconds: number, microseconds: number, seed: number): number {
  let value = seed;
  for (const word of connection.key) value = mix(value, word);
  value = mix(mix(value, seconds), microseconds);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

function mix(value: number, word: number): number {
  const scrambled = Math.imul(word | 0, 0xcc9e2d51);
  const mixed = value ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
