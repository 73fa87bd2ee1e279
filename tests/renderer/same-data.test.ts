import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameData, keepSame } from '../../renderer/views/same-data.js';

describe('data that came again', () => {
  it('stays the same objects where it is equal', () => {
    const before = [
      { id: 1, client: { address: '10.0.0.1', port: 25 }, tags: ['gaps'] },
      { id: 2, client: { address: '10.0.0.2', port: 25 }, tags: [] },
    ];
    const now = structuredClone(before);
    expect(keepSame(before, now)).toBe(before);
    const changed = [structuredClone(before[0]!), { ...structuredClone(before[1]!), tags: ['one-sided'] }];
    const kept = keepSame(before, changed);
    expect(kept).toEqual(changed);
    expect(kept.map((row, i) => row === before[i])).toEqual([true, false]);
  });

  it('is a new list when there are more or fewer of it', () => {
    expect(keepSame([1, 2], [1])).toEqual([1]);
    expect(keepSame([1], [1, 2])).toEqual([1, 2]);
    expect(keepSame(undefined, [1])).toEqual([1]);
  });

  it('is another thing as a list than as an object', () => {
    expect([isSameData({}, []), isSameData([], {}), isSameData([1], { 0: 1 })]).toEqual([false, false, false]);
  });

  it('is the same exactly when it looks the same', () => {
    const data = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(data, data, (one, other) => {
        expect(isSameData(one, structuredClone(one))).toBe(true);
        const sorted = (value: unknown): string => JSON.stringify(value, sortedKeys);
        if (sorted(one) !== sorted(other)) expect(isSameData(one, other)).toBe(false);
      }),
    );
  });
});

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
