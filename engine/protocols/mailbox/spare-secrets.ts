/**
 * Copies of passwords, which are needed from an attempt to its outcome only: each
 * login's octets serve the next of the same length. In: borrowed octets. Out: a
 * copy, to be given back; what is given back is wiped. Bounded: 8 copies of each
 * length up to 64 wait for further use.
 */
import { copyOctets } from '../../octets.js';
import { wipe } from '../wipe.js';

const LONGEST = 64;
const EACH = 8;

/** By length; made when the first comes back. */
const spare: (Uint8Array[] | null)[] = new Array<Uint8Array[] | null>(LONGEST + 1).fill(null);

/** A copy of [start, end). */
export function borrowSecret(buffer: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  const copy = length > 0 && length <= LONGEST ? spare[length]?.pop() : undefined;
  if (copy === undefined) return copyOctets(buffer, start, end);
  for (let i = 0; i < length; i++) copy[i] = buffer[start + i] as number;
  return copy;
}

/** Nobody reads these any more. */
export function returnSecret(secret: Uint8Array): void {
  const { length } = secret;
  wipe(secret, length);
  if (length === 0 || length > LONGEST) return;
  const copies = (spare[length] ??= []);
  if (copies.length < EACH) copies.push(secret);
}
