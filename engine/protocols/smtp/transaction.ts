/**
 * One mail transaction while it happens: envelope octets as sent, what was
 * accepted, what became of the message. It turns into display-safe text once,
 * when it is over.
 */
import type { EmailSummary, MailTransaction } from '../../../shared/transaction.js';
import { displayText } from '../../text/display.js';
import { ConnectionFacts } from '../facts.js';
import { KnownTexts } from './known-texts.js';

const RECIPIENTS_KEPT = 100;
const TEXT_CHARACTERS = 320;
const REPLIES = new KnownTexts(256, 120);
const NAMES = new KnownTexts(1024, TEXT_CHARACTERS);

export class Transaction {
  mailFrom: Uint8Array | null = null;
  readonly rcptTo: Uint8Array[] = [];
  rcptCount = 0;
  rcptAccepted = 0;
  /** The server accepted MAIL, or nobody can know. */
  accepted = false;
  /** Message octets as transferred. */
  bytes = 0;
  /** From the message's scanner, when a message has ended. */
  email: Omit<EmailSummary, 'status'> | null = null;
  truncated = false;
  /** Replies to the end of data so far (LMTP, PRDR: several). */
  endReplies = 0;
  perRecipient = false;
  prdr = false;
  lastCode = 0;
  reply = '';
  /** The server has answered, though the client still sends (a chunk refused early). */
  decided = false;
  over = false;

  constructor(
    readonly txId: number,
    readonly timeUs: number,
    readonly packet: number,
    /** The transaction that was open when this one's MAIL came. */
    public previous: Transaction | null,
  ) {}

  /** Returns what it keeps; null beyond the number of recipients kept. */
  addRecipient(buffer: Uint8Array, start: number, end: number): Uint8Array | null {
    this.rcptCount++;
    if (this.rcptTo.length === RECIPIENTS_KEPT) return null;
    const kept = ConnectionFacts.keepCommon(buffer, start, end);
    this.rcptTo.push(kept);
    return kept;
  }

  /** True when the end of data is answered by one more reply (RFC 2033 4.2; PRDR: 353, each recipient, the whole). */
  get expectsMoreReplies(): boolean {
    if (this.prdr) return this.endReplies < this.rcptAccepted + 2;
    return this.perRecipient && this.endReplies < this.rcptAccepted;
  }

  /** Remembers a reply to the end of data, or to what ended the transaction. A success among several wins. */
  answered(code: number, buffer: Uint8Array, start: number, end: number): void {
    if (this.lastCode >= 200 && this.lastCode < 300 && code >= 300) return;
    this.lastCode = code;
    this.reply = REPLIES.of(buffer, start, firstLineEnd(buffer, start, end));
  }

  /** `sessionId` is 0, for the receiver to fill: adding a member to a copy would give each its own hidden class. */
  describe(facts: ConnectionFacts): MailTransaction {
    return {
      txId: this.txId,
      sessionId: 0,
      timeUs: this.timeUs,
      packet: this.packet,
      helo: facts.helo === null ? '' : NAMES.of(facts.helo, 0, facts.helo.length),
      mailFrom: shown(this.mailFrom),
      rcptTo: this.rcptTo.map(shown),
      rcptCount: this.rcptCount,
      rcptAccepted: this.rcptAccepted,
      email: this.describeEmail(this.email ?? NO_EMAIL),
      reply: this.reply,
      bytes: this.bytes,
      authUser: facts.authenticated === 'yes' ? shown(facts.user) : '',
      tls: facts.tls === 'implicit',
    };
  }

  private describeEmail(email: Omit<EmailSummary, 'status'>): EmailSummary {
    return {
      from: email.from,
      to: email.to,
      cc: email.cc,
      subject: email.subject,
      messageId: email.messageId,
      date: email.date,
      attachment: email.attachment,
      status: this.status(),
    };
  }

  private status(): EmailSummary['status'] {
    if (this.email === null) return 'none';
    if (this.lastCode >= 400) return 'rejected';
    return this.truncated ? 'truncated' : 'complete';
  }
}

const NO_EMAIL: Omit<EmailSummary, 'status'> = {
  from: '',
  to: [],
  cc: [],
  subject: '',
  messageId: '',
  date: '',
  attachment: [],
};

function shown(octets: Uint8Array | null): string {
  return octets === null ? '' : displayText(octets, 0, octets.length, TEXT_CHARACTERS);
}

function firstLineEnd(buffer: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (buffer[i] === 13 || buffer[i] === 10) return i;
  return end;
}
