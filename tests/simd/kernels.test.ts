/** Kernels say what the engine says without them, of every stretch, wherever it lies. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTcpChecksumGood } from '../../engine/packet/checksum.js';
import { IpPacket } from '../../engine/packet/segment.js';
import { countLineFeeds, findLineFeed } from '../../engine/protocols/line-feeds.js';
import { TEXT_SCAN } from '../../engine/protocols/text-scan.js';
import { kernelsOf } from '../../engine/simd/octet-memory.js';
import { bufferIn, CR, DASH, DOT, LF, MEMORIES, MEMORY_BYTES, stretch, type Stretch } from './stretches.js';

/** Everything that is asked of the octets of a stretch. */
function answers(buffer: Uint8Array, start: number, end: number, longest: number): readonly unknown[] {
  const dot = TEXT_SCAN.toDot(buffer, start, end);
  const found: unknown[] = [dot, TEXT_SCAN.lineFeeds, TEXT_SCAN.lastLineFeed];
  for (const other of [-1, DASH, 0xff]) {
    const stop = TEXT_SCAN.ordinaryLines(buffer, start, end, other, longest);
    found.push(stop, TEXT_SCAN.lineFeeds, TEXT_SCAN.isExhausted);
  }
  found.push(countLineFeeds(buffer, start, end), findLineFeed(buffer, start, end));
  return found;
}

function expectSame(given: Stretch, longest: number): void {
  const { start, octets } = given;
  const [expected, ...others] = MEMORIES.map((memory) =>
    answers(bufferIn(memory, given), start, start + octets.length, longest),
  );
  expect(others).toEqual([expected, expected]);
}

/** A segment whose checksum is right. */
function goodSegment(octets: readonly number[]): readonly number[] {
  const segment = [...octets];
  segment[16] = segment[17] = 0;
  let sum = 6 + segment.length;
  segment.forEach((octet, i) => {
    sum += i % 2 === 0 ? octet * 256 : octet;
  });
  while (sum > 0xffff) sum = Math.floor(sum / 65536) + (sum % 65536);
  segment[16] = (0xffff - sum) >> 8;
  segment[17] = (0xffff - sum) & 0xff;
  return segment;
}

function isGood(memory: Uint8Array, given: Stretch): boolean {
  const buffer = bufferIn(memory, given);
  const ip = new IpPacket(new Int32Array(4), new Int32Array(4));
  Object.assign(ip, { buffer, start: given.start, end: given.start + given.octets.length });
  return isTcpChecksumGood(ip);
}

describe('kernels', () => {
  it('are there for the memory that was made for them, and for no other', () => {
    expect(MEMORIES.map((memory) => kernelsOf(memory) !== null)).toEqual([false, true, true]);
    expect(MEMORIES.map((memory) => kernelsOf(memory.subarray(100)) !== null)).toEqual([false, true, true]);
  });

  it('find in any octets what is found without them', () => {
    fc.assert(
      fc.property(stretch, fc.integer({ min: 2, max: 200 }), (given, longest) => expectSame(given, longest)),
      { numRuns: 3000 },
    );
  });

  it('find a mark at any place of a stretch of any length', () => {
    const marks = [[LF], [CR, LF], [LF, DOT], [CR, LF, DOT], [CR, LF, DASH], [LF, LF], [DOT, LF]];
    for (let length = 1; length <= 200; length++) {
      for (let at = length % 3; at < length; at += 3) {
        for (const mark of marks) {
          const octets = Array<number>(length).fill(0x41);
          mark.forEach((octet, i) => {
            if (at + i < length) octets[at + i] = octet;
          });
          for (const memory of MEMORIES) bufferIn(memory, { octets, place: 0, start: at, around: LF });
          const found = MEMORIES.map((memory) => JSON.stringify(answers(memory, at, at + length, 998)));
          if (new Set(found).size !== 1) expect({ length, at, mark, found }).toBeNull();
        }
      }
    }
  });

  it.each([
    ['nothing but line feeds', () => LF],
    ['no line feed', () => 0x41],
    ['octets beyond ASCII', (i: number) => 0x80 | (i % 128)],
    ['every octet', (i: number) => (i * 7) % 256],
    ['lines of text', (i: number) => (i % 78 === 76 ? CR : i % 78 === 77 ? LF : 0x61)],
    ['lines of a thousand octets', (i: number) => (i % 1000 === 998 ? CR : i % 1000 === 999 ? LF : 0x61)],
    ['lines that a carriage return breaks', (i: number) => [CR, 0x61, CR, LF][i % 4] as number],
  ])('agree on 64 KiB and more: %s', (_name, octetAt) => {
    for (const length of [65_535, 65_536, MEMORY_BYTES - 1]) {
      expectSame({ octets: Array.from({ length }, (_, i) => octetAt(i)), place: 0, start: 1, around: DOT }, 998);
    }
  });

  it('agree on checksums', () => {
    const octets = fc.uint8Array({ minLength: 20, maxLength: 1600 });
    const flip = fc.tuple(fc.nat(), fc.nat(7));
    fc.assert(
      fc.property(octets, stretch, flip, ([...some], { place, around }, [at, bit]) => {
        const segment = goodSegment(some);
        const given = { octets: segment, place, start: place, around };
        const flipped = segment.map((octet, i) => (i === at % segment.length ? octet ^ (1 << bit) : octet));
        const bad = { ...given, octets: flipped };
        expect(MEMORIES.map((memory) => [isGood(memory, given), isGood(memory, bad)])).toEqual(
          MEMORIES.map(() => [true, false]),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it.each([0, 0xff])('sum the longest segment of octets %i', (octet) => {
    for (const length of [65_514, 65_515]) {
      const given = { octets: goodSegment(Array<number>(length).fill(octet)), place: 3, start: 0, around: 0xff };
      expect(MEMORIES.map((memory) => isGood(memory, given))).toEqual([true, true, true]);
    }
  });
});
