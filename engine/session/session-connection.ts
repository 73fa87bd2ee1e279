/**
 * What a session reads of its connection: the numbers of its streams, wherever
 * they are kept. A connection that is reassembled here has them (`Connection`),
 * and so has one that is only told of (`ToldConnection`).
 */
import type { SessionEnd } from '../../shared/session.js';
import type { Side } from '../tcp/side.js';

/** What of one direction is counted. */
export interface DirectionCounts {
  readonly packets: number;
  /** Payload octets on the wire, retransmissions included. */
  readonly bytes: number;
  /** Null as long as nothing is or was out of order. */
  readonly disorder: DisorderCounts | null;
}

export interface DisorderCounts {
  readonly gaps: number;
  readonly missingBytes: number;
  readonly divergentOverlaps: number;
  readonly badChecksums: number;
}

export interface SessionConnection {
  readonly isIpv6: boolean;
  /** Lower address words, higher address words, ports. */
  readonly key: readonly number[];
  readonly clientSide: Side;
  /** A SYN of either side was seen, so the first octets are the first. */
  readonly fromStart: boolean;
  readonly endReason: SessionEnd;
  readonly isOver: boolean;
  readonly vlan: readonly number[];
  /** Packet times (µs since 1970), numbers and octets of the capture: of its first packet's record, and of its last's. */
  readonly startUs: number;
  readonly lastUs: number;
  readonly firstPacket: number;
  readonly lastPacket: number;
  readonly firstByte: number;
  readonly lastByte: number;
  /** Somebody may ask for its numbers after it was forgotten, too. */
  isKept: boolean;
  half(side: Side): DirectionCounts;
  port(side: Side): number;
  /** Index of the side's first address word in `key`. */
  addressAt(side: Side): number;
  /** The direction sent by that side was not captured though it must have spoken (PROTECTIONS 1.4). */
  isSideMissing(side: Side): boolean;
  /** Packets of that side were captured, none carries octets, and the other side acknowledged none. */
  isSideSilent(side: Side): boolean;
}
