/**
 * What streams say to the dialogues when both are not in the same thread: events
 * in the order in which they happened, as numbers. Plain data, whose memory can be
 * handed over. Octets lie in the piece of the capture, which both sides see, or,
 * where they waited for others before them, in the batch itself.
 */

/** Events of one piece of the capture, or of a part of it. */
export interface StreamBatch {
  /** Rows of `INTEGER_FIELDS`. */
  readonly integers: Int32Array;
  /** Rows of `NUMBER_FIELDS`, one for each of `integers`. */
  readonly numbers: Float64Array;
  /** What events tell beyond that, one after the other. */
  readonly details: Float64Array;
  /** Octets that lie in no piece. */
  readonly octets: Uint8Array;
}

/** Columns. */
export const INTEGER = {
  /** Kind of the event, and bits. */
  code: 0,
  /** Number of the conversation; given again when it is over. */
  conversation: 1,
  /** Of octets: [start, end). Of a gap: its length. */
  start: 2,
  end: 3,
  /** Of octets: what is known of them as text (`textFacts`). */
  text: 4,
} as const;
export const INTEGER_FIELDS = 5;
export const NUMBER = {
  /** Stream offset. */
  offset: 0,
  /** Of the packet being delivered. */
  timeUs: 1,
  packet: 2,
  /** The latest time of any packet so far. */
  clockUs: 3,
} as const;
export const NUMBER_FIELDS = 4;

/** Kinds, in the lowest bits of a code. */
export const KIND = { follow: 0, data: 1, gap: 2, end: 3 } as const;
export const KIND_BITS = 3;
/** The direction, and whether octets lie in the batch. */
export const DIRECTION_BIT = 4;
export const IN_BATCH_BIT = 8;
/** From here on four bits: is side 0, 1 missing; is side 0, 1 silent? */
export const QUIET_SHIFT = 4;

/** Details of `follow`: what is known of the connection. `vlans` VLAN ids and the words of its key follow. */
export const FOLLOWED = {
  isIpv6: 0,
  hint: 1,
  protocol: 2,
  clientSide: 3,
  fromStart: 4,
  startUs: 5,
  firstPacket: 6,
  firstByte: 7,
  vlans: 8,
} as const;
export const FOLLOWED_FIELDS = 9;

/** Details of `end`: how, where it began after all (fragments may tell later), and what was out of order; behind them the connection's row. */
export const ENDED = { reason: 0, firstPacket: 1, firstByte: 2, disorders: 3 } as const;
/** Of each side: is there anything, gaps, missing octets, differing overlaps, wrong checksums. */
export const DISORDER_FIELDS = 5;
export const ENDED_FIELDS = ENDED.disorders + 2 * DISORDER_FIELDS;
