/**
 * Which command does a reply answer? First in, first out, with the exceptions of
 * PROTECTIONS 1.1.4 (334, 354, several replies to one end of data), and anew
 * after octets were lost (1.4). In: a reply's code. Out: the item it answers.
 */
import { KNOWLEDGE } from '../events.js';
import { Authentication } from './auth.js';
import { MODE, type Conversation } from './conversation.js';
import type { Line } from './lane.js';
import type { Message } from './message.js';
import { STATE, stateWhereLegal, type State } from './state.js';
import type { Transaction } from './transaction.js';
import { PENDING, VERB } from './verbs.js';

export class ReplyMatcher {
  /** What the last reply answers: a verb or `PENDING` number; `VERB.none` when nothing. */
  verb: number = VERB.none;
  commandLine = 0;
  transaction: Transaction | null = null;
  /** No further reply to the same item is expected. */
  isFinal = false;
  /** A 354 came in a conversation that is not understood: message text follows. */
  startsUnseenData = false;
  /** Where the conversation was when AUTH began. */
  stateBeforeAuth: State = STATE.ready;

  constructor(
    private readonly conversation: Conversation,
    private readonly auth: Authentication,
    private readonly message: Message,
  ) {}

  match(line: Line, code: number): void {
    const { conversation } = this;
    const { queue } = conversation;
    this.verb = VERB.none;
    this.commandLine = 0;
    this.transaction = null;
    this.isFinal = this.startsUnseenData = false;
    const wasStale = conversation.stale;
    if (wasStale) this.anchorAfterLoss();
    if (conversation.confirmed === STATE.unknown) this.synchronise(line, code);
    this.anchor(code);
    this.skipBlank(code);
    if (queue.size === 0) return this.matchNone(code);
    const alone = queue.size === 1;
    this.take(code);
    if (alone && conversation.recovering && !wasStale && conversation.facts.knowledge === KNOWLEDGE.guessed) {
      conversation.recovering = false;
      conversation.setKnowledge(KNOWLEDGE.resynced);
    }
  }

  /** Replies were lost: with one command waiting this is its reply, else that of the last one sent. */
  private anchorAfterLoss(): void {
    const { conversation } = this;
    conversation.stale = false;
    conversation.recovering = true;
    if (conversation.queue.size <= 1) {
      if (conversation.facts.knowledge === KNOWLEDGE.guessed) conversation.setKnowledge(KNOWLEDGE.resynced);
      conversation.recovering = false;
    } else conversation.dropPending(1);
  }

  /** State UNKNOWN: a command and its reply make the conversation known again. */
  private synchronise(line: Line, code: number): void {
    const { conversation, auth } = this;
    const { queue } = conversation;
    conversation.replySeen = true;
    if (code === 334) {
      if (!auth.pending) auth.beginUnseen(line);
      conversation.dropPending();
      queue.push(VERB.AUTH, 0, null);
    } else if (code === 354 && conversation.mode !== MODE.dataHold) {
      conversation.dropPending();
      this.startsUnseenData = true;
    } else if (queue.size === 0) return;
    conversation.setKnowledge(KNOWLEDGE.resynced);
    const state = stateWhereLegal(this.startsUnseenData ? VERB.DATA : queue.headVerb);
    conversation.confirm(state);
  }

  /** Some codes answer one command only: whatever waits before it was not answered. */
  private anchor(code: number): void {
    const { queue } = this.conversation;
    let distance = -1;
    if (code === 354) {
      distance = queue.distanceTo(VERB.DATA);
      if (distance === -1) distance = queue.distanceTo(VERB.XEXCH50);
    } else if (code === 334 || code === 235) {
      for (const verb of [VERB.AUTH, VERB['X-EXPS'], VERB.XAUTH]) {
        if (distance === -1) distance = queue.distanceTo(verb);
      }
    }
    for (; distance > 0; distance--) this.conversation.dropOldest();
  }

  /** An empty line is answered by some servers (500) and ignored by others. */
  private skipBlank(code: number): void {
    const { queue } = this.conversation;
    while (code < 500 && queue.headVerb === PENDING.blank) queue.pop();
  }

  private take(code: number): void {
    const { queue, confirmed } = this.conversation;
    queue.peek();
    this.verb = queue.verb;
    this.commandLine = queue.line;
    this.transaction = queue.transaction;
    this.isFinal = true;
    if (Authentication.isAuthVerb(queue.verb)) {
      if (confirmed !== STATE.auth) this.stateBeforeAuth = confirmed;
      this.isFinal = code !== 334;
    } else if (code === 354 && queue.verb === VERB.XEXCH50) {
      this.verb = PENDING.xexch50Payload;
      queue.setHeadVerb(PENDING.xexch50Payload);
      this.isFinal = false;
    } else if (queue.verb === PENDING.endOfData || queue.verb === PENDING.lastChunk) {
      this.isFinal = !this.hasMoreReplies(code);
    }
    if (this.isFinal) queue.pop();
  }

  private hasMoreReplies(code: number): boolean {
    const { transaction } = this;
    if (!transaction || code === 421) return false;
    transaction.endReplies++;
    if (code === 353) transaction.prdr = true;
    return transaction.expectsMoreReplies;
  }

  /** Nothing waits. Amid a message with a gap, a verdict means that its end was in the gap. */
  private matchNone(code: number): void {
    const { conversation } = this;
    if (conversation.context.isMissing(conversation.client.direction)) conversation.lowerKnowledge(KNOWLEDGE.guessed);
    if (conversation.mode !== MODE.message || !this.message.hasGap || !(code === 250 || code >= 400)) return;
    this.verb = PENDING.endOfData;
    this.transaction = conversation.transaction;
    this.isFinal = true;
    conversation.lowerKnowledge(KNOWLEDGE.resynced);
  }
}
