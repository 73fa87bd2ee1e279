/**
 * EVE JSON lines, as Suricata writes them, one object a line in packet time.
 * In: sessions as they end, mail transactions, totals. Out: text. Field names
 * are Suricata's wherever it has one; everything else stands under `mailscope`.
 *
 * The records of every session and message are put together as text, member by
 * member: a capture has millions of them, and building objects only to write
 * them takes longer than everything else. `quoted` is the only way of a string in.
 */
import type { SessionIdentity, SessionSummary } from '../../shared/session.js';
import type { MailTransaction } from '../../shared/transaction.js';
import type { Violation } from '../../shared/violation.js';
import { isoMicroseconds } from '../session/timestamp.js';
import { EVE_SEVERITY, signatureId } from './eve-identity.js';
import { eveStats } from './eve-stats.js';
import { inPacketOrder, type ReportInput, type ReportSession, type ReportWriter, type Write } from './report-input.js';

type Json = Readonly<Record<string, unknown>>;

/** Moment and place of a record, besides its connection. */
interface Place {
  readonly timeUs: number;
  readonly packet: number;
  /** As JSON. */
  readonly filename: string;
}

/** Writes records as sessions end: transactions at once, alerts and the flow at the end of each. */
export class EveReport implements ReportWriter {
  /** Quoted once for all records of a capture. */
  private filename = '""';
  private readonly inputs: ReportInput[] = [];

  constructor(private readonly write: Write) {}

  begin(path: string): void {
    this.filename = quoted(path);
  }

  transaction(transaction: MailTransaction, session: SessionIdentity): void {
    const place = { timeUs: transaction.timeUs, packet: transaction.packet, filename: this.filename };
    this.record(common('smtp', session, place) + smtpMembers(transaction));
  }

  session({ session, violations, lastPacket }: ReportSession): void {
    const { filename } = this;
    for (const violation of inPacketOrder(violations)) {
      const place = { timeUs: violation.timeUs, packet: violation.packet, filename };
      this.record(common('alert', session, place) + membersOf(alertMembers(violation)));
    }
    const place = { timeUs: session.endUs, packet: lastPacket, filename };
    if (session.protocol === 'pop3' || session.protocol === 'imap') {
      this.record(common(session.protocol, session, place) + mailboxMembers(session));
    }
    if (session.tls === 'starttls' || session.tls === 'implicit') {
      this.record(common('tls', session, place) + membersOf(tlsMembers(session)));
    }
    this.record(common('flow', session, place) + flowMembers(session));
  }

  finding(violation: Violation): void {
    const { sessionId: id, client, server, protocol } = violation;
    const place = { timeUs: violation.timeUs, packet: violation.packet, filename: this.filename };
    this.record(
      common('alert', { id, client, server, protocol, vlan: [] }, place) + membersOf(alertMembers(violation)),
    );
  }

  finish(input: ReportInput): void {
    this.inputs.push(input);
  }

  close(): void {
    this.record(membersOf(eveStats(this.inputs)));
  }

  /** Writes the members of one record, without the braces. */
  private record(members: string): void {
    this.write(`{${members}}\n`);
  }
}

/** A string as JSON; captured text is display-safe already, and is escaped once more where it is not plain. */
function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** ASCII without quote, backslash and controls. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** The members of an object as text, for records that are rare. */
function membersOf(record: Json): string {
  return JSON.stringify(record).slice(1, -1);
}

/** The members that every record begins with, and a comma. */
function common(eventType: string, session: SessionIdentity, place: Place): string {
  const { client, server, vlan } = session;
  return (
    `"timestamp":"${eveTimestamp(place.timeUs)}","flow_id":${session.id},"pcap_cnt":${place.packet},` +
    `"pcap_filename":${place.filename},"event_type":"${eventType}",` +
    (vlan.length === 0 ? '' : `"vlan":[${vlan.join()}],`) +
    `"src_ip":"${client.address}","src_port":${client.port},"dest_ip":"${server.address}","dest_port":${server.port},` +
    `"proto":"TCP","app_proto":"${session.protocol}",`
  );
}

/** `2026-11-21T08:00:00.123456+0000`, as Suricata prints it. */
function eveTimestamp(timeUs: number): string {
  return `${isoMicroseconds(timeUs)}+0000`;
}

function alertMembers(violation: Violation): Json {
  return {
    direction: violation.direction,
    alert: {
      action: violation.action === 'prevent' ? 'blocked' : 'allowed',
      gid: 1,
      signature_id: signatureId(violation.protection),
      rev: 1,
      signature: violation.attackInfo,
      category: violation.attackName,
      severity: EVE_SEVERITY[violation.severity],
      metadata: alertMetadata(violation),
    },
    mailscope: {
      protection: violation.protection,
      severity: violation.severity,
      confidence: violation.confidence,
      attack_name: violation.attackName,
      attack_info: violation.attackInfo,
      measured: violation.measured,
      limit: violation.limit,
      unit: violation.unit,
      count: violation.count,
      knowledge: violation.knowledge,
      evidence: violation.evidence,
      offset: violation.offset,
      length: violation.length,
      line: violation.line,
      references: violation.references,
      also: violation.also,
      ...aclLog(violation),
    },
  };
}

/** The router's line, and the document's wording of it. */
function aclLog({ accessLog }: Violation): Json {
  return accessLog === undefined ? {} : { acl_log: accessLog.corrected, acl_log_document: accessLog.document };
}

/** Suricata's metadata is lists of words; `cve` is the key that rule sets use. */
function alertMetadata(violation: Violation): Json {
  const cves = violation.references.filter((reference) => /^CVE-\d{4}-\d+$/.test(reference));
  return cves.length === 0 ? {} : { cve: cves.map((cve) => cve.replaceAll('-', '_')) };
}

function smtpMembers(transaction: MailTransaction): string {
  const { email } = transaction;
  return (
    `"tx_id":${transaction.txId},"smtp":{"helo":${quoted(transaction.helo)},"mail_from":${quoted(transaction.mailFrom)},` +
    `"rcpt_to":${listed(transaction.rcptTo)}},` +
    `"email":{"from":${quoted(email.from)},"to":${listed(email.to)},"cc":${listed(email.cc)},` +
    `"subject":${quoted(email.subject)},"message_id":${quoted(email.messageId)},"date":${quoted(email.date)},` +
    `"attachment":${listed(email.attachment)},"status":"${email.status}"},` +
    `"mailscope":{"reply":${quoted(transaction.reply)},"bytes":${transaction.bytes},` +
    `"auth_user":${quoted(transaction.authUser)},"tls":${transaction.tls},` +
    `"rcpt_count":${transaction.rcptCount},"rcpt_accepted":${transaction.rcptAccepted}}`
  );
}

function listed(texts: readonly string[]): string {
  if (texts.length === 0) return '[]';
  return texts.length === 1 ? `[${quoted(texts[0] as string)}]` : JSON.stringify(texts);
}

function mailboxMembers(session: SessionSummary): string {
  const { user, commands, messages, lastReply, tls } = session;
  return (
    `"mailscope":{"user":${quoted(user)},"commands":${commands},"messages":${messages},` +
    `"reply":${quoted(lastReply)},"tls":"${tls}"}`
  );
}

function tlsMembers(session: SessionSummary): Json {
  const { tlsVersion: version, sni } = session;
  const tls = { ...(version === '' ? {} : { version }), ...(sni === '' ? {} : { sni }) };
  return { tls, mailscope: { use: session.tls } };
}

/** Suricata's states and reasons; our own end stands beside them. */
const FLOW_END: Readonly<Record<SessionSummary['end'], { readonly state: string; readonly reason: string }>> = {
  open: { state: 'established', reason: 'unknown' },
  closed: { state: 'closed', reason: 'timeout' },
  reset: { state: 'closed', reason: 'timeout' },
  timeout: { state: 'established', reason: 'timeout' },
  'capture-end': { state: 'established', reason: 'shutdown' },
  replaced: { state: 'established', reason: 'tcp_reuse' },
};

function flowMembers(session: SessionSummary): string {
  const { critical, high, medium, low, info } = session.violations;
  const { state, reason } = FLOW_END[session.end];
  return (
    `"flow":{"pkts_toserver":${session.packetsToServer},"pkts_toclient":${session.packetsToClient},` +
    `"bytes_toserver":${session.bytesToServer},"bytes_toclient":${session.bytesToClient},` +
    `"start":"${eveTimestamp(session.startUs)}","end":"${eveTimestamp(session.endUs)}",` +
    `"age":${Math.max(0, Math.floor((session.endUs - session.startUs) / 1e6))},"state":"${state}","reason":"${reason}"},` +
    `"mailscope":{"protocol":"${session.protocol}","worst":${session.worst === null ? 'null' : quoted(session.worst)},` +
    `"violations":${critical + high + medium + low + info},"gaps":${session.gaps},"missing_bytes":${session.missingBytes},` +
    `"end":"${session.end}","knowledge":"${session.knowledge}","tags":${listed(session.tags)}}`
  );
}
