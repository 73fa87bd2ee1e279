import { describe, expect, it } from 'vitest';
import { inTranscriptOrder, measureBar, stepFinding } from '../../renderer/session/finding-order.js';
import { fakeFindings, fakeSession } from './fake-sessions.js';

const ORDERED = inTranscriptOrder([...fakeFindings(fakeSession(1))].reverse());
const lineAfter = (current: number | null, active: number, step: 1 | -1) =>
  stepFinding(ORDERED, current, active, step)?.line ?? null;

describe('walking through findings', () => {
  it('follows the lines of the transcript', () => {
    expect(ORDERED.map((finding) => finding.line)).toEqual([7, 11, 13]);
  });

  it('goes on from the current finding, and around the ends', () => {
    const [first, second, third] = ORDERED.map((finding) => finding.id);
    expect([lineAfter(first!, 0, 1), lineAfter(second!, 0, 1), lineAfter(third!, 0, 1)]).toEqual([11, 13, 7]);
    expect([lineAfter(first!, 0, -1), lineAfter(second!, 0, -1), lineAfter(third!, 0, -1)]).toEqual([13, 7, 11]);
  });

  it('starts from the active line when there is no current finding', () => {
    expect([lineAfter(null, 0, 1), lineAfter(null, 8, 1), lineAfter(null, 50, 1)]).toEqual([7, 11, 7]);
    expect([lineAfter(null, 12, -1), lineAfter(null, 3, -1)]).toEqual([11, 13]);
  });

  it('leads nowhere without findings', () => {
    expect(stepFinding([], null, 0, 1)).toBeNull();
  });
});

describe('the bar of a finding', () => {
  it('is full at the measured value and ticks at the limit', () => {
    expect(measureBar(1000, 250)).toEqual({ filled: 100, tick: 25 });
    expect(measureBar(3, 0)).toEqual({ filled: 100, tick: 0 });
    expect(measureBar(2, 8)).toEqual({ filled: 25, tick: 100 });
  });

  it('is absent where there is nothing to compare', () => {
    expect([measureBar(null, 5), measureBar(5, null), measureBar(0, 0)]).toEqual([null, null, null]);
  });
});
