/** EVE JSON lines: names, order and values of every kind of record. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../engine/pipeline.js';
import { profilePolicy } from '../../engine/policy/profiles.js';
import { EveReport } from '../../engine/report/eve.js';
import { signatureId } from '../../engine/report/eve-identity.js';
import type { Outlined } from '../../engine/outline.js';
import type { TransactionHandle } from '../../engine/transaction-outline.js';
import type { SessionSummary } from '../../shared/session.js';
import type { MailTransaction } from '../../shared/transaction.js';
import {
  binaryViolation,
  NONE,
  perimeterViolation,
  session,
  T0,
  totals,
  transaction,
  violation,
} from './report-samples.js';

function eveOf(play: (report: EveReport) => void): readonly string[] {
  let text = '';
  play(new EveReport((piece) => (text += piece)));
  expect(text.endsWith('\n')).toBe(true);
  return text.split('\n').slice(0, -1);
}

function outlined(summary: SessionSummary, lastPacket: number): Outlined {
  return {
    outlineIdentity: (into) => into.takeIdentity(summary),
    outline: (into) => into.take(summary, lastPacket),
  };
}

function told(mail: MailTransaction): TransactionHandle {
  return { outline: (into) => into.take(mail), summary: () => mail };
}

const SAMPLES = join(import.meta.dirname, '../../assets/samples');

const PLACE = '"src_ip":"198.51.100.7","src_port":41222,"dest_ip":"10.0.0.25","dest_port":25,"proto":"TCP"';

describe('EVE output', () => {
  it('writes an alert with the names Suricata gives them', () => {
    const [alert] = eveOf((report) => {
      report.begin('mx1.pcap');
      report.session({ session: session({ vlan: [12] }), violations: [violation()], lastPacket: 23 });
    });
    expect(alert).toBe(
      '{"timestamp":"2026-11-21T08:00:42.213456+0000","flow_id":4711,"pcap_cnt":17,"pcap_filename":"mx1.pcap","event_type":"alert","vlan":[12],' +
        `${PLACE},"app_proto":"smtp","direction":"to_server",` +
        `"alert":{"action":"allowed","gid":1,"signature_id":${signatureId('smtp-cram-md5-overflow')},"rev":1,"signature":"cve_2007_4440_alert","category":"smtp2_compliance","severity":1,"metadata":{"cve":["CVE_2007_4440"]}},` +
        '"mailscope":{"protection":"smtp-cram-md5-overflow","severity":"critical","confidence":98,"attack_name":"smtp2_compliance","attack_info":"cve_2007_4440_alert","measured":1400,"limit":512,"unit":"bytes","count":1,"knowledge":"synced","evidence":"[response, 1400 bytes]","offset":57,"length":1400,"line":11,"references":["CVE-2007-4440","RFC 2195"],"also":["smtp-command-line-too-long"]}}',
    );
  });

  it('writes a mail transaction and the end of its connection', () => {
    const lines = eveOf((report) => {
      report.begin('mx1.pcap');
      report.transaction(told(transaction()), outlined(session(), 23));
      report.session({ session: session(), violations: [], lastPacket: 23 });
    });
    expect(lines).toEqual([
      '{"timestamp":"2026-11-21T08:00:01.123456+0000","flow_id":4711,"pcap_cnt":9,"pcap_filename":"mx1.pcap","event_type":"smtp",' +
        `${PLACE},"app_proto":"smtp","tx_id":0,"smtp":{"helo":"gw7.partner.example","mail_from":"jo@partner.example","rcpt_to":["kim@corp.example","lee@corp.example"]},` +
        '"email":{"from":"Jo <jo@partner.example>","to":["kim@corp.example"],"cc":[],"subject":"Invoice","message_id":"<1@partner.example>","date":"Sat, 21 Nov 2026 00:00:00 +0000","attachment":["invoice.pdf"],"status":"complete"},' +
        '"mailscope":{"reply":"250 2.0.0 queued","bytes":1234,"auth_user":"","tls":false,"rcpt_count":3,"rcpt_accepted":2}}',
      '{"timestamp":"2026-11-21T08:00:42.254456+0000","flow_id":4711,"pcap_cnt":23,"pcap_filename":"mx1.pcap","event_type":"flow",' +
        `${PLACE},"app_proto":"smtp","flow":{"pkts_toserver":12,"pkts_toclient":11,"bytes_toserver":1600,"bytes_toclient":2300,"start":"2026-11-21T08:00:00.123456+0000","end":"2026-11-21T08:00:42.254456+0000","age":42,"state":"closed","reason":"timeout"},` +
        '"mailscope":{"protocol":"smtp","worst":"critical","violations":2,"gaps":0,"missing_bytes":0,"end":"closed","knowledge":"synced","tags":[]}}',
    ]);
  });

  it('writes alerts in packet time, a record for a mailbox session, TLS, and the flow last', () => {
    const records = eveOf((report) => {
      report.begin('-');
      const imap = session({
        protocol: 'imap',
        user: 'kim',
        tls: 'starttls',
        tlsVersion: 'TLS 1.3',
        messages: 2,
        lastReply: 'A9 OK',
      });
      report.session({
        session: imap,
        violations: [binaryViolation({ action: 'prevent' }), violation()],
        lastPacket: 23,
      });
    }).map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(records.map(({ event_type, pcap_cnt }) => [event_type, pcap_cnt])).toEqual([
      ['alert', 17],
      ['alert', 19],
      ['imap', 23],
      ['tls', 23],
      ['flow', 23],
    ]);
    expect(records[1]).toMatchObject({ alert: { action: 'blocked', severity: 3, metadata: {} } });
    expect(records[2]?.mailscope).toEqual({ user: 'kim', commands: 6, messages: 2, reply: 'A9 OK', tls: 'starttls' });
    expect([records[3]?.tls, records[3]?.mailscope]).toEqual([{ version: 'TLS 1.3' }, { use: 'starttls' }]);
  });

  it('writes an alert for several connections, with the line that the router would have logged', () => {
    let text = '';
    const report = new EveReport((piece) => (text += piece));
    report.begin('a.pcap');
    report.finding(perimeterViolation());
    const { corrected, document } = perimeterViolation().accessLog ?? {};
    expect(JSON.parse(text)).toMatchObject({
      event_type: 'alert',
      flow_id: 4711,
      dest_port: 143,
      app_proto: 'imap',
      alert: { signature: 'list packet_filter denied tcp', category: 'Packet Filter', severity: 4 },
      mailscope: { measured: 3, unit: 'packets', acl_log: corrected, acl_log_document: document },
    });
  });

  it('is the same for a session that has just ended and for its summary', () => {
    for (const sample of ['sample.pcapng', 'small.pcap', 'small-client-side-only.pcap']) {
      const ended: string[] = [];
      const summarised: string[] = [];
      const one = new EveReport((piece) => ended.push(piece));
      const other = new EveReport((piece) => summarised.push(piece));
      const pipeline = new Pipeline({
        policy: profilePolicy('modern'),
        sink: {
          sessionClosed: (handle) => {
            const violations = handle.violations();
            const { lastPacket } = handle.stretch;
            one.ended(handle, violations);
            other.session({ session: handle.summary(), violations, lastPacket });
          },
          transaction: (mail, handle) => {
            one.transaction(mail, handle);
            other.transaction(told(mail.summary(handle.id)), outlined(handle.summary(), 0));
          },
        },
      });
      pipeline.push(readFileSync(join(SAMPLES, sample)));
      pipeline.end();
      expect(ended.length).toBeGreaterThan(3);
      expect(ended).toEqual(summarised);
    }
  });

  it('ends with the statistics of all captures, and survives absurd packet times', () => {
    const problem = { code: 'cut-short', message: 'ends in the middle of a packet', hint: '' };
    const lines = eveOf((report) => {
      report.finish({ path: 'a.pcap', problem: null, totals: totals() });
      report.finish({
        path: 'b.pcap',
        problem,
        totals: totals({
          violations: NONE,
          violationsByProtection: {},
          notDecoded: { arp: 2 },
          droppedPackets: 5,
          lastPacketUs: 2 ** 63,
        }),
      });
      report.close();
    });
    expect(lines).toEqual([
      '{"timestamp":"9999-12-31T23:59:59.000000+0000","event_type":"stats","stats":{"packets":46,"bytes":10240,"decoded":{"ethernet":46,"ipv4":46,"tcp":46},"not_decoded":{"arp":2},' +
        '"sessions":{"total":2,"smtp":2},"violations":{"severity":{"critical":1,"high":0,"medium":1,"low":0,"info":0},"protection":{"smtp-binary-in-command":1,"smtp-cram-md5-overflow":1}},' +
        '"gaps":0,"missing_bytes":0,"sessions_with_gaps":0,"dropped":5,"discarded":0,"bounded":{},"truncated_inputs":1,"inputs":[{"path":"a.pcap","problem":null},{"path":"b.pcap","problem":"cut-short"}]}}',
    ]);
    expect(T0).toBe(Date.UTC(2026, 10, 21, 8) * 1000 + 123_456);
  });
});

describe('signature ids', () => {
  it('are permanent', () => {
    expect([signatureId('smtp-bad-greeting'), signatureId('imap-credential-too-long')]).toEqual([
      1773271069, 1127975168,
    ]);
  });

  it('stay within their range and differ for as many protections as there may ever be', () => {
    const families = ['smtp', 'pop3', 'imap', 'tls', 'sasl', 'mime'];
    const ids = families.flatMap((family) =>
      Array.from({ length: 100 }, (_, i) => signatureId(`${family}-protection-${i}`)),
    );
    expect(new Set(ids).size).toBe(600);
    expect(ids.every((id) => id >= 1_000_000_000 && id < 2_000_000_000)).toBe(true);
  });
});
