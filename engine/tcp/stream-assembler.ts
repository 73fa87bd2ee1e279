/**
 * Puts the octets of one direction in order and hands them to the connection's
 * consumer: reordering, retransmission, overlap (first wins), loss, snap length,
 * and segments whose checksum is wrong in the capture. A segment that is in order
 * is handed on in place, without a copy. Bounded in held octets and segments.
 */
import type { Limits } from '../limits.js';
import { TCP_SYN, type TcpSegment } from '../packet/segment.js';
import type { Connection } from './connection.js';
import type { Disorder, HeldSegment } from './disorder.js';
import type { FlowRows } from './flow-rows.js';
import type { HalfStream } from './half-stream.js';
import { opposite, type Side } from './side.js';

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
    private readonly rows: FlowRows<Connection>,
  ) {}

  /** Takes a segment's payload; the connection has a consumer. */
  take(connection: Connection, side: Side, half: HalfStream, segment: TcpSegment): void {
    if (this.isTrusted(half, segment)) this.payload(connection, side, half, segment);
    else this.suspect(half, segment);
  }

  /** The connection is over: delivers what is still held, with the gaps before it. */
  flush(connection: Connection, side: Side): void {
    const half = connection.half(side);
    this.settleSuspects(connection, side, half);
    while (half.isHolding) this.giveUpUntil(connection, side, half, half.firstHeld);
    // One acknowledged octet too many is a FIN that was not captured.
    if (half.packets > 0 && half.acknowledged > half.offset + 1)
      this.giveUpUntil(connection, side, half, half.acknowledged);
  }

  /**
   * The octets of `other`, the direction opposite to `side`, arrived there up to this acknowledgement,
   * whether they were captured or not, and whatever their checksum was in the capture.
   */
  acknowledge(row: number, side: Side, other: HalfStream, segment: TcpSegment): void {
    const otherSide = opposite(side);
    const { disorder } = other;
    if (disorder !== null) this.confirmSuspects(this.rows.connection(row), otherSide, other, disorder, segment);
    if (!other.isKnown) {
      other.establish(segment.acknowledgement);
      return;
    }
    const ahead = (segment.acknowledgement - other.next) | 0;
    if (ahead === 0 && other.isFinished) other.isFinAcknowledged = true;
    if (ahead <= 0 || ahead > FARTHEST) return;
    const connection = this.rows.connection(row);
    if (connection.consumer === null) return;
    const offset = other.offset + ahead;
    if (offset > other.acknowledged) other.acknowledged = offset;
    if (other.packets === 0) return;
    if (other.isHolding) this.keepWithinBounds(connection, otherSide, other);
    else if (segment.wireBytes > 0 && ++other.acknowledgedUnseen >= UNSEEN_SEGMENTS) {
      this.giveUpUntil(connection, otherSide, other, other.acknowledged);
    }
  }

  /** Notes a FIN; when it is in order, its direction is finished. */
  fin(half: HalfStream, segment: TcpSegment): void {
    if (half.sawFin) return;
    const at = half.offsetOf((segment.sequence + segment.wireBytes) | 0);
    if (Math.abs(at - half.offset) > FARTHEST) return;
    half.endAt(Math.max(at, half.offset));
    // Nobody reassembles an ignored connection, so its FIN is always in order.
    if (half.offset >= half.finOffset) half.finish();
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
    half.ownDisorder.badChecksums++;
    return half.isOffloading;
  }

  /** At the end, believes what the other side had no chance to acknowledge; the rest it did not accept. */
  private settleSuspects(connection: Connection, side: Side, half: HalfStream): void {
    const { disorder } = half;
    if (disorder === null || disorder.suspects.length === 0) return;
    const { lastPacket } = connection.half(opposite(side));
    const suspects = this.takeSuspects(disorder, Infinity);
    const believed = half.goodChecksums === 0 ? suspects : suspects.filter((suspect) => suspect.packet > lastPacket);
    this.badChecksums += suspects.length - believed.length;
    this.believe(connection, side, half, believed);
  }

  private suspect(half: HalfStream, segment: TcpSegment): void {
    const { limits, bounded } = this;
    const disorder = half.ownDisorder;
    const isTooLong = disorder.suspectBytes + segment.end - segment.start > limits.outOfOrderBytes;
    const areTooMany = disorder.suspects.length >= limits.outOfOrderSegments;
    if (isTooLong || areTooMany || this.keptBytes > limits.outOfOrderTotalBytes) {
      bounded[isTooLong ? 'outOfOrderBytes' : areTooMany ? 'outOfOrderSegments' : 'outOfOrderTotalBytes']++;
      this.badChecksums++;
      return;
    }
    const { buffer, start, end, wireBytes, timeUs, packet } = segment;
    const sequence = (segment.flags & TCP_SYN) !== 0 ? (segment.sequence + 1) | 0 : segment.sequence;
    const before = disorder.keptBytes;
    disorder.suspect(buffer, start, end, half.offsetOf(sequence), wireBytes, timeUs, packet);
    this.keptBytes += disorder.keptBytes - before;
  }

  /** What the other side acknowledges it has accepted, whatever its checksum in the capture. */
  private confirmSuspects(
    connection: Connection,
    side: Side,
    half: HalfStream,
    disorder: Disorder,
    { acknowledgement }: TcpSegment,
  ): void {
    if (disorder.suspects.length === 0) return;
    this.believe(connection, side, half, this.takeSuspects(disorder, half.offsetOf(acknowledgement)));
  }

  private takeSuspects(disorder: Disorder, offset: number): readonly HeldSegment[] {
    const before = disorder.keptBytes;
    const suspects = disorder.takeSuspects(offset);
    this.keptBytes += disorder.keptBytes - before;
    return suspects;
  }

  /** Takes suspects for what they say, as far as nothing better came in their place. */
  private believe(connection: Connection, side: Side, half: HalfStream, suspects: readonly HeldSegment[]): void {
    const disorder = half.ownDisorder;
    for (const { offset, octets, wireBytes, timeUs, packet } of suspects) {
      if (connection.consumer === null) return;
      if (offset + wireBytes <= half.offset) {
        this.badChecksums++;
        continue;
      }
      const before = disorder.keptBytes;
      disorder.hold(octets, 0, octets.length, offset, wireBytes, timeUs, packet);
      this.keptBytes += disorder.keptBytes - before;
      if (half.goodChecksums === 0) half.isOffloading = true;
      this.drain(connection, side, half);
    }
  }

  private payload(connection: Connection, side: Side, half: HalfStream, segment: TcpSegment): void {
    const sequence = (segment.flags & TCP_SYN) !== 0 ? (segment.sequence + 1) | 0 : segment.sequence;
    const ahead = (sequence - half.next) | 0;
    if (ahead === 0 && !half.sawFin) {
      this.deliver(connection, side, half, segment.buffer, segment.start, segment.end, segment.wireBytes);
      if (half.isHolding) this.drain(connection, side, half);
      return;
    }
    if (ahead < -FARTHEST || ahead > FARTHEST) return;
    const at = half.offset + ahead;
    let { wireBytes } = segment;
    if (half.sawFin && at + wireBytes > half.finOffset) wireBytes = half.finOffset - at;
    if (at + wireBytes <= half.offset) return;
    const end = Math.min(segment.end, segment.start + wireBytes);
    if (ahead <= 0) {
      const start = Math.min(segment.start - ahead, end);
      this.deliver(connection, side, half, segment.buffer, start, end, wireBytes + ahead);
      this.drain(connection, side, half);
      return;
    }
    const disorder = half.ownDisorder;
    const before = disorder.keptBytes;
    disorder.hold(segment.buffer, segment.start, end, at, wireBytes, segment.timeUs, segment.packet);
    this.keptBytes += disorder.keptBytes - before;
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
      const held = this.takeHeld(half.ownDisorder);
      if (held === null) break;
      const skip = half.offset - held.offset;
      if (skip >= held.wireBytes) continue;
      position.timeUs = held.timeUs;
      position.packet = held.packet;
      const { octets } = held;
      this.deliver(connection, side, half, octets, Math.min(skip, octets.length), octets.length, held.wireBytes - skip);
    }
    position.timeUs = timeUs;
    position.packet = packet;
    if (half.sawFin && half.offset >= half.finOffset) half.finish();
  }

  private takeHeld(disorder: Disorder): HeldSegment | null {
    const before = disorder.keptBytes;
    const held = disorder.takeHeld();
    this.keptBytes += disorder.keptBytes - before;
    return held;
  }

  private countGap(connection: Connection, side: Side, half: HalfStream, offset: number, lengthBytes: number): void {
    const disorder = half.ownDisorder;
    disorder.gaps++;
    disorder.missingBytes += lengthBytes;
    connection.consumer?.gap(side, offset, lengthBytes);
    if (connection.consumer === null) this.letGo(connection);
  }

  /** Nobody wants the connection's octets any more: nothing is kept for it. */
  private letGo({ halves }: Connection): void {
    for (const { disorder } of halves) {
      if (disorder === null) continue;
      this.keptBytes -= disorder.keptBytes;
      disorder.letGo();
    }
  }

  /** Declares everything before `offset` lost. */
  private giveUpUntil(connection: Connection, side: Side, half: HalfStream, offset: number): void {
    const lengthBytes = offset - half.offset;
    if (lengthBytes <= 0) return;
    const from = half.offset;
    half.advance(lengthBytes);
    this.countGap(connection, side, half, from, lengthBytes);
    this.drain(connection, side, half);
  }

  private keepWithinBounds(connection: Connection, side: Side, half: HalfStream): void {
    const { limits, bounded } = this;
    const disorder = half.ownDisorder;
    while (disorder.held.length > 0) {
      if (disorder.heldBytes > limits.outOfOrderBytes) bounded.outOfOrderBytes++;
      else if (disorder.held.length > limits.outOfOrderSegments) bounded.outOfOrderSegments++;
      else if (this.keptBytes > limits.outOfOrderTotalBytes) bounded.outOfOrderTotalBytes++;
      else if (half.acknowledged < half.firstHeld) return;
      this.giveUpUntil(connection, side, half, half.firstHeld);
    }
  }
}
