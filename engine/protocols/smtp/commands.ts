/**
 * Command lines of the client (RFC 5321 4.1). In: lines that are no message
 * text. Out: command events, pending items, transactions, and the mode of the
 * octets that follow.
 */
import { KNOWLEDGE } from '../events.js';
import { ConnectionFacts } from '../facts.js';
import { Authentication, maskLoneResponse } from './auth.js';
import type { Chunk } from './chunk.js';
import { MODE, type Conversation } from './conversation.js';
import {
  chunkArgument,
  findPath,
  hasWord,
  isCompleteCommand,
  splitCommand,
  wordEnd,
  xexch50Bytes,
  type CommandParts,
  type PathRange,
} from './grammar.js';
import type { Line } from './lane.js';
import type { Message } from './message.js';
import { STATE, stateWhereLegal } from './state.js';
import type { TlsHandover } from './tls-handover.js';
import type { Transaction } from './transaction.js';
import { PENDING, VERB, opensTransaction, verbName } from './verbs.js';

export class Commands {
  /** The DATA command ended in CRLF, so a lone dot may follow at once. */
  dataEndedInCrlf = true;
  private readonly parts: CommandParts = { verb: 0, verbStart: 0, verbEnd: 0, argumentStart: 0 };
  private readonly path: PathRange = { start: 0, end: 0 };
  private xexch50Bytes = 0;

  constructor(
    private readonly conversation: Conversation,
    private readonly auth: Authentication,
    private readonly message: Message,
    private readonly chunk: Chunk,
    private readonly tls: TlsHandover,
  ) {}

  /** A whole line. `provisional`: the server reads it as a command, but it was meant as message text. */
  take(line: Line, provisional: boolean): void {
    const { conversation, auth, parts } = this;
    splitCommand(line.buffer, line.start, line.end, parts);
    const isUnknown = conversation.confirmed === STATE.unknown;
    if (!conversation.oneSided && (conversation.queue.size > 0 || isUnknown)) conversation.isServerMissing();
    if (auth.expects(line, parts)) return auth.takeResponse(line);
    if (auth.pending && conversation.oneSided) auth.outcomeUnknown(line);
    if (isUnknown && !this.synchronise(line)) return;
    this.command(line, provisional);
  }

  /** A line without its end so far, at a gap, at the end, or because it grew long. */
  takePartial(line: Line): void {
    const { conversation, auth, parts } = this;
    splitCommand(line.buffer, line.start, line.end, parts);
    if (auth.expects(line, parts)) {
      conversation.speakFor(STATE.auth);
      return auth.reportPartial(line, line.start, false);
    }
    if (conversation.confirmed === STATE.unknown && parts.verb === VERB.none) return;
    const responseStart = Authentication.isAuthVerb(parts.verb) ? auth.markInitialResponse(line, parts) : -1;
    if (parts.verb === VERB.none) auth.maskStraySecret(line);
    conversation.speakFor(conversation.sent);
    conversation.emitter.partialCommand(line, parts, verbName(parts.verb));
    if (responseStart !== -1) auth.reportPartial(line, responseStart, true);
  }

  /** The lone dot was read. */
  endOfData(line: Line): void {
    const { conversation, message } = this;
    conversation.speakFor(STATE.data);
    message.finish(line, line.offset, false);
    conversation.mode = MODE.command;
    if (conversation.confirmed === STATE.data) conversation.confirm(STATE.eodWait);
    conversation.expectReply(PENDING.endOfData, line.line, conversation.closeTransaction());
  }

  /** A command stands where message text was: the end of data is in the gap, or the server refused amid it. */
  abandonMessage(line: Line): void {
    const { conversation, message } = this;
    const answered = message.repliedAmid;
    conversation.speakFor(STATE.data);
    message.finish(line, line.offset, !answered || (conversation.transaction?.lastCode ?? 0) >= 400);
    conversation.mode = MODE.command;
    if (message.hasGap) conversation.lowerKnowledge(KNOWLEDGE.resynced);
    const transaction = conversation.closeTransaction();
    if (!answered) return conversation.expectReply(PENDING.endOfData, 0, transaction);
    if (transaction) conversation.finish(transaction);
    conversation.confirm(STATE.ready);
    conversation.sent = STATE.ready;
  }

  /** All octets of a chunk were read (or lost). */
  chunkDone(): void {
    const { conversation, chunk, message } = this;
    conversation.mode = MODE.command;
    if (!chunk.isMessage || !chunk.isLast) return;
    chunk.finishLines();
    conversation.speakFor(STATE.bdat);
    message.finish(chunk.first, message.chunkEnd, false);
    const transaction = conversation.closeTransaction();
    if (transaction?.decided) conversation.finish(transaction);
  }

  /** The server is ready for the octets that XEXCH50 announced. */
  beginXexch50(): void {
    if (this.xexch50Bytes <= 0) return;
    this.chunk.begin(this.xexch50Bytes, false, false, this.conversation.client);
    this.conversation.mode = MODE.chunk;
  }

  /**
   * In state UNKNOWN: only what is beyond doubt a command counts, and with a reply before it
   * (or without a server's side at all) the conversation can be followed again (PROTECTIONS 1.4).
   */
  private synchronise(line: Line): boolean {
    const { conversation, parts } = this;
    if (!isCompleteCommand(line.buffer, parts, line.end)) {
      maskLoneResponse(line, conversation.facts.knowledge);
      conversation.showLine(line, 'unknown');
      return false;
    }
    if (!conversation.replySeen && !conversation.oneSided) return true;
    conversation.setKnowledge(conversation.oneSided ? KNOWLEDGE.guessed : KNOWLEDGE.resynced);
    conversation.confirm(stateWhereLegal(parts.verb));
    conversation.sent = conversation.confirmed;
    return true;
  }

  private command(line: Line, provisional: boolean): void {
    const { conversation, auth, parts } = this;
    const { verb } = parts;
    if (!provisional) conversation.facts.commands++;
    const isAuth = Authentication.isAuthVerb(verb);
    const responseStart = isAuth ? auth.markInitialResponse(line, parts) : -1;
    if (verb === VERB.none) auth.maskStraySecret(line);
    const transaction = this.noteEnvelope(line);
    conversation.showLine(line, isAuth ? 'auth' : 'command');
    conversation.speakFor(conversation.sent);
    conversation.emitter.command(line, parts, verbName(verb), provisional);
    if (isAuth) {
      auth.begin(line, parts, responseStart);
      conversation.expectReply(verb, line.line, null);
    } else this.send(line, transaction);
  }

  /** What a command changes in the facts and the transaction at the moment it is sent. */
  private noteEnvelope(line: Line): Transaction | null {
    const { conversation, parts } = this;
    switch (parts.verb) {
      case VERB.EHLO:
      case VERB.HELO:
      case VERB.LHLO:
        this.noteHello(line);
        return null;
      case VERB.MAIL:
      case VERB.SEND:
      case VERB.SOML:
      case VERB.SAML:
        return this.noteMail(line);
      case VERB.RCPT:
        return this.noteRcpt(line);
      default:
        return conversation.transaction;
    }
  }

  private noteHello(line: Line): void {
    const { conversation, parts } = this;
    const { facts } = conversation;
    facts.heloVerb = verbName(parts.verb);
    facts.helo = ConnectionFacts.keep(
      line.buffer,
      parts.argumentStart,
      wordEnd(line.buffer, parts.argumentStart, line.end),
    );
    conversation.isLmtp = parts.verb === VERB.LHLO;
  }

  private noteMail(line: Line): Transaction {
    const { conversation, parts, path } = this;
    const transaction = conversation.openTransaction(line.timeUs, line.packet);
    if (findPath(line.buffer, parts.argumentStart, line.end, 'FROM:', path)) {
      transaction.mailFrom = ConnectionFacts.keep(line.buffer, path.start, path.end);
      conversation.facts.mailFrom = transaction.mailFrom;
      conversation.facts.transactionUtf8 = hasWord(line.buffer, path.end, line.end, 'SMTPUTF8');
    }
    return transaction;
  }

  private noteRcpt(line: Line): Transaction | null {
    const { conversation, parts, path } = this;
    const { facts } = conversation;
    if (!conversation.transaction && facts.knowledge < KNOWLEDGE.synced)
      conversation.openTransaction(line.timeUs, line.packet);
    const { transaction } = conversation;
    facts.rcptCount++;
    facts.transactionRcptSent++;
    if (findPath(line.buffer, parts.argumentStart, line.end, 'TO:', path)) {
      facts.firstRcptTo ??= ConnectionFacts.keep(line.buffer, path.start, path.end);
      transaction?.addRecipient(line.buffer, path.start, path.end);
    }
    if (conversation.oneSided) {
      facts.transactionRcptAccepted++;
      if (transaction) transaction.rcptAccepted++;
    }
    return transaction;
  }

  /** Queues the command, and says what the octets behind it are. */
  private send(line: Line, transaction: Transaction | null): void {
    const { conversation, parts } = this;
    const { verb } = parts;
    switch (verb) {
      case VERB.EHLO:
      case VERB.HELO:
      case VERB.LHLO:
      case VERB.RSET:
      case VERB.QUIT:
        return conversation.expectReply(verb, line.line, this.endTransaction(line));
      case VERB.STARTTLS:
      case VERB.TLS:
      case VERB['X-ANONYMOUSTLS']:
        conversation.expectReply(verb, line.line, this.endTransaction(line));
        return this.tls.begin(verbName(verb), line.line);
      case VERB.DATA:
        this.dataEndedInCrlf = line.terminator === 'crlf';
        conversation.mode = MODE.dataHold;
        break;
      case VERB.BDAT:
        return this.sendChunk(line);
      case VERB.XEXCH50:
        this.xexch50Bytes = xexch50Bytes(line.buffer, parts.argumentStart, line.end);
        if (conversation.oneSided) this.beginXexch50();
        break;
      case VERB.none:
        if (parts.verbStart === line.end) return conversation.expectReply(PENDING.blank, line.line, null);
    }
    const belongs = verb === VERB.DATA || verb === VERB.RCPT || opensTransaction(verb);
    conversation.expectReply(verb, line.line, belongs ? transaction : null);
  }

  private sendChunk(line: Line): void {
    const { conversation, parts, chunk, message } = this;
    let end = line.end;
    while (end > parts.argumentStart && (line.buffer[end - 1] === 0x20 || line.buffer[end - 1] === 0x09)) end--;
    const { bytes, verb } = chunkArgument(line.buffer, parts.argumentStart, end);
    if (bytes === -1) {
      conversation.lowerKnowledge(KNOWLEDGE.guessed);
      conversation.recovering = true;
      return conversation.expectReply(VERB.BDAT, line.line, conversation.transaction);
    }
    const transaction = conversation.transaction ?? conversation.openTransaction(line.timeUs, line.packet);
    if (!message.open) message.begin(transaction.txId, true);
    message.chunkEnd = line.offset + line.lengthBytes;
    chunk.begin(bytes, verb === PENDING.lastChunk, true, line);
    conversation.expectReply(verb, line.line, transaction);
    if (bytes > 0) conversation.mode = MODE.chunk;
    else this.chunkDone();
  }

  /** RSET, EHLO, STARTTLS, QUIT: the transaction is over, with whatever message it had begun. */
  private endTransaction(line: Line): Transaction | null {
    const { conversation, message } = this;
    if (message.open) {
      conversation.speakFor(STATE.bdatIdle);
      message.finish(line, message.chunkEnd, true);
    }
    conversation.facts.transactionRcptSent = conversation.facts.transactionRcptAccepted = 0;
    return conversation.closeTransaction();
  }
}
