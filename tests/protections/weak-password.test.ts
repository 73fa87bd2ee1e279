/** Weak passwords across connections: what is said once, and how often a client is named in an hour. */
import { describe, expect, it } from 'vitest';
import { Correlator } from '../../engine/correlate/correlator.js';
import { parsePolicy } from '../../engine/policy/parse.js';
import { ProtectionRunner } from '../../engine/protections/run.js';
import type { Fact } from '../../engine/protections/record.js';
import { connectionView, login } from './made-events.js';

const HOUR_US = 3_600_000_000;
const policy = parsePolicy('{}', 'test');

interface Attempt {
  readonly session: number;
  readonly user: string;
  readonly password: string;
  readonly timeUs: number;
  readonly client?: string;
  readonly server?: string;
  readonly accepted?: 'yes' | 'no';
}

/** What is released of these logins: session and severity of each, an outcome again where it replaces its attempt. */
function released(attempts: readonly Attempt[]): { found: string[]; facts: Fact[] } {
  const found: string[] = [];
  const facts: Fact[] = [];
  const correlator = new Correlator(policy, ({ fact, record }) => found.push(`${fact.sessionId} ${record.severity}`));
  const runner = new ProtectionRunner(policy);
  for (const { session, user, password, timeUs, client, server, accepted } of attempts) {
    const view = connectionView('pop3', {
      id: session,
      clientAddress: client ?? '198.51.100.7',
      serverAddress: server ?? '10.0.0.25',
      serverPort: 110,
    });
    const judged = runner.open(view);
    judged.onFact = (fact) => {
      facts.push(fact);
      correlator.take(fact);
    };
    judged.emit(login(user, password, 4, { timeUs }));
    if (accepted !== undefined) judged.emit(login(user, password, 4, { timeUs, phase: 'outcome', accepted }));
  }
  return { found, facts };
}

describe('a weak password', () => {
  const bob = { user: 'bob', password: 'bob123', timeUs: 0 };

  it('is one finding per server, user and reason in a day', () => {
    const { found } = released([
      { ...bob, session: 1 },
      { ...bob, session: 2, timeUs: 24 * HOUR_US },
      { ...bob, session: 3, user: 'BOB', timeUs: 5 },
      { ...bob, session: 4, password: 'password' },
      { ...bob, session: 5, user: 'eve', password: 'eve1' },
      { ...bob, session: 6, server: '10.0.0.26' },
      { ...bob, session: 7, timeUs: 24 * HOUR_US + 1 },
    ]);
    expect(found).toEqual(['1 low', '4 low', '5 low', '6 low', '7 low']);
  });

  it('is replaced by the outcome of the same login', () => {
    expect(released([{ ...bob, session: 1, accepted: 'yes' }]).found).toEqual(['1 low', '1 high']);
    expect(released([{ ...bob, session: 1, accepted: 'no' }]).found).toEqual(['1 low', '1 low']);
  });

  it('is not hidden by a guess that came before, and then said once', () => {
    const { found } = released([
      { ...bob, session: 1, accepted: 'no', client: '203.0.113.9' },
      { ...bob, session: 2, timeUs: 10, accepted: 'yes' },
      { ...bob, session: 3, timeUs: 20, accepted: 'yes' },
    ]);
    expect(found).toEqual(['1 low', '1 low', '2 high']);
  });

  it('is said ten times of one client in an hour', () => {
    const users = Array.from({ length: 12 }, (_, i) => ({
      ...bob,
      session: i + 1,
      user: `u${i}`,
      password: 'password',
      timeUs: i,
    }));
    const later = { ...bob, session: 13, user: 'later', password: 'password', timeUs: HOUR_US + 1 };
    const another = { ...bob, session: 14, user: 'other', password: 'password', client: '198.51.100.8' };
    expect(released([...users, later, another]).found.map((line) => line.split(' ')[0])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '13',
      '14',
    ]);
  });

  it('counts the addresses of one IPv6 network as one client', () => {
    const users = Array.from({ length: 11 }, (_, i) => ({
      ...bob,
      session: i + 1,
      user: `u${i}`,
      password: 'password',
      client: `2001:db8:0:1::${i + 1}`,
    }));
    expect(released(users).found).toHaveLength(10);
  });

  it('goes nowhere, only its reason does', () => {
    const { facts } = released([{ ...bob, session: 1, password: 'Bob123', accepted: 'yes' }]);
    expect(facts.map((fact) => fact.values)).toEqual([
      { user: 'bob', rule: 'w3' },
      { user: 'bob', rule: 'w3' },
    ]);
    expect(JSON.stringify(facts)).not.toMatch(/bob123/i);
  });
});
