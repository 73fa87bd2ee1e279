/**
 * What the two halves of a POP3 or IMAP dialogue share, whatever the protocol:
 * the facts, a voice, the two sides' lines, the login being made. What few
 * conversations need (TLS, a SASL exchange) is made when it is needed: with
 * thousands of connections at a time, what lies about of each is what costs.
 */
import type { DialogueContext } from '../dialogue.js';
import { KNOWLEDGE, TO_CLIENT, TO_SERVER, type Direction } from '../events.js';
import { SaslExchange } from '../sasl/exchange.js';
import { LoginLedger } from './login-ledger.js';
import { Side } from './side.js';
import { Speaker } from './speaker.js';
import { TlsHandover, type CommandReader } from './tls-handover.js';

/** State names that all protocols have. */
const FIRST_STATE = { met: 'CONNECT', joined: 'UNKNOWN' } as const;

export class MailboxConversation extends Speaker {
  readonly client = new Side(TO_SERVER);
  readonly server = new Side(TO_CLIENT);
  /** What follows STARTTLS or STLS, and client octets that wait; null while there was none. */
  tls: TlsHandover | null = null;
  /** The SASL exchange; null before the first. */
  sasl: SaslExchange | null = null;
  /** An AUTH or AUTHENTICATE is not answered yet. */
  inExchange = false;
  /** The server sent a challenge that the client has not answered. */
  challenged = false;
  private logins: LoginLedger | null = null;
  /** Directions that octets came from, which therefore are not missing: a bit each. */
  private heard = 0;

  constructor(
    context: DialogueContext,
    protocol: 'pop3' | 'imap',
    private readonly reader: CommandReader,
  ) {
    super(context, protocol);
    const { facts } = this;
    this.sentState = facts.state = context.fromStart ? FIRST_STATE.met : FIRST_STATE.joined;
    facts.knowledge = context.fromStart ? KNOWLEDGE.synced : KNOWLEDGE.unknown;
    if (!context.fromStart) facts.authenticated = 'unknown';
  }

  get handover(): TlsHandover {
    return (this.tls ??= new TlsHandover(this, this.reader));
  }

  get exchange(): SaslExchange {
    return (this.sasl ??= new SaslExchange());
  }

  get ledger(): LoginLedger {
    return (this.logins ??= new LoginLedger(this));
  }

  /** Name of the mechanism of the last SASL exchange; empty before the first. */
  get mechanism(): string {
    return this.sasl === null ? '' : this.sasl.mechanism;
  }

  /** Octets of this direction came. */
  hear(direction: Direction): void {
    this.heard |= 1 << direction;
  }

  /** True while that direction has not been captured though it must have spoken (PROTECTIONS 1.4). */
  isMissing(direction: Direction): boolean {
    return (this.heard & (1 << direction)) === 0 && this.context.isMissing(direction);
  }

  /** One side alone leaves much to guess (PROTECTIONS 0.2). */
  lowerWhenMissing(direction: Direction): void {
    if ((this.heard & (1 << direction)) !== 0) return;
    const { facts } = this;
    if (facts.knowledge > KNOWLEDGE.guessed && this.context.isMissing(direction)) facts.knowledge = KNOWLEDGE.guessed;
  }

  /** No outcome of a login can be matched any more. */
  giveUpLogins(): void {
    this.logins?.giveUp();
  }
}
