/**
 * Handling of borrowed octets that the language's own methods get wrong or do
 * slowly: `slice` of a Node buffer is a view of the same memory, which is
 * written again soon; `indexOf` knows no end. Everything here takes and makes
 * plain `Uint8Array`s, so that hot code sees one kind of object only.
 */
import { Buffer } from 'node:buffer';

/** Up to this length a loop is quicker than a view and a native copy. */
const SHORT_COPY = 64;
/** Up to this distance a loop is quicker than a view and a native search. */
const SHORT_SCAN = 128;

/** A copy of [start, end) that its owner may keep. */
export function copyOctets(octets: Uint8Array, start = 0, end = octets.length): Uint8Array {
  const length = end > start ? end - start : 0;
  const copy = new Uint8Array(length);
  if (length <= SHORT_COPY) for (let i = 0; i < length; i++) copy[i] = octets[start + i] as number;
  else copy.set(octets.subarray(start, end));
  return copy;
}

/** Index of the first `octet` in [start, end), or -1; never looks beyond `end`. */
export function indexOfOctet(octets: Uint8Array, octet: number, start: number, end: number): number {
  const near = start + SHORT_SCAN < end ? start + SHORT_SCAN : end;
  for (let i = start; i < near; i++) if (octets[i] === octet) return i;
  if (near >= end) return -1;
  const found = bufferOf(octets).subarray(near, end).indexOf(octet);
  return found === -1 ? -1 : near + found;
}

/** [start, end) as text, one character an octet. */
export function latin1Text(octets: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > scratch.length) return bufferOf(octets).toString('latin1', start, end);
  for (let i = 0; i < length; i++) scratch[i] = octets[start + i] as number;
  return scratch.toString('latin1', 0, length);
}

/** Short texts are copied here first: a Node view of their memory would cost more than the text. */
const scratch = Buffer.alloc(256);

let viewed: Uint8Array | null = null;
let view: Buffer = Buffer.alloc(0);

/** A Node view of the same memory; the last one is remembered, because packets come many from one buffer. */
function bufferOf(octets: Uint8Array): Buffer {
  if (octets === viewed) return view;
  view = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  viewed = octets;
  return view;
}
