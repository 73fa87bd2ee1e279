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
import type { EmailSummary, MailTransaction } from '../../shared/transaction.js';
import type { Violation } from '../../shared/violation.js';
import { SHOWN_CHARACTERS, SessionOutline, type Outlined, type OutlinedText } from '../outline.js';
import { alertMembers, membersOf, tlsMembers } from './eve-alert.js';
import { EveHead } from './eve-head.js';
import { FLOW, MAILBOX, OPENING, RECORD, SMTP } from './eve-pieces.js';
import { eveStats } from './eve-stats.js';
import { RecordOctets, type FixedPiece } from './record-octets.js';
import { inPacketOrder, type ReportInput, type ReportSession, type ReportWriter, type Write } from './report-input.js';

/** Writes records as sessions end: transactions at once, alerts and the flow at the end of each. */
export class EveReport implements ReportWriter {
  private readonly octets = new RecordOctets();
  /** The session whose records are being written. */
  private readonly outline = new SessionOutline();
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

  transaction(transaction: MailTransaction, session: Outlined): void {
    const { octets, outline } = this;
    session.outlineIdentity(outline);
    octets.begin();
    this.head.write('smtp', transaction.timeUs, transaction.packet);
    octets.fixed(OPENING.smtp[outline.protocol]);
    this.smtp(transaction);
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
    octets.fixed(RECORD.open);
    octets.raw(membersOf(eveStats(this.inputs)));
    octets.fixed(RECORD.close);
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
    octets.fixed(OPENING.bare[outline.protocol]);
    octets.raw(membersOf(alertMembers(violation)));
    octets.fixed(RECORD.close);
  }

  private smtp(transaction: MailTransaction): void {
    const { octets } = this;
    const { email } = transaction;
    octets.number(transaction.txId);
    this.named(SMTP.helo, transaction.helo);
    this.named(SMTP.mailFrom, transaction.mailFrom);
    this.listed(SMTP.rcptTo, transaction.rcptTo);
    if (isNone(email)) octets.fixed(SMTP.noEmail);
    else this.email(email);
    octets.quoted(transaction.reply);
    this.numbered(SMTP.bytes, transaction.bytes);
    this.named(SMTP.authUser, transaction.authUser);
    this.numbered(transaction.tls ? SMTP.tls : SMTP.noTls, transaction.rcptCount);
    this.numbered(SMTP.rcptAccepted, transaction.rcptAccepted);
    octets.fixed(RECORD.closeInner);
  }

  private email(email: EmailSummary): void {
    this.named(SMTP.from, email.from);
    this.listed(SMTP.to, email.to);
    this.listed(SMTP.cc, email.cc);
    this.named(SMTP.subject, email.subject);
    this.named(SMTP.messageId, email.messageId);
    this.named(SMTP.date, email.date);
    this.listed(SMTP.attachment, email.attachment);
    this.named(SMTP.status, email.status);
    this.octets.fixed(SMTP.reply);
  }

  private mailbox(type: 'pop3' | 'imap'): void {
    const { octets, outline } = this;
    const { user, lastReply } = outline;
    this.head.ending(type);
    octets.fixed(OPENING.mailbox[outline.protocol]);
    this.captured(user, user.length);
    this.numbered(MAILBOX.commands, outline.commands);
    this.numbered(MAILBOX.messages, outline.messages);
    octets.fixed(MAILBOX.reply);
    this.captured(lastReply, outline.lastReplyBytes);
    octets.fixed(MAILBOX.tls[outline.tls]);
  }

  private tls(): void {
    const { octets, outline } = this;
    this.head.ending('tls');
    octets.fixed(OPENING.bare[outline.protocol]);
    octets.raw(membersOf(tlsMembers(outline, SHOWN_CHARACTERS)));
    octets.fixed(RECORD.close);
  }

  private flow(): void {
    const { octets, outline } = this;
    const { startUs, endUs, end, protocol, knowledge, tags } = outline;
    this.head.ending('flow');
    octets.fixed(OPENING.flow[protocol]);
    octets.number(outline.packetsToServer);
    this.numbered(FLOW.packetsToClient, outline.packetsToClient);
    this.numbered(FLOW.bytesToServer, outline.bytesToServer);
    this.numbered(FLOW.bytesToClient, outline.bytesToClient);
    octets.fixed(FLOW.start);
    octets.time(startUs);
    octets.fixed(FLOW.end);
    octets.time(endUs);
    this.numbered(FLOW.age, Math.max(0, Math.floor((endUs - startUs) / 1e6)));
    octets.fixed(FLOW.state[end]);
    this.findings();
    octets.fixed(FLOW.knowledge[end]);
    if (tags.length === 0) {
      octets.fixed(FLOW.noTags[knowledge]);
    } else {
      this.listed(FLOW.tags[knowledge], tags);
      octets.fixed(RECORD.closeInner);
    }
  }

  /** What was found in the session, and what is missing in it. */
  private findings(): void {
    const { octets, outline } = this;
    const { protocol, worst, violations, gaps, missingBytes } = outline;
    if (worst === null && violations === 0 && gaps === 0 && missingBytes === 0) {
      octets.fixed(FLOW.quiet[protocol]);
      return;
    }
    octets.fixed(FLOW.protocol[protocol]);
    if (worst === null) octets.fixed(FLOW.noWorst);
    else octets.quoted(worst);
    this.numbered(FLOW.violations, violations);
    this.numbered(FLOW.gaps, gaps);
    this.numbered(FLOW.missingBytes, missingBytes);
    octets.fixed(FLOW.ownEnd);
  }

  private captured(text: OutlinedText, lengthBytes: number): void {
    if (typeof text === 'string') this.octets.quoted(text);
    else this.octets.shown(text, lengthBytes, SHOWN_CHARACTERS);
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

  private send(): void {
    const { octets, writeOctets } = this;
    if (writeOctets === null) this.write(octets.text);
    else writeOctets(octets.written);
  }
}

/** True when there is nothing to say of a transaction's message. */
function isNone({ from, to, cc, subject, messageId, date, attachment, status }: EmailSummary): boolean {
  const texts = from.length + subject.length + messageId.length + date.length;
  return status === 'none' && texts + to.length + cc.length + attachment.length === 0;
}
