/**
 * Follows one connection: finds out what it speaks, then feeds its dialogue.
 * In: ordered octets and gaps from the reassembly. Out: a session, told to the
 * pipeline once the connection proves to be mail. Until then at most
 * `IDENTIFY_BYTES` octets per side are kept, in their order.
 */
import type { MailProtocol, SessionEnd, SessionProtocol } from '../../shared/session.js';
import type { Dialogue } from '../protocols/dialogue.js';
import { TO_CLIENT, TO_SERVER, type Direction, type HandshakeEvent } from '../protocols/events.js';
import {
  IDENTIFY_BYTES,
  identifyHinted,
  identifyUnhinted,
  isCertain,
  looksLikeServer,
  type Identity,
  type PortHint,
} from '../protocols/identify.js';
import { IDLE_CLASS, type Connection, type IdleClass, type StreamConsumer } from '../tcp/connection.js';
import { opposite, type Side } from '../tcp/side.js';
import type { DeliveryPosition } from '../tcp/stream-assembler.js';
import { copyOctets } from '../octets.js';

/** What is followed: a session, or what stands for one that is elsewhere. */
export interface Followed {
  readonly protocolName: SessionProtocol;
  /** A fact was told that may become a finding of this session. */
  readonly hasTold: boolean;
  /** True while silence is what was agreed. */
  readonly isWaiting: boolean;
  /** Says what the connection turned out to speak. */
  identify(protocol: SessionProtocol): void;
}

/** What becomes of what followers find: `S` is a session there. */
export interface MailHost<S extends Followed> {
  /** Of the octets that are being delivered. */
  readonly position: DeliveryPosition;
  newSession(connection: Connection): S;
  /** Makes the dialogue of an identified session. */
  converse(session: S, protocol: MailProtocol | 'tls' | 'failed', connection: Connection): Dialogue;
  opened(session: S): void;
  closed(session: S): void;
  /** An announced session turned out to speak another protocol. */
  identified(before: SessionProtocol, protocol: SessionProtocol): void;
  /** A connection that was never announced though facts were told of it is over. */
  unshown(session: S): void;
  /** A step of the handshake. */
  handshake(follower: ConnectionFollower<S>, phase: HandshakeEvent['phase']): void;
}

/** Where connections come from. */
export interface IdleKeeper {
  setIdleClass(connection: Connection, idleClass: IdleClass): void;
}

interface EarlyOctets {
  readonly side: Side;
  /** Null for a gap. */
  readonly octets: Uint8Array | null;
  readonly lengthBytes: number;
  readonly offset: number;
  readonly timeUs: number;
  readonly packet: number;
}

interface MutableFirst {
  octets: Uint8Array;
  length: number;
}

export class ConnectionFollower<S extends Followed> implements StreamConsumer {
  private dialogue: Dialogue | null = null;
  private known: S | null = null;
  private isAnnounced = false;
  private isIgnored = false;
  /** Octets of a connection that has not proved to be anything; most prove it with their first. */
  private early: EarlyOctets[] | null = null;
  private first: readonly [MutableFirst, MutableFirst] | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly hint: PortHint | null,
    private readonly host: MailHost<S>,
    private readonly keeper: IdleKeeper,
  ) {}

  data(side: Side, buffer: Uint8Array, start: number, end: number, offset: number): void {
    if (this.dialogue !== null) {
      this.dialogue.data(this.directionOf(side), buffer, start, end, offset);
      return;
    }
    if (this.isIgnored) return;
    if (this.early === null && this.hint !== null && isCertain(this.hint, buffer, start, end)) {
      this.follow(this.hint).data(this.directionOf(side), buffer, start, end, offset);
      return;
    }
    const { position } = this.host;
    const octets = copyOctets(buffer, start, end);
    const { timeUs, packet } = position;
    this.addEarly({ side, octets, lengthBytes: octets.length, offset, timeUs, packet });
    const first = (this.first ??= [newFirst(), newFirst()]);
    remember(first[side], octets);
    const identity = this.identity(first);
    this.decide(identity === 'wait' && this.earlyPieces >= EARLY_PIECES ? this.undecided : identity);
  }

  gap(side: Side, offset: number, lengthBytes: number): void {
    if (this.dialogue !== null) {
      this.dialogue.gap(this.directionOf(side), offset, lengthBytes);
      return;
    }
    if (this.isIgnored) return;
    const { timeUs, packet } = this.host.position;
    this.addEarly({ side, octets: null, lengthBytes, offset, timeUs, packet });
    // Nothing proves anything any more once the first octets are lost, but a port's hint stays.
    if (this.hint === null) this.ignore();
    else if (this.earlyPieces >= EARLY_PIECES) this.decide(this.undecided);
  }

  synchronised(side: Side): void {
    this.host.handshake(this, this.directionOf(side) === TO_SERVER ? 'asked' : 'answered');
  }

  /** The connection as a session, whether or not it will be shown as one. */
  get session(): S {
    if (this.known === null) {
      this.known = this.host.newSession(this.connection);
      this.known.identify(this.hint ?? 'failed');
    }
    return this.known;
  }

  /** Shows the session: it proved to be mail, or something was found about it. */
  announce(): S {
    const { session } = this;
    if (!this.isAnnounced) this.host.opened(session);
    this.isAnnounced = true;
    return session;
  }

  isWaiting(): boolean {
    return this.dialogue !== null && this.session.isWaiting;
  }

  end(reason: Exclude<SessionEnd, 'open'>): void {
    if (reason === 'reset' && this.isUnanswered()) this.host.handshake(this, 'refused');
    if (this.dialogue === null && this.hint !== null && this.early !== null) this.decide(this.undecided);
    this.early = null;
    this.dialogue?.end();
    if (this.isAnnounced) this.host.closed(this.session);
    else if (this.known?.hasTold === true) this.host.unshown(this.known);
  }

  /** The client asked, and the server has said nothing but that it does not want. */
  private isUnanswered(): boolean {
    const { connection } = this;
    const server = connection.half(opposite(connection.clientSide));
    return (
      connection.half(connection.clientSide).sawSyn &&
      !server.sawSyn &&
      server.packets > 0 &&
      server.payloadPackets === 0
    );
  }

  private directionOf(side: Side): Direction {
    return side === this.connection.clientSide ? TO_SERVER : TO_CLIENT;
  }

  private get earlyPieces(): number {
    return this.early?.length ?? 0;
  }

  private addEarly(piece: EarlyOctets): void {
    if (this.early === null) this.early = [piece];
    else this.early.push(piece);
  }

  private identity(first: readonly [MutableFirst, MutableFirst]): Identity {
    const { connection, hint } = this;
    const client = first[connection.clientSide];
    const server = first[opposite(connection.clientSide)];
    if (hint !== null) return identifyHinted(hint, client, server);
    if (!connection.fromStart && looksLikeServer(client)) {
      connection.clientSide = opposite(connection.clientSide);
      return identifyUnhinted(server, client);
    }
    return identifyUnhinted(client, server);
  }

  /** What it is taken for when nothing was proved. */
  private get undecided(): Identity {
    return this.hint === 'tls' ? 'failed' : (this.hint ?? 'none');
  }

  private decide(identity: Identity): void {
    if (identity === 'wait') return;
    if (identity === 'none') this.ignore();
    else this.follow(identity);
  }

  private ignore(): void {
    this.early = null;
    this.isIgnored = true;
    // One that is shown, or may yet be because of what was told of it, has an end that must be told.
    if (!this.isAnnounced && this.known?.hasTold !== true) this.connection.consumer = null;
  }

  private follow(protocol: SessionProtocol): Dialogue {
    const { connection, host, session } = this;
    if (this.isAnnounced && session.protocolName !== protocol) host.identified(session.protocolName, protocol);
    session.identify(protocol);
    this.keeper.setIdleClass(connection, IDLE_CLASS.mail);
    this.dialogue = host.converse(session, protocol, connection);
    this.announce();
    const { early, dialogue } = this;
    this.early = null;
    this.first = null;
    if (early !== null) this.replay(dialogue, early);
    return dialogue;
  }

  private replay(dialogue: Dialogue, early: readonly EarlyOctets[]): void {
    const { position } = this.host;
    const { timeUs, packet } = position;
    for (const piece of early) {
      position.timeUs = piece.timeUs;
      position.packet = piece.packet;
      const direction = this.directionOf(piece.side);
      if (piece.octets === null) dialogue.gap(direction, piece.offset, piece.lengthBytes);
      else dialogue.data(direction, piece.octets, 0, piece.octets.length, piece.offset);
    }
    position.timeUs = timeUs;
    position.packet = packet;
  }
}

const EMPTY = new Uint8Array(0);

function newFirst(): MutableFirst {
  return { octets: EMPTY, length: 0 };
}

function remember(first: MutableFirst, octets: Uint8Array): void {
  const room = IDENTIFY_BYTES - first.length;
  if (room <= 0) return;
  if (first.length === 0) {
    first.octets = octets.subarray(0, room);
  } else {
    const joined = new Uint8Array(first.length + Math.min(room, octets.length));
    joined.set(first.octets);
    joined.set(octets.subarray(0, room), first.length);
    first.octets = joined;
  }
  first.length = first.octets.length;
}

/** Pieces that are kept until a connection proves to be something: it may never do, as where only headers were captured. */
const EARLY_PIECES = 256;
