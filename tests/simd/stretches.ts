/** Stretches of octets in memory of each kind, with hostile octets around them. */
import fc from 'fast-check';
import { newOctetMemory, newSharedMemory, sharedOctets } from '../../engine/index.js';

export const LF = 10;
export const CR = 13;
export const DOT = 0x2e;
export const DASH = 0x2d;
export const MEMORY_BYTES = 131_072;

/** Ordinary memory first; the others are those that kernels look into. */
export const MEMORIES: readonly Uint8Array[] = [
  new Uint8Array(MEMORY_BYTES),
  newOctetMemory(MEMORY_BYTES) ?? new Uint8Array(0),
  sharedOctets(newSharedMemory(MEMORY_BYTES)),
];

/** Octets that differ from a line feed by a bit or by one, in ordinary text. */
const octet = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0x41) },
  { weight: 2, arbitrary: fc.constantFrom(LF, DOT, CR, DASH) },
  { weight: 1, arbitrary: fc.constantFrom(0, 9, 11, 0x1a, 0x2f, 0x80, 0x8a, 0xae, 0xff) },
);
const line = fc
  .tuple(fc.array(octet, { maxLength: 6 }), fc.nat(150))
  .map(([octets, length]) => [...octets, ...Array<number>(length).fill(0x42), CR, LF]);

const text: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.array(octet, { maxLength: 80 }),
  fc.array(octet, { maxLength: 700 }),
  fc.array(line, { maxLength: 20 }).map((lines) => lines.flat()),
  fc.uint8Array({ maxLength: 700 }).map((octets) => [...octets]),
  fc.tuple(fc.constantFrom(LF, DOT, CR, 0x41), fc.nat(700)).map(([same, length]) => Array<number>(length).fill(same)),
);

export interface Stretch {
  readonly octets: readonly number[];
  /** In the memory: of the buffer's first octet, and of the stretch's in the buffer. */
  readonly place: number;
  readonly start: number;
  /** What the octets around it are. */
  readonly around: number;
}

/** Also right at the memory's beginning, and right at its end. */
export const stretch: fc.Arbitrary<Stretch> = fc
  .tuple(text, fc.nat(70), fc.nat(70), fc.boolean(), fc.constantFrom(LF, DOT, CR, DASH, 0))
  .map(([octets, place, before, isLast, around]) => {
    const start = isLast ? MEMORY_BYTES - place - octets.length : before;
    return { octets, place, start, around };
  });

/** Puts the stretch into the memory; returns the buffer that it lies in. */
export function bufferIn(memory: Uint8Array, { octets, place, start, around }: Stretch): Uint8Array {
  const buffer = memory.subarray(place);
  buffer.fill(around, Math.max(0, start - 80), start + octets.length + 80);
  buffer.set(octets, start);
  return buffer;
}
