/**
 * Which command does a reply answer? First in, first out, with the exceptions of
 * PROTECTIONS 1.1.4 (334, 354, several replies to one end of data), and anew
 * after octets were lost (1.4). In: a reply's code. Out: the item it answers.
 */
import { KNOWLEDGE } from '../events.js';
import { isAuthVerb } from './auth.js';
import { MODE } from './conversation.js';
import type { Line } from './line.js';
import type { SmtpConversation } from './parts.js';
import { STATE, stateWhereLegal } from './state.js';
import type { Transaction } from './transaction.js';
import { PENDING, VERB } from './verbs.js';

/** What the last reply answers; one for all, valid until the next is matched. */
export const MATCHED = {
  /** A verb or `PENDING` number; `VERB.none` when nothing. */
  verb: VERB.none as number,
  commandLine: 0,
  transaction: null as Transaction | null,
  /** No further reply to the same item is expected. */
  isFinal: false,
  /** A 354 came in a conversation that is not understood: message text follows. */
  startsUnseenData: false,
};

/** Says in `MATCHED` what a reply answers. */
export function matchReply(conversation: SmtpConversation, line: Line, code: number): void {
  const { queue } = conversation;
  MATCHED.verb = VERB.none;
  MATCHED.commandLine = 0;
  MATCHED.transaction = null;
  MATCHED.isFinal = MATCHED.startsUnseenData = false;
  const wasStale = conversation.stale;
  if (wasStale) anchorAfterLoss(conversation);
  if (conversation.confirmed === STATE.unknown) synchronise(conversation, line, code);
  anchor(conversation, code);
  skipBlank(conversation, code);
  if (queue.size === 0) return matchNone(conversation, code);
  const alone = queue.size === 1;
  take(conversation, code);
  if (alone && conversation.recovering && !wasStale && conversation.facts.knowledge === KNOWLEDGE.guessed) {
    conversation.recovering = false;
    conversation.setKnowledge(KNOWLEDGE.resynced);
  }
}

/** Replies were lost: with one command waiting this is its reply, else that of the last one sent. */
function anchorAfterLoss(conversation: SmtpConversation): void {
  conversation.stale = false;
  conversation.recovering = true;
  if (conversation.queue.size <= 1) {
    if (conversation.facts.knowledge === KNOWLEDGE.guessed) conversation.setKnowledge(KNOWLEDGE.resynced);
    conversation.recovering = false;
  } else conversation.dropPending(1);
}

/** State UNKNOWN: a command and its reply make the conversation known again. */
function synchronise(conversation: SmtpConversation, line: Line, code: number): void {
  const { queue } = conversation;
  conversation.replySeen = true;
  if (code === 334) {
    if (!conversation.auth.pending) conversation.auth.beginUnseen(line);
    conversation.dropPending();
    queue.push(VERB.AUTH, 0, null);
  } else if (code === 354 && conversation.mode !== MODE.dataHold) {
    conversation.dropPending();
    MATCHED.startsUnseenData = true;
  } else if (queue.size === 0) return;
  conversation.setKnowledge(KNOWLEDGE.resynced);
  const state = stateWhereLegal(MATCHED.startsUnseenData ? VERB.DATA : queue.headVerb);
  conversation.confirm(state);
}

/** Some codes answer one command only: whatever waits before it was not answered. */
function anchor(conversation: SmtpConversation, code: number): void {
  const { queue } = conversation;
  let distance = -1;
  if (code === 354) {
    distance = queue.distanceTo(VERB.DATA);
    if (distance === -1) distance = queue.distanceTo(VERB.XEXCH50);
  } else if (code === 334 || code === 235) {
    for (const verb of [VERB.AUTH, VERB['X-EXPS'], VERB.XAUTH]) {
      if (distance === -1) distance = queue.distanceTo(verb);
    }
  }
  for (; distance > 0; distance--) conversation.dropOldest();
}

/** An empty line is answered by some servers (500) and ignored by others. */
function skipBlank(conversation: SmtpConversation, code: number): void {
  const { queue } = conversation;
  while (code < 500 && queue.headVerb === PENDING.blank) queue.pop();
}

function take(conversation: SmtpConversation, code: number): void {
  const { queue, confirmed } = conversation;
  const verb = queue.headVerb;
  MATCHED.verb = verb;
  MATCHED.commandLine = queue.headLine;
  MATCHED.transaction = queue.headTransaction;
  MATCHED.isFinal = true;
  if (isAuthVerb(verb)) {
    if (confirmed !== STATE.auth) conversation.stateBeforeAuth = confirmed;
    MATCHED.isFinal = code !== 334;
  } else if (code === 354 && verb === VERB.XEXCH50) {
    MATCHED.verb = PENDING.xexch50Payload;
    queue.setHeadVerb(PENDING.xexch50Payload);
    MATCHED.isFinal = false;
  } else if (verb === PENDING.endOfData || verb === PENDING.lastChunk) {
    MATCHED.isFinal = !hasMoreReplies(code);
  }
  if (MATCHED.isFinal) queue.pop();
}

function hasMoreReplies(code: number): boolean {
  const { transaction } = MATCHED;
  if (!transaction || code === 421) return false;
  transaction.endReplies++;
  if (code === 353) transaction.prdr = true;
  return transaction.expectsMoreReplies;
}

/** Nothing waits. Amid a message with a gap, a verdict means that its end was in the gap. */
function matchNone(conversation: SmtpConversation, code: number): void {
  if (conversation.context.isMissing(conversation.client.direction)) conversation.lowerKnowledge(KNOWLEDGE.guessed);
  if (conversation.mode !== MODE.message || !conversation.message.hasGap || !(code === 250 || code >= 400)) return;
  MATCHED.verb = PENDING.endOfData;
  MATCHED.transaction = conversation.transaction;
  MATCHED.isFinal = true;
  conversation.lowerKnowledge(KNOWLEDGE.resynced);
}
