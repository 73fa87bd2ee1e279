/**
 * What every protocol's dialogue offers and what it is given. A dialogue gets
 * the ordered octets of both directions and the gaps between them, follows the
 * state of the conversation, fills the connection's facts and emits events.
 * It never throws on traffic and holds at most `limits.lineBytes` per direction.
 */
import type { LineRole } from '../../shared/transcript.js';
import type { Limits } from '../limits.js';
import type { TransactionHandle } from '../transaction-outline.js';
import type { Direction, EventSink, OctetsEvent } from './events.js';
import type { ConnectionFacts } from './facts.js';

/** Position of the octets being delivered; one mutable object per pipeline, borrowed. */
export interface PacketPosition {
  timeUs: number;
  packet: number;
}

export interface Dialogue {
  /**
   * Ordered stream octets `start`..`end` of `buffer` (borrowed), at `offset` of their direction.
   * May be called with any cut of the stream; the events are the same for every cut.
   */
  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void;
  /** `lengthBytes` octets at `offset` were lost. */
  gap(direction: Direction, offset: number, lengthBytes: number): void;
  /** No more octets: judges what is partial, completes the transaction, emits `end`. */
  end(): void;
}

/** A line as the transcript shows it, with its role and its secret. Borrowed. */
export interface WireLine extends OctetsEvent {
  readonly role: LineRole;
  /** True for octets under TLS that were decrypted. */
  readonly secure: boolean;
  /** Message text belongs to this message (from 0), else -1. */
  readonly message: number;
  /** Octets beyond [start, end) that were not held. */
  readonly omittedBytes: number;
}

/**
 * Sees every octet of the conversation in transcript order, in addition to the
 * events. Present only while somebody looks at one session; null otherwise.
 */
export interface WireListener {
  line(line: WireLine): void;
  /** Octets that are no lines: a BDAT chunk or a literal. Called for each piece; `last` ends it. */
  blob(
    direction: Direction,
    what: 'chunk' | 'literal',
    line: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    last: boolean,
    secretLabel: string,
  ): void;
  gap(direction: Direction, offset: number, lengthBytes: number): void;
  /** From here on this direction is TLS. */
  tls(direction: Direction, offset: number): void;
  /** Mailscope's own words. */
  note(text: string): void;
}

/** What a dialogue is made with. */
export interface DialogueContext {
  readonly limits: Limits;
  readonly facts: ConnectionFacts;
  readonly events: EventSink;
  readonly wire: WireListener | null;
  readonly position: PacketPosition;
  /** Called when an SMTP transaction is over. */
  readonly transaction: (transaction: TransactionHandle) => void;
  /** True when the handshake was seen, so that the first octets are the first. */
  readonly fromStart: boolean;
  /**
   * True while that direction has not been captured though it must have spoken (PROTECTIONS 1.4).
   * Asked when acceptance would otherwise wait for a reply.
   */
  readonly isMissing: (direction: Direction) => boolean;
}
