import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLineFeeds } from '../../engine/protocols/line-feeds.js';
import { TEXT_SCAN } from '../../engine/protocols/text-scan.js';

const LF = 10;
const DOT = 0x2e;

/** Octets that differ from a line feed by a bit or by one, in stretches of ordinary text. */
const octet = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0x41) },
  { weight: 2, arbitrary: fc.constantFrom(LF, DOT, 13) },
  { weight: 1, arbitrary: fc.constantFrom(0, 9, 11, 0x0b, 0x1a, 0x8a, 0xff) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
);
/** A stretch of a buffer that itself begins anywhere in its memory. */
const stretch = fc
  .tuple(fc.array(octet, { minLength: 0, maxLength: 700 }), fc.nat(7), fc.nat(9), fc.nat(9))
  .map(([octets, place, before, behind]) => {
    const memory = new Uint8Array(place + octets.length).fill(LF);
    memory.set(octets, place);
    const buffer = memory.subarray(place);
    const start = Math.min(before, buffer.length);
    return { buffer, start, end: Math.max(start, buffer.length - behind) };
  });

function scanSlowly(buffer: Uint8Array, start: number, end: number): readonly [number, number, number] {
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

describe('line feeds in long text', () => {
  it('are as many as a loop over the octets counts', () => {
    fc.assert(
      fc.property(stretch, ({ buffer, start, end }) => {
        const expected = buffer.subarray(start, end).filter((value) => value === LF).length;
        expect(countLineFeeds(buffer, start, end)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('are counted up to the first line that begins with a dot, as by a loop over the octets', () => {
    fc.assert(
      fc.property(stretch, ({ buffer, start, end }) => {
        const behind = TEXT_SCAN.toDot(buffer, start, end);
        expect([behind, TEXT_SCAN.lineFeeds, TEXT_SCAN.lastLineFeed]).toEqual(scanSlowly(buffer, start, end));
      }),
      { numRuns: 4000 },
    );
  });

  it('are all found in text that is nothing else', () => {
    const buffer = new Uint8Array(100_000).fill(LF);
    expect([countLineFeeds(buffer, 3, 99_999), TEXT_SCAN.toDot(buffer, 1, 99_998), TEXT_SCAN.lineFeeds]).toEqual([
      99_996, 99_998, 99_997,
    ]);
  });
});
