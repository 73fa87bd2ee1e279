/**
 * Logins of one connection from attempt to outcome. In: credentials as they
 * cross, and later what the server made of them. Out: exactly one `attempt` and
 * one `outcome` event for each. Keeps at most 64 undecided ones; what it keeps is
 * secret and bounded (16 KiB for each of name and password).
 */
import { TO_SERVER, type LoginEvent } from '../events.js';
import { ConnectionFacts } from '../facts.js';
import type { SaslExchange } from '../sasl/exchange.js';
import { NO_OCTETS, type Mutable } from '../reused-events.js';
import type { Side } from './side.js';
import type { Speaker } from './speaker.js';
import { copyOctets } from '../../octets.js';

const UNDECIDED = 64;
const CREDENTIAL_BYTES = 16_384;
const LINE_BYTES = 1024;

type KeptFields = Omit<
  LoginEvent,
  'kind' | 'protocol' | 'direction' | 'start' | 'phase' | 'accepted' | 'failedBefore' | 'state' | 'knowledge'
>;
interface Undecided {
  readonly serial: number;
  readonly fields: KeptFields;
}

export class LoginLedger {
  private readonly undecided: Undecided[] = [];
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

  /** Tells of an attempt; returns a number by which its outcome is told later. */
  attempt(event: Mutable<LoginEvent>): number {
    const { facts } = this.speaker.context;
    event.failedBefore = facts.failedLogins;
    if (event.user !== null) facts.user = ConnectionFacts.keep(event.user, 0, event.user.length);
    facts.authMechanism = event.mechanism;
    const undecided = { serial: ++this.serial, fields: keep(event) };
    this.speaker.emit(event);
    if (this.undecided.length === UNDECIDED) this.settle(0, 'unknown');
    this.undecided.push(undecided);
    return undecided.serial;
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
    return this.attempt(event);
  }

  /** The outcome of login `serial` is known; nothing when it was told already. */
  outcome(serial: number, accepted: LoginEvent['accepted']): void {
    const index = this.undecided.findIndex((login) => login.serial === serial);
    if (index !== -1) this.settle(index, accepted);
  }

  /** No outcome can be matched any more: all are unknown. */
  giveUp(): void {
    while (this.undecided.length > 0) this.settle(0, 'unknown');
  }

  private settle(index: number, accepted: LoginEvent['accepted']): void {
    const { fields } = this.undecided.splice(index, 1)[0] as Undecided;
    const { facts } = this.speaker.context;
    const event = this.speaker.events.login;
    restore(event, fields);
    event.phase = 'outcome';
    event.accepted = accepted;
    event.state = facts.state;
    event.knowledge = facts.knowledge;
    event.failedBefore = facts.failedLogins;
    if (accepted === 'no') facts.failedLogins++;
    if (accepted === 'yes') remember(facts, fields);
    this.speaker.emit(event);
    event.user = event.password = null;
    event.buffer = NO_OCTETS;
  }
}

function remember(facts: ConnectionFacts, fields: KeptFields): void {
  facts.authenticated = 'yes';
  facts.authMechanism = fields.mechanism;
  if (fields.user !== null) facts.user = ConnectionFacts.keep(fields.user, 0, fields.user.length);
}

/** A bounded copy of a credential. */
export function copyCredential(buffer: Uint8Array, start: number, end: number): Uint8Array {
  return copyOctets(buffer, start, Math.min(end, start + CREDENTIAL_BYTES));
}

/** Fills the event with a kept attempt and its line. */
function restore(event: Mutable<LoginEvent>, fields: KeptFields): void {
  event.direction = TO_SERVER;
  event.timeUs = fields.timeUs;
  event.packet = fields.packet;
  event.line = fields.line;
  event.buffer = fields.buffer;
  event.start = 0;
  event.end = fields.end;
  event.offset = fields.offset;
  event.lengthBytes = fields.lengthBytes;
  event.terminator = fields.terminator;
  event.secretStart = fields.secretStart;
  event.secretEnd = fields.secretEnd;
  event.secretLabel = fields.secretLabel;
  event.mechanism = fields.mechanism;
  event.user = fields.user;
  event.password = fields.password;
  event.userBytes = fields.userBytes;
  event.passwordBytes = fields.passwordBytes;
  event.userStart = fields.userStart;
  event.userEnd = fields.userEnd;
  event.passwordStart = fields.passwordStart;
  event.passwordEnd = fields.passwordEnd;
}

/** Copies an attempt with its line, indexes made relative to it. */
function keep(event: LoginEvent): KeptFields {
  const { start } = event;
  const end = Math.min(event.end, start + LINE_BYTES);
  const at = (index: number): number => Math.min(index, end) - start;
  return {
    timeUs: event.timeUs,
    packet: event.packet,
    line: event.line,
    buffer: copyOctets(event.buffer, start, end),
    end: end - start,
    offset: event.offset,
    lengthBytes: event.lengthBytes,
    terminator: event.terminator,
    secretStart: at(event.secretStart),
    secretEnd: at(event.secretEnd),
    secretLabel: event.secretLabel,
    mechanism: event.mechanism,
    user: event.user,
    password: event.password,
    userBytes: event.userBytes,
    passwordBytes: event.passwordBytes,
    userStart: at(event.userStart),
    userEnd: at(event.userEnd),
    passwordStart: at(event.passwordStart),
    passwordEnd: at(event.passwordEnd),
  };
}
