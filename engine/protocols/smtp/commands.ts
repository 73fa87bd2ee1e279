/**
 * Command lines of the client (RFC 5321 4.1). In: lines that are no message
 * text. Out: command events, pending items, transactions, and the mode of the
 * octets that follow.
 */
import { KNOWLEDGE } from '../events.js';
import { ConnectionFacts } from '../facts.js';
import { isAuthVerb, markInitialResponse, maskLoneResponse, maskStraySecret } from './auth.js';
import { MODE, type Conversation } from './conversation.js';
import { emitCommand, emitPartialCommand } from './emitter.js';
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
import type { Line } from './line.js';
import type { SmtpConversation } from './parts.js';
import { STATE, stateWhereLegal } from './state.js';
import type { Transaction } from './transaction.js';
import { PENDING, VERB, opensTransaction, verbName } from './verbs.js';

const parts: CommandParts = { verb: 0, verbStart: 0, verbEnd: 0, argumentStart: 0 };
const path: PathRange = { start: 0, end: 0 };

/** A whole line. `provisional`: the server reads it as a command, but it was meant as message text. */
export function takeCommand(conversation: SmtpConversation, line: Line, provisional: boolean): void {
  splitCommand(line.buffer, line.start, line.end, parts);
  const isUnknown = conversation.confirmed === STATE.unknown;
  if (!conversation.oneSided && (conversation.queue.size > 0 || isUnknown)) conversation.isServerMissing();
  const auth = conversation.authIfAny;
  if (auth !== null && auth.pending) {
    if (auth.expects(line, parts)) return auth.takeResponse(line);
    if (conversation.oneSided) auth.outcomeUnknown(line);
  }
  if (isUnknown && !synchronise(conversation, line)) return;
  command(conversation, line, provisional);
}

/** A line without its end so far, at a gap, at the end, or because it grew long. */
export function takePartialCommand(conversation: SmtpConversation, line: Line): void {
  splitCommand(line.buffer, line.start, line.end, parts);
  const auth = conversation.authIfAny;
  if (auth !== null && auth.expects(line, parts)) {
    conversation.speakFor(STATE.auth);
    return auth.reportPartial(line, line.start, false);
  }
  if (conversation.confirmed === STATE.unknown && parts.verb === VERB.none) return;
  const responseStart = isAuthVerb(parts.verb) ? markInitialResponse(line, parts) : -1;
  if (parts.verb === VERB.none) maskStraySecret(conversation.authIfAny, line);
  conversation.speakFor(conversation.sent);
  emitPartialCommand(conversation, line, parts);
  if (responseStart !== -1) conversation.auth.reportPartial(line, responseStart, true);
}

/** The lone dot was read. */
export function endOfData(conversation: SmtpConversation, line: Line): void {
  conversation.speakFor(STATE.data);
  conversation.message.finish(line, line.offset, false);
  conversation.mode = MODE.command;
  if (conversation.confirmed === STATE.data) conversation.confirm(STATE.eodWait);
  conversation.expectReply(PENDING.endOfData, line.line, conversation.closeTransaction());
}

/** A command stands where message text was: the end of data is in the gap, or the server refused amid it. */
export function abandonMessage(conversation: SmtpConversation, line: Line): void {
  const { message } = conversation;
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
export function chunkDone(conversation: SmtpConversation): void {
  const { chunk, message } = conversation;
  conversation.mode = MODE.command;
  if (!chunk.isMessage || !chunk.isLast) return;
  chunk.finishLines();
  conversation.speakFor(STATE.bdat);
  message.finish(chunk.first, message.chunkEnd, false);
  const transaction = conversation.closeTransaction();
  if (transaction?.decided) conversation.finish(transaction);
}

/** The server is ready for the octets that XEXCH50 announced. */
export function beginXexch50(conversation: SmtpConversation): void {
  const { chunk, client } = conversation;
  if (chunk.xexch50Bytes <= 0) return;
  chunk.begin(chunk.xexch50Bytes, false, false, client.direction, client.place);
  conversation.mode = MODE.chunk;
}

/**
 * In state UNKNOWN: only what is beyond doubt a command counts, and with a reply before it
 * (or without a server's side at all) the conversation can be followed again (PROTECTIONS 1.4).
 */
function synchronise(conversation: Conversation, line: Line): boolean {
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

function command(conversation: SmtpConversation, line: Line, provisional: boolean): void {
  const { verb } = parts;
  if (!provisional) conversation.facts.commands++;
  const isAuth = isAuthVerb(verb);
  const responseStart = isAuth ? markInitialResponse(line, parts) : -1;
  if (verb === VERB.none) maskStraySecret(conversation.authIfAny, line);
  const transaction = noteEnvelope(conversation, line);
  conversation.showLine(line, isAuth ? 'auth' : 'command');
  conversation.speakFor(conversation.sent);
  emitCommand(conversation, line, parts, provisional);
  if (isAuth) {
    conversation.auth.begin(line, parts, responseStart);
    conversation.expectReply(verb, line.line, null);
  } else send(conversation, line, transaction);
}

/** What a command changes in the facts and the transaction at the moment it is sent. */
function noteEnvelope(conversation: Conversation, line: Line): Transaction | null {
  switch (parts.verb) {
    case VERB.EHLO:
    case VERB.HELO:
    case VERB.LHLO:
      noteHello(conversation, line);
      return null;
    case VERB.MAIL:
    case VERB.SEND:
    case VERB.SOML:
    case VERB.SAML:
      return noteMail(conversation, line);
    case VERB.RCPT:
      return noteRcpt(conversation, line);
    default:
      return conversation.transaction;
  }
}

function noteHello(conversation: Conversation, line: Line): void {
  const { facts } = conversation;
  facts.heloVerb = verbName(parts.verb);
  facts.helo = ConnectionFacts.keepCommon(
    line.buffer,
    parts.argumentStart,
    wordEnd(line.buffer, parts.argumentStart, line.end),
  );
  conversation.isLmtp = parts.verb === VERB.LHLO;
}

function noteMail(conversation: Conversation, line: Line): Transaction {
  const transaction = conversation.openTransaction(line.timeUs, line.packet);
  if (findPath(line.buffer, parts.argumentStart, line.end, 'FROM:', path)) {
    transaction.mailFrom = ConnectionFacts.keepCommon(line.buffer, path.start, path.end);
    conversation.facts.mailFrom = transaction.mailFrom;
    conversation.facts.transactionUtf8 = hasWord(line.buffer, path.end, line.end, 'SMTPUTF8');
  }
  return transaction;
}

function noteRcpt(conversation: Conversation, line: Line): Transaction | null {
  const { facts } = conversation;
  if (!conversation.transaction && facts.knowledge < KNOWLEDGE.synced)
    conversation.openTransaction(line.timeUs, line.packet);
  const { transaction } = conversation;
  facts.rcptCount++;
  facts.transactionRcptSent++;
  if (findPath(line.buffer, parts.argumentStart, line.end, 'TO:', path)) {
    const kept = transaction?.addRecipient(line.buffer, path.start, path.end) ?? null;
    facts.firstRcptTo ??= kept ?? ConnectionFacts.keepCommon(line.buffer, path.start, path.end);
  }
  if (conversation.oneSided) {
    facts.transactionRcptAccepted++;
    if (transaction) transaction.rcptAccepted++;
  }
  return transaction;
}

/** Queues the command, and says what the octets behind it are. */
function send(conversation: SmtpConversation, line: Line, transaction: Transaction | null): void {
  const { verb } = parts;
  switch (verb) {
    case VERB.EHLO:
    case VERB.HELO:
    case VERB.LHLO:
    case VERB.RSET:
    case VERB.QUIT:
      return conversation.expectReply(verb, line.line, endTransaction(conversation, line));
    case VERB.STARTTLS:
    case VERB.TLS:
    case VERB['X-ANONYMOUSTLS']:
      conversation.expectReply(verb, line.line, endTransaction(conversation, line));
      return conversation.tls.begin(verbName(verb), line.line);
    case VERB.DATA:
      conversation.dataEndedInCrlf = line.terminator === 'crlf';
      conversation.mode = MODE.dataHold;
      break;
    case VERB.BDAT:
      return sendChunk(conversation, line);
    case VERB.XEXCH50:
      conversation.chunk.xexch50Bytes = xexch50Bytes(line.buffer, parts.argumentStart, line.end);
      if (conversation.oneSided) beginXexch50(conversation);
      break;
    case VERB.none:
      if (parts.verbStart === line.end) return conversation.expectReply(PENDING.blank, line.line, null);
  }
  const belongs = verb === VERB.DATA || verb === VERB.RCPT || opensTransaction(verb);
  conversation.expectReply(verb, line.line, belongs ? transaction : null);
}

function sendChunk(conversation: SmtpConversation, line: Line): void {
  let end = line.end;
  while (end > parts.argumentStart && (line.buffer[end - 1] === 0x20 || line.buffer[end - 1] === 0x09)) end--;
  const { bytes, verb } = chunkArgument(line.buffer, parts.argumentStart, end);
  if (bytes === -1) {
    conversation.lowerKnowledge(KNOWLEDGE.guessed);
    conversation.recovering = true;
    return conversation.expectReply(VERB.BDAT, line.line, conversation.transaction);
  }
  const { chunk, message } = conversation;
  const transaction = conversation.transaction ?? conversation.openTransaction(line.timeUs, line.packet);
  conversation.client.keepPlace(line);
  if (!message.open) message.begin(transaction.txId, true);
  message.chunkEnd = line.offset + line.lengthBytes;
  chunk.begin(bytes, verb === PENDING.lastChunk, true, line.direction, line);
  conversation.expectReply(verb, line.line, transaction);
  if (bytes > 0) conversation.mode = MODE.chunk;
  else chunkDone(conversation);
}

/** RSET, EHLO, STARTTLS, QUIT: the transaction is over, with whatever message it had begun. */
function endTransaction(conversation: SmtpConversation, line: Line): Transaction | null {
  const message = conversation.messageIfAny;
  if (message !== null && message.open) {
    conversation.speakFor(STATE.bdatIdle);
    message.finish(line, message.chunkEnd, true);
  }
  conversation.facts.transactionRcptSent = conversation.facts.transactionRcptAccepted = 0;
  return conversation.closeTransaction();
}
