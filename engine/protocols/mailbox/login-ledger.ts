/**
 * Logins of one connection from attempt to outcome. In: credentials as they
 * cross, and later what the server made of them. Out: exactly one `attempt` and
 * one `outcome` event for each. Keeps at most 64 undecided ones; what it keeps is
 * secret and bounded (16 KiB for each of name and password).
 */
import type { LoginEvent } from '../events.js';
import { ConnectionFacts } from '../facts.js';
import type { SaslExchange } from '../sasl/exchange.js';
import { NO_OCTETS, type Mutable } from '../reused-events.js';
import { KeptLogin } from './kept-login.js';
import type { Side } from './side.js';
import type { Speaker } from './speaker.js';
import { copyOctets } from '../../octets.js';

const UNDECIDED = 64;
const CREDENTIAL_BYTES = 16_384;
/** A name up to this length is kept for the facts as it is. */
const SHOWN_BYTES = 320;

export class LoginLedger {
  /** Undecided ones, oldest first: a chain by `next`. */
  private oldest: KeptLogin | null = null;
  private newest: KeptLogin | null = null;
  private count = 0;
  private serial = 0;

  constructor(private readonly speaker: Speaker) {}

  /** An empty attempt at the side's line, to be filled with copies of the credentials and handed to `attempt`. */
  prepare(side: Side, mechanism: string): Mutable<LoginEvent> {
    const event = this.speaker.events.login;
    this.speaker.fill(event, side);
    event.phase = 'attempt';
    event.mechanism = mechanism;
    event.user = event.password = null;
    event.userBytes = event.passwordBytes = -1;
    event.accepted = 'unknown';
    event.userStart = event.userEnd = event.passwordStart = event.passwordEnd = event.start;
    return event;
  }

  /**
   * Tells of an attempt; returns a number by which its outcome is told later. `isOwn`: the credentials
   * are copies for this attempt. Then the facts keep the name, and the password is wiped in the end.
   */
  attempt(event: Mutable<LoginEvent>, isOwn = true): number {
    const { facts } = this.speaker;
    event.failedBefore = facts.failedLogins;
    const { user } = event;
    if (user !== null)
      facts.user = isOwn && user.length <= SHOWN_BYTES ? user : ConnectionFacts.keep(user, 0, user.length);
    facts.authMechanism = event.mechanism;
    const kept = KeptLogin.of(event, ++this.serial, user === null ? null : facts.user, isOwn);
    const { serial } = kept;
    this.speaker.emit(event);
    if (this.count === UNDECIDED) this.settle(this.oldest as KeptLogin, null, 'unknown');
    if (this.newest === null) this.oldest = kept;
    else this.newest.next = kept;
    this.newest = kept;
    this.count++;
    return serial;
  }

  /** The credentials of a SASL exchange have crossed with the side's line. */
  attemptSasl(side: Side, exchange: SaslExchange, secretStart: number, secretEnd: number): number {
    const event = this.prepare(side, exchange.mechanism);
    event.user = exchange.user;
    event.userBytes = exchange.userBytes;
    event.password = exchange.password;
    event.passwordBytes = exchange.passwordBytes;
    event.secretStart = secretStart;
    event.secretEnd = secretEnd;
    event.secretLabel = 'response';
    return this.attempt(event, false);
  }

  /** The outcome of login `serial` is known; nothing when it was told already. */
  outcome(serial: number, accepted: LoginEvent['accepted']): void {
    let before: KeptLogin | null = null;
    for (let kept = this.oldest; kept !== null; kept = kept.next) {
      if (kept.serial === serial) return this.settle(kept, before, accepted);
      before = kept;
    }
  }

  /** No outcome can be matched any more: all are unknown. */
  giveUp(): void {
    while (this.oldest !== null) this.settle(this.oldest, null, 'unknown');
  }

  private settle(kept: KeptLogin, before: KeptLogin | null, accepted: LoginEvent['accepted']): void {
    this.unchain(kept, before);
    const { facts } = this.speaker;
    const event = this.speaker.events.login;
    kept.restore(event);
    event.phase = 'outcome';
    event.accepted = accepted;
    event.state = facts.state;
    event.knowledge = facts.knowledge;
    event.failedBefore = facts.failedLogins;
    if (accepted === 'no') facts.failedLogins++;
    if (accepted === 'yes') {
      facts.authenticated = 'yes';
      facts.authMechanism = event.mechanism;
      if (kept.shownUser !== null) facts.user = kept.shownUser;
    }
    this.speaker.emit(event);
    event.user = event.password = null;
    event.buffer = NO_OCTETS;
    kept.release();
  }

  private unchain(kept: KeptLogin, before: KeptLogin | null): void {
    if (before === null) this.oldest = kept.next;
    else before.next = kept.next;
    if (this.newest === kept) this.newest = before;
    kept.next = null;
    this.count--;
  }
}

/** A bounded copy of a name or a password. */
export function copyCredential(buffer: Uint8Array, start: number, end: number): Uint8Array {
  return copyOctets(buffer, start, Math.min(end, start + CREDENTIAL_BYTES));
}
