/**
 * A mail transaction as the records of a report read it, put from where it lies
 * into one object that is used again for the next, as `SessionOutline` is: most
 * transactions are never wanted as anything but their record. Everything in it
 * is borrowed from the transaction.
 */
import type { EmailSummary, MailTransaction } from '../shared/transaction.js';
import type { OutlinedText } from './outline.js';

/** Characters of a captured text that a transaction shows at most, and of the reply that ended it. */
export const ENVELOPE_CHARACTERS = 320;
export const REPLY_CHARACTERS = 120;

/** What a message says of itself; display-safe. */
export type EmailTexts = Omit<EmailSummary, 'status'>;

/** A transaction that is over; borrowed until the call that tells it returns. */
export interface TransactionHandle {
  outline(into: TransactionOutline): void;
  /** A fresh, plain object with display-safe text. `sessionId`: of the session that it belongs to. */
  summary(sessionId: number): MailTransaction;
}

export class TransactionOutline {
  txId = 0;
  /** Of the MAIL command: packet time in µs since 1970, and its packet. */
  timeUs = NaN;
  packet = 0;
  helo: OutlinedText = '';
  mailFrom: OutlinedText = '';
  rcptTo: readonly OutlinedText[] = [];
  rcptCount = 0;
  rcptAccepted = 0;
  /** Null when there is nothing to say of a message. */
  email: EmailTexts | null = null;
  status: EmailSummary['status'] = 'none';
  reply: OutlinedText = '';
  bytes = 0;
  authUser: OutlinedText = '';
  tls = false;

  /** Everything from plain data, whose text is fit to be shown already. */
  take(transaction: MailTransaction): void {
    const { email } = transaction;
    this.txId = transaction.txId;
    this.timeUs = transaction.timeUs;
    this.packet = transaction.packet;
    this.helo = transaction.helo;
    this.mailFrom = transaction.mailFrom;
    this.rcptTo = transaction.rcptTo;
    this.rcptCount = transaction.rcptCount;
    this.rcptAccepted = transaction.rcptAccepted;
    this.email = isNone(email) ? null : email;
    this.status = email.status;
    this.reply = transaction.reply;
    this.bytes = transaction.bytes;
    this.authUser = transaction.authUser;
    this.tls = transaction.tls;
  }
}

function isNone({ from, to, cc, subject, messageId, date, attachment, status }: EmailSummary): boolean {
  const texts = from.length + subject.length + messageId.length + date.length;
  return status === 'none' && texts + to.length + cc.length + attachment.length === 0;
}
