/**
 * EVE JSON lines, as Suricata writes them, one object a line in packet time.
 * In: sessions as they end, mail transactions, totals. Out: text. Field names
 * are Suricata's wherever it has one; everything else stands under `mailscope`.
 *
 * The records of every session and message are written as octets, member by
 * member: a capture has millions of them, and building objects or joining strings
 * only to write them takes longer than everything else. `RecordOctets.quoted` is
 * the only way of a string in.
 */
import type { SessionIdentity, SessionSummary } from '../../shared/session.js';
import type { MailTransaction } from '../../shared/transaction.js';
import type { Violation } from '../../shared/violation.js';
import { isoMicroseconds } from '../session/timestamp.js';
import { EVE_SEVERITY, signatureId } from './eve-identity.js';
import { eveStats } from './eve-stats.js';
import { FLOW, FLOW_END, MAILBOX, RECORD, SMTP } from './eve-pieces.js';
import { RecordOctets, fixedPiece, type FixedPiece } from './record-octets.js';
import { inPacketOrder, type ReportInput, type ReportSession, type ReportWriter, type Write } from './report-input.js';

type Json = Readonly<Record<string, unknown>>;

/** Writes records as sessions end: transactions at once, alerts and the flow at the end of each. */
export class EveReport implements ReportWriter {
  private readonly octets = new RecordOctets();
  /** As JSON, encoded once for all records of a capture. */
  private filename = fixedPiece('""');
  private readonly inputs: ReportInput[] = [];

  /** With `writeOctets`, records go there as UTF-8, borrowed until it returns, and not to `write`. */
  constructor(
    private readonly write: Write,
    private readonly writeOctets: ((octets: Uint8Array) => void) | null = null,
  ) {}

  begin(path: string): void {
    this.filename = fixedPiece(JSON.stringify(path));
  }

  transaction(transaction: MailTransaction, session: SessionIdentity): void {
    this.common('smtp', session, transaction.timeUs, transaction.packet);
    this.smtp(transaction);
    this.end();
  }

  session({ session, violations, lastPacket }: ReportSession): void {
    for (const violation of inPacketOrder(violations)) this.alert(violation, session);
    const { protocol, endUs, tls } = session;
    if (protocol === 'pop3' || protocol === 'imap') {
      this.common(protocol, session, endUs, lastPacket);
      this.mailbox(session);
      this.end();
    }
    if (tls === 'starttls' || tls === 'implicit') {
      this.common('tls', session, endUs, lastPacket);
      this.octets.raw(membersOf(tlsMembers(session)));
      this.end();
    }
    this.common('flow', session, endUs, lastPacket);
    this.flow(session);
    this.end();
  }

  finding(violation: Violation): void {
    const { sessionId: id, client, server, protocol } = violation;
    this.alert(violation, { id, client, server, protocol, vlan: [] });
  }

  finish(input: ReportInput): void {
    this.inputs.push(input);
  }

  close(): void {
    this.octets.begin();
    this.octets.fixed(RECORD.open);
    this.octets.raw(membersOf(eveStats(this.inputs)));
    this.end();
  }

  private alert(violation: Violation, session: SessionIdentity): void {
    this.common('alert', session, violation.timeUs, violation.packet);
    this.octets.raw(membersOf(alertMembers(violation)));
    this.end();
  }

  /** Begins a record with the members that all have, and a comma. */
  private common(eventType: keyof typeof RECORD.types, session: SessionIdentity, timeUs: number, packet: number): void {
    const { octets } = this;
    const { client, server, vlan, protocol } = session;
    octets.begin();
    octets.fixed(RECORD.timestamp);
    octets.raw(isoMicroseconds(timeUs));
    octets.fixed(RECORD.flowId);
    octets.number(session.id);
    octets.fixed(RECORD.packet);
    octets.number(packet);
    octets.fixed(RECORD.filename);
    octets.fixed(this.filename);
    octets.fixed(RECORD.types[eventType]);
    if (vlan.length > 0) octets.raw(`"vlan":[${vlan.join()}],`);
    octets.fixed(RECORD.source);
    octets.raw(client.address);
    octets.fixed(RECORD.sourcePort);
    octets.number(client.port);
    octets.fixed(RECORD.destination);
    octets.raw(server.address);
    octets.fixed(RECORD.destinationPort);
    octets.number(server.port);
    octets.fixed(RECORD.protocols[protocol]);
  }

  private smtp(transaction: MailTransaction): void {
    const { email } = transaction;
    this.numbered(SMTP.txId, transaction.txId);
    this.named(SMTP.helo, transaction.helo);
    this.named(SMTP.mailFrom, transaction.mailFrom);
    this.listed(SMTP.rcptTo, transaction.rcptTo);
    this.named(SMTP.from, email.from);
    this.listed(SMTP.to, email.to);
    this.listed(SMTP.cc, email.cc);
    this.named(SMTP.subject, email.subject);
    this.named(SMTP.messageId, email.messageId);
    this.named(SMTP.date, email.date);
    this.listed(SMTP.attachment, email.attachment);
    this.named(SMTP.status, email.status);
    this.named(SMTP.reply, transaction.reply);
    this.numbered(SMTP.bytes, transaction.bytes);
    this.named(SMTP.authUser, transaction.authUser);
    this.octets.fixed(transaction.tls ? SMTP.tls : SMTP.noTls);
    this.numbered(SMTP.rcptCount, transaction.rcptCount);
    this.numbered(SMTP.rcptAccepted, transaction.rcptAccepted);
    this.octets.fixed(RECORD.closeInner);
  }

  private mailbox(session: SessionSummary): void {
    this.named(MAILBOX.user, session.user);
    this.numbered(MAILBOX.commands, session.commands);
    this.numbered(MAILBOX.messages, session.messages);
    this.named(MAILBOX.reply, session.lastReply);
    this.named(MAILBOX.tls, session.tls);
    this.octets.fixed(RECORD.closeInner);
  }

  private flow(session: SessionSummary): void {
    const { octets } = this;
    const { critical, high, medium, low, info } = session.violations;
    this.numbered(FLOW.packetsToServer, session.packetsToServer);
    this.numbered(FLOW.packetsToClient, session.packetsToClient);
    this.numbered(FLOW.bytesToServer, session.bytesToServer);
    this.numbered(FLOW.bytesToClient, session.bytesToClient);
    octets.fixed(FLOW.start);
    octets.raw(isoMicroseconds(session.startUs));
    octets.fixed(FLOW.end);
    octets.raw(isoMicroseconds(session.endUs));
    this.numbered(FLOW.age, Math.max(0, Math.floor((session.endUs - session.startUs) / 1e6)));
    octets.fixed(FLOW_END[session.end]);
    this.named(FLOW.protocol, session.protocol);
    octets.fixed(FLOW.worst);
    if (session.worst === null) octets.fixed(RECORD.null);
    else octets.quoted(session.worst);
    this.numbered(FLOW.violations, critical + high + medium + low + info);
    this.numbered(FLOW.gaps, session.gaps);
    this.numbered(FLOW.missingBytes, session.missingBytes);
    this.named(FLOW.ownEnd, session.end);
    this.named(FLOW.knowledge, session.knowledge);
    this.listed(FLOW.tags, session.tags);
    octets.fixed(RECORD.closeInner);
  }

  private named(name: FixedPiece, text: string): void {
    this.octets.fixed(name);
    this.octets.quoted(text);
  }

  private numbered(name: FixedPiece, value: number): void {
    this.octets.fixed(name);
    this.octets.number(value);
  }

  private listed(name: FixedPiece, texts: readonly string[]): void {
    const { octets } = this;
    octets.fixed(name);
    octets.fixed(RECORD.openList);
    for (let i = 0; i < texts.length; i++) {
      if (i > 0) octets.fixed(RECORD.comma);
      octets.quoted(texts[i] as string);
    }
    octets.fixed(RECORD.closeList);
  }

  private end(): void {
    const { octets, writeOctets } = this;
    octets.fixed(RECORD.close);
    if (writeOctets === null) this.write(octets.text);
    else writeOctets(octets.written);
  }
}

/** The members of an object as text, for records that are rare. */
function membersOf(record: Json): string {
  return JSON.stringify(record).slice(1, -1);
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

function tlsMembers(session: SessionSummary): Json {
  const { tlsVersion: version, sni } = session;
  const tls = { ...(version === '' ? {} : { version }), ...(sni === '' ? {} : { sni }) };
  return { tls, mailscope: { use: session.tls } };
}
