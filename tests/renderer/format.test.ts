// @vitest-environment happy-dom
import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { countOf, formatBytes, percentOf, withUnit } from '../../renderer/format/numbers.js';
import { withCode } from '../../renderer/format/code-words.js';
import { formatDuration, formatMoment, formatRange, spansDays } from '../../renderer/format/time.js';
import { formatEndpoint } from '../../renderer/format/words.js';
import { START_US } from './fake-sessions.js';

const DAY_US = 86_400_000_000;

describe('numbers', () => {
  it('of octets have decimal units and one digit', () => {
    expect([0, 999, 1000, 48_211, 999_960, 2_100_000_000].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '48.2 kB',
      '1.0 MB',
      '2.1 GB',
    ]);
  });

  it('agree with their nouns', () => {
    expect([
      countOf(1, 'finding'),
      countOf(1200, 'finding'),
      withUnit(1, 'bytes'),
      withUnit(1400, 'bytes'),
      withUnit(7, ''),
    ]).toEqual(['1 finding', '1,200 findings', '1 byte', '1,400 bytes', '7']);
  });

  it('of progress are 100 only when all is done', () => {
    expect([percentOf(0, 0), percentOf(1, 3), percentOf(999, 1000), percentOf(5, 5), percentOf(6, 5)]).toEqual([
      0, 33, 99, 100, 100,
    ]);
  });
});

describe('times', () => {
  it('are UTC, with the day where the capture spans several', () => {
    expect([formatMoment(START_US, false), formatMoment(START_US, true)]).toEqual([
      '03:12:08.114',
      '2026-11-20 03:12:08.114',
    ]);
    expect([spansDays(START_US, START_US + 1), spansDays(START_US, START_US + DAY_US), spansDays(null, 1)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('of a range name the day once', () => {
    expect([
      formatRange(START_US, START_US + 3_600_000_000),
      formatRange(START_US, START_US + DAY_US),
      formatRange(null, null),
    ]).toEqual(['2026-11-20 03:12 to 04:12', '2026-11-20 03:12 to 2026-11-21 03:12', '']);
  });

  it('that no calendar has are left out instead of breaking the table', () => {
    expect([
      formatMoment(Number.NaN, false),
      formatMoment(9e18, false),
      formatMoment(300_000_000_000_000_000, true),
    ]).toEqual(['', '', '+011476-08-15 05:20:00.000']);
  });

  it('of durations take the unit that fits', () => {
    expect([38_400, 1_234_000, 250_000_000, 7_500_000_000, -5].map(formatDuration)).toEqual([
      '38 ms',
      '1.2 s',
      '4 min 10 s',
      '2 h 5 min',
      '0 ms',
    ]);
  });
});

it('endpoints put IPv6 into brackets', () => {
  expect([
    formatEndpoint({ address: '10.0.0.25', port: 25 }),
    formatEndpoint({ address: '2001:db8::1', port: 143 }),
  ]).toEqual(['10.0.0.25:25', '[2001:db8::1]:143']);
});

describe('code within a text', () => {
  it('stands between two backticks; one alone is a character', () => {
    const { container } = render(withCode('raise `base` or `limit`, not ` this'));
    expect(container.innerHTML).toBe('raise <code>base</code> or <code>limit</code>, not ` this');
    expect(withCode('plain')).toBe('plain');
  });
});
