/**
 * EVE JSON lines, as Suricata writes them, one object a line in packet time.
 * In: sessions as they end, mail transactions, totals. Out: text. Field names
 * are Suricata's wherever it has one; everything else stands under `mailscope`.
 *
 * The records of every session and message are written as octets, member by
 * member, straight from where the session keeps them: a capture has millions of
 * them, and building objects or joining strings only to write them takes longer
 * than everything else. `RecordOctets.quoted` and `shown` are the only ways of
 * captured text in.
 */
import type { EmailSummary } from '../../shared/transaction.js';
import type { Violation } from '../../shared/violation.js';
import { SHOWN_CHARACTERS, SessionOutline, type Outlined, type OutlinedText } from '../outline.js';
import {
  ENVELOPE_CHARACTERS,
  REPLY_CHARACTERS,
  TransactionOutline,
  type EmailTexts,
  type TransactionHandle,
} from '../transaction-outline.js';
import { writeAlert } from './eve-alert.js';
import { EveHead } from './eve-head.js';
import { FLOW, MAILBOX, OPENING, RECORD, SMTP, TLS } from './eve-pieces.js';
import { eveStats } from './eve-stats.js';
import { RecordOctets, type FixedPiece } from './record-octets.js';
import { inPacketOrder, type ReportInput, type ReportSession, type ReportWriter, type Write } from './report-input.js';

/** Writes records as sessions end: transactions at once, alerts and the flow at the end of each. */
export class EveReport implements ReportWriter {
  private readonly octets = new RecordOctets();
  /** The session whose records are being written. */
  private readonly outline = new SessionOutline();
  /** The transaction whose record is being written. */
  private readonly mail = new TransactionOutline();
  private readonly head = new EveHead(this.octets, this.outline);
  private readonly inputs: ReportInput[] = [];

  /** With `writeOctets`, records go there as UTF-8, borrowed until it returns, and not to `write`. */
  constructor(
    private readonly write: Write,
    private readonly writeOctets: ((octets: Uint8Array) => void) | null = null,
  ) {}

  begin(path: string): void {
    this.head.begin(path);
  }

  transaction(transaction: TransactionHandle, session: Outlined): void {
    const { octets, outline, mail } = this;
    session.outlineIdentity(outline);
    transaction.outline(mail);
    octets.begin();
    this.head.write('smtp', mail.timeUs, mail.packet);
    octets.fixed(OPENING.smtp.of(outline.protocol));
    this.smtp();
    this.send();
  }

  session({ session, violations, lastPacket }: ReportSession): void {
    this.outline.take(session, lastPacket);
    this.outlined(violations);
  }

  ended(session: Outlined, violations: readonly Violation[]): void {
    session.outline(this.outline);
    this.outlined(violations);
  }

  finding(violation: Violation): void {
    const { sessionId: id, client, server, protocol } = violation;
    this.outline.takeIdentity({ id, client, server, protocol, vlan: [] });
    this.octets.begin();
    this.alert(violation);
    this.send();
  }

  finish(input: ReportInput): void {
    this.inputs.push(input);
  }

  close(): void {
    const { octets } = this;
    octets.begin();
    octets.raw(`${JSON.stringify(eveStats(this.inputs))}\n`);
    this.send();
  }

  /** The records of the session that is outlined. */
  private outlined(violations: readonly Violation[]): void {
    const { octets } = this;
    const { protocol, tls } = this.outline;
    octets.begin();
    if (violations.length > 0) for (const violation of inPacketOrder(violations)) this.alert(violation);
    if (protocol === 'pop3' || protocol === 'imap') this.mailbox(protocol);
    if (tls === 'starttls' || tls === 'implicit') this.tls();
    this.flow();
    this.send();
  }

  private alert(violation: Violation): void {
    const { octets, outline } = this;
    this.head.write('alert', violation.timeUs, violation.packet);
    octets.fixed(OPENING.bare.of(outline.protocol));
    writeAlert(octets, violation);
  }

  private smtp(): void {
    const { octets, mail } = this;
    const { email, status, helo, mailFrom, reply, authUser } = mail;
    octets.number(mail.txId);
    octets.fixed(SMTP.helo);
    this.captured(helo, helo.length, ENVELOPE_CHARACTERS);
    octets.fixed(SMTP.mailFrom);
    this.captured(mailFrom, mailFrom.length, ENVELOPE_CHARACTERS);
    this.listed(SMTP.rcptTo, mail.rcptTo);
    if (email === null) octets.fixed(SMTP.noEmail);
    else this.email(email, status);
    this.captured(reply, reply.length, REPLY_CHARACTERS);
    this.numbered(SMTP.bytes, mail.bytes);
    octets.fixed(SMTP.authUser);
    this.captured(authUser, authUser.length, ENVELOPE_CHARACTERS);
    this.numbered(mail.tls ? SMTP.tls : SMTP.noTls, mail.rcptCount);
    this.numbered(SMTP.rcptAccepted, mail.rcptAccepted);
    octets.fixed(RECORD.closeInner);
  }

  private email(email: EmailTexts, status: EmailSummary['status']): void {
    this.named(SMTP.from, email.from);
    this.listed(SMTP.to, email.to);
    this.listed(SMTP.cc, email.cc);
    this.named(SMTP.subject, email.subject);
    this.named(SMTP.messageId, email.messageId);
    this.named(SMTP.date, email.date);
    this.listed(SMTP.attachment, email.attachment);
    this.named(SMTP.status, status);
    this.octets.fixed(SMTP.reply);
  }

  private mailbox(type: 'pop3' | 'imap'): void {
    const { octets, outline } = this;
    const { user, lastReply } = outline;
    this.head.ending(type);
    octets.fixed(OPENING.mailbox.of(type));
    this.captured(user, user.length, SHOWN_CHARACTERS);
    this.numbered(MAILBOX.commands, outline.commands);
    this.numbered(MAILBOX.messages, outline.messages);
    octets.fixed(MAILBOX.reply);
    this.captured(lastReply, outline.lastReplyBytes, SHOWN_CHARACTERS);
    octets.fixed(MAILBOX.tls.of(outline.tls));
  }

  private tls(): void {
    const { octets, outline } = this;
    this.head.ending('tls');
    octets.fixed(OPENING.bare.of(outline.protocol));
    const { tlsVersion, sni } = outline;
    octets.fixed(TLS.open);
    if (tlsVersion !== '') this.named(TLS.version, tlsVersion);
    if (sni.length > 0) {
      octets.fixed(tlsVersion === '' ? TLS.sni : TLS.alsoSni);
      this.captured(sni, sni.length, SHOWN_CHARACTERS);
    }
    octets.fixed(TLS.use.of(outline.tls));
  }

  private flow(): void {
    const { octets, outline } = this;
    const { startUs, endUs } = outline;
    this.head.ending('flow');
    octets.fixed(OPENING.flow.of(outline.protocol));
    octets.number(outline.packetsToServer);
    this.numbered(FLOW.packetsToClient, outline.packetsToClient);
    this.numbered(FLOW.bytesToServer, outline.bytesToServer);
    this.numbered(FLOW.bytesToClient, outline.bytesToClient);
    octets.fixed(FLOW.start);
    octets.time(startUs);
    octets.fixed(FLOW.end);
    octets.time(endUs);
    this.numbered(FLOW.age, Math.max(0, Math.floor((endUs - startUs) / 1e6)));
    this.findings();
  }

  /** What was found in the session, what is missing in it, and how it ended. */
  private findings(): void {
    const { octets, outline } = this;
    const { protocol, worst, violations, gaps, missingBytes, end, knowledge, tags } = outline;
    if (worst === null && violations === 0 && gaps === 0 && missingBytes === 0 && tags.length === 0) {
      octets.fixed(FLOW.quiet.of(end, protocol, knowledge));
      return;
    }
    octets.fixed(FLOW.state.of(end));
    octets.fixed(FLOW.protocol.of(protocol));
    if (worst === null) octets.fixed(FLOW.noWorst);
    else octets.quoted(worst);
    this.numbered(FLOW.violations, violations);
    this.numbered(FLOW.gaps, gaps);
    this.numbered(FLOW.missingBytes, missingBytes);
    octets.fixed(FLOW.ownEnd);
    octets.fixed(FLOW.knowledge.of(end));
    this.listed(FLOW.tags.of(knowledge), tags);
    octets.fixed(RECORD.closeInner);
  }

  private captured(text: OutlinedText, lengthBytes: number, longest: number): void {
    if (typeof text === 'string') this.octets.quoted(text);
    else this.octets.shown(text, lengthBytes, longest);
  }

  private named(name: FixedPiece, text: string): void {
    this.octets.fixed(name);
    this.octets.quoted(text);
  }

  private numbered(name: FixedPiece, value: number): void {
    this.octets.fixed(name);
    this.octets.number(value);
  }

  private listed(name: FixedPiece, texts: readonly OutlinedText[]): void {
    const { octets } = this;
    octets.fixed(name);
    octets.fixed(RECORD.openList);
    for (let i = 0; i < texts.length; i++) {
      if (i > 0) octets.fixed(RECORD.comma);
      const text = texts[i] as OutlinedText;
      this.captured(text, text.length, ENVELOPE_CHARACTERS);
    }
    octets.fixed(RECORD.closeList);
  }

  private send(): void {
    const { octets, writeOctets } = this;
    if (writeOctets === null) this.write(octets.text);
    else writeOctets(octets.written);
  }
}
