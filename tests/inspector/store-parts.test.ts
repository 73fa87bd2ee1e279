import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Float64Column } from '../../inspector/store/columns.js';
import { IdSlots } from '../../inspector/store/id-slots.js';
import { sortByNumber } from '../../inspector/store/radix-sort.js';
import { TextColumn } from '../../inspector/store/text-column.js';
import { sortIdsByText } from '../../inspector/store/text-sort.js';

describe('sorting by numbers', () => {
  it('is stable and equals a comparator, rising and falling, for numbers of any size and sign', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.constantFrom(0, -0, 1, Infinity, -Infinity, 2 ** 52),
    );
    fc.assert(
      fc.property(fc.array(number, { maxLength: 300 }), fc.boolean(), (numbers, descending) => {
        const slots = Uint32Array.from(numbers.keys());
        const by = (a: number, b: number): number =>
          numbers[a]! < numbers[b]! ? -1 : numbers[a]! > numbers[b]! ? 1 : 0;
        const expected = [...slots].sort((a, b) => (descending ? -by(a, b) : by(a, b)));
        expect([...sortByNumber(slots, (slot) => numbers[slot]!, descending)]).toEqual(expected);
      }),
    );
  });
});

describe('sorting by text', () => {
  it('equals a comparison by code unit, whatever the texts have in common', () => {
    const unit = fc.constantFrom('a', 'b', '\u0000', '\u00ff', '\u0100', 'é', '日', '\ud83d\ude00', '\ue000', '\uffff');
    const body = fc.string({ unit, maxLength: 9 });
    const prefix = fc.constantFrom('', 'a', '250 2.0.0 Ok: queued as ', 'aaaaaa', '日日日');
    const texts = fc.uniqueArray(
      fc.tuple(prefix, body).map(([first, last]) => first + last),
      { minLength: 300, maxLength: 700, size: 'max' },
    );
    fc.assert(
      fc.property(texts, (texts) => {
        const sorted = sortIdsByText(Uint32Array.from(texts.keys()), texts);
        expect(Array.from(sorted, (id) => texts[id])).toEqual([...texts].sort());
      }),
      { numRuns: 40 },
    );
  });

  it('ends also with texts that are the same', () => {
    const texts = Array.from({ length: 1000 }, (_, i) => (i < 500 ? 'same text' : ''));
    const sorted = sortIdsByText(Uint32Array.from(texts.keys()), texts);
    expect(Array.from(sorted, (id) => texts[id])).toEqual([...texts].sort());
  });
});

describe('a column of texts', () => {
  it('ranks what its rows have, through any changes, and forgets what none has', () => {
    const change = fc.record({
      slot: fc.nat(19),
      text: fc.constantFrom('', 'a', 'b', 'ab', 'c', 'B', 'z'),
      isRanked: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const column = new TextColumn();
        column.grow(20);
        const texts = Array<string>(20).fill('');
        for (const { slot, text, isRanked } of changes) {
          column.set(slot, text);
          texts[slot] = text;
          if (isRanked) column.ranks();
        }
        const ranks = column.ranks();
        const bySlot = Array.from(column.codes, (code) => ranks[code]!);
        for (const [one, text] of texts.entries()) {
          expect(column.get(one)).toBe(text);
          for (const [other, beside] of texts.entries())
            expect(Math.sign(bySlot[one]! - bySlot[other]!)).toBe(text < beside ? -1 : text > beside ? 1 : 0);
        }
        expect(column.codeCount).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe('slots by id', () => {
  it('are found as in a map, through any history', () => {
    const step = fc.record({
      id: fc.integer({ min: 1, max: 40 }).map((id) => id * 0x1_0000_0000 + (id % 3)),
      isAdded: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const ids = new Float64Column();
        ids.grow(steps.length + 1);
        const slots = new IdSlots(ids);
        const expected = new Map<number, number>();
        for (const [slot, { id, isAdded }] of steps.entries()) {
          const known = expected.get(id);
          if (isAdded) {
            ids.values[slot] = id;
            slots.add(slot);
            expected.set(id, slot);
          } else if (known !== undefined) {
            slots.delete(known);
            expected.delete(id);
          }
        }
        for (const { id } of steps) expect(slots.slotOf(id)).toBe(expected.get(id) ?? -1);
      }),
    );
  });
});
