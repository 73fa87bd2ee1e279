/**
 * From what connections speak to judged sessions: makes their dialogues, judges
 * them, joins what several of them amount to, and counts. In: what a follower
 * says of its connection. Out: sessions with their violations, at the sink or
 * at the one who joins shares.
 */
import type { Totals } from '../shared/inspection.js';
import type { MailProtocol, SessionProtocol } from '../shared/session.js';
import { Correlator, type CorrelatedFinding } from './correlate/correlator.js';
import type { EffectivePolicy } from './policy/policy.js';
import type { Fact, Occurrence } from './protections/record.js';
import { ProtectionRunner } from './protections/run.js';
import type { Dialogue, DialogueContext, WireListener } from './protocols/dialogue.js';
import type { Direction, HandshakeEvent } from './protocols/events.js';
import { createImapDialogue } from './protocols/imap/index.js';
import { createPop3Dialogue } from './protocols/pop3/index.js';
import { REUSED_HANDSHAKE } from './protocols/reused-events.js';
import { createSmtpDialogue } from './protocols/smtp/index.js';
import { createTlsDialogue, createUnreadableDialogue } from './protocols/tls/dialogue.js';
import type { ConnectionFollower, MailHost } from './session/follower.js';
import { LivingSessions } from './session/living-sessions.js';
import { SessionContext } from './session/session-context.js';
import type { SessionConnection } from './session/session-connection.js';
import { Session } from './session/session.js';
import type { StreamCounts } from './session/stream-counts.js';
import { violationOfSeveral, type ToldSession } from './session/told-session.js';
import { TotalsCounter } from './session/totals.js';
import type { PipelineSink } from './sink.js';
import type { DeliveryPosition } from './tcp/stream-assembler.js';

/**
 * Facts are judged where those of all shares come together (`SharesJoin`), and so is a session of
 * which one was told: the sink hears nothing of it.
 */
export interface ShareListener {
  readonly fact: (fact: Fact) => void;
  readonly over: (session: ToldSession) => void;
}

export interface SessionFocus {
  readonly sessionId: number;
  readonly wire: WireListener;
  readonly occurrence: (occurrence: Occurrence) => void;
  /** Everything of the connection's TCP streams, before any protocol: for the hex view. */
  readonly octets?: (direction: Direction, offset: number, buffer: Uint8Array, start: number, end: number) => void;
}

export interface MailOptions {
  readonly policy: EffectivePolicy;
  readonly sink: PipelineSink;
  readonly revealSecrets: boolean;
  /** Null: what others did is looked at, too. */
  readonly focus: SessionFocus | null;
  readonly share: ShareListener | null;
}

export class MailSessions implements MailHost<Session> {
  private readonly runner: ProtectionRunner<Session>;
  /** Hears the facts of all sessions: one function, because a session is soon over. */
  private readonly hear = (fact: Fact, session: Session): void => this.told(session, fact);
  /** Null while one connection is looked at: what others did is not known then. */
  private readonly correlator: Correlator | null;
  /** The connection whose handshake is judged at the moment; it may not be shown as a session yet. */
  private handshaking: ConnectionFollower<Session> | null = null;
  private readonly counter = new TotalsCounter();
  private readonly living = new LivingSessions();
  /** Those of which a fact was told that may become a finding, by their ids. */
  private readonly toldOf = new Map<number, Session>();

  constructor(
    private readonly options: MailOptions,
    /** Of the octets that are being delivered. */
    readonly position: DeliveryPosition,
  ) {
    const { policy, revealSecrets, focus, share } = options;
    this.runner = new ProtectionRunner(policy, revealSecrets);
    this.correlator =
      focus === null && share === null ? new Correlator(policy, (found) => this.correlated(found)) : null;
  }

  /** Packet time from which `reached` has something to do. */
  get nextDueUs(): number {
    return this.correlator === null ? Infinity : this.correlator.nextDueUs;
  }

  /** No packet that comes is earlier than the latest so far, which is of this time. */
  reached(timeUs: number): void {
    this.correlator?.advance(timeUs);
  }

  /** Every session is over. */
  end(): void {
    this.correlator?.end();
  }

  /** A fresh, plain object each time; `counts` of the packets. */
  totals(counts: StreamCounts): Totals {
    return this.counter.totals(counts, this.correlator, this.living);
  }

  /** For `ConnectionFollower`. */
  newSession(connection: SessionConnection): Session {
    return new Session(connection);
  }

  /** For `ConnectionFollower`. */
  opened(session: Session): void {
    this.living.add(session);
    this.counter.opened(session.protocolName);
    const { sink } = this.options;
    if (sink.sessionOpened === undefined) return;
    session.keep();
    sink.sessionOpened(session);
  }

  /** For `ConnectionFollower`. */
  closed(session: Session): void {
    this.living.remove(session);
    if (session.hasTold) this.toldOf.delete(session.id);
    const { share, sink } = this.options;
    if (share !== null && session.hasTold) {
      share.over(session.told(true));
      return;
    }
    this.counter.closed(session);
    sink.sessionClosed?.(session);
  }

  /** For `ConnectionFollower`. */
  unshown(session: Session): void {
    this.toldOf.delete(session.id);
    this.options.share?.over(session.told(false));
  }

  /** For `ConnectionFollower`. */
  identified(before: SessionProtocol, protocol: SessionProtocol): void {
    this.counter.identified(before, protocol);
  }

  /** For `ConnectionFollower`. */
  handshake(follower: ConnectionFollower<Session>, phase: HandshakeEvent['phase']): void {
    const { focus } = this.options;
    // The one connection that is looked at may consist of its handshake.
    if (focus !== null) follower.announce();
    if (focus !== null || !this.runner.hearsHandshakes) return;
    const { session } = follower;
    const event = REUSED_HANDSHAKE;
    event.phase = phase;
    event.timeUs = this.position.timeUs;
    event.packet = this.position.packet;
    const judged = this.runner.open(session);
    judged.onFact = this.hear;
    this.handshaking = follower;
    judged.handshake(event);
    this.handshaking = null;
  }

  /** For `ConnectionFollower`: the dialogue of a session, with its judgement. */
  converse(session: Session, protocol: MailProtocol | 'tls' | 'failed', connection: SessionConnection): Dialogue {
    const { focus, sink, policy } = this.options;
    const judged = this.runner.open(session);
    if (focus !== null) judged.onOccurrence = focus.occurrence;
    else judged.onFact = this.hear;
    if (protocol !== 'tls' && protocol !== 'failed') session.judged = judged;
    const wire = focus?.wire ?? null;
    const context = new SessionContext(session, connection, judged, policy.limits, this.position, wire, sink);
    return recorded(createDialogue(protocol, context), focus);
  }

  private told(session: Session, fact: Fact): void {
    if (fact.record !== null && !session.hasTold) {
      session.hasTold = true;
      this.toldOf.set(session.id, session);
    }
    if (this.correlator !== null) this.correlator.take(fact);
    else this.options.share?.fact(fact);
  }

  private correlated({ fact, record, isSummary }: CorrelatedFinding): void {
    if (isSummary) {
      this.counter.finding(record.severity, record.protection);
      this.options.sink.finding?.(violationOfSeveral(fact, record));
      return;
    }
    const { handshaking } = this;
    if (handshaking?.session.id === fact.sessionId) {
      handshaking.announce().attach(record);
      return;
    }
    const session = this.toldOf.get(fact.sessionId);
    if (session !== undefined && this.living.has(session)) session.attach(record);
  }
}

/** True when a protection of the policy judges how connections begin, even of those that prove to be no mail. */
export function hearsHandshakes(policy: EffectivePolicy): boolean {
  return new ProtectionRunner(policy, false).hearsHandshakes;
}

function createDialogue(protocol: MailProtocol | 'tls' | 'failed', context: DialogueContext): Dialogue {
  switch (protocol) {
    case 'smtp':
      return createSmtpDialogue(context);
    case 'pop3':
      return createPop3Dialogue(context);
    case 'imap':
      return createImapDialogue(context);
    case 'tls':
      return createTlsDialogue(context);
    case 'failed':
      return createUnreadableDialogue(context);
  }
}

/** A dialogue whose octets are also told to the one who looks, when there is one. */
function recorded(dialogue: Dialogue, focus: SessionFocus | null): Dialogue {
  const tell = focus?.octets;
  if (tell === undefined) return dialogue;
  return {
    data(direction, buffer, start, end, offset) {
      tell(direction, offset, buffer, start, end);
      dialogue.data(direction, buffer, start, end, offset);
    },
    gap: (direction, offset, lengthBytes) => dialogue.gap(direction, offset, lengthBytes),
    end: () => dialogue.end(),
  };
}
