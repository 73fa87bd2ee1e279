/**
 * The server's half of an IMAP dialogue: untagged data, continuations and
 * completions (RFC 9051 7). Literals in data are counted, never collected.
 */
import { KNOWLEDGE, TO_CLIENT, TO_SERVER, type ReplyEvent } from '../events.js';
import { ConnectionFacts } from '../facts.js';
import type { ImapClient } from './client-half.js';
import { noteCapabilities } from './capabilities.js';
import type { ImapConversation } from './conversation.js';
import { capabilityList, CONDITION, conditionAt, IMAP_VERBS, VERB, wordEnd } from './grammar.js';
import { isMessageItem, LiteralMark } from './literal.js';
import type { Outstanding } from './outstanding.js';
import { ServerLiteral } from './server-literal.js';
import { STATE, stateWhenAnswered } from './state.js';

const STAR = 0x2a;
const OPEN_BRACKET = 0x5b;
const PLUS = 0x2b;
const SPACE = 0x20;
const NO_VERB = -1;

/** Of the line being read; needed no longer than that. */
const mark = new LiteralMark();

export class ImapServer {
  /** Made for the first literal. */
  private literal: ServerLiteral | null = null;
  /** A literal ended and its response goes on. */
  private inResponse = false;
  private hadGap = false;

  constructor(
    private readonly conversation: ImapConversation,
    private readonly client: ImapClient,
  ) {}

  data(buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { conversation } = this;
    for (let at = start; at < end;) {
      const { tls } = conversation;
      if (tls !== null && tls.isOpaque(TO_CLIENT)) return tls.push(TO_CLIENT, buffer, at, end);
      if (conversation.compressed) return;
      const { literal } = this;
      if (literal !== null && literal.left > 0) at = literal.take(buffer, at, end, offset + at - start);
      else at = this.readLine(buffer, at, end, offset + at - start);
    }
  }

  /** Server octets are missing. */
  gap(lengthBytes: number): void {
    const { conversation } = this;
    const { server, facts } = conversation;
    this.hadGap = true;
    if (facts.knowledge > KNOWLEDGE.guessed) facts.knowledge = KNOWLEDGE.guessed;
    if (facts.state === STATE.connect) conversation.confirm(STATE.unknown);
    this.client.loseAnswer();
    if (this.literal?.skip(lengthBytes)) return;
    this.literal?.cutOff();
    this.endPartial();
    server.abandon();
    server.afterGap = true;
    this.inResponse = false;
  }

  /** No more octets. */
  end(): void {
    this.literal?.cutOff();
    if (!this.conversation.tls?.isOpaque(TO_CLIENT)) this.endPartial();
  }

  private readLine(buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { conversation } = this;
    const { server, tls } = conversation;
    if (tls !== null && tls.isAnsweredBy(buffer[start] as number) && !server.hasBegun) {
      tls.acceptUnseen(TO_CLIENT, offset);
      return start;
    }
    const at = server.next(buffer, start, end, offset, conversation.facts, conversation.position);
    if (!server.current.isWhole) return at;
    this.takeLine();
    server.finish();
    return at;
  }

  private takeLine(): void {
    const { conversation } = this;
    const { buffer, start, end } = conversation.server.current;
    if (this.inResponse) {
      conversation.wire(conversation.server, 'reply', start, end, '');
      this.inResponse = this.openLiteral(start);
      return;
    }
    const { facts } = conversation;
    if (facts.state === STATE.connect && facts.greeting === null && !this.hadGap) return this.takeGreeting();
    const first = buffer[start];
    if (first === STAR && end - start > 1 && buffer[start + 1] === SPACE) this.takeUntagged();
    else if (first === PLUS && (end - start === 1 || buffer[start + 1] === SPACE)) this.takeContinuation();
    else this.takeTagged();
  }

  private takeGreeting(): void {
    const { conversation } = this;
    const { facts, server } = conversation;
    const { buffer, start, end } = server.current;
    facts.greeting = ConnectionFacts.keepCommon(buffer, start, end);
    const isUntagged = end - start > 2 && buffer[start] === STAR && buffer[start + 1] === SPACE;
    const condition = isUntagged ? conditionAt(buffer, start + 2, end) : CONDITION.none;
    const isGreeting = condition === CONDITION.ok || condition === CONDITION.preauth || condition === CONDITION.bye;
    if (isGreeting && facts.knowledge === KNOWLEDGE.unknown) facts.knowledge = KNOWLEDGE.resynced;
    conversation.lowerWhenMissing(TO_SERVER);
    this.emitReply(!isGreeting ? 'malformed' : condition === CONDITION.bye ? 'no' : 'ok', IMAP_VERBS.greeting, 0);
    if (!isGreeting) facts.knowledge = KNOWLEDGE.unknown;
    if (condition === CONDITION.preauth) facts.authenticated = 'yes';
    if (isGreeting) this.readCapabilities(start + 2, end);
    const next = !isGreeting
      ? STATE.uninspectable
      : condition === CONDITION.ok
        ? STATE.notAuth
        : condition === CONDITION.bye
          ? STATE.logout
          : STATE.authd;
    facts.state = next;
    if (conversation.sentState === STATE.connect || !isGreeting) conversation.sentState = next;
  }

  private takeUntagged(): void {
    const { conversation } = this;
    const { buffer, start, end } = conversation.server.current;
    const condition = conditionAt(buffer, start + 2, end);
    const outcome =
      condition === CONDITION.none
        ? 'untagged'
        : condition === CONDITION.ok || condition === CONDITION.preauth
          ? 'ok'
          : 'no';
    conversation.lowerWhenMissing(TO_SERVER);
    this.emitReply(outcome, NO_VERB, 0);
    this.readCapabilities(start + 2, end);
    if (condition === CONDITION.bye) conversation.confirm(STATE.logout);
    if (condition === CONDITION.none) this.inResponse = this.openLiteral(start + 2);
  }

  private takeContinuation(): void {
    const { conversation, client } = this;
    const idle = conversation.outstanding.findVerb(VERB.IDLE);
    if (client.awaitsContinuation) {
      this.emitReply('continue', client.openVerb, client.openLine);
      client.continueLiteral();
    } else if (conversation.inExchange) {
      this.emitReply('continue', VERB.AUTHENTICATE, conversation.outstanding.findVerb(VERB.AUTHENTICATE)?.line ?? 0);
      conversation.challenged = true;
    } else if (idle !== null) {
      this.emitReply('continue', VERB.IDLE, idle.line);
      conversation.facts.state = STATE.idling;
    } else this.emitReply('continue', NO_VERB, 0);
  }

  private takeTagged(): void {
    const { conversation, client } = this;
    const { facts, server, outstanding } = conversation;
    const { buffer, start, end } = server.current;
    const tagEnd = wordEnd(buffer, start, end);
    const condition = tagEnd < end ? conditionAt(buffer, tagEnd + 1, end) : CONDITION.none;
    const slot = outstanding.find(buffer, start, tagEnd);
    const completes = condition === CONDITION.ok || condition === CONDITION.no || condition === CONDITION.bad;
    if (slot === null || !completes) {
      conversation.lowerWhenMissing(TO_SERVER);
      if (!completes && (facts.knowledge === KNOWLEDGE.unknown || server.afterGap))
        return conversation.wire(server, 'unknown', start, end, '');
      return this.emitReply(!completes ? 'malformed' : condition === CONDITION.ok ? 'ok' : 'no', NO_VERB, 0);
    }
    const { serial, verb, line } = slot;
    client.beforeCompletion(serial);
    conversation.noteCompletion();
    this.emitReply(condition === CONDITION.ok ? 'ok' : 'no', verb, line);
    this.readCapabilities(tagEnd + 1, end);
    this.complete(slot, condition === CONDITION.ok);
    client.afterCompletion(serial);
  }

  private complete(slot: Outstanding, accepted: boolean): void {
    const { conversation } = this;
    const { verb, login } = slot;
    const { facts } = conversation;
    conversation.outstanding.remove(slot);
    switch (verb) {
      case VERB.STARTTLS:
        return this.completeStarttls(accepted);
      case VERB.COMPRESS:
        if (accepted) conversation.beginCompression();
        return;
      case VERB.IDLE:
        if (facts.state === STATE.idling || conversation.sentState === STATE.idling) conversation.leaveIdle();
        return;
      case VERB.AUTHENTICATE:
        conversation.inExchange = conversation.challenged = false;
        if (accepted) facts.authenticated = 'yes';
        break;
      case VERB.UNAUTHENTICATE:
        if (accepted) facts.authenticated = 'no';
    }
    conversation.confirm(stateWhenAnswered(conversation.state, verb, accepted));
    if (login !== 0) conversation.ledger.outcome(login, accepted ? 'yes' : 'no');
  }

  private completeStarttls(accepted: boolean): void {
    const { conversation, client } = this;
    const { handover, server } = conversation;
    if (accepted) {
      handover.accept(server.current.offset + server.current.lengthBytes);
      conversation.outstanding.clear();
      conversation.confirm(STATE.tls);
      return;
    }
    handover.reject();
    conversation.sentState = conversation.state;
    client.resumeHeld();
  }

  /** The mark at the end of a data line: its octets follow. True when there is one. */
  private openLiteral(start: number): boolean {
    const { conversation } = this;
    const { current } = conversation.server;
    if (!mark.read(current.buffer, start, current.end) || !mark.isUsable) return false;
    this.literal ??= new ServerLiteral(conversation);
    this.literal.begin(mark.announced, isMessageItem(current.buffer, start, mark.start));
    return true;
  }

  private readCapabilities(start: number, end: number): void {
    const { facts, server } = this.conversation;
    const { buffer } = server.current;
    // `CAPABILITY ...` as data, or behind a condition in brackets.
    let list = capabilityList(buffer, start, end);
    const code = wordEnd(buffer, start, end) + 1;
    if (list === -1 && code < end && buffer[code] === OPEN_BRACKET) list = capabilityList(buffer, code, end);
    if (list !== -1) noteCapabilities(facts, buffer, list, end);
  }

  /** `answers`: a verb's index, -1 for none. */
  private emitReply(outcome: ReplyEvent['outcome'], answers: number, answersLine: number): void {
    const { conversation } = this;
    const { server, facts } = conversation;
    const { buffer, start, end } = server.current;
    const event = conversation.events.reply;
    conversation.fill(event, server);
    event.outcome = outcome;
    event.answers = IMAP_VERBS.wordOf(answers);
    event.answersNumber = IMAP_VERBS.numberOf(answers);
    event.answersLine = answersLine;
    const isChallenge = answers === VERB.AUTHENTICATE && outcome === 'continue';
    if (isChallenge && end - start > 2) {
      event.secretStart = start + 2;
      event.secretEnd = end;
      event.secretLabel = 'challenge';
    }
    if (outcome === 'ok' || outcome === 'no') facts.keepLastLine(buffer, start, end);
    const role = isChallenge ? 'auth' : answers === IMAP_VERBS.greeting ? 'greeting' : 'reply';
    conversation.wire(server, role, event.secretStart, event.secretEnd, event.secretLabel);
    conversation.emit(event);
  }

  /** The line will not be completed: told as far as it is clear, but it decides nothing. */
  private endPartial(): void {
    const { conversation } = this;
    const { server, outstanding } = conversation;
    if (conversation.compressed || !server.peekPartial()) return;
    const { buffer, start, end } = server.current;
    const tagEnd = wordEnd(buffer, start, end);
    const isUntagged = buffer[start] === STAR && tagEnd === start + 1;
    const slot = outstanding.find(buffer, start, tagEnd);
    const condition = tagEnd < end ? conditionAt(buffer, tagEnd + 1, end) : CONDITION.none;
    if (this.inResponse || (!isUntagged && slot === null)) conversation.wire(server, 'unknown', start, end, '');
    else if (condition === CONDITION.none && !isUntagged) conversation.wire(server, 'reply', start, end, '');
    else this.emitReply(partialOutcome(condition), slot === null ? NO_VERB : slot.verb, slot?.line ?? 0);
    server.finish();
  }
}

function partialOutcome(condition: number): ReplyEvent['outcome'] {
  if (condition === CONDITION.none) return 'untagged';
  return condition === CONDITION.ok || condition === CONDITION.preauth ? 'ok' : 'no';
}
