/**
 * The one file that wires the stages: octets of a capture go in, sessions with
 * their violations come out at the sink. Synchronous; everything happens inside
 * `push` and `end`. Time is packet time only, so a file and the live run of the
 * same packets give the same result.
 */
import type { MailProtocol, SessionProtocol } from '../shared/session.js';
import type { Problem, Totals } from '../shared/inspection.js';
import { problemOf } from './capture/problem.js';
import { Correlator, type CorrelatedFinding } from './correlate/correlator.js';
import { CaptureReader, type ReaderCheckpoint } from './capture/reader.js';
import type { PacketRecord } from './capture/record.js';
import type { Limits } from './limits.js';
import { PacketDecoder } from './packet/decode.js';
import type { Share } from './packet/share.js';
import type { DecodeAs, EffectivePolicy } from './policy/policy.js';
import type { Fact, Occurrence } from './protections/record.js';
import { ProtectionRunner } from './protections/run.js';
import type { Dialogue, DialogueContext, WireListener } from './protocols/dialogue.js';
import type { Direction, HandshakeEvent } from './protocols/events.js';
import { REUSED_HANDSHAKE } from './protocols/reused-events.js';
import { portHint } from './protocols/identify.js';
import { createImapDialogue } from './protocols/imap/index.js';
import { createPop3Dialogue } from './protocols/pop3/index.js';
import { createSmtpDialogue } from './protocols/smtp/index.js';
import { createTlsDialogue, createUnreadableDialogue } from './protocols/tls/dialogue.js';
import { connectionId } from './session/connection-id.js';
import { ConnectionFollower, type FollowerHost } from './session/follower.js';
import { LivingSessions } from './session/living-sessions.js';
import type { Session } from './session/session.js';
import { SessionContext } from './session/session-context.js';
import { violationOfSeveral, type ToldSession } from './session/told-session.js';
import { TotalsCounter } from './session/totals.js';
import type { PipelineSink } from './sink.js';
import type { Connection, IdleClass } from './tcp/connection.js';
import { OrdinaryLane } from './tcp/ordinary-lane.js';
import { Reassembly, type ChecksumMode } from './tcp/reassembly.js';
import { opposite } from './tcp/side.js';
import type { DeliveryPosition } from './tcp/stream-assembler.js';

export type { PipelineSink } from './sink.js';

export interface PipelineOptions {
  readonly policy: EffectivePolicy;
  readonly sink: PipelineSink;
  /** Default `auto`. */
  readonly checksums?: ChecksumMode;
  readonly decodeAs?: DecodeAs;
  /** Evidence shows secrets instead of masking them; default false. */
  readonly revealSecrets?: boolean;
  /** Starts in the middle of a capture: the octets pushed begin at its `byteOffset`. */
  readonly resume?: ReaderCheckpoint;
  /** Follows only this connection, and tells every octet of it. */
  readonly focus?: SessionFocus;
  /** Follows only its share of the connections; without `focus`. */
  readonly share?: SharedWork;
}

/**
 * One share of an inspection whose other connections are followed elsewhere. Facts are judged where
 * those of all shares come together (`SharesJoin`), and so is a session of which one was told:
 * the sink hears nothing of it.
 */
export interface SharedWork extends Share {
  readonly fact: (fact: Fact) => void;
  readonly over: (session: ToldSession) => void;
}

/** When the pipeline tells something: what all shares tell, put in this order, is what one pipeline would have told. */
export interface Moment {
  readonly packet: number;
  /** Among what is told at one packet: connections that end there because of their time, then its own, then the capture's end. */
  readonly rank: number;
  /** The latest time of any packet so far (µs since 1970). */
  readonly clockUs: number;
}

export interface SessionFocus {
  readonly sessionId: number;
  readonly wire: WireListener;
  readonly occurrence: (occurrence: Occurrence) => void;
  /** Everything of the connection's TCP streams, before any protocol: for the hex view. */
  readonly octets?: (direction: Direction, offset: number, buffer: Uint8Array, start: number, end: number) => void;
}

export class Pipeline implements FollowerHost {
  readonly position: DeliveryPosition = { timeUs: 0, packet: 0 };
  private readonly reader: CaptureReader;
  private readonly decoder: PacketDecoder;
  private readonly reassembly: Reassembly;
  private readonly lane: OrdinaryLane;
  private readonly runner: ProtectionRunner;
  /** Null while one connection is looked at: what others did is not known then. */
  private readonly correlator: Correlator | null;
  /** The connection whose handshake is judged at the moment; it may not be shown as a session yet. */
  private handshaking: ConnectionFollower | null = null;
  private readonly share: SharedWork | null;
  private packetNumber = 0;
  private readonly counter = new TotalsCounter();
  private readonly living = new LivingSessions();
  /** Those of which a fact was told that may become a finding, by their ids. */
  private readonly toldOf = new Map<number, Session>();
  private readonly decodeAs: DecodeAs;
  private isEnded = false;

  constructor(private readonly options: PipelineOptions) {
    this.share = options.share ?? null;
    const limits = limitsOf(options.policy.limits, this.share);
    const checksums = options.checksums ?? 'auto';
    this.decodeAs = options.decodeAs ?? NO_DECODE_AS;
    this.runner = new ProtectionRunner(options.policy, options.revealSecrets);
    this.correlator =
      options.focus === undefined && this.share === null
        ? new Correlator(options.policy, (found) => this.correlated(found))
        : null;
    this.decoder = new PacketDecoder(limits, VERIFIED[checksums], this.share);
    this.reader = new CaptureReader(limits, (record) => this.packet(record), options.resume);
    this.reassembly = new Reassembly(
      limits,
      checksums,
      this.position,
      (connection) => this.connectionOpened(connection),
      (port) => portHint(port, this.decodeAs) !== null,
    );
    this.lane = new OrdinaryLane(this.decoder, this.reassembly, this.share);
  }

  /** Takes the next octets of the capture, decompressed; borrowed until it returns. */
  push(chunk: Uint8Array): void {
    // A plain view: Node's buffers are another kind of object, and hot code wants to see one kind only.
    if (!this.finished) this.reader.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
  }

  /** No more octets: ends all connections. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.reader.end();
    this.reassembly.endAll();
    this.correlator?.end();
  }

  /** Set when the input is no capture, broken or cut off. */
  get problem(): Problem | null {
    return this.reader.damage === null ? null : problemOf(this.reader.damage);
  }

  /** True when further octets would be ignored. */
  get finished(): boolean {
    return this.isEnded || this.reader.damage !== null;
  }

  /** A fresh, plain object each time. */
  get totals(): Totals {
    const { reader, decoder, reassembly } = this;
    return this.counter.totals(reader, decoder, reassembly, this.correlator, this.living);
  }

  /** When it is, while the sink or the share is told something; a fresh object. */
  get moment(): Moment {
    const { packetNumber: packet, reassembly, counter } = this;
    const { endingPacket } = reassembly;
    const rank = this.isEnded ? packet + endingPacket : endingPacket === 0 ? packet : endingPacket;
    return { packet, rank, clockUs: counter.lastPacketUs };
  }

  /** Where re-reading must start for the packet `packetNumber`, whose record begins at `byteOffset`. */
  checkpointBefore(byteOffset: number, packetNumber: number): ReaderCheckpoint {
    return this.reader.checkpointBefore(byteOffset, packetNumber);
  }

  private packet(record: PacketRecord): void {
    const { counter, correlator, decoder } = this;
    this.packetNumber = record.number;
    counter.packet(record.timeUs);
    if (correlator !== null && counter.lastPacketUs >= correlator.nextDueUs) correlator.advance(counter.lastPacketUs);
    if (this.lane.take(record) || !decoder.decode(record)) return;
    if (decoder.segment.isForeign) this.reassembly.pass(decoder.segment);
    else this.reassembly.process(decoder.segment);
  }

  private connectionOpened(connection: Connection): void {
    const { focus } = this.options;
    if (focus !== undefined && connectionId(connection) !== focus.sessionId) return;
    const serverPort = connection.port(opposite(connection.clientSide));
    connection.consumer = new ConnectionFollower(connection, portHint(serverPort, this.decodeAs), this);
  }

  /** For `ConnectionFollower`. */
  setIdleClass(connection: Connection, idleClass: IdleClass): void {
    this.reassembly.setIdleClass(connection, idleClass);
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
    if (this.share !== null && session.hasTold) {
      this.share.over(session.told(true));
      return;
    }
    this.counter.closed(session);
    this.options.sink.sessionClosed?.(session);
  }

  /** For `ConnectionFollower`. */
  unshown(session: Session): void {
    this.toldOf.delete(session.id);
    this.share?.over(session.told(false));
  }

  /** For `ConnectionFollower`. */
  identified(before: SessionProtocol, protocol: SessionProtocol): void {
    this.counter.identified(before, protocol);
  }

  /** For `ConnectionFollower`. */
  handshake(follower: ConnectionFollower, phase: HandshakeEvent['phase']): void {
    // The one connection that is looked at may consist of its handshake.
    if (this.options.focus !== undefined) follower.announce();
    if (this.options.focus !== undefined || !this.runner.hearsHandshakes) return;
    const { session } = follower;
    const event = REUSED_HANDSHAKE;
    event.phase = phase;
    event.timeUs = this.position.timeUs;
    event.packet = this.position.packet;
    const judged = this.runner.open(session);
    judged.onFact = (fact) => this.told(session, fact);
    this.handshaking = follower;
    judged.handshake(event);
    this.handshaking = null;
  }

  private told(session: Session, fact: Fact): void {
    if (fact.record !== null && !session.hasTold) {
      session.hasTold = true;
      this.toldOf.set(session.id, session);
    }
    if (this.correlator !== null) this.correlator.take(fact);
    else this.share?.fact(fact);
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

  /** For `ConnectionFollower`: the dialogue of a session, with its judgement. */
  converse(session: Session, protocol: MailProtocol | 'tls' | 'failed', connection: Connection): Dialogue {
    const { focus, sink, policy } = this.options;
    const judged = this.runner.open(session);
    if (focus !== undefined) judged.onOccurrence = focus.occurrence;
    else judged.onFact = (fact) => this.told(session, fact);
    if (protocol !== 'tls' && protocol !== 'failed') session.judged = judged;
    const wire = focus?.wire ?? null;
    const context = new SessionContext(session, connection, judged, policy.limits, this.position, wire, sink);
    return recorded(createDialogue(protocol, context), focus);
  }
}

/** Bounds over all connections; those of fragments are not among them, because every share puts them together. */
function limitsOf(limits: Limits, share: Share | null): Limits {
  if (share === null) return limits;
  const { flows, outOfOrderTotalBytes } = limits;
  const part = (bound: number): number => Math.ceil(bound / share.count);
  return { ...limits, flows: part(flows), outOfOrderTotalBytes: part(outOfOrderTotalBytes) };
}

/** Only payload is ever left out by `auto`. */
const VERIFIED = { auto: 'payload', on: 'all', off: 'none' } as const;

const NO_DECODE_AS: DecodeAs = new Map();

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
function recorded(dialogue: Dialogue, focus: SessionFocus | undefined): Dialogue {
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
