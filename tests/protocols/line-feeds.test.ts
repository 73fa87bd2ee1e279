import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLineFeeds, findLineFeed } from '../../engine/protocols/line-feeds.js';

/** Larger than the buffers that are read octet by octet. */
const LARGE = 40_000;

/** LF, its neighbours, and what a trick with words may take for it. */
const someOctet = fc.constantFrom(0x0a, 0x0b, 0x09, 0x8a, 0x8b, 0x00, 0x01, 0x80, 0xff, 0x2a, 0x41, 0x42, 0x43, 0x44);
const someText = fc.array(someOctet, { minLength: 0, maxLength: 700 });

function placesOfLineFeeds(buffer: Uint8Array, start: number, end: number): number[] {
  const places: number[] = [];
  for (let i = start; i < end; i++) if (buffer[i] === 0x0a) places.push(i);
  return places;
}

describe('line feeds', () => {
  it('are found and counted as octet by octet, wherever the stretch lies', () => {
    const large = new Uint8Array(LARGE);
    fc.assert(
      fc.property(someText, fc.nat(9), fc.nat(30), fc.nat(30), fc.boolean(), (text, shift, skipped, cut, isLarge) => {
        const memory = isLarge ? large : new Uint8Array(text.length + 64);
        memory.fill(0x0a, 0, Math.min(memory.length, text.length + 64));
        const buffer = memory.subarray(shift);
        buffer.set(text, 8);
        const start = 8 + Math.min(skipped, text.length);
        const end = Math.max(start, 8 + text.length - cut);
        const places = placesOfLineFeeds(buffer, start, end);
        const found = [findLineFeed(buffer, start, end), countLineFeeds(buffer, start, end)];
        expect(found).toEqual([places[0] ?? -1, places.length]);
      }),
      { numRuns: 2000 },
    );
  });

  it('are found at any distance, and not beyond the end', () => {
    const buffer = new Uint8Array(LARGE).fill(0x41);
    for (let distance = 0; distance < 2000; distance += 7) {
      buffer[5 + distance] = 0x0a;
      expect(findLineFeed(buffer, 5, LARGE)).toBe(5 + distance);
      expect(findLineFeed(buffer, 5, 5 + distance)).toBe(-1);
      buffer[5 + distance] = 0x41;
    }
  });
});
