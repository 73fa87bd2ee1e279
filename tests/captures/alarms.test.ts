/**
 * Every alarm at medium or above on the public captures stands in a table with
 * the reason why it is right: what cannot be justified is a false alarm.
 */
import { describe, expect, it } from 'vitest';
import { Pipeline, profilePolicy } from '../../engine/index.js';
import { SEVERITY_RANK } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';
import { ALARMS } from './alarms.js';
import { captureNames, capturePath, readCapture } from './real-captures.js';

/** `high smtp-bad-greeting x3`: how many sessions of the capture. */
function alarmsOf(octets: Buffer): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = ({ severity, protection }: Violation): void => {
    if (SEVERITY_RANK[severity] < SEVERITY_RANK.medium) return;
    const alarm = `${severity} ${protection}`;
    counts[alarm] = (counts[alarm] ?? 0) + 1;
  };
  const sink = {
    sessionClosed: (session: { violations(): readonly Violation[] }) => session.violations().forEach(count),
    finding: count,
  };
  const pipeline = new Pipeline({ policy: profilePolicy('modern'), sink });
  pipeline.push(octets);
  pipeline.end();
  return counts;
}

describe.skipIf(captureNames('mail').length === 0)('alarms on public captures', () => {
  it.each(captureNames('mail'))('%s has those that the table justifies, and no others', (name) => {
    const expected = Object.entries(ALARMS[name] ?? {}).map(([alarm, { sessions }]) => [alarm, sessions]);
    expect(alarmsOf(readCapture(capturePath('mail', name)))).toEqual(Object.fromEntries(expected));
  });

  it('are justified for captures that are there', () => {
    expect(Object.keys(ALARMS).filter((name) => !captureNames('mail').includes(name))).toEqual([]);
  });
});
