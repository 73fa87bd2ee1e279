/** Summaries and violations of any shape, out of few values, so that many are equal in a column. */
import fc from 'fast-check';
import { PROTOCOLS, type Endpoint, type SessionProtocol, type SessionSummary } from '../../shared/session.js';
import { SEVERITIES } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';
import { makeViolation } from './made-sessions.js';

const ADDRESSES = [
  '10.0.0.2',
  '10.0.0.10',
  '203.0.113.255',
  '0.0.0.0',
  '::1',
  '2001:db8::2',
  'fe80::1',
  '2001:db8::10',
];
const TEXTS = [
  '',
  'anna',
  'Anna Z',
  'bert',
  'ber',
  'ÄRGER',
  '日本',
  '250 2.0.0 Ok: queued as 4A',
  '250 2.0.0 Ok: queued as 4B',
];
const TAGS = [[], ['gaps'], ['gaps', 'one-sided'], ['mid-stream']];

const text = fc.constantFrom(...TEXTS);
const few = fc.nat(3);
const endpoint: fc.Arbitrary<Endpoint> = fc.record({
  address: fc.constantFrom(...ADDRESSES),
  port: fc.constantFrom(25, 110, 143, 40_001, 65_535),
});
const protocol = fc.constantFrom<SessionProtocol>(...PROTOCOLS, 'tls', 'failed');

/** All that a summary may have of its own, its id and findings apart. */
export const anySession: fc.Arbitrary<Partial<SessionSummary>> = fc.record({
  protocol,
  client: endpoint,
  server: endpoint,
  startUs: fc.constantFrom(0, 1_700_000_000_000_001, 1_700_000_000_000_002, 5),
  endUs: fc.constantFrom(3, 1_700_000_000_500_000, 0),
  end: fc.constantFrom('open', 'closed', 'reset', 'timeout', 'capture-end', 'replaced'),
  knowledge: fc.constantFrom('unknown', 'guessed', 'resynced', 'synced'),
  tls: fc.constantFrom('none', 'offered', 'starttls', 'implicit'),
  tlsVersion: fc.constantFrom('', 'TLS 1.2', 'TLS 1.3'),
  sni: text,
  helo: text,
  user: text,
  mailFrom: text,
  rcptTo: text,
  rcptCount: few,
  messages: few,
  commands: fc.nat(4_294_967_295),
  lastReply: text,
  packetsToServer: fc.maxSafeNat(),
  bytesToServer: few,
  bytesToClient: few,
  gaps: few,
  missingBytes: fc.maxSafeNat(),
  tags: fc.constantFrom(...TAGS),
  vlan: fc.constantFrom([], [7], [100, 4094]),
});

export const anyViolation: fc.Arbitrary<Violation> = fc
  .record({
    protection: fc.constantFrom('smtp-a', 'smtp-b', 'imap-c'),
    changes: fc.record({
      title: text,
      attackName: text,
      attackInfo: text,
      severity: fc.constantFrom(...SEVERITIES),
      confidence: fc.nat(100),
      timeUs: few,
      count: few,
      measured: fc.option(few),
      limit: fc.option(few),
      unit: fc.constantFrom('', 'bytes'),
      direction: fc.constantFrom('to_server', 'to_client'),
      action: fc.constantFrom('detect', 'prevent'),
      also: fc.constantFrom([], ['smtp-b'], ['smtp-b', 'imap-c']),
      references: fc.constantFrom([], ['RFC 5321 section 4.5.3.1.4', 'RFC 5321, 2.4']),
      evidence: text,
      detail: text,
      state: fc.constantFrom('GREETED', 'DATA'),
      protocol,
      client: endpoint,
      server: endpoint,
    }),
    accessLog: fc.option(fc.record({ corrected: text, document: text })),
  })
  .map(({ protection, changes, accessLog }) => {
    return makeViolation(0, protection, {
      ...(changes as Partial<Violation>),
      ...(accessLog === null ? {} : { accessLog }),
    });
  });
