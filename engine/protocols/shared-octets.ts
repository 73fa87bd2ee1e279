/**
 * Octets that many connections have in common, such as `+OK`, a server's greeting
 * and the addresses that mail goes to, none of them secret: one copy serves all, so
 * that a connection need not have its own. In: short borrowed octets. Out: the
 * common copy, once they came twice; its holders only read it. Bounded: 512 copies
 * of 120 octets.
 */
import { copyOctets } from '../octets.js';

const SLOTS = 512;
const LONGEST = 120;

const copies: (Uint8Array | null)[] = new Array<Uint8Array | null>(SLOTS).fill(null);
/** Hash of the octets that came last to each slot without being its copy. */
const candidates = new Int32Array(SLOTS);

/** The common copy of [start, end); null when there is none. */
export function sharedOctets(buffer: Uint8Array, start: number, end: number): Uint8Array | null {
  const length = end - start;
  if (length <= 0 || length > LONGEST) return null;
  const slot = slotOf(buffer, start, end);
  const copy = copies[slot];
  if (copy !== null && copy !== undefined && equals(copy, buffer, start, length)) return copy;
  const hash = hashOf(buffer, start, end);
  if (candidates[slot] === hash) return (copies[slot] = copyOctets(buffer, start, end));
  candidates[slot] = hash;
  return null;
}

function equals(copy: Uint8Array, buffer: Uint8Array, start: number, length: number): boolean {
  if (copy.length !== length) return false;
  for (let i = 0; i < length; i++) if (copy[i] !== buffer[start + i]) return false;
  return true;
}

/** From the length and a few octets: replies differ in their first words, or in their last. */
function slotOf(buffer: Uint8Array, start: number, end: number): number {
  const second = start + 1 < end ? (buffer[start + 1] as number) : 0;
  const fourth = start + 3 < end ? (buffer[start + 3] as number) : 0;
  const mixed = ((buffer[start] as number) * 31 + second) * 31 + fourth;
  return (mixed * 31 + (buffer[end - 1] as number) + (end - start) * 7) & (SLOTS - 1);
}

function hashOf(buffer: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (buffer[at] as number)) | 0;
  return hash;
}
