/**
 * What the two halves of a POP3 dialogue share: the state, the commands that
 * wait for an answer, the login being made, and how much is known.
 */
import { indexOfOctet } from '../../octets.js';
import type { DialogueContext } from '../dialogue.js';
import { KNOWLEDGE, TO_CLIENT, TO_SERVER, type Direction } from '../events.js';
import type { ConnectionFacts } from '../facts.js';
import { LoginLedger } from '../mailbox/login-ledger.js';
import { Side } from '../mailbox/side.js';
import { Speaker } from '../mailbox/speaker.js';
import { TlsHandover } from '../mailbox/tls-handover.js';
import { SaslExchange } from '../sasl/exchange.js';
import { CommandLine, FORM, needsLogin, POP3_VERBS, VERB } from './grammar.js';
import { Pending } from './pending.js';
import { STATE, stateWhenAnswered, stateWhenSent, stateWhereLegal, type State } from './state.js';

export class Pop3Conversation {
  readonly facts: ConnectionFacts;
  readonly speaker: Speaker;
  readonly ledger: LoginLedger;
  readonly client = new Side(TO_SERVER);
  readonly server = new Side(TO_CLIENT);
  readonly pending = new Pending();
  readonly exchange = new SaslExchange();
  readonly handover: TlsHandover;
  /** Name given in the last USER, at most 16 KiB, and its whole length. */
  userName: Uint8Array | null = null;
  userBytes = -1;
  /** An AUTH with a mechanism is not answered yet. */
  inExchange = false;
  /** The server sent a challenge that the client has not answered. */
  challenged = false;
  /** Octets of the server were lost while commands were pending: the queue cannot be trusted. */
  stale = false;
  /** Something that is no status line came where the oldest command's answer should be. */
  headUnanswerable = false;
  private sawVerb = false;
  private sawStatus = false;

  constructor(readonly context: DialogueContext) {
    this.facts = context.facts;
    this.facts.state = context.fromStart ? STATE.connect : STATE.unknown;
    this.facts.knowledge = context.fromStart ? KNOWLEDGE.synced : KNOWLEDGE.unknown;
    if (!context.fromStart) this.facts.authenticated = 'unknown';
    this.speaker = new Speaker(context, 'pop3');
    this.ledger = new LoginLedger(this.speaker);
    this.handover = new TlsHandover(this.speaker, new Pop3CommandReader());
  }

  get state(): State {
    return this.facts.state as State;
  }

  /** Moves the confirmed state; the sent one follows when nothing is pending. */
  confirm(state: State): void {
    this.facts.state = state;
    if (this.pending.size === 0) this.speaker.sentState = state;
  }

  /** A known verb was sent: moves the sent state, and the knowledge when it was lost. */
  noteVerb(verb: number): void {
    this.lowerWhenMissing(TO_CLIENT);
    if (this.facts.knowledge !== KNOWLEDGE.unknown) return;
    this.sawVerb = true;
    if (this.context.isMissing(TO_CLIENT)) this.regain(KNOWLEDGE.guessed);
    else if (this.sawStatus) this.regain(KNOWLEDGE.resynced);
    if (this.facts.knowledge !== KNOWLEDGE.unknown) this.enterWhereLegal(verb);
  }

  /** A status line came while nothing was known. */
  noteStatus(): void {
    this.lowerWhenMissing(TO_SERVER);
    if (this.facts.knowledge !== KNOWLEDGE.unknown) return;
    this.sawStatus = true;
    if (this.context.isMissing(TO_SERVER)) this.regain(KNOWLEDGE.guessed);
    else if (this.sawVerb) {
      this.regain(KNOWLEDGE.resynced);
      this.enterWhereLegal(this.pending.verb);
    }
  }

  /** The client goes on behind an answer that was none: its command will have no other. */
  dropUnanswerable(): void {
    if (!this.headUnanswerable) return;
    this.headUnanswerable = false;
    const { verb, form, login } = this.pending;
    this.pending.pop();
    if (form === FORM.auth) this.inExchange = this.challenged = false;
    if (verb === VERB.STLS) this.handover.reject();
    if (login !== 0) this.ledger.outcome(login, 'unknown');
    this.confirm(this.state);
  }

  /** A status line answers a known command: order is certain again, unless a side is missing. */
  notePair(): void {
    const { facts, context } = this;
    if (facts.knowledge === KNOWLEDGE.guessed && !context.isMissing(TO_SERVER)) facts.knowledge = KNOWLEDGE.resynced;
  }

  /** Moves the sent state past a command. */
  noteSent(verb: number, isExchange: boolean): void {
    this.speaker.sentState = stateWhenSent(this.speaker.sentState as State, verb, isExchange);
  }

  /**
   * The server was not captured: what was sent counts as accepted when `verb` needs it
   * (PROTECTIONS 1.2), and the outcome of a login is known from that alone.
   */
  inferAcceptance(verb: number): void {
    while (this.pending.size > 0) {
      const { verb: earlier, form, login } = this.pending;
      const isLogin = login !== 0 || earlier === VERB.PASS || earlier === VERB.APOP || form === FORM.auth;
      this.pending.pop();
      this.inExchange = this.inExchange && form !== FORM.auth;
      // A clear command behind STLS says that it was refused.
      const accepted = earlier !== VERB.STLS && (!isLogin || needsLogin(verb));
      this.confirm(stateWhenAnswered(this.state, earlier, accepted, form === FORM.auth));
      if (login !== 0) this.ledger.outcome(login, accepted ? 'yes' : 'unknown');
    }
  }

  /** One side alone leaves much to guess (PROTECTIONS 0.2). */
  lowerWhenMissing(direction: Direction): void {
    const { facts } = this;
    if (facts.knowledge > KNOWLEDGE.guessed && this.context.isMissing(direction)) facts.knowledge = KNOWLEDGE.guessed;
  }

  /** Everything that was believed about order is void (PROTECTIONS 1.4). */
  loseTrack(): void {
    this.facts.knowledge = KNOWLEDGE.unknown;
    this.sawVerb = this.sawStatus = false;
    this.pending.clear();
    this.headUnanswerable = false;
    this.ledger.giveUp();
    this.confirm(STATE.unknown);
  }

  private regain(level: typeof KNOWLEDGE.guessed | typeof KNOWLEDGE.resynced): void {
    this.facts.knowledge = level;
    this.sawVerb = this.sawStatus = false;
  }

  private enterWhereLegal(verb: number): void {
    const { state } = this;
    if (state !== STATE.unknown && state !== STATE.uninspectable && state !== STATE.connect) return;
    this.facts.state = stateWhereLegal(verb);
    this.speaker.sentState = this.facts.state;
  }
}

/** Verbs and credentials of POP3 lines, for octets behind STLS. */
class Pop3CommandReader {
  private readonly line = new CommandLine();

  verbOf(buffer: Uint8Array, start: number, end: number): string {
    const lineFeed = indexOfOctet(buffer, 10, start, end);
    let stop = lineFeed === -1 ? end : lineFeed;
    if (stop > start && buffer[stop - 1] === 13) stop--;
    this.line.parse(buffer, start, stop);
    return this.line.verb === -1 ? '' : (POP3_VERBS.names[this.line.verb] as string);
  }

  secretFrom(buffer: Uint8Array, start: number, end: number): number {
    this.line.parse(buffer, start, end);
    return this.line.secretLabel === '' ? -1 : this.line.secretStart;
  }
}
