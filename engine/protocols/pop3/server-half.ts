/**
 * The server's half of a POP3 dialogue: status lines and what they answer,
 * multi-line answers, message text (RFC 1939 3).
 */
import { KNOWLEDGE, TO_CLIENT, TO_SERVER, type ReplyEvent } from '../events.js';
import { ConnectionFacts } from '../facts.js';
import { noteCapability } from './capabilities.js';
import type { Pop3Client } from './client-half.js';
import type { Pop3Conversation } from './conversation.js';
import { FORM, POP3_VERBS, STATUS, statusOf, VERB, type Status } from './grammar.js';
import { MessageText } from './message-text.js';
import { STATE, stateWhenAnswered } from './state.js';

const DOT = 0x2e;
/** What the next server line is. */
const READ = { status: 0, text: 1, message: 2 } as const;

export class Pop3Server {
  private mode: number = READ.status;
  /** Made for the first message. */
  private message: MessageText | null = null;
  /** Of the answer being read: its verb's number, -1 when it could not be typed; lines so far. */
  private answers = -1;
  private answerLines = 0;
  /** A `+OK` whose command was not captured may go on in further lines (PROTECTIONS 1.2). */
  private mayGoOn = false;
  private lossy = false;

  /** The list of CAPA that was read last, which the facts show. */
  private capabilities: Set<string> | null = null;

  constructor(
    private readonly conversation: Pop3Conversation,
    /** Told when STLS was refused. */
    private readonly client: Pop3Client,
  ) {}

  data(buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { conversation } = this;
    for (let at = start; at < end;) {
      const { tls } = conversation;
      if (tls !== null && tls.isOpaque(TO_CLIENT)) return tls.push(TO_CLIENT, buffer, at, end);
      if (this.mode === READ.message && this.message !== null)
        at = this.readMessage(this.message, buffer, at, end, offset + at - start);
      else at = this.readLine(buffer, at, end, offset + at - start);
    }
  }

  gap(lengthBytes: number): void {
    const { conversation } = this;
    const { server, facts, pending } = conversation;
    if (this.mode === READ.message && this.message !== null) {
      this.message.cutOff(server);
      this.message.gap(lengthBytes);
    } else this.endPartial();
    server.abandon();
    server.afterGap = true;
    this.lossy = true;
    conversation.stale = pending.size > 0;
    conversation.tls?.loseAnswer();
    if (facts.knowledge > KNOWLEDGE.guessed) facts.knowledge = KNOWLEDGE.guessed;
    if (facts.state === STATE.connect) conversation.confirm(STATE.unknown);
  }

  /** No more octets. */
  end(): void {
    const { server } = this.conversation;
    if (this.conversation.tls?.isOpaque(TO_CLIENT)) return;
    if (this.mode === READ.message && this.message !== null) this.cutMessage(this.message);
    else this.endPartial();
    server.finish();
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
    const { server } = this.conversation;
    const { buffer, start, end } = server.current;
    const status = statusOf(buffer, start, end);
    if (this.mode === READ.text && !this.endsText(status)) return this.takeText();
    this.mode = READ.status;
    this.takeStatus(status);
  }

  /** The final dot was lost or never sent: a status line is no list entry, when one is waited for. */
  private endsText(status: Status): boolean {
    if (status !== STATUS.ok && status !== STATUS.error) return false;
    return this.lossy || this.conversation.pending.size > 0;
  }

  private readMessage(message: MessageText, buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { conversation } = this;
    const { server } = conversation;
    const at = message.read(server, buffer, start, end, offset);
    if (!message.isOver && !message.statusFound) return at;
    const { offset: place } = server.current;
    conversation.endMessage(server, place, message.message, message.lengthBytes, message.lines, message.lossy);
    this.mode = READ.status;
    if (message.statusFound) this.takeLine();
    server.finish();
    return at;
  }

  private cutMessage(message: MessageText): void {
    const { conversation } = this;
    const { server } = conversation;
    message.cutOff(server);
    this.mode = READ.status;
    conversation.endMessage(server, message.endOffset, message.message, message.lengthBytes, message.lines, true, 0);
  }

  /** A line of LIST, UIDL, CAPA, ... or of an answer that nobody knows the command of. */
  private takeText(): void {
    const { conversation } = this;
    const { server, facts } = conversation;
    const { buffer, start, end } = server.current;
    conversation.wire(server, 'text', start, end, '');
    if (end - start === 1 && buffer[start] === DOT) {
      this.mode = READ.status;
      return;
    }
    if (this.answers === -1) return;
    const event = conversation.events.answerLine;
    conversation.fill(event, server);
    // A line that begins with a dot was stuffed with another (RFC 1939 3).
    if (end > start && buffer[start] === DOT) {
      event.start = event.secretStart = event.secretEnd = start + 1;
      event.offset++;
    }
    event.answers = POP3_VERBS.names[this.answers] as string;
    event.index = ++this.answerLines;
    if (this.answers === VERB.CAPA) noteCapability(facts, this.listBeingRead(), buffer, event.start, end);
    conversation.emit(event);
  }

  private takeStatus(status: Status): void {
    const { conversation } = this;
    const { facts, pending } = conversation;
    if (facts.state === STATE.connect && facts.greeting === null && !this.lossy) return this.takeGreeting(status);
    if (status === STATUS.none && this.isUntyped()) return this.takeUntyped();
    if (status !== STATUS.none) conversation.noteStatus();
    if (conversation.stale) this.anchor();
    if (status === STATUS.challenge && (pending.form === FORM.auth || conversation.inExchange))
      return this.takeChallenge();
    const { verb, line, form, login } = pending;
    if (verb !== -1 && status !== STATUS.none) conversation.notePair();
    this.emitReply(status === STATUS.ok ? 'ok' : status === STATUS.error ? 'no' : 'malformed', verb, line);
    this.mayGoOn = status === STATUS.ok && pending.size === 0;
    // What is no status line may stand before the answer, or instead of it: the client's next command tells.
    conversation.headUnanswerable = status !== STATUS.ok && status !== STATUS.error && pending.size > 0;
    if (conversation.headUnanswerable) {
      conversation.tls?.loseAnswer();
      return;
    }
    pending.pop();
    this.answer(status, verb, form, login);
  }

  private takeGreeting(status: Status): void {
    const { conversation } = this;
    const { facts, server } = conversation;
    facts.greeting = ConnectionFacts.keepCommon(server.current.buffer, server.current.start, server.current.end);
    const isStatus = status === STATUS.ok || status === STATUS.error;
    if (isStatus && facts.knowledge === KNOWLEDGE.unknown) facts.knowledge = KNOWLEDGE.resynced;
    conversation.lowerWhenMissing(TO_SERVER);
    this.emitReply(status === STATUS.ok ? 'ok' : isStatus ? 'no' : 'malformed', POP3_VERBS.greeting, 0);
    if (!isStatus) conversation.loseTrack();
    const next = status === STATUS.ok ? STATE.authorization : isStatus ? STATE.refused : STATE.uninspectable;
    facts.state = next;
    if (conversation.sentState === STATE.connect || !isStatus) conversation.sentState = next;
    this.mayGoOn = status === STATUS.ok;
  }

  /** Lines that are no status are text of an answer whose command nobody saw, or mean nothing yet. */
  private isUntyped(): boolean {
    const { conversation } = this;
    if (conversation.facts.knowledge === KNOWLEDGE.unknown) return true;
    return conversation.pending.size === 0 && this.mayGoOn && conversation.isMissing(TO_SERVER);
  }

  private takeUntyped(): void {
    const { conversation } = this;
    const { facts, server } = conversation;
    const { buffer, start, end } = server.current;
    conversation.wire(server, facts.knowledge === KNOWLEDGE.unknown ? 'unknown' : 'text', start, end, '');
    if (facts.knowledge === KNOWLEDGE.unknown || (end - start === 1 && buffer[start] === DOT)) return;
    this.mode = READ.text;
    this.answers = -1;
  }

  /** The first status line behind a gap (PROTECTIONS 1.4): it answers the only pending command, or nobody knows which. */
  private anchor(): void {
    const { conversation } = this;
    conversation.stale = false;
    if (conversation.pending.size === 1) {
      conversation.facts.knowledge = KNOWLEDGE.resynced;
      return;
    }
    conversation.facts.knowledge = KNOWLEDGE.guessed;
    conversation.pending.clear();
    conversation.giveUpLogins();
    conversation.confirm(STATE.unknown);
  }

  private takeChallenge(): void {
    const { conversation } = this;
    this.emitReply('continue', VERB.AUTH, conversation.pending.line);
    conversation.challenged = true;
  }

  private answer(status: Status, verb: number, form: number, login: number): void {
    const { conversation } = this;
    const accepted = status === STATUS.ok;
    const isExchange = form === FORM.auth;
    if (verb === VERB.STLS) return this.answerStls(accepted);
    conversation.confirm(stateWhenAnswered(conversation.state, verb, accepted, isExchange));
    if (isExchange) conversation.inExchange = conversation.challenged = false;
    if (login !== 0) conversation.ledger.outcome(login, accepted ? 'yes' : status === STATUS.error ? 'no' : 'unknown');
    else if (isExchange && accepted) conversation.facts.authenticated = 'yes';
    if (!accepted) return;
    if (form === FORM.text) this.beginText(verb);
    else if (form === FORM.message) this.beginMessage();
  }

  private beginText(verb: number): void {
    this.mode = READ.text;
    this.answers = verb;
    this.answerLines = 0;
    this.lossy = false;
    if (verb === VERB.CAPA) this.beginList();
  }

  private beginList(): Set<string> {
    const capabilities = new Set<string>();
    this.conversation.facts.capabilities = this.capabilities = capabilities;
    return capabilities;
  }

  /** The facts' list, as long as nobody replaced it. */
  private listBeingRead(): Set<string> {
    const { capabilities } = this;
    return capabilities !== null && capabilities === this.conversation.facts.capabilities
      ? capabilities
      : this.beginList();
  }

  private beginMessage(): void {
    const { conversation } = this;
    const { current } = conversation.server;
    this.mode = READ.message;
    this.message ??= new MessageText(conversation);
    this.message.begin(
      conversation.facts.messages++,
      current.terminator !== 'lf',
      current.offset + current.lengthBytes,
    );
  }

  private answerStls(accepted: boolean): void {
    const { conversation } = this;
    const { handover, server } = conversation;
    if (!accepted) {
      handover.reject();
      conversation.confirm(conversation.state);
      conversation.sentState = conversation.state;
      this.client.resumeHeld();
      return;
    }
    handover.accept(server.current.offset + server.current.lengthBytes);
    conversation.confirm(STATE.tls);
    conversation.userName = null;
    conversation.userBytes = -1;
  }

  /** `answers`: a verb's index, -1 for none. */
  private emitReply(outcome: ReplyEvent['outcome'], answers: number, answersLine: number): void {
    const { conversation } = this;
    const { server, facts } = conversation;
    const { buffer, start, end } = server.current;
    const event = conversation.events.reply;
    conversation.fill(event, server);
    event.outcome = outcome;
    event.answers = POP3_VERBS.wordOf(answers);
    event.answersNumber = POP3_VERBS.numberOf(answers);
    event.answersLine = answersLine;
    if (outcome === 'continue' && end - start > 2) {
      event.secretStart = start + 2;
      event.secretEnd = end;
      event.secretLabel = 'challenge';
    } else facts.keepLastLine(buffer, start, end);
    const role = outcome === 'continue' ? 'auth' : answers === POP3_VERBS.greeting ? 'greeting' : 'reply';
    conversation.wire(server, role, event.secretStart, event.secretEnd, event.secretLabel);
    conversation.emit(event);
  }

  /** The line will not be completed: judged as it is, but it decides nothing. */
  private endPartial(): void {
    const { conversation } = this;
    const { server, facts } = conversation;
    if (!server.peekPartial()) return;
    const { buffer, start, end } = server.current;
    if (this.mode === READ.text) return this.takeText();
    const status = statusOf(buffer, start, end);
    if (status === STATUS.ok || status === STATUS.error) {
      const { verb, line } = conversation.pending;
      this.emitReply(status === STATUS.ok ? 'ok' : 'no', verb, line);
    } else conversation.wire(server, facts.knowledge === KNOWLEDGE.unknown ? 'unknown' : 'reply', start, end, '');
  }
}
