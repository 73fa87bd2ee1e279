/** The Facts tab: what a conversation established, in words. */
import { describe, expect, it } from 'vitest';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import { sessionFacts } from '../../engine/session/session-facts.js';
import { formatBytes, formatDuration } from '../../engine/session/quantity.js';
import { session, T0 } from '../report/report-samples.js';
import { octetsOf } from './wire-talk.js';

describe('the facts of a session', () => {
  it('tell everything that was seen, and nothing that was not', () => {
    const facts = new ConnectionFacts('smtp');
    facts.greeting = octetsOf('220 mx1\u001b[2J ready');
    facts.capabilities = new Set(['PIPELINING', 'AUTH']);
    facts.heloVerb = 'EHLO';
    facts.helo = octetsOf('gw7');
    facts.mailFrom = octetsOf('jo@partner.example');
    facts.firstRcptTo = octetsOf('kim@corp.example');
    Object.assign(facts, {
      rcptCount: 3,
      authMechanism: 'CRAM-MD5',
      failedLogins: 2,
      commands: 6,
      messages: 1,
      state: 'READY',
    });
    const pace = { firstToServerUs: T0 + 21_000, firstToClientUs: T0, longestPauseUs: 42_000_000, longestPauseLine: 9 };
    const summary = session({ vlan: [12, 7], gaps: 1, missingBytes: 1460, tags: ['gaps'], knowledge: 'resynced' });
    expect(
      sessionFacts({ session: summary, facts, pace }).map(
        ({ group, label, value }) => `${group} | ${label} | ${value}`,
      ),
    ).toEqual([
      'Connection | Protocol | SMTP',
      'Connection | Client | 198.51.100.7:41222',
      'Connection | Server | 10.0.0.25:25',
      'Connection | VLAN | 12, 7',
      'Connection | End | closed by both sides',
      'Connection | Dialogue | picked up again after a gap or in the middle',
      'Connection | Marks | gaps',
      'Server | Greeting | 220 mx1\\x1B[2J ready',
      'Server | Capabilities | PIPELINING AUTH',
      'Client | EHLO | gw7',
      'Authentication | Outcome | not authenticated',
      'Authentication | Mechanism | CRAM-MD5',
      'Authentication | Failed attempts | 2',
      'Envelope | From | jo@partner.example',
      'Envelope | To | kim@corp.example and 2 others',
      'Conversation | Commands | 6',
      'Conversation | Messages | 1',
      'Conversation | State at the end | READY',
      'Conversation | Last reply | 535 5.7.8 authentication failed',
      'TLS | Use | offered, not used',
      'Timing | Start | 2026-11-21 08:00:00.123456 UTC',
      'Timing | End | 2026-11-21 08:00:42.254456 UTC',
      'Timing | Duration | 42.1 s',
      'Timing | Server spoke | after 0.000 s',
      'Timing | Client spoke | after 0.021 s',
      'Timing | Longest pause | 42.0 s before line 9',
      'Volume | To the server | 1.6 kB in 12 packets',
      'Volume | To the client | 2.3 kB in 11 packets',
      'Volume | Missing | 1.5 kB in 1 gap',
    ]);
  });

  it('name the firewall that masks the greeting', () => {
    const facts = new ConnectionFacts('smtp');
    facts.greeting = octetsOf('220 ****0***2***0*****');
    const server = sessionFacts({ session: session({}), facts, pace: null }).filter(({ group }) => group === 'Server');
    expect(server.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      'Greeting: 220 ****0***2***0*****',
      'Middlebox: PIX/ASA Mail Guard (greeting masked)',
    ]);
  });

  it('keep of a reply that has several lines the first, whichever way they end', () => {
    const replies = ['220-mx1 ESMTP\r\n220 no spam', '250-a\n250 b', '221 bye', '\r\n', '5\r5'];
    const kept = replies.map((reply) => {
      const facts = new ConnectionFacts('smtp');
      const octets = octetsOf(`..${reply}`);
      facts.greeting = ConnectionFacts.keepFirstLine(octets, 2, octets.length);
      facts.keepLastReply(octetsOf('an earlier and longer reply'), 0, 27);
      facts.keepLastReply(octets, 2, octets.length);
      const text = (from: Uint8Array) => Buffer.from(from).toString('latin1');
      return [text(facts.greeting), text((facts.lastReply ?? new Uint8Array()).subarray(0, facts.lastReplyBytes))];
    });
    const first = ['220-mx1 ESMTP', '250-a', '221 bye', '', '5\r5'];
    expect(kept).toEqual(first.map((line) => [line, line]));
  });

  it('of a connection without dialogue are those of its packets', () => {
    const groups = sessionFacts({
      session: session({ protocol: 'tls', tls: 'implicit', tlsVersion: 'TLS 1.3', sni: 'mx1' }),
      facts: null,
      pace: null,
    });
    expect([...new Set(groups.map(({ group }) => group))]).toEqual(['Connection', 'TLS', 'Timing', 'Volume']);
  });
});

describe('quantities', () => {
  it('are rounded to what a person reads', () => {
    expect([0, 1, 999, 1000, 999_949, 999_950, 2_100_000_000].map(formatBytes)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1.0 kB',
      '999.9 kB',
      '1.0 MB',
      '2.1 GB',
    ]);
    expect([0, 9_999_000, 42_000_000, 200_000_000, 7_500_000_000].map(formatDuration)).toEqual([
      '0.000 s',
      '9.999 s',
      '42.0 s',
      '3 min 20 s',
      '2 h 05 min',
    ]);
  });
});
