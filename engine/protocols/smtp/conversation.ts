/**
 * What the parts of the SMTP dialogue share: the two lanes, the states, the
 * queue of commands that wait for their reply, the transaction being built, and
 * how sure the dialogue is of all this (PROTECTIONS 0.2, 1.4).
 */
import type { LineRole } from '../../../shared/transcript.js';
import type { Limits } from '../../limits.js';
import type { DialogueContext, PacketPosition, WireLine } from '../dialogue.js';
import { KNOWLEDGE, TO_CLIENT, TO_SERVER, type EventSink, type KnowledgeLevel } from '../events.js';
import type { ConnectionFacts } from '../facts.js';
import { Lane } from './lane.js';
import type { Line } from './line.js';
import { PendingCommands, TAKEN } from './pending-commands.js';
import { STATE, stateName, stateWhenSent, type State } from './state.js';
import { Transaction } from './transaction.js';
import { PENDING, VERB, endsTransaction } from './verbs.js';
import { WireOrder } from './wire-order.js';

/** What the client's octets are at the moment. */
export const MODE = {
  /** Command lines, or responses of an AUTH exchange. */
  command: 0,
  /** Message text up to CRLF.CRLF. */
  message: 1,
  /** A counted number of octets: BDAT, XEXCH50. */
  chunk: 2,
  /** Lines behind DATA whose meaning depends on the reply to it. */
  dataHold: 3,
  /** Octets behind STARTTLS, before TLS. */
  tlsHold: 4,
  tls: 5,
  /** The very first octets: a PROXY header may stand there. */
  proxy: 6,
} as const;
export type Mode = (typeof MODE)[keyof typeof MODE];

export abstract class Conversation {
  mode: Mode = MODE.command;
  /** What the replies established, and what it will be when everything sent is accepted. */
  confirmed: State;
  sent: State;
  /** Name of the state that the next event carries, and how sure the dialogue is. */
  speaking = 'CONNECT';
  knowledge: KnowledgeLevel = KNOWLEDGE.unknown;
  client: Lane;
  server: Lane;
  readonly facts: ConnectionFacts;
  readonly queue = new PendingCommands();
  /** The transaction that the client is building; null between transactions. */
  transaction: Transaction | null = null;
  readonly events: EventSink;
  readonly position: PacketPosition;
  readonly limits: Limits;
  /** Null while nobody looks. */
  readonly wire: WireOrder | null;
  isLmtp = false;
  /** The server's octets are not there: acceptance is inferred. */
  oneSided = false;
  /** Replies were lost: the next one has to find its command anew. */
  stale = false;
  /** In state UNKNOWN: a reply was seen, so a command makes the pair that synchronises. */
  replySeen = false;
  /** Matching was in doubt: the next command that is answered alone ends the doubt. */
  recovering = false;
  /** The DATA command ended in CRLF, so a lone dot may follow at once. */
  dataEndedInCrlf = true;
  /** Where the conversation was when AUTH began. */
  stateBeforeAuth: State = STATE.ready;

  constructor(readonly context: DialogueContext) {
    this.wire = context.wire === null ? null : new WireOrder(context.wire, () => this.firstOpenLine());
    this.facts = context.facts;
    this.events = context.events;
    this.position = context.position;
    this.limits = context.limits;
    this.client = new Lane(TO_SERVER, this.limits.lineBytes);
    this.server = new Lane(TO_CLIENT, this.limits.lineBytes);
    this.confirmed = this.sent = context.fromStart ? STATE.connect : STATE.unknown;
    this.setKnowledge(context.fromStart ? KNOWLEDGE.synced : KNOWLEDGE.unknown);
    if (context.fromStart) {
      this.queue.push(PENDING.greeting, 0, null);
      this.mode = MODE.proxy;
    }
    this.facts.state = stateName(this.confirmed);
  }

  /** Takes a whole client line that a part had held: it is whatever the mode says. */
  abstract giveBack(line: Line, provisional: boolean): void;

  /** Number of the first line that has begun and was not shown yet. */
  protected abstract firstOpenLine(): number;

  setKnowledge(level: KnowledgeLevel): void {
    this.facts.knowledge = level;
    this.knowledge = level;
  }

  /** Knowledge can only get worse by this. */
  lowerKnowledge(level: KnowledgeLevel): void {
    if (this.knowledge > level) this.setKnowledge(level);
  }

  confirm(state: State): void {
    this.confirmed = state;
    this.facts.state = stateName(state);
  }

  /** A command went out: it waits for its reply, or, where no replies are seen, is taken as accepted. */
  expectReply(verb: number, line: number, transaction: Transaction | null): void {
    this.sent = stateWhenSent(this.sent, verb);
    if (this.oneSided) {
      this.confirm(this.sent);
      return;
    }
    if (this.queue.size === this.limits.pendingCommands) {
      this.dropOldest();
      this.lowerKnowledge(KNOWLEDGE.guessed);
    }
    this.queue.push(verb, line, transaction);
  }

  /** Forgets the oldest pending command; a transaction that it would have ended is over. */
  dropOldest(): void {
    this.queue.pop();
    const { verb, transaction } = TAKEN;
    if (!transaction) return;
    if (verb === VERB.MAIL) transaction.accepted = true;
    else if (endsTransaction(verb)) this.finish(transaction);
  }

  dropPending(keep = 0): void {
    while (this.queue.size > keep) this.dropOldest();
  }

  /** True where no reply will tell: the server's side is absent, or its replies were lost. Notices a change. */
  isServerMissing(): boolean {
    const missing = this.context.isMissing(this.server.direction);
    if (missing && !this.oneSided) this.becomeOneSided();
    return missing;
  }

  private becomeOneSided(): void {
    this.oneSided = true;
    this.lowerKnowledge(KNOWLEDGE.guessed);
    this.confirm(this.sent === STATE.connect ? STATE.greeted : this.sent);
    this.sent = this.confirmed;
    this.dropPending();
    if (this.transaction) this.transaction.accepted = true;
  }

  /** Opens a transaction at a MAIL command (or at message text whose envelope was not seen). */
  openTransaction(timeUs: number, packet: number): Transaction {
    const { facts } = this;
    facts.transaction++;
    facts.transactionRcptSent = facts.transactionRcptAccepted = 0;
    facts.transactionUtf8 = false;
    const transaction = new Transaction(facts.transaction, timeUs, packet, this.transaction);
    transaction.perRecipient = this.isLmtp;
    transaction.accepted = this.oneSided;
    if (this.oneSided) this.settlePrevious(transaction);
    this.transaction = transaction;
    return transaction;
  }

  /** The client's transaction is no longer open; whoever ends it says when it is over. */
  closeTransaction(): Transaction | null {
    const transaction = this.transaction;
    this.transaction = null;
    if (transaction && this.oneSided) {
      this.finish(transaction);
      return null;
    }
    return transaction;
  }

  /** A second MAIL was accepted, so the transaction before it is over. */
  settlePrevious(transaction: Transaction): void {
    const { previous } = transaction;
    transaction.previous = null;
    if (previous) this.finish(previous);
  }

  /** The transaction is over, and those before it: told in order, once. */
  finish(transaction: Transaction): void {
    if (transaction.previous === null && !transaction.over) return this.tell(transaction);
    const open: Transaction[] = [];
    for (let next: Transaction | null = transaction; next && !next.over; next = next.previous) open.push(next);
    for (let i = open.length - 1; i >= 0; i--) {
      const ended = open[i] as Transaction;
      ended.previous = null;
      this.tell(ended);
    }
  }

  private tell(ended: Transaction): void {
    ended.over = true;
    if (ended.accepted || ended.email) this.context.transaction(ended.describe(this.facts));
  }

  /** Sets the state that the next event of the client's (`sent`) or server's side carries. */
  speakFor(state: State): void {
    this.speaking = stateName(state);
  }

  showLine(line: Line, role: LineRole, message = -1): void {
    const { wire } = this;
    if (wire === null) return;
    const { direction, timeUs, packet, buffer, start, end, offset, lengthBytes, terminator } = line;
    const { secretStart, secretEnd, secretLabel, omittedBytes } = line;
    const shown: WireLine = {
      direction,
      timeUs,
      packet,
      line: line.line,
      knowledge: this.facts.knowledge,
      state: this.facts.state,
      buffer,
      start,
      end,
      offset,
      lengthBytes,
      terminator,
      secretStart,
      secretEnd,
      secretLabel,
      role,
      secure: false,
      message,
      omittedBytes,
    };
    wire.line(shown);
  }
}
