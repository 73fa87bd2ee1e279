/**
 * Puts the octets of one direction in order and hands them to the connection's
 * consumer: reordering, retransmission, overlap (first wins), loss, snap length,
 * and segments whose checksum is wrong in the capture. A segment that is in order
 * is handed on in place, without a copy. Bounded in held octets and segments.
 */
import type { Limits } from '../limits.js';
import { TCP_SYN, type TcpSegment } from '../packet/segment.js';
import type { Connection, Side } from './connection.js';
import type { HalfStream, HeldSegment } from './half-stream.js';

/** Time and number of the packet being delivered; mutable, one for all. */
export interface DeliveryPosition {
  timeUs: number;
  packet: number;
}

/** Acknowledged octets count as lost when the acknowledging side has sent this many payload segments since. */
const UNSEEN_SEGMENTS = 3;
/** Sequence numbers further ahead than this are not believed (the largest scaled window is 2^30). */
const FARTHEST = 2 ** 30;

export class StreamAssembler {
  /** Counted when a bound of limits.ts cut something. */
  readonly bounded = { outOfOrderBytes: 0, outOfOrderTotalBytes: 0, outOfOrderSegments: 0 };
  /** Segments left out because of their checksum. */
  badChecksums = 0;
  /** Memory that held segments and suspects of all connections take. */
  private keptBytes = 0;

  constructor(
    private readonly limits: Limits,
    private readonly position: DeliveryPosition,
  ) {}

  /** Takes a segment's payload; the connection has a consumer. */
  take(connection: Connection, side: Side, half: HalfStream, segment: TcpSegment): void {
    if (this.isTrusted(half, segment)) this.payload(connection, side, half, segment);
    else this.suspect(half, segment);
  }

  /** The connection is over: delivers what is still held, with the gaps before it. */
  flush(connection: Connection, side: Side): void {
    const half = connection.halves[side];
    this.settleSuspects(connection, side, half);
    while (half.held !== null && half.held.length > 0) this.giveUpUntil(connection, side, half, half.firstHeld);
    // One acknowledged octet too many is a FIN that was not captured.
    if (half.packets > 0 && half.acknowledged > half.offset + 1)
      this.giveUpUntil(connection, side, half, half.acknowledged);
  }

  /** The other direction's octets up to this acknowledgement arrived there, whether captured or not. */
  acknowledge(connection: Connection, side: Side, segment: TcpSegment): void {
    const otherSide: Side = side === 0 ? 1 : 0;
    const other = connection.halves[otherSide];
    if (!other.isKnown) {
      other.isKnown = true;
      other.next = segment.acknowledgement;
      return;
    }
    const ahead = (segment.acknowledgement - other.next) | 0;
    if (ahead === 0 && other.isFinished) other.isFinAcknowledged = true;
    if (ahead <= 0 || ahead > FARTHEST || connection.consumer === null) return;
    const offset = other.offset + ahead;
    if (offset > other.acknowledged) other.acknowledged = offset;
    if (other.packets === 0) return;
    if (other.held !== null && other.held.length > 0) {
      this.keepWithinBounds(connection, otherSide, other);
    } else if (segment.wireBytes > 0 && ++other.acknowledgedUnseen >= UNSEEN_SEGMENTS) {
      this.giveUpUntil(connection, otherSide, other, other.acknowledged);
    }
  }

  /** Notes a FIN; when it is in order, its direction is finished. */
  fin(half: HalfStream, segment: TcpSegment): void {
    if (half.finOffset >= 0) return;
    const at = half.offsetOf((segment.sequence + segment.wireBytes) | 0);
    if (Math.abs(at - half.offset) > FARTHEST) return;
    half.finOffset = Math.max(at, half.offset);
    // Nobody reassembles an ignored connection, so its FIN is always in order.
    if (half.offset >= half.finOffset) this.finishHalf(half);
  }

  private finishHalf(half: HalfStream): void {
    if (half.isFinished) return;
    half.isFinished = true;
    half.next = (half.next + 1) | 0;
  }

  /**
   * `auto`: a payload with a wrong checksum is believed once the other side acknowledged it (or an
   * earlier one) without having been sent a right one: then only the capture has it wrong, as with
   * checksum offloading. Anything else is how data are slipped past an observer.
   */
  private isTrusted(half: HalfStream, segment: TcpSegment): boolean {
    if (segment.checksum === 'good') {
      half.goodChecksums++;
      half.isOffloading = false;
    }
    if (segment.checksum !== 'bad') return true;
    half.badChecksums++;
    return half.isOffloading;
  }

  /** At the end, believes what the other side had no chance to acknowledge; the rest it did not accept. */
  private settleSuspects(connection: Connection, side: Side, half: HalfStream): void {
    if (half.suspects === null) return;
    const { lastPacket } = connection.halves[side === 0 ? 1 : 0];
    const suspects = this.takeSuspects(half, Infinity);
    const believed = half.goodChecksums === 0 ? suspects : suspects.filter((suspect) => suspect.packet > lastPacket);
    this.badChecksums += suspects.length - believed.length;
    this.believe(connection, side, half, believed);
  }

  private suspect(half: HalfStream, segment: TcpSegment): void {
    const { limits, bounded } = this;
    const isTooLong = half.suspectBytes + segment.end - segment.start > limits.outOfOrderBytes;
    const areTooMany = (half.suspects?.length ?? 0) >= limits.outOfOrderSegments;
    if (isTooLong || areTooMany || this.keptBytes > limits.outOfOrderTotalBytes) {
      bounded[isTooLong ? 'outOfOrderBytes' : areTooMany ? 'outOfOrderSegments' : 'outOfOrderTotalBytes']++;
      this.badChecksums++;
      return;
    }
    const { buffer, start, end, wireBytes, timeUs, packet } = segment;
    const sequence = (segment.flags & TCP_SYN) !== 0 ? (segment.sequence + 1) | 0 : segment.sequence;
    const before = half.keptBytes;
    half.suspect(buffer, start, end, half.offsetOf(sequence), wireBytes, timeUs, packet);
    this.keptBytes += half.keptBytes - before;
  }

  /** What the other side acknowledges it has accepted, whatever its checksum in the capture. */
  confirmSuspects(connection: Connection, side: Side, acknowledgement: number): void {
    const otherSide: Side = side === 0 ? 1 : 0;
    const other = connection.halves[otherSide];
    if (other.suspects === null || other.suspects.length === 0) return;
    this.believe(connection, otherSide, other, this.takeSuspects(other, other.offsetOf(acknowledgement)));
  }

  private takeSuspects(half: HalfStream, offset: number): readonly HeldSegment[] {
    const before = half.keptBytes;
    const suspects = half.takeSuspects(offset);
    this.keptBytes += half.keptBytes - before;
    return suspects;
  }

  /** Takes suspects for what they say, as far as nothing better came in their place. */
  private believe(connection: Connection, side: Side, half: HalfStream, suspects: readonly HeldSegment[]): void {
    for (const { offset, octets, wireBytes, timeUs, packet } of suspects) {
      if (connection.consumer === null) return;
      if (offset + wireBytes <= half.offset) {
        this.badChecksums++;
        continue;
      }
      const before = half.keptBytes;
      half.hold(octets, 0, octets.length, offset, wireBytes, timeUs, packet);
      this.keptBytes += half.keptBytes - before;
      if (half.goodChecksums === 0) half.isOffloading = true;
      this.drain(connection, side, half);
    }
  }

  private payload(connection: Connection, side: Side, half: HalfStream, segment: TcpSegment): void {
    const sequence = (segment.flags & TCP_SYN) !== 0 ? (segment.sequence + 1) | 0 : segment.sequence;
    const ahead = (sequence - half.next) | 0;
    if (ahead === 0 && half.finOffset === -1) {
      this.deliver(connection, side, half, segment.buffer, segment.start, segment.end, segment.wireBytes);
      if (half.held !== null && half.held.length > 0) this.drain(connection, side, half);
      return;
    }
    if (ahead < -FARTHEST || ahead > FARTHEST) return;
    const at = half.offset + ahead;
    let { wireBytes } = segment;
    if (half.finOffset >= 0 && at + wireBytes > half.finOffset) wireBytes = half.finOffset - at;
    if (at + wireBytes <= half.offset) return;
    const end = Math.min(segment.end, segment.start + wireBytes);
    if (ahead <= 0) {
      const start = Math.min(segment.start - ahead, end);
      this.deliver(connection, side, half, segment.buffer, start, end, wireBytes + ahead);
      this.drain(connection, side, half);
      return;
    }
    const before = half.keptBytes;
    half.hold(segment.buffer, segment.start, end, at, wireBytes, segment.timeUs, segment.packet);
    this.keptBytes += half.keptBytes - before;
    this.keepWithinBounds(connection, side, half);
  }

  /** Hands on octets that are next in order; what the snap length cut off becomes a gap. */
  private deliver(
    connection: Connection,
    side: Side,
    half: HalfStream,
    buffer: Uint8Array,
    start: number,
    end: number,
    wireBytes: number,
  ): void {
    const offset = half.offset;
    half.advance(wireBytes);
    half.acknowledgedUnseen = 0;
    if (end > start) {
      connection.consumer?.data(side, buffer, start, end, offset);
      if (connection.consumer === null) this.letGo(connection);
    }
    if (end - start < wireBytes) this.countGap(connection, side, half, offset + end - start, wireBytes - (end - start));
  }

  private drain(connection: Connection, side: Side, half: HalfStream): void {
    const { position } = this;
    const { timeUs, packet } = position;
    while (half.firstHeld <= half.offset) {
      const before = half.keptBytes;
      const held = half.takeHeld();
      if (held === null) break;
      this.keptBytes += half.keptBytes - before;
      const skip = half.offset - held.offset;
      if (skip >= held.wireBytes) continue;
      position.timeUs = held.timeUs;
      position.packet = held.packet;
      const { octets } = held;
      this.deliver(connection, side, half, octets, Math.min(skip, octets.length), octets.length, held.wireBytes - skip);
    }
    position.timeUs = timeUs;
    position.packet = packet;
    if (half.finOffset >= 0 && half.offset >= half.finOffset) this.finishHalf(half);
  }

  private countGap(connection: Connection, side: Side, half: HalfStream, offset: number, lengthBytes: number): void {
    half.gaps++;
    half.missingBytes += lengthBytes;
    connection.consumer?.gap(side, offset, lengthBytes);
    if (connection.consumer === null) this.letGo(connection);
  }

  /** Nobody wants the connection's octets any more: nothing is kept for it. */
  private letGo({ halves }: Connection): void {
    for (const half of halves) {
      this.keptBytes -= half.keptBytes;
      half.letGo();
    }
  }

  /** Declares everything before `offset` lost. */
  private giveUpUntil(connection: Connection, side: Side, half: HalfStream, offset: number): void {
    const lengthBytes = offset - half.offset;
    if (lengthBytes <= 0) return;
    const from = half.offset;
    half.advance(lengthBytes);
    half.acknowledgedUnseen = 0;
    this.countGap(connection, side, half, from, lengthBytes);
    this.drain(connection, side, half);
  }

  private keepWithinBounds(connection: Connection, side: Side, half: HalfStream): void {
    const { limits, bounded } = this;
    while (half.held !== null && half.held.length > 0) {
      if (half.heldBytes > limits.outOfOrderBytes) bounded.outOfOrderBytes++;
      else if (half.held.length > limits.outOfOrderSegments) bounded.outOfOrderSegments++;
      else if (this.keptBytes > limits.outOfOrderTotalBytes) bounded.outOfOrderTotalBytes++;
      else if (half.acknowledged < half.firstHeld) return;
      this.giveUpUntil(connection, side, half, half.firstHeld);
    }
  }
}
