/**
 * What the two halves of an IMAP dialogue share: the state, the commands that
 * wait for completion, the login being made, and how much is known.
 */
import type { DialogueContext } from '../dialogue.js';
import { KNOWLEDGE, TO_CLIENT, TO_SERVER } from '../events.js';
import { MailboxConversation } from '../mailbox/conversation.js';
import { needsLogin, VERB } from './grammar.js';
import { ImapCommandReader } from './command-secrets.js';
import { OutstandingCommands } from './outstanding.js';
import { STATE, stateWhenAnswered, stateWhenSent, stateWhereLegal, type State } from './state.js';

/** Reads a line at a time and remembers nothing: one for all conversations. */
const READER = new ImapCommandReader();

export class ImapConversation extends MailboxConversation {
  readonly outstanding = new OutstandingCommands();
  /** State to return to when IDLE is over. */
  stateBeforeIdle: State = STATE.unknown;
  /** Both directions are DEFLATE from here on (RFC 4978). */
  compressed = false;

  constructor(context: DialogueContext) {
    super(context, 'imap', READER);
  }

  get state(): State {
    return this.facts.state as State;
  }

  /** Moves the confirmed state; the sent one follows when nothing waits. */
  confirm(state: State): void {
    this.facts.state = state;
    if (this.outstanding.size === 0) this.sentState = state;
  }

  /** A known verb was sent. */
  noteVerb(verb: number): void {
    this.lowerWhenMissing(TO_CLIENT);
    const { facts } = this;
    if (facts.knowledge === KNOWLEDGE.unknown) facts.knowledge = KNOWLEDGE.guessed;
    const { state } = this;
    if (state !== STATE.unknown && state !== STATE.uninspectable) return;
    if (this.sentState === state) this.sentState = stateWhereLegal(verb);
    facts.state = stateWhereLegal(verb);
  }

  /** A completion with the tag of a command came: the surest sign of order. */
  noteCompletion(): void {
    const { facts } = this;
    if (facts.knowledge < KNOWLEDGE.resynced && !this.isMissing(TO_SERVER)) facts.knowledge = KNOWLEDGE.resynced;
  }

  /** Moves the sent state past a command. */
  noteSent(verb: number): void {
    if (verb === VERB.IDLE && this.sentState !== STATE.idling) this.stateBeforeIdle = this.sentState as State;
    this.sentState = stateWhenSent(this.sentState as State, verb);
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
    if (this.sentState === STATE.idling) this.sentState = this.stateBeforeIdle;
  }

  /** IDLE was completed: back to where it began (RFC 2177). */
  leaveIdle(): void {
    if (this.facts.state === STATE.idling) this.facts.state = this.stateBeforeIdle;
    if (this.sentState === STATE.idling) this.sentState = this.stateBeforeIdle;
  }

  /** Both directions are DEFLATE from here on. */
  beginCompression(): void {
    this.compressed = true;
    this.tls?.held.clear();
    this.facts.state = this.sentState = STATE.compressed;
    this.context.wire?.note('Compressed from here on (COMPRESS DEFLATE): not read.');
  }

  /** Client octets are missing: what is known of order is void until the next completion. */
  loseTrack(): void {
    this.facts.knowledge = KNOWLEDGE.unknown;
    this.inExchange = this.challenged = false;
  }
}
