/** Tags of every length are told apart, as far as they are kept, also in a slot that held a longer one before. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutstandingCommands } from '../../engine/protocols/imap/outstanding.js';

/** Octets of a tag that are compared; of what follows only the number counts. */
const KEPT = 64;
/** Around the octets that a slot holds as numbers, and around those that it holds at all. */
const EDGES = [1, 3, 4, 5, 7, 8, 9, 12, 63, 64, 65];

/** The tag with something before it and behind it. */
const padded = (tag: Uint8Array): Uint8Array => Uint8Array.from([0x7e, ...tag, 0x7e, 0x7e]);
const tagOf = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const someTag = fc.constantFrom(...EDGES).chain(tagOf);

const add = (waiting: OutstandingCommands, tag: Uint8Array, verb = 1): ReturnType<OutstandingCommands['add']> =>
  waiting.add(padded(tag), 1, 1 + tag.length, verb, 1);
const find = (waiting: OutstandingCommands, tag: Uint8Array): ReturnType<OutstandingCommands['find']> =>
  waiting.find(padded(tag), 1, 1 + tag.length);

function changedAt(tag: Uint8Array, index: number): Uint8Array {
  const changed = Uint8Array.from(tag);
  changed[index] = (changed[index] as number) ^ 0x81;
  return changed;
}

describe('a command that waits', () => {
  it.each(EDGES)('is found by its tag of %d octets, and by no other one', (length) => {
    fc.assert(
      fc.property(tagOf(length), (tag) => {
        const waiting = new OutstandingCommands();
        const slot = add(waiting, tag);
        expect(find(waiting, tag)).toBe(slot);
        for (let i = 0; i < length; i++) expect(find(waiting, changedAt(tag, i))).toBe(i < KEPT ? null : slot);
        expect(find(waiting, tag.subarray(0, length - 1))).toBeNull();
        expect(find(waiting, Uint8Array.from([...tag, 0]))).toBeNull();
        expect(find(waiting, Uint8Array.from([0, ...tag]))).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  it('is found in a slot that held another tag before, which is not found any more', () => {
    fc.assert(
      fc.property(fc.array(someTag, { minLength: 2, maxLength: 6 }), (tags) => {
        const waiting = new OutstandingCommands();
        let before: Uint8Array | null = null;
        const slots = new Set<unknown>();
        for (const tag of tags) {
          const slot = add(waiting, tag);
          slots.add(slot);
          expect(find(waiting, tag)).toBe(slot);
          if (before !== null && !isKeptAlike(before, tag)) expect(find(waiting, before)).toBeNull();
          waiting.remove(slot);
          expect(find(waiting, tag)).toBeNull();
          before = tag;
        }
        expect(slots.size).toBe(1);
      }),
    );
  });

  it('with a shorter tag has nothing of the longer one before it in the slot', () => {
    const long = Uint8Array.from({ length: 65 }, (_, i) => 0x41 + (i % 26));
    for (const length of [64, 9, 8, 5, 4, 1]) {
      const waiting = new OutstandingCommands();
      waiting.remove(add(waiting, long));
      const shorter = long.slice(0, length);
      const slot = add(waiting, shorter, 7);
      expect([find(waiting, shorter), find(waiting, long)]).toEqual([slot, null]);
      expect(find(waiting, changedAt(shorter, length - 1))).toBeNull();
    }
  });

  it('is found among others that differ in one octet only, the oldest when a tag is used twice', () => {
    fc.assert(
      fc.property(someTag, fc.nat(), (tag, at) => {
        const waiting = new OutstandingCommands();
        const other = changedAt(tag, at % Math.min(tag.length, KEPT));
        const slots = [add(waiting, other), add(waiting, tag), add(waiting, tag)];
        expect([find(waiting, other), find(waiting, tag)]).toEqual([slots[0], slots[1]]);
        expect(find(waiting, tag)).toBe(slots[1]);
      }),
    );
  });
});

function isKeptAlike(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one.subarray(0, KEPT), other.subarray(0, KEPT)) === 0;
}
