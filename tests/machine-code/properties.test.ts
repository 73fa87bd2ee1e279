/**
 * What holds for any octets: nothing is thrown, the work is bounded, the place
 * in the buffer does not matter, and the quick way out says what the long way says.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAlphanumericStub, mayHoldStub } from '../../engine/machine-code/alphanumeric-stubs.js';
import { Findings, isPrintableText } from '../../engine/machine-code/features.js';
import { analyseCode, FEATURE_WEIGHTS, type CodeKind, type FeatureName } from '../../engine/machine-code/index.js';
import { CODE } from '../../engine/machine-code/length-decoder.js';
import { canRun, Listing, STEP_BUDGET } from '../../engine/machine-code/listing.js';
import { CodeScan } from '../../engine/machine-code/scan.js';
import { octets, OPTIONS, verdictOn } from './octets.js';

const KINDS: readonly CodeKind[] = ['argument', 'utf8-argument', 'decoded-auth'];
/** Octets with which features begin, so that chance meets them often. */
const TELLING = octets(
  "90 e8 ff 00 d9 74 24 f4 58 5b 64 a1 30 8b 65 48 31 c0 b0 0b cd 80 0f 05 6a e2 fa eb 06 fe 'PYIjA'",
);
const tellingOctets = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.oneof(fc.constantFrom(...TELLING), fc.integer({ min: 0, max: 255 })), { maxLength })
    .map((values) => Uint8Array.from(values));
const anyOctets = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(tellingOctets(maxLength), fc.uint8Array({ maxLength, size: 'max' }));

describe('any octets', () => {
  it('are judged without an error, within themselves, and with the weights of the table', () => {
    fc.assert(
      fc.property(anyOctets(5000), fc.constantFrom(...KINDS), (content, kind) => {
        const verdict = verdictOn(content, kind);
        if (verdict === null) return;
        expect(verdict.score).toBe(verdict.features.reduce((sum, { weight }) => sum + weight, 0));
        expect(new Set(verdict.features.map(({ name }) => name)).size).toBe(verdict.features.length);
        for (const { name, weight, start, end } of verdict.features) {
          expect(weight === FEATURE_WEIGHTS[name] || (name === 'F7' && weight === 70)).toBe(true);
          expect(verdict.start <= start && start < end && end <= verdict.end).toBe(true);
        }
        expect(verdict.start >= 0 && verdict.end <= Math.min(content.length, OPTIONS.maxScan)).toBe(true);
      }),
      { numRuns: 400, seed: 1 },
    );
  });

  it('are judged at every length from 0 to 5000', () => {
    const content = Uint8Array.from({ length: 5000 }, (_, i) => TELLING[(i * 7 + (i >> 5)) % TELLING.length] as number);
    for (let length = 0; length <= 5000; length += length < 200 ? 1 : 61) {
      for (const kind of KINDS) verdictOn(content.subarray(0, length), kind);
    }
    expect(verdictOn(content)).toEqual(verdictOn(content.subarray(0, OPTIONS.maxScan)));
  });

  it('are judged the same wherever they lie, and whatever lies around them', () => {
    fc.assert(
      fc.property(
        anyOctets(700),
        anyOctets(64),
        anyOctets(64),
        fc.constantFrom(...KINDS),
        (content, before, after, kind) => {
          const moved = Uint8Array.from([...before, ...content, ...after]);
          const there = analyseCode(moved, before.length, before.length + content.length, kind, OPTIONS);
          const here = verdictOn(content, kind);
          const shifted = here && {
            ...here,
            features: here.features.map((one) => ({
              ...one,
              start: one.start + before.length,
              end: one.end + before.length,
            })),
            start: here.start + before.length,
            end: here.end + before.length,
          };
          expect(there).toEqual(shifted);
        },
      ),
      { numRuns: 400, seed: 2 },
    );
  });

  it('are judged the same whatever was judged before', () => {
    fc.assert(
      fc.property(anyOctets(500), anyOctets(900), (first, second) => {
        const used = new CodeScan();
        used.examine(second, 0, second.length, 'argument', OPTIONS);
        const fresh = new CodeScan().examine(first, 0, first.length, 'argument', OPTIONS);
        expect(used.examine(first, 0, first.length, 'argument', OPTIONS)).toEqual(fresh);
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('show one feature the same when the others are not looked for', () => {
    fc.assert(
      fc.property(tellingOctets(900), (content) => {
        for (const { name, weight } of verdictOn(content)?.features ?? []) {
          // F6 hidden behind F4 is the one that leans on another; it stands without it as well.
          const alone = verdictOn(content, 'argument', { ...OPTIONS, features: new Set([name]) });
          expect(alone?.features.map((one) => [one.name, one.weight])).toEqual([[name, weight]]);
        }
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});

describe('printable text', () => {
  const text = fc
    .array(
      fc.constantFrom(
        'PYIIIIIIIIII',
        'TYIIIIIIIIII',
        'PPYAIAIAIAIA',
        'jAXP0A0AkAAQ',
        'I',
        'A',
        'IIII',
        'YI',
        'mail',
        '@',
        'zz',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join(''));

  it('holds a stub exactly when a plain search finds one', () => {
    fc.assert(
      fc.property(text, (value) => {
        const content = Uint8Array.from(Buffer.from(value));
        const stubs = ['PYIIIIIIIIII', 'TYIIIIIIIIII', 'PPYAIAIAIAIA', 'jAXP0A0AkAAQ'];
        const places = stubs.map((stub) => value.indexOf(stub)).filter((at) => at >= 0);
        const found = new Findings(() => true);
        findAlphanumericStub(content, 0, content.length, found);
        const first = places.length === 0 ? [] : [Math.min(...places)];
        expect(found.features.map(({ start }) => start)).toEqual(first);
        expect(mayHoldStub(content, 0, content.length)).toBe(first.length > 0);
      }),
      { numRuns: 1000, seed: 5 },
    );
  });

  it('is told from other octets at every length and place', () => {
    for (let length = 0; length < 20; length++) {
      const content = new Uint8Array(length).fill(0x41);
      expect(isPrintableText(content, 0, length)).toBe(true);
      for (let at = 0; at < length; at++) {
        for (const octet of [0x1f, 0x7f, 0x80, 0xff, 0x00]) {
          const other = Uint8Array.from(content, (value, i) => (i === at ? octet : value));
          expect(isPrintableText(other, 0, length)).toBe(false);
        }
      }
    }
  });

  it('never scores but through F8', () => {
    const printable = fc.array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 400 });
    fc.assert(
      fc.property(printable, fc.constantFrom(...KINDS), (values, kind) => {
        const names: readonly FeatureName[] =
          verdictOn(Uint8Array.from(values), kind)?.features.map(({ name }) => name) ?? [];
        expect(names.filter((name) => name !== 'F8')).toEqual([]);
      }),
      { numRuns: 500, seed: 6 },
    );
  });
});

describe('the work', () => {
  /** Patterns that a search for the costliest argument came up with. */
  const COSTLY = [
    'e0',
    'e2',
    'd2 67 d2 c0 2e d8 80 74',
    '72 d0',
    'b0 cd 80',
    '31 c0 0f 05',
    '6a 58 58 cd 2e',
    'd9 74 24 f4',
    'e8 00 00 00 00',
    '7f ce 41',
    '90',
  ];

  it.each(COSTLY)('stays within the budget on 4096 octets of %s', (pattern) => {
    const unit = octets(pattern);
    const content = Uint8Array.from({ length: 4096 }, (_, i) => (i === 0 ? 0xcc : (unit[i % unit.length] as number)));
    const scan = new CodeScan();
    scan.examine(content, 0, content.length, 'argument', OPTIONS);
    expect(scan.steps).toBeGreaterThan(1000);
    expect(scan.steps).toBeLessThan(STEP_BUDGET);
  });

  it('ends at the budget: from then on no place holds an instruction', () => {
    const content = octets('90*4096');
    const listing = new Listing();
    listing.begin(content, 0, content.length);
    let runnable = 0;
    for (let i = 0; i < STEP_BUDGET; i++) if (canRun(listing.instruction(i & 4095, false))) runnable++;
    expect(runnable).toBe(STEP_BUDGET);
    expect([listing.instruction(0, false), listing.instruction(0, true)]).toEqual([CODE.undefined, CODE.undefined]);
    expect(listing.steps).toBe(STEP_BUDGET);
    listing.begin(content, 0, content.length);
    expect(canRun(listing.instruction(0, false))).toBe(true);
  });

  it('grows with the length only', () => {
    fc.assert(
      fc.property(anyOctets(4096), fc.constantFrom(...KINDS), (content, kind) => {
        const scan = new CodeScan();
        scan.examine(content, 0, content.length, kind, OPTIONS);
        expect(scan.steps).toBeLessThanOrEqual(STEP_BUDGET);
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});
