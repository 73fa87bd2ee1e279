/**
 * Reply lines of the server (RFC 5321 4.2): joined when a reply has several,
 * matched to the command they answer, and turned into what they mean for the
 * facts, the transaction and the octets that follow. Out: reply events.
 */
import { ConnectionFacts } from '../facts.js';
import { noteCapabilities } from './capabilities.js';
import { beginXexch50 } from './commands.js';
import { MODE, type Conversation } from './conversation.js';
import { emitReply } from './emitter.js';
import { replyCode } from './grammar.js';
import { beginText } from './held-data.js';
import { borrowJoinedReply, returnJoinedReply } from './joined-reply.js';
import type { Line } from './line.js';
import type { SmtpConversation } from './parts.js';
import { MATCHED, matchReply } from './reply-matcher.js';
import { STATE, stateWhenAnswered, type State } from './state.js';
import type { Transaction } from './transaction.js';
import { PENDING, VERB, endsTransaction } from './verbs.js';

/** A line of the server. `fragment`: its beginning may be lost. */
export function takeReply(conversation: SmtpConversation, line: Line, fragment: boolean): void {
  if (conversation.oneSided) {
    conversation.oneSided = false;
    conversation.stale = true;
  }
  const code = replyCode(line.buffer, line.start, line.end);
  if (code === 0) return takeMalformed(conversation, line, fragment);
  if (code === 334) line.markSecret(line.start + 4, line.end, 'challenge');
  if (conversation.wire !== null) {
    const isFirst = conversation.queue.headVerb === PENDING.greeting;
    conversation.showLine(line, isFirst ? 'greeting' : code === 334 ? 'auth' : 'reply');
  }
  const goesOn = line.end - line.start > 3 && line.buffer[line.start + 3] === 0x2d;
  if (!goesOn && conversation.joined === null) return finish(conversation, line, code, 1, false);
  const joined = (conversation.joined ??= borrowJoinedReply(conversation.limits.lineBytes));
  joined.add(line, code);
  if (goesOn) return;
  conversation.joined = null;
  finish(conversation, joined.reply, code, joined.lines, joined.codesDiffer);
  returnJoinedReply(joined);
}

/** Server octets are missing, or the connection is over: a reply of several lines stays unfinished. */
export function forgetUnfinished(conversation: SmtpConversation): void {
  if (conversation.joined !== null) returnJoinedReply(conversation.joined);
  conversation.joined = null;
}

function takeMalformed(conversation: SmtpConversation, line: Line, fragment: boolean): void {
  conversation.showLine(line, 'unknown');
  if (fragment) return;
  const isGreeting = conversation.queue.headVerb === PENDING.greeting && conversation.confirmed === STATE.connect;
  conversation.speakFor(conversation.confirmed);
  if (isGreeting) {
    conversation.queue.pop();
    conversation.confirm(STATE.uninspectable);
    if (conversation.queue.size === 0) conversation.sent = STATE.uninspectable;
    conversation.facts.greeting = ConnectionFacts.keep(line.buffer, line.start, line.end);
  }
  emitReply(conversation, line, 0, 'malformed', isGreeting ? PENDING.greeting : VERB.none, 0, 1, false);
}

function finish(conversation: SmtpConversation, line: Line, code: number, lines: number, codesDiffer: boolean): void {
  const before = conversation.confirmed;
  matchReply(conversation, line, code);
  const { verb, commandLine, transaction, isFinal } = MATCHED;
  const stateBefore = before === STATE.unknown ? conversation.confirmed : before;
  noteFacts(conversation, line, code, lines, verb, transaction);
  if (isFinal) confirm(conversation, stateWhenAnswered(conversation.confirmed, verb, code));
  else if (code === 334) conversation.confirm(STATE.auth);
  else if (code === 421) conversation.confirm(STATE.closing);
  conversation.speakFor(stateBefore);
  const outcome = code === 334 ? 'continue' : code >= 600 || code < 200 ? 'malformed' : code < 400 ? 'ok' : 'no';
  emitReply(conversation, line, code, outcome, verb, commandLine, lines, codesDiffer);
  settle(conversation, line, code, verb, transaction, isFinal);
}

function confirm(conversation: Conversation, state: State): void {
  const resumed = state === STATE.auth ? conversation.stateBeforeAuth : state;
  conversation.confirm(resumed);
  if (conversation.queue.size === 0 && conversation.mode !== MODE.dataHold) conversation.sent = resumed;
}

function noteFacts(
  conversation: Conversation,
  line: Line,
  code: number,
  lines: number,
  verb: number,
  transaction: Transaction | null,
): void {
  const { facts } = conversation;
  // A challenge is half of a secret.
  if (code !== 334) {
    if (lines === 1) facts.keepLastLine(line.buffer, line.start, line.end);
    else facts.keepLastReply(line.buffer, line.start, line.end);
  }
  const accepted = code >= 200 && code < 300;
  if (verb === PENDING.greeting) facts.greeting = ConnectionFacts.keepFirstLine(line.buffer, line.start, line.end);
  if (!accepted) return;
  if (verb === VERB.EHLO || verb === VERB.LHLO) {
    noteCapabilities(facts, line.buffer, line.start, line.end);
  } else if (verb === VERB.RCPT) {
    if (transaction) {
      transaction.rcptAccepted++;
      transaction.accepted = true;
    }
    if (transaction === conversation.transaction) facts.transactionRcptAccepted++;
  }
}

/** What follows from a reply, after everybody heard of it. */
function settle(
  conversation: SmtpConversation,
  line: Line,
  code: number,
  verb: number,
  transaction: Transaction | null,
  isFinal: boolean,
): void {
  switch (verb) {
    case VERB.none:
      return settleUnasked(conversation, line, code);
    case VERB.MAIL:
    case VERB.SEND:
    case VERB.SOML:
    case VERB.SAML:
      return settleMail(conversation, code, transaction);
    case VERB.DATA:
      return settleData(conversation, line, code, transaction);
    case PENDING.endOfData:
    case PENDING.lastChunk:
      return settleMessage(conversation, line, code, transaction, isFinal);
    case VERB.AUTH:
    case VERB['X-EXPS']:
    case VERB.XAUTH:
      return code === 334 ? conversation.auth.challenged() : conversation.auth.answered(line, code);
    case VERB.STARTTLS:
    case VERB.TLS:
    case VERB['X-ANONYMOUSTLS']:
      endTransaction(conversation, line, code, transaction);
      return code === 220 ? conversation.tls.accepted() : conversation.tls.rejected();
    case PENDING.xexch50Payload:
      if (code === 354 && !isFinal) beginXexch50(conversation);
      return;
    case VERB.TURN:
    case VERB.ATRN:
      if (code === 250) conversation.swapRoles();
      return;
    default:
      if (endsTransaction(verb)) endTransaction(conversation, line, code, transaction);
  }
}

function endTransaction(conversation: Conversation, line: Line, code: number, transaction: Transaction | null): void {
  if (!transaction) return;
  transaction.answered(code, line.buffer, line.start, line.end);
  conversation.finish(transaction);
}

function settleMail(conversation: Conversation, code: number, transaction: Transaction | null): void {
  if (!transaction) return;
  if (code < 300) {
    transaction.accepted = true;
    conversation.settlePrevious(transaction);
  } else if (conversation.transaction === transaction) conversation.transaction = transaction.previous;
}

function settleData(conversation: SmtpConversation, line: Line, code: number, transaction: Transaction | null): void {
  const holds = conversation.mode === MODE.dataHold;
  if (code === 354) {
    if (holds) textBegins(conversation, conversation.dataEndedInCrlf);
    return;
  }
  transaction?.answered(code, line.buffer, line.start, line.end);
  if (holds) textRefused(conversation);
  else if (conversation.mode === MODE.message) conversation.message.repliedAmid = true;
}

function settleMessage(
  conversation: SmtpConversation,
  line: Line,
  code: number,
  transaction: Transaction | null,
  isFinal: boolean,
): void {
  // The end of data lies in a gap: this reply says that it was there.
  const isInGap = conversation.mode === MODE.message && transaction === conversation.transaction;
  if (isInGap) {
    conversation.speakFor(STATE.data);
    conversation.message.finish(line, conversation.client.streamEnd, true);
    conversation.mode = MODE.command;
    conversation.transaction = null;
    conversation.sent = conversation.confirmed;
  }
  if (!transaction) return;
  transaction.answered(code, line.buffer, line.start, line.end);
  if (!isFinal) return;
  if (conversation.mode === MODE.chunk && transaction === conversation.transaction) transaction.decided = true;
  else conversation.finish(transaction);
}

function settleUnasked(conversation: SmtpConversation, line: Line, code: number): void {
  if (conversation.mode === MODE.message) {
    conversation.message.repliedAmid = true;
    conversation.transaction?.answered(code, line.buffer, line.start, line.end);
  } else if (code === 354 && MATCHED.startsUnseenData && conversation.mode === MODE.command) {
    conversation.confirm(STATE.data);
    conversation.sent = STATE.data;
    textBegins(conversation, true);
  }
}

/** Message text follows, after the lines that were held because it was not known. */
function textBegins(conversation: SmtpConversation, startsLine: boolean): void {
  const held = conversation.heldDataIfAny;
  if (held === null) beginText(conversation, conversation.message, startsLine, false);
  else held.accepted(startsLine);
}

/** The server refused DATA: the lines that were held are commands. */
function textRefused(conversation: SmtpConversation): void {
  const held = conversation.heldDataIfAny;
  if (held === null) conversation.mode = MODE.command;
  else held.rejected(true);
}
