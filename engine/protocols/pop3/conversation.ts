/**
 * What the two halves of a POP3 dialogue share: the state, the commands that
 * wait for an answer, the login being made, and how much is known.
 */
import { indexOfOctet } from '../../octets.js';
import type { DialogueContext } from '../dialogue.js';
import { KNOWLEDGE, TO_CLIENT, TO_SERVER } from '../events.js';
import { MailboxConversation } from '../mailbox/conversation.js';
import { CommandLine, FORM, needsLogin, POP3_VERBS, VERB } from './grammar.js';
import { Pending } from './pending.js';
import { STATE, stateWhenAnswered, stateWhenSent, stateWhereLegal, type State } from './state.js';

export class Pop3Conversation extends MailboxConversation {
  readonly pending = new Pending();
  /** Name given in the last USER, at most 16 KiB, and its whole length. */
  userName: Uint8Array | null = null;
  userBytes = -1;
  /** Octets of the server were lost while commands were pending: the queue cannot be trusted. */
  stale = false;
  /** Something that is no status line came where the oldest command's answer should be. */
  headUnanswerable = false;
  private sawVerb = false;
  private sawStatus = false;

  constructor(context: DialogueContext) {
    super(context, 'pop3', READER);
  }

  get state(): State {
    return this.facts.state as State;
  }

  /** Moves the confirmed state; the sent one follows when nothing is pending. */
  confirm(state: State): void {
    this.facts.state = state;
    if (this.pending.size === 0) this.sentState = state;
  }

  /** A known verb was sent: moves the sent state, and the knowledge when it was lost. */
  noteVerb(verb: number): void {
    this.lowerWhenMissing(TO_CLIENT);
    if (this.facts.knowledge !== KNOWLEDGE.unknown) return;
    this.sawVerb = true;
    if (this.isMissing(TO_CLIENT)) this.regain(KNOWLEDGE.guessed);
    else if (this.sawStatus) this.regain(KNOWLEDGE.resynced);
    if (this.facts.knowledge !== KNOWLEDGE.unknown) this.enterWhereLegal(verb);
  }

  /** A status line came while nothing was known. */
  noteStatus(): void {
    this.lowerWhenMissing(TO_SERVER);
    if (this.facts.knowledge !== KNOWLEDGE.unknown) return;
    this.sawStatus = true;
    if (this.isMissing(TO_SERVER)) this.regain(KNOWLEDGE.guessed);
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
    const { facts } = this;
    if (facts.knowledge === KNOWLEDGE.guessed && !this.isMissing(TO_SERVER)) facts.knowledge = KNOWLEDGE.resynced;
  }

  /** Moves the sent state past a command. */
  noteSent(verb: number, isExchange: boolean): void {
    this.sentState = stateWhenSent(this.sentState as State, verb, isExchange);
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

  /** Everything that was believed about order is void (PROTECTIONS 1.4). */
  loseTrack(): void {
    this.facts.knowledge = KNOWLEDGE.unknown;
    this.sawVerb = this.sawStatus = false;
    this.pending.clear();
    this.headUnanswerable = false;
    this.giveUpLogins();
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
    this.sentState = this.facts.state;
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

/** Reads a line at a time and remembers nothing: one for all conversations. */
const READER = new Pop3CommandReader();
