import { describe, expect, it } from 'vitest';
import { RememberedPast } from '../../engine/correlate/past.js';
import type { Fact } from '../../engine/protections/record.js';

const MINUTE = 60_000_000;

function factAt(timeUs: number): Fact {
  const ends = { clientAddress: '198.51.100.7', clientPort: 40_000, serverAddress: '10.0.0.25', serverPort: 25 };
  return { index: 0, kind: 'told', values: {}, record: null, timeUs, sessionId: 1, line: 1, ...ends };
}

function pastAt(past: RememberedPast, timeUs: number): RememberedPast {
  past.fact = factAt(timeUs);
  return past;
}

describe('the first of its kind', () => {
  it('is first once within the window, and again after it', () => {
    const past = new RememberedPast(100);
    const asked = [0, 1, MINUTE, MINUTE + 1].map((timeUs, i) =>
      pastAt(past, timeUs).isFirst('key', `owner ${i}`, MINUTE),
    );
    expect(asked).toEqual([true, false, false, true]);
  });

  it('stays first for the one who came first', () => {
    const past = new RememberedPast(100);
    const asked = ['a', 'b', 'a'].map((owner, i) => pastAt(past, i).isFirst('key', owner, MINUTE));
    expect(asked).toEqual([true, false, true]);
  });
});

describe('counting within a sliding window', () => {
  it('forgets what the window has left behind', () => {
    const past = new RememberedPast(100);
    const counts = [0, 10, MINUTE - 1, MINUTE, MINUTE + 11].map((timeUs) => pastAt(past, timeUs).count('key', MINUTE));
    expect(counts).toEqual([1, 2, 3, 3, 3]);
  });

  it('tells different values apart, and a value seen again is no further one', () => {
    const past = new RememberedPast(100);
    const counts = ['a', 'b', 'a', 'c'].map((value, i) => pastAt(past, i).distinct('key', value, MINUTE));
    expect(counts).toEqual([1, 2, 2, 3]);
    expect(pastAt(past, MINUTE + 2).distinct('key', 'd', MINUTE)).toBe(2);
  });
});

describe('tallies', () => {
  it('are told when their window is over, if something followed the first', () => {
    const past = new RememberedPast(100);
    expect([0, 5, 9].map((timeUs) => pastAt(past, timeUs).tally('busy', MINUTE))).toEqual([0, 1, 2]);
    pastAt(past, 20).tally('quiet', MINUTE);
    expect(past.nextDueUs).toBe(MINUTE);
    expect(past.due(MINUTE - 1)).toEqual([]);
    expect(past.due(MINUTE).map(({ first, last, count }) => [first.timeUs, last.timeUs, count])).toEqual([[0, 9, 2]]);
  });

  it('go on in the next window for a key that was busy, without a first of its own', () => {
    const past = new RememberedPast(100);
    pastAt(past, 0).tally('busy', MINUTE);
    pastAt(past, 1).tally('busy', MINUTE);
    past.due(MINUTE);
    expect(pastAt(past, MINUTE + 1).tally('busy', MINUTE)).toBe(1);
    expect(past.due(2 * MINUTE).map(({ count }) => count)).toEqual([1]);
    expect(past.due(3 * MINUTE)).toEqual([]);
    expect(pastAt(past, 3 * MINUTE).tally('busy', MINUTE)).toBe(0);
  });
});

describe('the bound', () => {
  it('forgets the key that was touched longest ago, and counts it', () => {
    const past = new RememberedPast(2);
    for (const key of ['a', 'b', 'c']) pastAt(past, 0).isFirst(key, key, MINUTE);
    expect(past.forgotten).toBe(1);
    expect(['c', 'b', 'a'].map((key) => pastAt(past, 1).isFirst(key, 'other', MINUTE))).toEqual([false, false, true]);
  });
});
