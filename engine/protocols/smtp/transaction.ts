/**
 * One mail transaction while it happens: envelope octets as sent, what was
 * accepted, what became of the message. When it is over it is told, and becomes
 * display-safe text only for those who ask.
 */
import type { EmailSummary, MailTransaction } from '../../../shared/transaction.js';
import { displayText } from '../../text/display.js';
import {
  ENVELOPE_CHARACTERS,
  REPLY_CHARACTERS,
  type EmailTexts,
  type TransactionHandle,
  type TransactionOutline,
} from '../../transaction-outline.js';
import { ConnectionFacts } from '../facts.js';

const RECIPIENTS_KEPT = 100;

export class Transaction implements TransactionHandle {
  mailFrom: Uint8Array | null = null;
  readonly rcptTo: Uint8Array[] = [];
  rcptCount = 0;
  rcptAccepted = 0;
  /** The server accepted MAIL, or nobody can know. */
  accepted = false;
  /** Message octets as transferred. */
  bytes = 0;
  /** From the message's scanner, when a message has ended. */
  email: EmailTexts | null = null;
  truncated = false;
  /** Replies to the end of data so far (LMTP, PRDR: several). */
  endReplies = 0;
  perRecipient = false;
  prdr = false;
  lastCode = 0;
  /** First line of the reply that ended it, bounded. */
  private reply: Uint8Array | null = null;
  /** The server has answered, though the client still sends (a chunk refused early). */
  decided = false;
  over = false;
  /** Of its conversation, once it is told. */
  private facts: ConnectionFacts | null = null;

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
    // Longer by an octet than what is shown, so that a cut is seen to be one.
    const limit = Math.min(end, start + REPLY_CHARACTERS + 1);
    this.reply = ConnectionFacts.keepCommon(buffer, start, firstLineEnd(buffer, start, limit));
  }

  /** Says in whose conversation it was; to be called when it is told. */
  describe(facts: ConnectionFacts): TransactionHandle {
    this.facts = facts;
    return this;
  }

  outline(into: TransactionOutline): void {
    const { facts } = this;
    into.txId = this.txId;
    into.timeUs = this.timeUs;
    into.packet = this.packet;
    into.helo = facts?.helo ?? '';
    into.mailFrom = this.mailFrom ?? '';
    into.rcptTo = this.rcptTo;
    into.rcptCount = this.rcptCount;
    into.rcptAccepted = this.rcptAccepted;
    into.email = this.email;
    into.status = this.status();
    into.reply = this.reply ?? '';
    into.bytes = this.bytes;
    into.authUser = this.authUser ?? '';
    into.tls = facts?.tls === 'implicit';
  }

  summary(sessionId: number): MailTransaction {
    const { facts } = this;
    return {
      txId: this.txId,
      sessionId,
      timeUs: this.timeUs,
      packet: this.packet,
      helo: shown(facts?.helo ?? null),
      mailFrom: shown(this.mailFrom),
      rcptTo: this.rcptTo.map(shown),
      rcptCount: this.rcptCount,
      rcptAccepted: this.rcptAccepted,
      email: { ...(this.email ?? NO_EMAIL), status: this.status() },
      reply: this.reply === null ? '' : displayText(this.reply, 0, this.reply.length, REPLY_CHARACTERS),
      bytes: this.bytes,
      authUser: shown(this.authUser),
      tls: facts?.tls === 'implicit',
    };
  }

  private get authUser(): Uint8Array | null {
    const { facts } = this;
    return facts?.authenticated === 'yes' ? facts.user : null;
  }

  private status(): EmailSummary['status'] {
    if (this.email === null) return 'none';
    if (this.lastCode >= 400) return 'rejected';
    return this.truncated ? 'truncated' : 'complete';
  }
}

const NO_EMAIL: EmailTexts = {
  from: '',
  to: [],
  cc: [],
  subject: '',
  messageId: '',
  date: '',
  attachment: [],
};

function shown(octets: Uint8Array | null): string {
  return octets === null ? '' : displayText(octets, 0, octets.length, ENVELOPE_CHARACTERS);
}

function firstLineEnd(buffer: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) if (buffer[i] === 13 || buffer[i] === 10) return i;
  return end;
}
