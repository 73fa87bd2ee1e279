/**
 * Memory that captures are read into, of the kind in which the engine looks at
 * many octets at once. Each takes a range of addresses far larger than itself,
 * so this thread keeps what a reading gives back for the next one, and more than
 * a few readings at the same time get ordinary memory.
 */
import { newOctetMemory } from '../../engine/index.js';

/**
 * Octets read at once. To wait for a piece costs some 0.2 ms: with half as much, large messages take a
 * twelfth longer. With twice as much, a search while a capture loads waits half as long again.
 */
export const CHUNK_BYTES = 2_097_152;
/** One piece is read while another is looked at. */
const READING_BYTES = 2 * CHUNK_BYTES;
/** So many memories of that kind are made in this thread, and kept: 16 MiB at most. */
const MOST = 4;

const lent = new WeakSet<Uint8Array>();
const idle: Uint8Array[] = [];
let made = 0;

/** Memory for a reading, with whatever is in it; `returnMemory` when nothing writes to it any more. */
export function borrowMemory(lengthBytes: number): Uint8Array {
  const memory = lengthBytes === READING_BYTES ? (idle.pop() ?? make()) : null;
  if (memory === null) return new Uint8Array(lengthBytes);
  lent.add(memory);
  return memory;
}

/** For the next reading. */
export function returnMemory(memory: Uint8Array): void {
  if (lent.delete(memory)) idle.push(memory);
}

function make(): Uint8Array | null {
  if (made === MOST) return null;
  made++;
  return newOctetMemory(READING_BYTES);
}
