/** The JSON document and the table of findings. */
import { describe, expect, it } from 'vitest';
import { csvCell, CsvReport } from '../../engine/report/csv.js';
import { JsonReport, type Spool } from '../../engine/report/json.js';
import { sumTotals } from '../../engine/report/totals.js';
import { binaryViolation, perimeterViolation, session, totals, violation } from './report-samples.js';

class MemorySpool implements Spool {
  private text = '';
  append(text: string): void {
    this.text += text;
  }
  drainTo(write: (text: string) => void): void {
    write(this.text);
    this.text = '';
  }
}

describe('the JSON document', () => {
  it('holds inputs, totals, sessions and violations, each with its input', () => {
    const pieces: string[] = [];
    const report = new JsonReport((text) => pieces.push(text), new MemorySpool(), {
      name: 'mailscope',
      version: '1.2.3',
    });
    const inputs = [
      { path: 'a.pcap', problem: null, totals: totals() },
      { path: 'b.pcap', problem: { code: 'cut-short', message: 'cut', hint: 'h' }, totals: totals({ packets: 1 }) },
    ];
    inputs.forEach((input, i) => {
      report.begin();
      report.session({
        session: session({ id: i }),
        violations: i === 0 ? [binaryViolation(), violation()] : [],
        lastPacket: 23,
      });
      report.finish(input);
    });
    report.close();
    expect(JSON.parse(pieces.join(''))).toEqual({
      schema: 1,
      tool: { name: 'mailscope', version: '1.2.3' },
      inputs,
      totals: sumTotals(inputs.map((input) => input.totals)),
      sessions: [
        { input: 0, ...session({ id: 0 }) },
        { input: 1, ...session({ id: 1 }) },
      ],
      violations: [
        { input: 0, ...violation() },
        { input: 0, ...binaryViolation() },
      ],
    });
  });

  it('is a document also when there was nothing', () => {
    let text = '';
    const report = new JsonReport((piece) => (text += piece), new MemorySpool(), { name: 'mailscope', version: '0' });
    report.close();
    expect(JSON.parse(text)).toMatchObject({
      inputs: [],
      sessions: [],
      violations: [],
      totals: { packets: 0, droppedPackets: null },
    });
  });

  it('has findings of several connections among the violations', () => {
    let text = '';
    const report = new JsonReport((piece) => (text += piece), new MemorySpool(), { name: 'mailscope', version: '0' });
    report.begin();
    report.finding(perimeterViolation());
    report.close();
    expect(JSON.parse(text)).toMatchObject({ sessions: [], violations: [{ input: 0, ...perimeterViolation() }] });
  });

  it('writes each session as it ends', () => {
    const pieces: string[] = [];
    const report = new JsonReport((text) => pieces.push(text), new MemorySpool(), { name: 'mailscope', version: '0' });
    report.begin();
    const before = pieces.length;
    report.session({ session: session(), violations: [], lastPacket: 1 });
    expect(pieces.length).toBe(before + 1);
  });
});

describe('the table of findings', () => {
  it('has a head and one row per finding, in packet time', () => {
    let text = '';
    const report = new CsvReport((piece) => (text += piece));
    report.begin('a.pcap');
    report.session({
      session: session(),
      violations: [binaryViolation({ detail: '=cmd|x, "y"' }), violation()],
      lastPacket: 1,
    });
    report.close();
    expect(text.split('\r\n')).toEqual([
      'capture,time,packet,severity,confidence,attack_name,attack_info,protection,protocol,client,client_port,server,server_port,direction,action,count,measured,limit,unit,line,offset,length,session,evidence,detail,references,acl_log',
      'a.pcap,2026-11-21T08:00:42.213456Z,17,critical,98,smtp2_compliance,cve_2007_4440_alert,smtp-cram-md5-overflow,smtp,198.51.100.7,41222,10.0.0.25,25,to_server,detect,1,1400,512,bytes,11,57,1400,4711,"[response, 1400 bytes]",The response is longer than any client sends.,CVE-2007-4440; RFC 2195,',
      'a.pcap,2026-11-21T08:00:42.254456Z,19,medium,90,SMTP Format Violation,Binary data in command line detected,smtp-binary-in-command,smtp,198.51.100.7,41222,10.0.0.25,25,to_server,detect,2,,,,13,1459,3,4711,MAIL FROM:<jo\\x90\\x90\\xCC@partner.example>,"\'=cmd|x, ""y""",RFC 5321 2.4,',
      '',
    ]);
  });

  it('has a row for a finding of several connections, with the line of the router', () => {
    let text = '';
    const report = new CsvReport((piece) => (text += piece));
    report.begin('a.pcap');
    report.finding(perimeterViolation());
    report.close();
    const row = text.split('\r\n')[1] ?? '';
    expect(row).toContain(',Packet Filter,list packet_filter denied tcp,perimeter-imap-denied,');
    expect(
      row.endsWith(
        '"%SEC-6-IPACCESSLOGP: list packet_filter denied tcp 198.51.100.7(41222) -> 10.0.0.25(143), 3 packets"',
      ),
    ).toBe(true);
  });

  it('neutralises what a spreadsheet would run', () => {
    expect(['=1+1', '+1', '-1', '@x', ' =1', '＝1', 'a=1', 'a\rb', null, -5].map(csvCell)).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@x",
      "' =1",
      "'＝1",
      'a=1',
      '"a\rb"',
      '',
      '-5',
    ]);
  });
});
