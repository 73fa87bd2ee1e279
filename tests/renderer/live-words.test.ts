import { describe, expect, it } from 'vitest';
import {
  activityWords,
  droppedHint,
  droppedWords,
  lagBytes,
  liveWord,
  rateOf,
  ringHint,
  ringWords,
} from '../../renderer/live/live-words.js';
import { canSave } from '../../renderer/store/live-desk.js';
import { IDLE } from '../../renderer/store/initial.js';
import { leftWords } from '../../renderer/welcome/left-captures.js';
import { refusalsOf } from '../../renderer/welcome/permission-help.js';
import { SPARK_SAMPLES, sparkPoints } from '../../renderer/welcome/sparkline.js';
import { FAKE_LEFT, fakeLive, REFUSED_INTERFACES } from './fake-live.js';

describe('the words of a live capture', () => {
  it('name its state', () => {
    const phases = ['starting', 'running', 'stopped', 'failed'] as const;
    expect(phases.map((phase) => liveWord(fakeLive({ phase })))).toEqual(['Starting', 'Live', 'Stopped', 'Ended']);
    const problem = { code: 'disk-full', message: 'No room.', hint: 'Make some.' };
    expect(liveWord(fakeLive({ phase: 'running', problem }))).toBe('Ended');
  });

  it('never make a number of drops that nobody counted', () => {
    expect([null, 0, 1204].map((dropped) => droppedWords(fakeLive({ dropped })))).toEqual(['not known', '0', '1,204']);
    expect(droppedHint(fakeLive({ engine: 'cap' }))).toBe('Not known: cap does not say how many packets were dropped');
    expect(droppedHint(fakeLive({ engine: 'dumpcap' }))).toMatch(/^Not known yet/);
    expect(droppedHint(fakeLive({ engine: 'dumpcap', phase: 'failed' }))).toMatch(/^Not known:/);
  });

  it('say how far inspection is behind, and never less than nothing', () => {
    expect(lagBytes(fakeLive({ writtenBytes: 900, inspectedBytes: 400 }))).toBe(500);
    expect(lagBytes(fakeLive({ writtenBytes: 400, inspectedBytes: 900 }))).toBe(0);
  });

  it('say how full the ring is, and what was given up once it was', () => {
    const live = fakeLive({ keptBytes: 250, ringFiles: 2 });
    expect(ringWords(live, 1000)).toBe('25%');
    expect(ringWords(live, 0)).toBe('250 B');
    expect(ringWords(fakeLive({ ringDiscarded: 3 }), 1000)).toBe('full, 3 given up');
    expect(ringHint(live, 1000)).toContain('250 B of 1.0 kB in 2 files');
    expect(ringHint(fakeLive({ ringDiscarded: 1 }), 1000)).toContain('The oldest file was given up 1 time:');
  });

  it('can be saved once a packet came, and when it was reopened', () => {
    const status = { ...IDLE, path: '/captures/left', phase: 'live' as const };
    expect(canSave({ ...status, live: fakeLive() }, [])).toBe(true);
    expect(canSave({ ...status, live: fakeLive({ packets: 0 }) }, [])).toBe(false);
    expect(canSave({ ...status, phase: 'done' }, [FAKE_LEFT])).toBe(true);
    expect(canSave({ ...status, phase: 'done' }, [])).toBe(false);
    expect(canSave({ ...status, phase: 'failed', live: fakeLive() }, [])).toBe(false);
  });
});

describe('the activity of an interface', () => {
  it('is a line that ends at the right, with the greatest value on top', () => {
    expect(sparkPoints([0, 5, 10], 118, 22)).toBe('114,21 116,11 118,1');
    expect(sparkPoints([0, 0], 118, 22)).toBe('116,21 118,21');
  });

  it('is no line before there are two samples, and never longer than a minute', () => {
    expect([sparkPoints([], 96, 20), sparkPoints([3], 96, 20)]).toEqual(['', '']);
    const points = sparkPoints(
      Array.from({ length: 200 }, () => 1),
      96,
      20,
    ).split(' ');
    expect([points.length, points[0], points.at(-1)]).toEqual([SPARK_SAMPLES, '0,1', '96,1']);
  });

  it('has words for who cannot see the line', () => {
    expect(activityWords([])).toBe('activity not known yet');
    expect(activityWords([40, 0.25, 1204.4])).toBe('1,204 packets/s, at most 1,204 in the last 3 seconds');
    expect([0, 0.04, 0.5, 1, 12.6].map(rateOf)).toEqual(['0', '0', '0.5', '1', '13']);
  });
});

describe('what the welcome screen says', () => {
  it('of a capture that nobody saved', () => {
    expect(leftWords(FAKE_LEFT)).toBe('A capture of eth0 from 2026-11-19 22:05 UTC was not ended, 1.2 MB.');
    expect(leftWords({ ...FAKE_LEFT, ended: true })).toContain('was not saved');
  });

  it('of a refusal: each reason once, those with a command first', () => {
    const permissions = REFUSED_INTERFACES[0]?.permissions ?? [];
    expect(refusalsOf([...permissions].reverse()).map(({ engines, fix }) => [engines, fix === ''])).toEqual([
      [['tcpdump'], false],
      [['dumpcap'], false],
      [['cap'], true],
    ]);
    const same = permissions.map((permission) => ({ ...permission, reason: 'eth0 is down.' }));
    expect(refusalsOf(same).map(({ engines }) => engines)).toEqual([['dumpcap', 'cap', 'tcpdump']]);
  });
});
