/** Connections judged at their handshake, as real packets: also those without any payload. */
import { describe, expect, it } from 'vitest';
import { parsePolicy, Pipeline } from '../../engine/index.js';
import type { Violation } from '../../shared/violation.js';
import { ACK, ethernet, ipPacket, pcapFile, RST, SYN, type CapturedPacket, type TcpFields } from '../packet/build.js';

const START_US = 1_700_000_000_000_000;
const MINUTE = 60_000_000;
const OUTSIDE = '198.51.100.7';
const INSIDE = '10.16.27.70';

const POLICY = parsePolicy('{ "networks": { "own": ["10.0.0.0/8"], "mailServers": ["10.0.0.25"] } }', 'test');

function packet(afterUs: number, fields: TcpFields): CapturedPacket {
  return { timeUs: START_US + afterUs, octets: ethernet(ipPacket(fields)) };
}

function syn(afterUs: number, differing: TcpFields = {}): CapturedPacket {
  return packet(afterUs, {
    source: OUTSIDE,
    destination: INSIDE,
    sourcePort: 41_234,
    destinationPort: 143,
    flags: SYN,
    sequence: 7,
    ...differing,
  });
}

function answer(afterUs: number, flags = SYN | ACK): CapturedPacket {
  return packet(afterUs, {
    source: INSIDE,
    destination: OUTSIDE,
    sourcePort: 143,
    destinationPort: 41_234,
    flags,
    sequence: 900,
    acknowledgement: 8,
  });
}

function judge(packets: readonly CapturedPacket[], policy = POLICY) {
  const sessions: { protocol: string; violations: readonly Violation[] }[] = [];
  const findings: Violation[] = [];
  const pipeline = new Pipeline({
    policy,
    sink: {
      sessionClosed: (session) =>
        sessions.push({ protocol: session.identity.protocol, violations: session.violations() }),
      finding: (violation) => findings.push(violation),
    },
  });
  pipeline.push(pcapFile(packets));
  pipeline.end();
  return { sessions, findings, totals: pipeline.totals };
}

const words = (violation: Violation): string =>
  `${violation.severity} ${violation.protection}: ${violation.accessLog?.corrected ?? '-'}`;

const DENIED = `%SEC-6-IPACCESSLOGP: list packet_filter denied tcp ${OUTSIDE}(41234) -> ${INSIDE}(143)`;

describe('a connection that the list denies', () => {
  it('is a session without payload, with the line that the router would have logged', () => {
    const { sessions, totals } = judge([syn(0)]);
    expect(sessions.map(({ protocol }) => protocol)).toEqual(['imap']);
    expect(sessions[0]?.violations.map(words)).toEqual([`low perimeter-imap-denied: ${DENIED}, 1 packet`]);
    expect(sessions[0]?.violations[0]?.accessLog?.document).toBe(
      `%SEC-6-IPACCESSLOGDP: list packet_filter denied tcp ${OUTSIDE}(41234) -> ${INSIDE}(143), 1 packet`,
    );
    expect(totals.violationsByProtection).toEqual({ 'perimeter-imap-denied': 1 });
  });

  it('is worse when it was answered: no filter is in place', () => {
    const { sessions } = judge([syn(0), answer(1000)]);
    expect(sessions[0]?.violations.map(({ severity, count }) => [severity, count])).toEqual([['medium', 1]]);
  });

  it('is not answered by a refusal', () => {
    const { sessions } = judge([syn(0), answer(1000, RST | ACK)]);
    expect(
      sessions[0]?.violations.map(({ severity, detail }) => [severity, /refused with a reset/.test(detail)]),
    ).toEqual([['low', true]]);
  });

  it('is told at once, and then counted for five minutes at a time', () => {
    const attempts = [0, 1, 2, 3, 6, 7, 30].map((minutes, i) =>
      syn(minutes * MINUTE, { sourcePort: 41_234 + i, sequence: 100 * i }),
    );
    const { sessions, findings, totals } = judge(attempts);
    const told = sessions.flatMap(({ violations }) => violations.map((violation) => violation.timeUs - START_US));
    expect(told).toEqual([0, 30 * MINUTE]);
    expect(findings.map((finding) => [words(finding), finding.measured])).toEqual([
      [`low perimeter-imap-denied: ${DENIED}, 3 packets`, 3],
      [`low perimeter-imap-denied: ${DENIED}, 2 packets`, 2],
    ]);
    expect(findings.map(({ count }) => count)).toEqual([3, 2]);
    expect(totals.violations.low).toBe(4);
  });

  it('counts the repeated SYN of one connection as a packet', () => {
    const { sessions, findings } = judge([syn(0), syn(1_000_000), syn(3_000_000)]);
    expect(sessions).toHaveLength(1);
    expect(findings.map(({ measured }) => measured)).toEqual([2]);
  });

  it('says that a source who tries many destinations scans', () => {
    const attempts = [1, 2, 3, 4, 5].map((host) => syn(host * 1000, { destination: `10.1.1.${host}` }));
    const details = judge(attempts).sessions.map(({ violations }) => violations[0]?.detail ?? '');
    expect(details.map((detail) => /tried (\d+) destinations/.exec(detail)?.[1])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      '5',
    ]);
  });

  it('takes the addresses of one IPv6 network for one source', () => {
    const policy = parsePolicy(
      '{ "networks": { "own": ["2001:db8:1::/48"], "mailServers": ["2001:db8:1::25"] } }',
      'test',
    );
    const attempts = [1, 2, 3, 4, 5].map((host) =>
      syn(host * 1000, { source: `2001:db8:2::${host}`, destination: `2001:db8:1::${host}` }),
    );
    const details = judge(attempts, policy).sessions.map(({ violations }) => violations[0]?.detail ?? '');
    expect(details.map((detail) => /tried (\d+) destinations/.exec(detail)?.[1])).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      '5',
    ]);
  });
});

describe('what is no matter of the perimeter', () => {
  it.each([
    ['the relay', { destination: '10.0.0.25', destinationPort: 25 }],
    ['a port that no line names', { destinationPort: 80 }],
    ['from inside to inside', { source: '10.0.0.9' }],
    ['from inside to outside', { source: '10.0.0.9', destination: '203.0.113.1' }],
  ])('%s', (_name, fields) => {
    expect(judge([syn(0, fields)]).sessions).toEqual([]);
  });

  it('anything, while the policy names neither networks nor a list', () => {
    expect(judge([syn(0), answer(1)], parsePolicy('{}', 'empty')).sessions).toEqual([]);
  });
});

it('counts a session once, under what it turned out to speak', () => {
  const greeting = packet(2000, {
    source: INSIDE,
    destination: OUTSIDE,
    sourcePort: 143,
    destinationPort: 41_234,
    sequence: 901,
    acknowledgement: 8,
    payload: '* OK ready\r\n',
  });
  const { sessions, totals } = judge([syn(0), answer(1000), greeting]);
  expect(sessions.map(({ protocol, violations }) => [protocol, violations.length])).toEqual([['imap', 1]]);
  expect(totals.sessionsByProtocol).toEqual({ imap: 1 });
});
