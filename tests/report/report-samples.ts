/** Sessions, findings and totals for the tests of reports: small, complete, and easily varied. */
import type { Totals } from '../../shared/inspection.js';
import type { SessionSummary } from '../../shared/session.js';
import type { MailTransaction } from '../../shared/transaction.js';
import type { Violation } from '../../shared/violation.js';

export const T0 = 1_795_248_000_123_456;
const CLIENT = { address: '198.51.100.7', port: 41222 };
const SERVER = { address: '10.0.0.25', port: 25 };
export const NONE = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

export function session(change: Partial<SessionSummary> = {}): SessionSummary {
  return {
    id: 4711,
    protocol: 'smtp',
    client: CLIENT,
    server: SERVER,
    startUs: T0,
    endUs: T0 + 42_131_000,
    end: 'closed',
    knowledge: 'synced',
    tls: 'offered',
    tlsVersion: '',
    sni: '',
    helo: 'gw7.partner.example',
    user: '',
    mailFrom: 'jo@partner.example',
    rcptTo: 'kim@corp.example',
    rcptCount: 3,
    messages: 0,
    commands: 6,
    lastReply: '535 5.7.8 authentication failed',
    packetsToServer: 12,
    packetsToClient: 11,
    bytesToServer: 1600,
    bytesToClient: 2300,
    gaps: 0,
    missingBytes: 0,
    worst: 'critical',
    violations: { ...NONE, critical: 1, medium: 1 },
    tags: [],
    vlan: [],
    ...change,
  };
}

export function violation(change: Partial<Violation> = {}): Violation {
  return {
    id: 1,
    sessionId: 4711,
    protection: 'smtp-cram-md5-overflow',
    title: 'CRAM-MD5 response long enough to overflow',
    attackName: 'smtp2_compliance',
    attackInfo: 'cve_2007_4440_alert',
    severity: 'critical',
    confidence: 98,
    knowledge: 'synced',
    timeUs: T0 + 42_090_000,
    packet: 17,
    direction: 'to_server',
    offset: 57,
    length: 1400,
    line: 11,
    measured: 1400,
    limit: 512,
    unit: 'bytes',
    count: 1,
    state: 'AUTH',
    evidence: '[response, 1400 bytes]',
    detail: 'The response is longer than any client sends.',
    action: 'detect',
    also: ['smtp-command-line-too-long'],
    remedy: 'Update Mercury.',
    references: ['CVE-2007-4440', 'RFC 2195'],
    protocol: 'smtp',
    client: CLIENT,
    server: SERVER,
    ...change,
  };
}

export function binaryViolation(change: Partial<Violation> = {}): Violation {
  return violation({
    id: 2,
    protection: 'smtp-binary-in-command',
    title: 'Binary data in command line',
    attackName: 'SMTP Format Violation',
    attackInfo: 'Binary data in command line detected',
    severity: 'medium',
    confidence: 90,
    timeUs: T0 + 42_131_000,
    packet: 19,
    offset: 1459,
    length: 3,
    line: 13,
    measured: null,
    limit: null,
    unit: '',
    count: 2,
    state: 'READY',
    evidence: 'MAIL FROM:<jo\\x90\\x90\\xCC@partner.example>',
    detail: '',
    also: [],
    remedy: 'Block the client.',
    references: ['RFC 5321 2.4'],
    ...change,
  });
}

export function transaction(change: Partial<MailTransaction> = {}): MailTransaction {
  return {
    txId: 0,
    sessionId: 4711,
    timeUs: T0 + 1_000_000,
    packet: 9,
    helo: 'gw7.partner.example',
    mailFrom: 'jo@partner.example',
    rcptTo: ['kim@corp.example', 'lee@corp.example'],
    rcptCount: 3,
    rcptAccepted: 2,
    email: {
      from: 'Jo <jo@partner.example>',
      to: ['kim@corp.example'],
      cc: [],
      subject: 'Invoice',
      messageId: '<1@partner.example>',
      date: 'Sat, 21 Nov 2026 00:00:00 +0000',
      attachment: ['invoice.pdf'],
      status: 'complete',
    },
    reply: '250 2.0.0 queued',
    bytes: 1234,
    authUser: '',
    tls: false,
    ...change,
  };
}

export function totals(change: Partial<Totals> = {}): Totals {
  return {
    packets: 23,
    bytes: 5120,
    sessions: 1,
    discardedSessions: 0,
    violations: { ...NONE, critical: 1, medium: 1 },
    violationsByProtection: { 'smtp-binary-in-command': 1, 'smtp-cram-md5-overflow': 1 },
    sessionsByProtocol: { smtp: 1 },
    gaps: 0,
    missingBytes: 0,
    sessionsWithGaps: 0,
    droppedPackets: null,
    decoded: { ethernet: 23, ipv4: 23, tcp: 23 },
    notDecoded: {},
    bounded: {},
    firstPacketUs: T0,
    lastPacketUs: T0 + 42_131_000,
    ...change,
  };
}

/** A finding that tells of several connections, as the perimeter has. */
export function perimeterViolation(): Violation {
  const line = `list packet_filter denied tcp ${CLIENT.address}(${CLIENT.port}) -> ${SERVER.address}(143), 3 packets`;
  return violation({
    protection: 'perimeter-imap-denied',
    title: 'IMAP denied at the perimeter',
    attackName: 'Packet Filter',
    attackInfo: 'list packet_filter denied tcp',
    severity: 'low',
    protocol: 'imap',
    server: { address: SERVER.address, port: 143 },
    line: 0,
    offset: 0,
    length: 0,
    measured: 3,
    limit: null,
    unit: 'packets',
    evidence: '',
    detail: '3 further packets in five minutes.',
    accessLog: { corrected: `%SEC-6-IPACCESSLOGP: ${line}`, document: `%SEC-6-IPACCESSLOGDP: ${line}` },
  });
}
