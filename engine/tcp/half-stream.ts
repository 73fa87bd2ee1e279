/**
 * One direction of a TCP connection: what was delivered, what is held out of
 * order, what the other side acknowledged. Positions are stream offsets
 * (doubles), so sequence wrap-around ends at the edge of this class.
 */
import { copyOctets } from '../octets.js';

/** Octets that came before what precedes them. */
export interface HeldSegment {
  readonly offset: number;
  readonly octets: Uint8Array;
  /** Octets on the wire; more than held when the snap length cut them. */
  readonly wireBytes: number;
  readonly timeUs: number;
  readonly packet: number;
}

/** What holding a segment takes besides its octets. */
const SEGMENT_OVERHEAD_BYTES = 256;

export class HalfStream {
  /** True once a sequence number of this direction is established. */
  isKnown = false;
  /** Sequence number of the next octet, and its stream offset. */
  next = 0;
  offset = 0;
  /** Initial sequence number; meaningful when `sawSyn`. */
  initial = 0;
  sawSyn = false;
  /** Offset behind the last octet, once FIN was seen; -1 before. */
  finOffset = -1;
  /** Everything up to FIN was delivered; and the other side acknowledged FIN. */
  isFinished = false;
  isFinAcknowledged = false;
  /** Highest offset that the other side acknowledged. */
  acknowledged = 0;
  /** Segments with payload from the other side while acknowledged octets were still missing. */
  acknowledgedUnseen = 0;
  held: HeldSegment[] | null = null;
  heldBytes = 0;
  packets = 0;
  /** Number of the last packet of this direction. */
  lastPacket = 0;
  payloadPackets = 0;
  /** Payload octets on the wire, retransmissions included. */
  bytes = 0;
  /** Payload segments whose checksum was right, and segments with a wrong one. */
  goodChecksums = 0;
  badChecksums = 0;
  /** Segments with a wrong checksum that wait for an acknowledgement, by offset; null when there were none. */
  suspects: HeldSegment[] | null = null;
  suspectBytes = 0;
  /** The other side acknowledged what had a wrong checksum: it is wrong in the capture only (offloading). */
  isOffloading = false;
  gaps = 0;
  missingBytes = 0;
  /** Overlapping octets whose content differed from what came first. */
  divergentOverlaps = 0;

  /** Stream offset of a sequence number near `next`. */
  offsetOf(sequence: number): number {
    return this.offset + ((sequence - this.next) | 0);
  }

  /** Moves on by `lengthBytes` octets. */
  advance(lengthBytes: number): void {
    this.offset += lengthBytes;
    this.next = (this.next + lengthBytes) | 0;
  }

  /**
   * Holds what [start, end) of `buffer`, at `offset`, adds to what is held already:
   * the octets that came first win. Returns the octets added.
   */
  hold(
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    wireBytes: number,
    timeUs: number,
    packet: number,
  ): number {
    const held = (this.held ??= []);
    let index = held.length;
    while (index > 0 && (held[index - 1] as HeldSegment).offset > offset) index--;
    let from = offset;
    const previous = held[index - 1];
    if (previous !== undefined) {
      const previousEnd = previous.offset + previous.wireBytes;
      this.compare(previous, buffer, start, offset, end - start);
      if (previousEnd > from) from = previousEnd;
    }
    const last = offset + wireBytes;
    let added = 0;
    while (from < last) {
      const next = held[index];
      const until = next === undefined || next.offset > last ? last : next.offset;
      if (until > from) {
        const first = Math.min(start + from - offset, end);
        const octets = copyOctets(buffer, first, Math.min(start + until - offset, end));
        held.splice(index, 0, { offset: from, octets, wireBytes: until - from, timeUs, packet });
        this.heldBytes += octets.length;
        added += until - from;
        index++;
      }
      if (next === undefined || next.offset >= last) break;
      this.compare(next, buffer, start, offset, end - start);
      from = next.offset + next.wireBytes;
      index++;
    }
    return added;
  }

  /** Takes the first held segment out. */
  takeHeld(): HeldSegment | null {
    const first = this.held?.shift();
    if (first === undefined) return null;
    this.heldBytes -= first.octets.length;
    return first;
  }

  /** Keeps a copy of a segment with a wrong checksum; nothing is known of it yet. */
  suspect(
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    wireBytes: number,
    timeUs: number,
    packet: number,
  ): void {
    const suspects = (this.suspects ??= []);
    let index = suspects.length;
    while (index > 0 && (suspects[index - 1] as HeldSegment).offset > offset) index--;
    suspects.splice(index, 0, { offset, octets: copyOctets(buffer, start, end), wireBytes, timeUs, packet });
    this.suspectBytes += end - start;
  }

  /** Takes out the suspects, oldest first, that begin before `offset`. */
  takeSuspects(offset: number): readonly HeldSegment[] {
    const { suspects } = this;
    if (suspects === null) return NONE;
    let count = 0;
    while (count < suspects.length && (suspects[count] as HeldSegment).offset < offset) count++;
    if (count === 0) return NONE;
    const taken = suspects.splice(0, count);
    for (const { octets } of taken) this.suspectBytes -= octets.length;
    return count === 1 ? taken : taken.sort((one, other) => one.packet - other.packet);
  }

  /** Forgets what is held. */
  letGo(): void {
    this.held = null;
    this.heldBytes = 0;
    this.suspects = null;
    this.suspectBytes = 0;
  }

  /** About how much memory the held segments and the suspects take. */
  get keptBytes(): number {
    const segments = (this.held?.length ?? 0) + (this.suspects?.length ?? 0);
    return this.heldBytes + this.suspectBytes + segments * SEGMENT_OVERHEAD_BYTES;
  }

  /** Offset of the first held octet; Infinity when nothing is held. */
  get firstHeld(): number {
    return this.held?.[0]?.offset ?? Infinity;
  }

  /** Notes when octets that overlap a held segment differ from it. */
  private compare(held: HeldSegment, buffer: Uint8Array, start: number, offset: number, length: number): void {
    const from = Math.max(held.offset, offset);
    const to = Math.min(held.offset + held.octets.length, offset + length);
    for (let at = from; at < to; at++) {
      if (held.octets[at - held.offset] !== buffer[start + at - offset]) {
        this.divergentOverlaps++;
        return;
      }
    }
  }
}

const NONE: readonly HeldSegment[] = [];
