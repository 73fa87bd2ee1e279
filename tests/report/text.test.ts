/** The report for a terminal. */
import { describe, expect, it } from 'vitest';
import { TextReport, type TextOptions } from '../../engine/report/text.js';
import type { ReportSession } from '../../engine/report/report-input.js';
import type { Problem, Totals } from '../../shared/inspection.js';
import { binaryViolation, NONE, perimeterViolation, session, T0, totals, violation } from './report-samples.js';

interface Input {
  readonly path: string;
  readonly sessions: readonly Omit<ReportSession, 'lastPacket'>[];
  readonly totals: Totals;
  readonly problem?: Problem;
}

function reportOf(inputs: readonly Input[], options: TextOptions = { colour: false }): string {
  let text = '';
  const report = new TextReport((piece) => (text += piece), options);
  for (const { path, sessions, totals, problem = null } of inputs) {
    report.begin();
    for (const each of sessions) report.session({ ...each, lastPacket: 1 });
    report.finish({ path, totals, problem });
  }
  report.close();
  return text;
}

const CLEAN = totals({ violations: NONE, violationsByProtection: {} });

describe('a text report', () => {
  it('lists sessions worst first, each with its findings, then the totals', () => {
    const quiet = session({
      id: 1,
      worst: 'low',
      startUs: T0 - 1,
      protocol: 'imap',
      client: { address: '2001:db8::7', port: 5 },
      user: 'kim',
      mailFrom: '',
      rcptTo: '',
      rcptCount: 0,
      lastReply: 'A1 OK',
    });
    const sessions = [
      {
        session: quiet,
        violations: [
          binaryViolation({ severity: 'low', count: 1, line: 2, direction: 'to_client', evidence: '* BYE' }),
        ],
      },
      { session: session(), violations: [binaryViolation(), violation()] },
      { session: session({ id: 2, worst: null }), violations: [] },
    ];
    expect(
      reportOf([
        { path: 'mx1.pcap', sessions, totals: totals({ sessions: 3, sessionsByProtocol: { imap: 1, smtp: 2 } }) },
      ]),
    ).toBe(
      `mx1.pcap

WORST     TIME (UTC)               PROTO  CLIENT              SERVER        TLS      USER  FROM                TO                   LAST REPLY
critical  2026-11-21 08:00:00.123  SMTP   198.51.100.7:41222  10.0.0.25:25  offered  -     jo@partner.example  kim@corp.example +2  535 5.7.8 authentication failed
  critical  CRAM-MD5 response long enough to overflow (smtp-cram-md5-overflow)
            smtp2_compliance: cve_2007_4440_alert; confidence 98
  **    11 ->  [response, 1400 bytes]
            1,400 bytes, 512 allowed; The response is longer than any client sends.
  medium    Binary data in command line (smtp-binary-in-command, 2 times)
            SMTP Format Violation: Binary data in command line detected; confidence 90
  **    13 ->  MAIL FROM:<jo\\x90\\x90\\xCC@partner.example>

low       2026-11-21 08:00:00.123  IMAP   [2001:db8::7]:5     10.0.0.25:25  offered  kim   -                   -                    A1 OK
  low       Binary data in command line (smtp-binary-in-command)
            SMTP Format Violation: Binary data in command line detected; confidence 90
  **     2 <-  * BYE

3 sessions (2 SMTP, 1 IMAP), 2 findings: 1 critical, 1 medium
23 packets, 5.1 kB, 2026-11-21 08:00:00 to 2026-11-21 08:00:42 UTC
`,
    );
  });

  it('lists what several connections amount to behind the sessions', () => {
    let text = '';
    const report = new TextReport((piece) => (text += piece), { colour: false });
    report.begin();
    report.finding({ ...perimeterViolation(), id: 1, timeUs: perimeterViolation().timeUs + 1_000_000 });
    report.finding({ ...perimeterViolation(), id: 2 });
    report.finish({ path: 'mx1.pcap', totals: CLEAN, problem: null });
    report.close();
    expect(text).toContain(
      'mx1.pcap\n\nACROSS CONNECTIONS\n  low       2026-11-21 08:00:42.213  IMAP denied at the perimeter (perimeter-imap-denied)\n',
    );
    expect([...text.matchAll(/low {7}[\d-]+ ([\d:.]+)/g)].map(([, time]) => time)).toEqual([
      '08:00:42.213',
      '08:00:43.213',
    ]);
    expect(text).toContain('  **          %SEC-6-IPACCESSLOGP: list packet_filter denied tcp 198.51.100.7(41222)');
  });

  it('says so when nothing was found, and what was not read', () => {
    const incomplete = totals({
      ...CLEAN,
      gaps: 2,
      missingBytes: 18_200,
      sessionsWithGaps: 1,
      droppedPackets: 7,
      discardedSessions: 1,
      notDecoded: { arp: 10, 'not-ip': 1 },
      bounded: { flows: 1, lineBytes: 0 },
    });
    expect(reportOf([{ path: '-', sessions: [], totals: incomplete }])).toBe(
      `-

No findings.

1 session (1 SMTP), no findings
23 packets, 5.1 kB, 2026-11-21 08:00:00 to 2026-11-21 08:00:42 UTC
Not decoded: 11 packets (10 arp, 1 not-ip)
Missing: 18.2 kB in 2 gaps of 1 session
Dropped while capturing: 7 packets
Ended early to stay within bounds: 1 session
Bounds reached: flows (1)
`,
    );
  });

  it('sums up several captures, one of them unreadable, with a name that cannot harm a terminal', () => {
    const problem = { code: 'not-found', message: 'there is no such file', hint: '' };
    const empty = totals({
      ...CLEAN,
      packets: 0,
      bytes: 0,
      sessions: 0,
      sessionsByProtocol: {},
      decoded: {},
      firstPacketUs: null,
      lastPacketUs: null,
    });
    const text = reportOf([
      { path: 'a.pcap', sessions: [], totals: CLEAN },
      { path: 'b\u001b[2J.pcap', sessions: [], totals: empty, problem },
    ]);
    expect(text).toBe(
      `a.pcap

No findings.

1 session (1 SMTP), no findings
23 packets, 5.1 kB, 2026-11-21 08:00:00 to 2026-11-21 08:00:42 UTC

b\\x1B[2J.pcap

Not inspected: there is no such file

All 2 captures

1 session (1 SMTP), no findings
23 packets, 5.1 kB, 2026-11-21 08:00:00 to 2026-11-21 08:00:42 UTC
`,
    );
  });

  it('keeps the worst sessions of many and says how many are not listed', () => {
    const sessions = Array.from({ length: 9 }, (_, i) => ({
      session: session({ id: i, startUs: T0 + i, worst: i === 7 ? 'critical' : 'low' } as const),
      violations: [violation({ evidence: `session ${i}.` })],
    }));
    const text = reportOf([{ path: 'x', sessions, totals: totals() }], { colour: false, maximumSessions: 2 });
    expect([...text.matchAll(/session (\d)\./g)].map(([, id]) => id)).toEqual(['7', '0']);
    expect(text).toContain('7 further sessions with findings not listed; the formats json and eve have all.\n');
  });

  it('has escape sequences only when colours are asked for', () => {
    const input = { path: 'x', sessions: [{ session: session(), violations: [violation()] }], totals: totals() };
    const coloured = reportOf([input], { colour: true });
    expect(coloured.split(/\u{1b}\[[0-9;]*m/u).join('')).toBe(reportOf([input]));
    expect(coloured).toContain('\u001b[1;31mcritical\u001b[0m  2026-11-21');
  });
});
