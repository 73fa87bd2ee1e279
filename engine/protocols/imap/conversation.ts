/**
 * What the two halves of an IMAP dialogue share: the state, the commands that
 * wait for completion, the login being made, and how much is known.
 */
import type { DialogueContext } from '../dialogue.js';
import { KNOWLEDGE, TO_CLIENT, TO_SERVER, type Direction } from '../events.js';
import type { ConnectionFacts } from '../facts.js';
import { LoginLedger } from '../mailbox/login-ledger.js';
import { Side } from '../mailbox/side.js';
import { Speaker } from '../mailbox/speaker.js';
import { TlsHandover } from '../mailbox/tls-handover.js';
import { SaslExchange } from '../sasl/exchange.js';
import { needsLogin, VERB } from './grammar.js';
import { ImapCommandReader } from './command-secrets.js';
import { OutstandingCommands } from './outstanding.js';
import { STATE, stateWhenAnswered, stateWhenSent, stateWhereLegal, type State } from './state.js';

export class ImapConversation {
  readonly facts: ConnectionFacts;
  readonly speaker: Speaker;
  readonly ledger: LoginLedger;
  readonly client = new Side(TO_SERVER);
  readonly server = new Side(TO_CLIENT);
  readonly outstanding = new OutstandingCommands();
  readonly exchange = new SaslExchange();
  readonly handover: TlsHandover;
  /** An AUTHENTICATE is not completed yet. */
  inExchange = false;
  /** The server sent a challenge that the client has not answered. */
  challenged = false;
  /** State to return to when IDLE is over. */
  stateBeforeIdle: State = STATE.unknown;
  /** Both directions are DEFLATE from here on (RFC 4978). */
  compressed = false;

  constructor(readonly context: DialogueContext) {
    this.facts = context.facts;
    this.facts.state = context.fromStart ? STATE.connect : STATE.unknown;
    this.facts.knowledge = context.fromStart ? KNOWLEDGE.synced : KNOWLEDGE.unknown;
    if (!context.fromStart) this.facts.authenticated = 'unknown';
    this.speaker = new Speaker(context, 'imap');
    this.ledger = new LoginLedger(this.speaker);
    this.handover = new TlsHandover(this.speaker, new ImapCommandReader());
  }

  get state(): State {
    return this.facts.state as State;
  }

  /** Moves the confirmed state; the sent one follows when nothing waits. */
  confirm(state: State): void {
    this.facts.state = state;
    if (this.outstanding.size === 0) this.speaker.sentState = state;
  }

  /** A known verb was sent. */
  noteVerb(verb: number): void {
    this.lowerWhenMissing(TO_CLIENT);
    const { facts, speaker } = this;
    if (facts.knowledge === KNOWLEDGE.unknown) facts.knowledge = KNOWLEDGE.guessed;
    const { state } = this;
    if (state !== STATE.unknown && state !== STATE.uninspectable) return;
    if (speaker.sentState === state) speaker.sentState = stateWhereLegal(verb);
    facts.state = stateWhereLegal(verb);
  }

  /** A completion with the tag of a command came: the surest sign of order. */
  noteCompletion(): void {
    const { facts, context } = this;
    if (facts.knowledge < KNOWLEDGE.resynced && !context.isMissing(TO_SERVER)) facts.knowledge = KNOWLEDGE.resynced;
  }

  /** Moves the sent state past a command. */
  noteSent(verb: number): void {
    const { speaker } = this;
    if (verb === VERB.IDLE && speaker.sentState !== STATE.idling) this.stateBeforeIdle = speaker.sentState as State;
    speaker.sentState = stateWhenSent(speaker.sentState as State, verb);
  }

  /**
   * The server was not captured: what was sent counts as accepted; of a login that is known only
   * when `verb` needs it (PROTECTIONS 1.4).
   */
  inferAcceptance(verb: number): void {
    for (let slot = this.outstanding.oldest; slot !== null; slot = this.outstanding.oldest) {
      const { verb: earlier, login } = slot;
      this.outstanding.remove(slot);
      const isLogin = earlier === VERB.LOGIN || earlier === VERB.AUTHENTICATE;
      const accepted = earlier !== VERB.STARTTLS && earlier !== VERB.COMPRESS && (!isLogin || needsLogin(verb));
      if (earlier === VERB.AUTHENTICATE) this.inExchange = this.challenged = false;
      this.confirm(stateWhenAnswered(this.state, earlier, accepted));
      if (login !== 0) this.ledger.outcome(login, accepted ? 'yes' : 'unknown');
    }
  }

  /** The client sent DONE: what it sends next is judged by where IDLE began. */
  stopIdling(): void {
    const { speaker } = this;
    if (speaker.sentState === STATE.idling) speaker.sentState = this.stateBeforeIdle;
  }

  /** IDLE was completed: back to where it began (RFC 2177). */
  leaveIdle(): void {
    const { speaker } = this;
    if (this.facts.state === STATE.idling) this.facts.state = this.stateBeforeIdle;
    if (speaker.sentState === STATE.idling) speaker.sentState = this.stateBeforeIdle;
  }

  /** Both directions are DEFLATE from here on. */
  beginCompression(): void {
    this.compressed = true;
    this.handover.held.clear();
    this.facts.state = this.speaker.sentState = STATE.compressed;
    this.context.wire?.note('Compressed from here on (COMPRESS DEFLATE): not read.');
  }

  /** One side alone leaves much to guess (PROTECTIONS 0.2). */
  lowerWhenMissing(direction: Direction): void {
    const { facts } = this;
    if (facts.knowledge > KNOWLEDGE.guessed && this.context.isMissing(direction)) facts.knowledge = KNOWLEDGE.guessed;
  }

  /** Client octets are missing: what is known of order is void until the next completion. */
  loseTrack(): void {
    this.facts.knowledge = KNOWLEDGE.unknown;
    this.inExchange = this.challenged = false;
  }
}
