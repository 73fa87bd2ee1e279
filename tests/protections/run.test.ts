import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../engine/limits.js';
import { NO_NETWORKS } from '../../engine/policy/profiles.js';
import type { EffectivePolicy } from '../../engine/policy/policy.js';
import { resolveSettings } from '../../engine/policy/settings.js';
import { KNOWLEDGE, type CommandEvent, type ProtocolEvent } from '../../engine/protocols/events.js';
import {
  protection,
  type Finding,
  type PrecedenceClass,
  type Protection,
} from '../../engine/protections/protection.js';
import { ProtectionRunner, type JudgedConnection } from '../../engine/protections/run.js';
import type { Occurrence } from '../../engine/protections/record.js';
import { command, connectionView, end, login, partialCommand, reply } from './made-events.js';

/** Reports where `find` finds something in a command line, whole or partial. */
function rule(
  id: string,
  find: (event: CommandEvent, text: string) => Partial<Finding> | null,
  precedence: PrecedenceClass = 'format',
) {
  const check = (event: CommandEvent, context: { report(finding: Finding): void }): void => {
    const text = Buffer.from(event.buffer.subarray(event.start, event.end)).toString('latin1');
    const found = find(event, text);
    if (found !== null) context.report({ event, detail: `${id} fired.`, ...found });
  };
  return protection({ ...TEXTS, id, title: id, precedence, on: { command: check, partialCommand: check } });
}

const TEXTS = {
  protocols: ['smtp'],
  attackName: 'Name',
  attackInfo: 'Information',
  why: '',
  sources: [],
  references: ['RFC 5321'],
  severity: 'medium',
  confidence: 80,
  remedy: 'Do something.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: [],
} as const;

function marking(id: string, word: string, precedence: PrecedenceClass): Protection<unknown> {
  return rule(
    id,
    (event, text) => {
      const at = text.indexOf(word);
      return at === -1 ? null : { start: event.start + at, end: event.start + at + word.length };
    },
    precedence,
  );
}

function policyOf(
  protections: readonly Protection<unknown>[],
  servers: readonly string[] | null = null,
): EffectivePolicy {
  const active = protections.map((one) => ({
    protection: one,
    action: 'detect' as const,
    settings: resolveSettings(one.settings),
    servers,
  }));
  return {
    name: 'test',
    profile: 'modern',
    active,
    inactive: [],
    catalogueSize: active.length,
    limits: DEFAULT_LIMITS,
    networks: NO_NETWORKS,
    perimeter: null,
  };
}

function judge(protections: readonly Protection<unknown>[], events: readonly ProtocolEvent[]): JudgedConnection {
  const judged = new ProtectionRunner(policyOf(protections)).open(connectionView('smtp'));
  for (const event of events) judged.emit(event);
  return judged;
}

const long = rule('long', (event) =>
  event.lengthBytes > 10 ? { measured: event.lengthBytes, limit: 10, unit: 'bytes' } : null,
);

describe('one violation per protection and connection', () => {
  it('is recorded with its first place, its count, its worst severity and its greatest measure', () => {
    const graded = rule('graded', (event, text) => ({
      severity: text.includes('!') ? 'high' : 'low',
      measured: event.lengthBytes,
      limit: 4,
      unit: 'bytes',
      detail: `${text.length} octets.`,
    }));
    const judged = judge([graded], [command('NOOP', 1), command('NOOP abc!', 3), command('NOOP a', 5), end(6)]);
    expect(judged.records()).toEqual([
      {
        protection: 'graded',
        title: 'graded',
        attackName: 'Name',
        attackInfo: 'Information',
        severity: 'high',
        confidence: 80,
        knowledge: 'synced',
        timeUs: 1_000_001,
        packet: 11,
        direction: 'to_server',
        offset: 1000,
        length: 4,
        line: 1,
        measured: 11,
        limit: 4,
        unit: 'bytes',
        count: 3,
        state: 'READY',
        evidence: 'NOOP',
        detail: '4 octets. Worse on line 3: 9 octets.',
        action: 'detect',
        also: [],
        remedy: 'Do something.',
        references: ['RFC 5321'],
        protocol: 'smtp',
      },
    ]);
    expect(judged.counts).toEqual({ critical: 0, high: 1, medium: 0, low: 0, info: 0 });
    expect([judged.worst, judged.violationCount]).toEqual(['high', 1]);
  });

  it('takes its log words from the worst, wherever that came', () => {
    const found = rule('worse-later', (_event, text) =>
      text.startsWith('X')
        ? { severity: 'high', attackInfo: 'Overflow' }
        : { severity: 'low', attackInfo: 'Malformed', detail: 'First.' },
    );
    const judged = judge([found], [command('NOOP', 1), command('X', 2), command('HELP', 3), end(4)]);
    expect(judged.records().map(({ line, severity, attackInfo }) => [line, severity, attackInfo])).toEqual([
      [1, 'high', 'Overflow'],
    ]);
  });

  it('is told as an occurrence each time', () => {
    const occurrences: Occurrence[] = [];
    const judged = new ProtectionRunner(policyOf([marking('found', 'X', 'format')])).open(connectionView('smtp'));
    judged.onOccurrence = (occurrence) => occurrences.push(occurrence);
    for (const event of [command('NOOP X', 1), command('HELP', 2), command('X', 3), end(4)]) judged.emit(event);
    const common = { protection: 'found', severity: 'medium', direction: 0, length: 1 };
    expect(occurrences).toEqual([
      { ...common, line: 1, offset: 1005 },
      { ...common, line: 3, offset: 3000 },
    ]);
  });

  it('is counted but not recorded beyond the bound of the session', () => {
    const policy = {
      ...policyOf([long, marking('second', 'N', 'format')]),
      limits: { ...DEFAULT_LIMITS, violationsPerSession: 1 },
    };
    const judged = new ProtectionRunner(policy).open(connectionView('smtp'));
    for (const event of [command('RSET long enough', 1), command('NOOP', 2), end(3)]) judged.emit(event);
    expect(judged.records().map((record) => record.protection)).toEqual(['long']);
    expect([judged.violationCount, judged.unrecorded, judged.counts.medium]).toEqual([2, 1, 2]);
  });
});

describe('a line that is seen more than once', () => {
  it('counts once, with the measure of its whole', () => {
    const judged = judge(
      [long],
      [
        partialCommand('NOOP 67890 12', 1),
        partialCommand('NOOP 67890 12345', 1),
        command('NOOP 67890 1234567', 1),
        end(2),
      ],
    );
    expect(judged.records().map(({ count, measured, evidence }) => ({ count, measured, evidence }))).toEqual([
      { count: 1, measured: 20, evidence: 'NOOP 67890 1234567' },
    ]);
  });

  it('loses a finding that rested on its beginning only', () => {
    const endsInQ = rule('ends-in-q', (_, text) => (text.endsWith('Q') ? {} : null));
    const judged = judge([endsInQ], [partialCommand('NOOP Q', 1)]);
    expect(judged.violationCount).toBe(1);
    const before = judged.version;
    judged.emit(command('NOOP QR', 1));
    expect([judged.violationCount, judged.records()]).toEqual([0, []]);
    expect(judged.version).toBeGreaterThan(before);
  });

  it('keeps the last finding about a line that never ended', () => {
    const judged = judge([long], [partialCommand('NOOP 67890 12', 1), partialCommand('NOOP 67890 12345', 1), end(1)]);
    expect(judged.records().map(({ count, measured }) => [count, measured])).toEqual([[1, 16]]);
  });

  it('keeps its place when another direction speaks in between', () => {
    const judged = judge(
      [long],
      [partialCommand('NOOP 67890 12', 1), reply('421 closing', 2), command('NOOP 67890 1234', 1), end(2)],
    );
    expect(judged.records().map(({ count, measured }) => [count, measured])).toEqual([[1, 17]]);
  });

  it('may be reported again after later lines of a client that did not wait', () => {
    const outcome = protection({
      ...TEXTS,
      id: 'outcome',
      title: 'outcome',
      precedence: 'policy',
      on: {
        login: (event, context) =>
          context.report({ event, severity: event.accepted === 'yes' ? 'high' : 'low', detail: event.accepted }),
      },
    });
    const events = [
      login('bob', 'first', 1, { protocol: 'smtp' }),
      login('bob', 'second', 2, { protocol: 'smtp' }),
      login('bob', 'first', 1, { protocol: 'smtp', phase: 'outcome', accepted: 'yes' }),
      end(3),
    ];
    const judged = judge([outcome], events);
    expect(judged.records().map(({ count, severity, detail, line }) => ({ count, severity, detail, line }))).toEqual([
      { count: 2, severity: 'high', detail: 'yes', line: 1 },
    ]);
  });
});

describe('findings on the same octets', () => {
  const unknown = marking('unknown', 'XFOO', 'unknown');
  const format = marking('format', 'OO bar', 'format');
  const signature = marking('signature', 'bar', 'signature');

  it('fire by precedence and name the others, whatever their order in the policy', () => {
    for (const order of [
      [unknown, format],
      [format, unknown],
    ]) {
      const judged = judge(order, [command('XFOO bar', 1), end(2)]);
      expect(judged.records().map(({ protection: id, also }) => ({ id, also }))).toEqual([
        { id: 'format', also: ['unknown'] },
      ]);
    }
  });

  it('fire each for itself where they do not overlap with one that fires', () => {
    const judged = judge([unknown, format, signature], [command('XFOO bar', 1), end(2)]);
    expect(judged.records().map(({ protection: id, also }) => ({ id, also }))).toEqual([
      { id: 'signature', also: ['format'] },
      { id: 'unknown', also: [] },
    ]);
  });

  it('are folded only on lines where they meet', () => {
    const judged = judge([unknown, format], [command('XFOO bar', 1), command('XFOO', 2), end(3)]);
    expect(judged.records().map(({ protection: id, also, line, count }) => ({ id, also, line, count }))).toEqual([
      { id: 'format', also: ['unknown'], line: 1, count: 1 },
      { id: 'unknown', also: [], line: 2, count: 1 },
    ]);
  });
});

describe('who is asked', () => {
  it('leaves out a protection that needs to know more of the state', () => {
    const careful = protection({
      ...TEXTS,
      id: 'careful',
      title: '',
      precedence: 'policy',
      minimumKnowledge: KNOWLEDGE.synced,
      on: { command: (event, context) => context.report({ event, detail: '' }) },
    });
    const judged = judge([careful], [command('NOOP', 1, { knowledge: KNOWLEDGE.resynced }), end(2)]);
    expect(judged.violationCount).toBe(0);
  });

  it('leaves out a protection that does not hold for this server', () => {
    const all = rule('all', () => ({}));
    const counts = [['10.0.0.25'], ['10.0.0.0/24'], ['10.0.1.0/24', '2001:db8::/32'], []].map((servers) => {
      const judged = new ProtectionRunner(policyOf([all], servers)).open(connectionView('smtp'));
      judged.emit(command('NOOP', 1));
      return judged.violationCount;
    });
    expect(counts).toEqual([1, 1, 0, 0]);
  });

  it('leaves out provisional lines unless a protection wants them', () => {
    const all = rule('all', () => ({}));
    const wants = { ...rule('wants', () => ({})), hearsProvisional: true };
    const judged = judge([all, wants], [command('NOOP', 1, { provisional: true }), end(2)]);
    expect(judged.records().map((record) => record.protection)).toEqual(['wants']);
  });

  it('leaves out a protection of another protocol', () => {
    const judged = new ProtectionRunner(policyOf([rule('smtp', () => ({}))])).open(connectionView('imap'));
    judged.emit(command('NOOP', 1, { protocol: 'imap' }));
    expect(judged.violationCount).toBe(0);
  });

  it('keeps the memory of one connection apart from that of another', () => {
    const third = protection<{ seen: number }>({
      ...TEXTS,
      id: 'third',
      title: '',
      precedence: 'policy',
      newState: () => ({ seen: 0 }),
      on: {
        command(event, context) {
          if (++context.state.seen === 3) context.report({ event, detail: '' });
        },
      },
    });
    const runner = new ProtectionRunner(policyOf([third]));
    const [a, b] = [runner.open(connectionView('smtp')), runner.open(connectionView('smtp'))];
    for (const judged of [a, b, a, b, a]) judged.emit(command('NOOP', 1));
    expect([a.violationCount, b.violationCount]).toEqual([1, 0]);
  });
});
