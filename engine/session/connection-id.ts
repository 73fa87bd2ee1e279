/**
 * A number for a connection that is the same in every run, whatever else the
 * file holds: 53 bits of hash over its addresses, ports and first packet's time.
 */
import type { SessionConnection } from './session-connection.js';

const LOW_SEED = 0x9747b28c;
const HIGH_SEED = 0x3c6ef372;

export function connectionId({ startUs, key }: Pick<SessionConnection, 'startUs' | 'key'>): number {
  const seconds = Math.floor(startUs / 1e6);
  const microseconds = Math.round(startUs - seconds * 1e6);
  let low = LOW_SEED;
  let high = HIGH_SEED;
  for (let i = 0; i < key.length; i++) {
    const word = key[i] as number;
    low = mix(low, word);
    high = mix(high, word);
  }
  low = finished(mix(mix(low, seconds), microseconds));
  high = finished(mix(mix(high, seconds), microseconds)) & 0x1fffff;
  // Zero means "no flow" to those who read EVE.
  return high * 4294967296 + low || 1;
}

function finished(hash: number): number {
  let value = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

function mix(value: number, word: number): number {
  const scrambled = Math.imul(word | 0, 0xcc9e2d51);
  const mixed = value ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
