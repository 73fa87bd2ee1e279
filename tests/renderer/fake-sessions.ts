/** Made-up but realistic sessions, findings and a transcript, for the renderer's tests and its dev page. */
import type { SessionProtocol, SessionSummary, TlsUse } from '../../shared/session.js';
import type { Severity } from '../../shared/severity.js';
import type { TextRun, TranscriptItem, TranscriptLine } from '../../shared/transcript.js';
import type { DirectionName, Violation } from '../../shared/violation.js';

/** 2026-11-20 03:12:08.114 UTC. */
export const START_US = Date.UTC(2026, 10, 20, 3, 12, 8, 114) * 1000;

const SENDERS = ['news@shop.example', 'jo@partner.example', '', 'billing@vendor.example', 'root@gw7.partner.example'];
const REPLIES = [
  '250 2.0.0 queued as 4F7',
  '535 5.7.8 authentication failed',
  'NO [AUTHENTICATIONFAILED]',
  '+OK bye',
  '221 2.0.0 Bye',
];
const PROTOCOLS: readonly SessionProtocol[] = ['smtp', 'smtp', 'imap', 'smtp', 'pop3', 'tls'];
const TLS: readonly TlsUse[] = ['none', 'offered', 'offered', 'starttls', 'none', 'implicit'];
const WORST: readonly (Severity | null)[] = ['medium', 'critical', 'high', 'low', null, 'info', null];

/** The session of an index; the same index always gives the same session. */
export function fakeSession(index: number): SessionSummary {
  const at = <T>(list: readonly T[], step = 1): T => list[Math.floor(index / step) % list.length] as T;
  const protocol = at(PROTOCOLS);
  const mail = protocol === 'smtp';
  const worst = at(WORST);
  return {
    id: index + 1,
    protocol,
    client: { address: `198.51.100.${(index * 7) % 254}`, port: 40000 + (index % 20000) },
    server: { address: '10.0.0.25', port: mail ? 25 : protocol === 'imap' ? 143 : protocol === 'pop3' ? 110 : 993 },
    startUs: START_US + index * 1_733_000,
    endUs: START_US + index * 1_733_000 + 42_131_000,
    end: 'closed',
    knowledge: 'synced',
    tls: at(TLS),
    tlsVersion: protocol === 'tls' ? 'TLS 1.3' : '',
    sni: '',
    helo: mail ? 'gw7.partner.example' : '',
    user: mail ? '' : index % 2 === 0 ? 'kim.lee' : 'marta',
    mailFrom: mail ? at(SENDERS, 2) : '',
    rcptTo: mail ? 'kim@corp.example' : '',
    rcptCount: mail ? (index % 3 === 0 ? 100 : 1) : 0,
    messages: index % 5,
    commands: 13,
    lastReply: at(REPLIES),
    packetsToServer: 21,
    packetsToClient: 19,
    bytesToServer: 1200 + index * 37,
    bytesToClient: 2700,
    gaps: 0,
    missingBytes: 0,
    worst,
    violations: { critical: 0, high: 0, medium: 0, low: 0, info: 0, ...(worst === null ? {} : { [worst]: 1 }) },
    tags: index % 9 === 0 ? ['one-sided'] : [],
    vlan: [],
  };
}

/** The findings of the transcript below, for one session. */
export function fakeFindings(session: SessionSummary): readonly Violation[] {
  const common = {
    sessionId: session.id,
    knowledge: 'synced' as const,
    timeUs: session.startUs + 42_090_000,
    packet: 31,
    direction: 'to_server' as const,
    action: 'detect' as const,
    protocol: session.protocol,
    client: session.client,
    server: session.server,
    count: 1,
    also: [],
  };
  const id = session.id * 10;
  return [
    {
      ...common,
      id,
      protection: 'smtp-vrfy',
      title: 'Account probing with VRFY',
      attackName: 'SMTP Policy Violation',
      attackInfo: 'VRFY command',
      severity: 'medium',
      confidence: 80,
      timeUs: session.startUs + 48_000,
      packet: 9,
      offset: 26,
      length: 4,
      line: 7,
      measured: null,
      limit: null,
      unit: '',
      state: 'READY',
      evidence: 'VRFY root',
      detail: 'The client asked whether a mailbox exists.',
      remedy: 'Switch VRFY off (postfix: disable_vrfy_command = yes).',
      references: ['RFC 5321 3.5.3'],
    },
    {
      ...common,
      id: id + 1,
      protection: 'smtp-cram-md5-overflow',
      title: 'CRAM-MD5 response long enough to overflow',
      attackName: 'smtp2_compliance',
      attackInfo: 'cve_2007_4440_alert',
      severity: 'critical',
      confidence: 98,
      offset: 47,
      length: 1400,
      line: 11,
      measured: 1400,
      limit: 512,
      unit: 'bytes',
      state: 'AUTH',
      evidence: '',
      detail: 'The response to a CRAM-MD5 challenge has 1,400 bytes; a user name and 32 hex digits need far fewer.',
      remedy:
        'Mercury Mail Transport up to 4.51 copies the response into a fixed buffer. Update it, or take CRAM-MD5 out of the offered mechanisms.',
      references: ['CVE-2007-4440', 'CPAI-2007-103', 'RFC 2195', 'T1190'],
    },
    {
      ...common,
      id: id + 2,
      protection: 'smtp-binary-in-command',
      title: 'Binary data in command line detected',
      attackName: 'SMTP Format Violation',
      attackInfo: 'Binary data in command line detected',
      severity: 'high',
      confidence: 90,
      timeUs: session.startUs + 42_131_000,
      packet: 35,
      offset: 1464,
      length: 3,
      line: 13,
      measured: 3,
      limit: 0,
      unit: 'bytes',
      state: 'READY',
      evidence: 'MAIL FROM:<jo\\x90\\x90\\xCC@partner.example>',
      detail: 'The address holds octets that no command line may hold.',
      remedy: 'Block the client and look at what it sent before.',
      references: ['RFC 5321 4.1.2'],
      also: ['smtp-shellcode'],
    },
  ];
}

const MASK: TextRun = { kind: 'masked', label: 'response', lengthBytes: 1400, mark: 'critical' };

/** The transcript of the drawing in the design, with a message behind it. */
export function fakeTranscript(
  session: SessionSummary,
  reveal: boolean,
  expanded: readonly number[],
): readonly TranscriptItem[] {
  const maker = new LineMaker(session.startUs);
  const [vrfy, cram, binary] = fakeFindings(session).map((finding) => finding.id) as [number, number, number];
  const items: TranscriptItem[] = [
    maker.line(0, 'to_client', '220 mx1.corp.example ESMTP ready'),
    maker.line(21, 'to_server', 'EHLO gw7.partner.example'),
    maker.line(22, 'to_client', '250-mx1.corp.example'),
    maker.line(22, 'to_client', '250-SIZE 52428800'),
    maker.line(22, 'to_client', '250-AUTH CRAM-MD5 PLAIN LOGIN'),
    maker.line(22, 'to_client', '250 STARTTLS'),
    maker.marked(48, 'medium', vrfy, [text('VRFY '), text('root', 'medium')]),
    maker.line(49, 'to_client', '252 2.0.0 cannot verify'),
    { kind: 'pause', seconds: 42 },
    maker.line(42_071, 'to_server', 'AUTH CRAM-MD5'),
    maker.runs(42_072, 'to_client', [
      text('334 '),
      reveal
        ? text('PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+')
        : { kind: 'masked', label: 'challenge', lengthBytes: 28, mark: null },
    ]),
    maker.marked(42_090, 'critical', cram, [reveal ? text('QUFB'.repeat(350), 'critical') : MASK]),
    maker.line(42_110, 'to_client', '535 5.7.8 authentication failed'),
    maker.marked(42_131, 'high', binary, [
      text('MAIL FROM:<jo'),
      octet('90', 'high'),
      octet('90', 'high'),
      octet('CC', 'high'),
      text('@partner.example>'),
    ]),
    maker.line(42_150, 'to_client', '553 5.1.7 bad sender address syntax'),
    maker.line(42_171, 'to_server', 'MAIL FROM:<jo@partner.example> SIZE=3112 BODY=8BITMIME'),
    maker.line(42_172, 'to_client', '250 2.1.0 Ok'),
    maker.line(42_190, 'to_server', 'RCPT TO:<kim@corp.example>'),
    maker.line(42_191, 'to_client', '250 2.1.5 Ok'),
    maker.line(42_200, 'to_server', 'DATA'),
    maker.line(42_201, 'to_client', '354 End data with <CR><LF>.<CR><LF>'),
    maker.line(42_230, 'to_server', 'Subject: Bestellung für März, 注文'),
    maker.runs(42_230, 'to_server', [
      text('X-Raw: '),
      octet('C3', null),
      octet('28', null),
      octet('00', null),
      text(' and on it goes: '),
      ...'DEADBEEF'
        .repeat(8)
        .match(/../g)!
        .map((hex) => octet(hex, null)),
    ]),
    maker.line(
      42_230,
      'to_server',
      `References: ${'<very-long-message-identifier-that-wraps@partner.example> '.repeat(4)}`,
    ),
    {
      kind: 'fold',
      id: 1,
      direction: 'to_server',
      lines: 42,
      lengthBytes: 2870,
      what: 'body',
      findings: [],
      expanded: expanded.includes(1),
    },
  ];
  const body = Array.from({ length: 42 }, (_, at) =>
    maker.line(42_240, 'to_server', `Line ${at + 1} of the message body, seventy-odd characters as mailers wrap it.`),
  );
  if (expanded.includes(1)) items.push(...body);
  items.push(
    maker.line(42_300, 'to_server', '.'),
    { kind: 'gap', direction: 'to_client', lengthBytes: 1460 },
    maker.line(42_400, 'to_server', 'STARTTLS'),
    maker.line(42_401, 'to_client', '220 2.0.0 Ready to start TLS'),
    { kind: 'note', text: 'TLS 1.3 from here on; 18.0 kB that cannot be read' },
    { ...maker.line(42_500, 'to_server', 'EHLO gw7.partner.example'), secure: true },
    { ...maker.line(42_501, 'to_client', '250 mx1.corp.example'), secure: true },
  );
  return items;
}

class LineMaker {
  private number = 0;
  constructor(private readonly startUs: number) {}

  line(ms: number, direction: DirectionName, words: string): TranscriptLine {
    return this.runs(ms, direction, [text(words)]);
  }

  runs(ms: number, direction: DirectionName, runs: readonly TextRun[]): TranscriptLine {
    return {
      kind: 'line',
      number: ++this.number,
      timeUs: this.startUs + ms * 1000,
      packet: this.number,
      direction,
      secure: false,
      role: direction === 'to_server' ? 'command' : 'reply',
      runs,
      lengthBytes: 40,
      omittedBytes: 0,
      terminator: 'crlf',
      severity: null,
      findings: [],
    };
  }

  marked(ms: number, severity: Severity, finding: number, runs: readonly TextRun[]): TranscriptLine {
    return { ...this.runs(ms, 'to_server', runs), severity, findings: [finding] };
  }
}

export function text(words: string, mark: Severity | null = null): TextRun {
  return { kind: 'text', text: words, mark };
}

export function octet(hex: string, mark: Severity | null): TextRun {
  return { kind: 'octet', hex, mark };
}
