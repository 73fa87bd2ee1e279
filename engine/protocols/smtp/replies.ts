/**
 * Reply lines of the server (RFC 5321 4.2): joined when a reply has several,
 * matched to the command they answer, and turned into what they mean for the
 * facts, the transaction and the octets that follow. Out: reply events.
 */
import { ConnectionFacts } from '../facts.js';
import type { Authentication } from './auth.js';
import { readCapabilities, readSizeLimit } from './capabilities.js';
import type { Commands } from './commands.js';
import { MODE, type Conversation } from './conversation.js';
import { replyCode } from './grammar.js';
import type { HeldData } from './held-data.js';
import type { Line } from './lane.js';
import type { Message } from './message.js';
import { JoinedReply } from './joined-reply.js';
import { ReplyMatcher } from './reply-matcher.js';
import { STATE, stateWhenAnswered } from './state.js';
import type { TlsHandover } from './tls-handover.js';
import type { Transaction } from './transaction.js';
import { PENDING, VERB, endsTransaction, verbName } from './verbs.js';

export class Replies {
  private readonly joined: JoinedReply;
  private readonly matcher: ReplyMatcher;

  constructor(
    private readonly conversation: Conversation,
    private readonly auth: Authentication,
    private readonly message: Message,
    private readonly commands: Commands,
    private readonly heldData: HeldData,
    private readonly tls: TlsHandover,
    private readonly swapRoles: () => void,
  ) {
    this.joined = new JoinedReply(conversation.limits.lineBytes);
    this.matcher = new ReplyMatcher(conversation, auth, message);
  }

  /** A line of the server. `fragment`: its beginning may be lost. */
  take(line: Line, fragment: boolean): void {
    const { conversation, joined } = this;
    if (conversation.oneSided) {
      conversation.oneSided = false;
      conversation.stale = true;
    }
    const code = replyCode(line.buffer, line.start, line.end);
    if (code === 0) return this.takeMalformed(line, fragment);
    const isFirst = conversation.queue.headVerb === PENDING.greeting;
    if (code === 334) line.markSecret(line.start + 4, line.end, 'challenge');
    conversation.showLine(line, isFirst ? 'greeting' : code === 334 ? 'auth' : 'reply');
    const goesOn = line.end - line.start > 3 && line.buffer[line.start + 3] === 0x2d;
    if (!goesOn && joined.lines === 0) return this.finish(line, code, 1, false);
    joined.add(line, code);
    if (!goesOn) {
      const { lines, codesDiffer } = joined;
      this.finish(joined.take(), code, lines, codesDiffer);
    }
  }

  /** Server octets are missing, or the connection is over: a reply of several lines stays unfinished. */
  forgetUnfinished(): void {
    this.joined.take();
  }

  private takeMalformed(line: Line, fragment: boolean): void {
    const { conversation } = this;
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
    conversation.emitter.reply(line, 0, 'malformed', isGreeting ? verbName(PENDING.greeting) : '', 0, 1, false);
  }

  private finish(line: Line, code: number, lines: number, codesDiffer: boolean): void {
    const { conversation, matcher } = this;
    const before = conversation.confirmed;
    matcher.match(line, code);
    const { verb, commandLine, transaction, isFinal } = matcher;
    const stateBefore = before === STATE.unknown ? conversation.confirmed : before;
    this.noteFacts(line, code, verb, transaction);
    if (isFinal) this.confirm(stateWhenAnswered(conversation.confirmed, verb, code));
    else if (code === 334) conversation.confirm(STATE.auth);
    else if (code === 421) conversation.confirm(STATE.closing);
    conversation.speakFor(stateBefore);
    const outcome = code === 334 ? 'continue' : code >= 600 || code < 200 ? 'malformed' : code < 400 ? 'ok' : 'no';
    conversation.emitter.reply(line, code, outcome, verbName(verb), commandLine, lines, codesDiffer);
    this.settle(line, code, verb, transaction, isFinal);
  }

  private confirm(state: typeof this.conversation.confirmed): void {
    const { conversation } = this;
    const resumed = state === STATE.auth ? this.matcher.stateBeforeAuth : state;
    conversation.confirm(resumed);
    if (conversation.queue.size === 0 && conversation.mode !== MODE.dataHold) conversation.sent = resumed;
  }

  private noteFacts(line: Line, code: number, verb: number, transaction: Transaction | null): void {
    const { facts } = this.conversation;
    // A challenge is half of a secret.
    if (code !== 334) facts.keepLastReply(line.buffer, line.start, line.end);
    const accepted = code >= 200 && code < 300;
    if (verb === PENDING.greeting) facts.greeting = ConnectionFacts.keepFirstLine(line.buffer, line.start, line.end);
    if (!accepted) return;
    if (verb === VERB.EHLO || verb === VERB.LHLO) {
      facts.capabilities = readCapabilities(line.buffer, line.start, line.end);
      facts.sizeLimit = facts.capabilities.has('SIZE') ? readSizeLimit(line.buffer, line.start, line.end) : -1;
      if (facts.tls === 'none' && facts.capabilities.has('STARTTLS')) facts.tls = 'offered';
    } else if (verb === VERB.RCPT) {
      if (transaction) {
        transaction.rcptAccepted++;
        transaction.accepted = true;
      }
      if (transaction === this.conversation.transaction) facts.transactionRcptAccepted++;
    }
  }

  /** What follows from a reply, after everybody heard of it. */
  private settle(line: Line, code: number, verb: number, transaction: Transaction | null, isFinal: boolean): void {
    switch (verb) {
      case VERB.none:
        return this.settleUnasked(line, code);
      case VERB.MAIL:
      case VERB.SEND:
      case VERB.SOML:
      case VERB.SAML:
        return this.settleMail(code, transaction);
      case VERB.DATA:
        return this.settleData(line, code, transaction);
      case PENDING.endOfData:
      case PENDING.lastChunk:
        return this.settleMessage(line, code, transaction, isFinal);
      case VERB.AUTH:
      case VERB['X-EXPS']:
      case VERB.XAUTH:
        return code === 334 ? this.auth.challenged() : this.auth.answered(line, code);
      case VERB.STARTTLS:
      case VERB.TLS:
      case VERB['X-ANONYMOUSTLS']:
        this.endTransaction(line, code, transaction);
        return code === 220 ? this.tls.accepted() : this.tls.rejected();
      case PENDING.xexch50Payload:
        if (code === 354 && !isFinal) this.commands.beginXexch50();
        return;
      case VERB.TURN:
      case VERB.ATRN:
        if (code === 250) this.swapRoles();
        return;
      default:
        if (endsTransaction(verb)) this.endTransaction(line, code, transaction);
    }
  }

  private endTransaction(line: Line, code: number, transaction: Transaction | null): void {
    if (!transaction) return;
    transaction.answered(code, line.buffer, line.start, line.end);
    this.conversation.finish(transaction);
  }

  private settleMail(code: number, transaction: Transaction | null): void {
    const { conversation } = this;
    if (!transaction) return;
    if (code < 300) {
      transaction.accepted = true;
      conversation.settlePrevious(transaction);
    } else if (conversation.transaction === transaction) conversation.transaction = transaction.previous;
  }

  private settleData(line: Line, code: number, transaction: Transaction | null): void {
    const { conversation, heldData } = this;
    const holds = conversation.mode === MODE.dataHold;
    if (code === 354) {
      if (holds) heldData.accepted(this.commands.dataEndedInCrlf);
      return;
    }
    transaction?.answered(code, line.buffer, line.start, line.end);
    if (holds) heldData.rejected(true);
    else if (conversation.mode === MODE.message) this.message.repliedAmid = true;
  }

  private settleMessage(line: Line, code: number, transaction: Transaction | null, isFinal: boolean): void {
    const { conversation, message } = this;
    // The end of data lies in a gap: this reply says that it was there.
    const isInGap = conversation.mode === MODE.message && transaction === conversation.transaction;
    if (isInGap) {
      conversation.speakFor(STATE.data);
      message.finish(line, conversation.client.streamEnd, true);
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

  private settleUnasked(line: Line, code: number): void {
    const { conversation, message, heldData } = this;
    if (conversation.mode === MODE.message) {
      message.repliedAmid = true;
      conversation.transaction?.answered(code, line.buffer, line.start, line.end);
    } else if (code === 354 && this.matcher.startsUnseenData && conversation.mode === MODE.command) {
      conversation.confirm(STATE.data);
      conversation.sent = STATE.data;
      heldData.accepted(true);
    }
  }
}
