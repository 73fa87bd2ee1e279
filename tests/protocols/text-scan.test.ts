/** Passing over message text: word by word it finds what a look at every octet finds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEXT_SCAN } from '../../engine/protocols/text-scan.js';

const LF = 10;
const CR = 13;
const DOT = 0x2e;
const DASH = 0x2d;
/** Larger than the buffers that are read octet by octet. */
const LARGE = new Uint8Array(40_000);

/** Octets that differ from a line feed by a bit or by one, in stretches of ordinary text. */
const octet = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0x41) },
  { weight: 2, arbitrary: fc.constantFrom(LF, DOT, CR, DASH) },
  { weight: 1, arbitrary: fc.constantFrom(0, 9, 11, 0x1a, 0x8a, 0xff) },
);
const line = fc.array(octet, { maxLength: 60 }).map((octets) => [...octets, CR, LF]);
const text = fc.oneof(
  fc.array(octet, { maxLength: 700 }),
  fc.array(line, { maxLength: 20 }).map((lines) => lines.flat()),
);

interface Stretch {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** A stretch of a buffer that itself begins anywhere in its memory, small or large. */
const stretch: fc.Arbitrary<Stretch> = fc
  .tuple(text, fc.nat(7), fc.nat(9), fc.nat(9), fc.boolean())
  .map(([octets, place, before, behind, isLarge]) => {
    const memory = isLarge ? LARGE : new Uint8Array(place + octets.length);
    memory.fill(LF);
    memory.set(octets, place);
    const start = Math.min(before, octets.length);
    return { buffer: memory.subarray(place), start, end: Math.max(start, octets.length - behind) };
  });

function toDotSlowly({ buffer, start, end }: Stretch): readonly [number, number, number] {
  let lineFeeds = 0;
  let last = -1;
  for (let at = start; at < end; at++) {
    if (buffer[at] !== LF) continue;
    lineFeeds++;
    last = at;
    if (at + 1 < end && buffer[at + 1] === DOT) return [at + 1, lineFeeds, last];
  }
  return [end, lineFeeds, last];
}

/** Where it stops, how many lines it passed, and whether no line ends in the rest. */
function ordinarySlowly({ buffer, start, end }: Stretch, other: number, longestBytes: number): readonly unknown[] {
  let from = start;
  let lines = 0;
  for (;;) {
    const lineFeed = buffer.subarray(0, end).indexOf(LF, from);
    if (lineFeed === -1) return [from, lines, true];
    const length = lineFeed + 1 - from;
    if (length < 2 || buffer[lineFeed - 1] !== CR || length > longestBytes) return [from, lines, false];
    lines++;
    from = lineFeed + 1;
    if (from < end && (buffer[from] === DOT || buffer[from] === other)) return [from, lines, false];
  }
}

describe('message text', () => {
  it('is passed over up to the first line that begins with a dot', () => {
    fc.assert(
      fc.property(stretch, (given) => {
        const behind = TEXT_SCAN.toDot(given.buffer, given.start, given.end);
        expect([behind, TEXT_SCAN.lineFeeds, TEXT_SCAN.lastLineFeed]).toEqual(toDotSlowly(given));
      }),
      { numRuns: 4000 },
    );
  });

  it('is passed over up to the first line that is not ordinary', () => {
    fc.assert(
      fc.property(stretch, fc.constantFrom(DOT, DASH), fc.integer({ min: 2, max: 80 }), (given, other, longest) => {
        const stop = TEXT_SCAN.ordinaryLines(given.buffer, given.start, given.end, other, longest);
        const found = [stop, TEXT_SCAN.lineFeeds, TEXT_SCAN.isExhausted];
        expect(found).toEqual(ordinarySlowly(given, other, longest));
      }),
      { numRuns: 4000 },
    );
  });

  it('may be nothing but line feeds', () => {
    const buffer = new Uint8Array(100_000).fill(LF);
    expect([TEXT_SCAN.toDot(buffer, 1, 99_998), TEXT_SCAN.lineFeeds]).toEqual([99_998, 99_997]);
  });
});
