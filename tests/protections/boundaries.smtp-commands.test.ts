/** Both sides of the numbers that the SMTP protections for commands, recipients and greetings rest on. */
import { describe, expect, it } from 'vitest';
import type { ProtocolEvent } from '../../engine/protocols/events.js';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import { judgeConnections, type MadeConnection } from './judged-connections.js';
import { command, end, octets, reply } from './made-events.js';

const SECOND_US = 1_000_000;
const START_US = 1_000_000;

/** Severity and measure of the only record, or null. */
function judge(
  id: string,
  events: readonly ProtocolEvent[],
  settings: Readonly<Record<string, unknown>> = {},
  view: MadeConnection['view'] = {},
): string | null {
  const policy = { protections: { [id]: { action: 'detect', settings } } };
  const [records = []] = judgeConnections(id, [{ events, view }], policy);
  expect(records.length).toBeLessThanOrEqual(1);
  const [record] = records;
  return record === undefined ? null : `${record.severity} ${record.measured}/${record.limit} x${record.count}`;
}

/** `count` commands, one each `stepUs`. */
function many(text: string, count: number, stepUs = 0): ProtocolEvent[] {
  return Array.from({ length: count }, (_, i) => command(text, i + 1, { timeUs: START_US + i * stepUs }));
}

describe('smtp-max-commands', () => {
  const settings = { limit_without_mail: 1_000_000 };
  it.each([
    [5000, null],
    [5001, 'medium 5001/5000 x1'],
  ])('of %i commands in a connection', (count, expected) => {
    expect(judge('smtp-max-commands', many('QUIT', count), settings)).toBe(expected);
  });

  it.each([
    [100, null],
    [101, 'medium 101/100 x1'],
  ])('of %i commands without a message', (count, expected) => {
    expect(judge('smtp-max-commands', many('QUIT', count))).toBe(expected);
  });

  it('neither counts lines without a verb nor accepted recipients', () => {
    const blank = command('', 500, { verbStart: 5, verbEnd: 5 });
    const rcpt = command('RCPT TO:<a@b.example>', 501);
    const accepted = reply('250 ok', 502, { answers: 'RCPT', answersLine: 501 });
    expect(judge('smtp-max-commands', [...many('QUIT', 100), blank, rcpt, accepted])).toBeNull();
    const rejected = reply('550 no', 502, { answers: 'RCPT', answersLine: 501 });
    expect(judge('smtp-max-commands', [...many('QUIT', 100), rcpt, rejected])).toBe('medium 101/100 x1');
  });
});

describe('smtp-max-no-effect', () => {
  const slow = 10 * SECOND_US;
  it.each([
    [20, null],
    [21, 'low 21/20 x1'],
    [99, 'low 99/20 x79'],
    [100, 'medium 100/20 x80'],
  ])('of %i commands, ten seconds apart', (count, expected) => {
    expect(judge('smtp-max-no-effect', many('NOOP', count, slow))).toBe(expected);
  });

  it.each([
    [10, SECOND_US, null],
    [11, SECOND_US, 'low 11/10 x1'],
    [11, 6 * SECOND_US - 1, 'low 11/10 x1'],
    [11, 6 * SECOND_US, null],
  ])('of %i commands, %i µs apart', (count, stepUs, expected) => {
    expect(judge('smtp-max-no-effect', many('NOOP', count, stepUs))).toBe(expected);
  });

  it('forgives two for each accepted message, and never more than there are', () => {
    const accepted = reply('250 ok', 500, { answers: 'EOD', answersLine: 499, timeUs: START_US });
    const after = many('NOOP', 21, slow).map((event) => ({ ...event, line: event.line + 1000 }));
    expect(judge('smtp-max-no-effect', [accepted, ...after])).toBe('low 21/20 x1');
    expect(judge('smtp-max-no-effect', [...many('NOOP', 2, slow), accepted, ...after.slice(1)])).toBeNull();
    expect(judge('smtp-max-no-effect', [...many('NOOP', 3, slow), accepted, ...after.slice(1)])).toBe('low 21/20 x1');
  });
});

describe('smtp-recipient-no-domain', () => {
  const id = 'smtp-recipient-no-domain';
  /** A connection with one recipient at a time (s). */
  const asks = (name: string, atSeconds: number, view: MadeConnection['view'] = {}): MadeConnection => ({
    view,
    events: [command(`RCPT TO:<${name}>`, 1, { timeUs: START_US + atSeconds * SECOND_US })],
  });
  const worst = (connections: readonly MadeConnection[]): readonly (string | undefined)[] =>
    judgeConnections(id, connections).map(([record]) => record?.severity);

  it('is worse from the fifth name of a source on, over all its connections', () => {
    expect(worst(['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => asks(name, i)))).toEqual([
      'low',
      'low',
      'low',
      'low',
      'high',
      'high',
    ]);
  });

  it('counts names within ten minutes only', () => {
    const at = (last: number) => [asks('a', 0), asks('b', 1), asks('c', 2), asks('d', 3), asks('e', last)];
    expect(worst(at(599))[4]).toBe('high');
    expect(worst(at(600))[4]).toBe('low');
  });

  it('takes the hosts of one IPv6 network for one source, and others not', () => {
    const from = (addresses: readonly string[]) =>
      addresses.map((clientAddress, i) => asks(`name${i}`, i, { clientAddress }));
    const one = [1, 2, 3, 4, 5].map((host) => `2001:db8:0:1::${host}`);
    const two = [1, 2, 3, 4, 5].map((net) => `2001:db8:0:${net}::1`);
    expect(worst(from(one))[4]).toBe('high');
    expect(worst(from(two))[4]).toBe('low');
  });

  it('tells what is odd about the name', () => {
    const detail = (name: string) => judgeConnections(id, [asks(name, 0)])[0]?.[0]?.detail;
    expect(['bob', 'bob%x.example', 'x!bob', '"a@b"'].map(detail)).toEqual([
      'The recipient has no domain.',
      'The recipient has no domain but a host inside its name, a routing hack by which mail is relayed.',
      'The recipient has no domain but a host inside its name, a routing hack by which mail is relayed.',
      'The recipient has no domain: its @ stands within quotes.',
    ]);
  });
});

describe('smtp-mailguard-banner', () => {
  const greets = (atUs: number, view: MadeConnection['view'] = {}): MadeConnection => ({
    view,
    events: [reply('220 mx Postfix 3.5', 1, { answers: 'GREETING', answersLine: 0, timeUs: atUs })],
  });
  const day = 86_400 * SECOND_US;

  it('is told once a day for each server', () => {
    const connections = [
      greets(START_US),
      greets(START_US + SECOND_US),
      greets(START_US + day),
      greets(START_US + day + 1),
      greets(START_US + day + 2, { serverAddress: '10.0.0.26' }),
      greets(START_US + day + 3, { serverPort: 587 }),
    ];
    expect(judgeConnections('smtp-mailguard-banner', connections).map((records) => records.length)).toEqual([
      1, 0, 0, 1, 1, 1,
    ]);
  });

  it('says what is named, without repeating it', () => {
    expect(judgeConnections('smtp-mailguard-banner', [greets(START_US)])[0]?.[0]?.detail).toBe(
      'The greeting names Postfix and its version; told once a day for each server.',
    );
  });
});

describe('smtp-bad-greeting', () => {
  const at = (seconds: number, moreUs = 0): number => START_US + seconds * SECOND_US + moreUs;
  const silent = { isServerSilent: () => true };

  it.each([
    [0, null],
    [1, 'info 300/300 x1'],
  ])('of a client that speaks 300 seconds and %i µs after the start, ungreeted', (moreUs, expected) => {
    expect(judge('smtp-bad-greeting', [command('EHLO a', 1, { timeUs: at(300, moreUs) })], {}, silent)).toBe(expected);
  });

  it.each([
    [0, null],
    [1, 'info 300/300 x1'],
  ])('of a connection that ends 300 seconds and %i µs after the start, ungreeted', (moreUs, expected) => {
    const events = [command('EHLO a', 1, { timeUs: at(1) }), { ...end(2), timeUs: at(300, moreUs) }];
    expect(judge('smtp-bad-greeting', events, {}, silent)).toBe(expected);
  });

  it.each([
    [0, null],
    [1, 'info 300/300 x1'],
  ])('of a greeting that comes 300 seconds and %i µs after the start', (moreUs, expected) => {
    const greeting = reply('220 mx', 1, { answers: 'GREETING', answersLine: 0, timeUs: at(300, moreUs) });
    expect(judge('smtp-bad-greeting', [greeting])).toBe(expected);
  });

  it('tells of the absence once', () => {
    const events = [1, 2, 3].map((line) => command('EHLO a', line, { timeUs: at(400 + line) }));
    expect(judge('smtp-bad-greeting', events, {}, silent)).toBe('info 401/300 x1');
  });

  it('says nothing of a server that was not captured, spoke, or whose beginning is missing', () => {
    const late = [command('EHLO a', 1, { timeUs: at(400) })];
    const spoke = [reply('250 ok', 1, { answers: '', timeUs: at(1) }), ...late];
    expect(judge('smtp-bad-greeting', late, {}, { isServerSilent: () => false })).toBeNull();
    expect(judge('smtp-bad-greeting', late, {}, { ...silent, fromStart: false })).toBeNull();
    expect(judge('smtp-bad-greeting', spoke, {}, silent)).toBeNull();
  });

  it('waits as long as the policy says', () => {
    const events = [command('EHLO a', 1, { timeUs: at(10, 1) })];
    expect(judge('smtp-bad-greeting', events, { max_wait: 10 }, silent)).toBe('info 10/10 x1');
    expect(judge('smtp-bad-greeting', events, { max_wait: 11 }, silent)).toBeNull();
  });
});

describe('smtp-starttls-policy', () => {
  const asks = command('STARTTLS', 3);
  const detail = (events: readonly ProtocolEvent[]): string | undefined =>
    judgeConnections('smtp-starttls-policy', [{ events }], {
      protections: { 'smtp-starttls-policy': { action: 'detect' } },
    })[0]?.[0]?.detail;

  it('says what the server answered', () => {
    const answer = (text: string) => reply(text, 4, { answers: 'STARTTLS', answersLine: 3 });
    expect([
      detail([asks, answer('220 go')]),
      detail([asks, answer('454 not now')]),
      detail([asks]),
      detail([asks, reply('250 ok', 4, { answers: 'NOOP', answersLine: 2 })]),
    ]).toEqual([
      'The client asked for TLS with STARTTLS; the server agreed with 220, and the session is encrypted from here on.',
      'The client asked for TLS with STARTTLS; the server refused with 454, and the session goes on in clear.',
      "The client asked for TLS with STARTTLS; the server's answer was not seen.",
      "The client asked for TLS with STARTTLS; the server's answer was not seen.",
    ]);
  });
});

describe('smtp-mailguard-command', () => {
  it('repeats only verbs that the protocol knows in its log words', () => {
    const policy = { protections: { 'smtp-mailguard-command': { action: 'detect' } } };
    const info = (text: string, verb: string) =>
      judgeConnections('smtp-mailguard-command', [{ events: [command(text, 1, { verb })] }], {
        protections: {
          ...policy.protections,
          'smtp-unknown-command': { action: 'off' },
          'smtp-private-command': { action: 'off' },
        },
      })[0]?.[0]?.attackInfo;
    expect([info('EHLO a', 'EHLO'), info('FROB', '')]).toEqual([
      '500 command unrecognized: EHLO',
      '500 command unrecognized',
    ]);
  });
});

describe('a greeting that a firewall masked', () => {
  const middlebox = (greeting: string, protocol: 'smtp' | 'pop3' = 'smtp'): string => {
    const facts = new ConnectionFacts(protocol);
    facts.greeting = octets(greeting);
    return facts.middlebox;
  };
  const guard = 'PIX/ASA Mail Guard (greeting masked)';

  it.each([
    ['220 ********', guard],
    ['220 *******', ''],
    ['220 ****0***2***', guard],
    ['220-**********', guard],
    ['220 ********x', ''],
    ['220 *** mail.example ***', ''],
    ['554 ********', ''],
    ['220', ''],
    ['', ''],
  ])('%j tells of %j', (greeting, expected) => {
    expect(middlebox(greeting)).toBe(expected);
  });

  it('is one of SMTP', () => {
    expect(middlebox('220 ********', 'pop3')).toBe('');
  });
});
