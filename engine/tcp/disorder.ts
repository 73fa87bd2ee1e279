/**
 * What is out of order in one direction of a TCP connection: segments that came
 * before what precedes them, segments whose checksum is wrong, loss. Made when
 * something of the kind happens, which is rare.
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

export class Disorder {
  /** By offset, none overlapping another. */
  readonly held: HeldSegment[] = [];
  heldBytes = 0;
  /** Segments with a wrong checksum that wait for an acknowledgement, by offset. */
  readonly suspects: HeldSegment[] = [];
  suspectBytes = 0;
  gaps = 0;
  missingBytes = 0;
  /** Overlapping octets whose content differed from what came first. */
  divergentOverlaps = 0;
  /** Segments with a wrong checksum. */
  badChecksums = 0;

  /**
   * Holds what [start, end) of `buffer`, at `offset`, adds to what is held already:
   * the octets that came first win.
   */
  hold(
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    wireBytes: number,
    timeUs: number,
    packet: number,
  ): void {
    const { held } = this;
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
    while (from < last) {
      const next = held[index];
      const until = next === undefined || next.offset > last ? last : next.offset;
      if (until > from) {
        const first = Math.min(start + from - offset, end);
        const octets = copyOctets(buffer, first, Math.min(start + until - offset, end));
        held.splice(index, 0, { offset: from, octets, wireBytes: until - from, timeUs, packet });
        this.heldBytes += octets.length;
        index++;
      }
      if (next === undefined || next.offset >= last) break;
      this.compare(next, buffer, start, offset, end - start);
      from = next.offset + next.wireBytes;
      index++;
    }
  }

  /** Takes the first held segment out. */
  takeHeld(): HeldSegment | null {
    const first = this.held.shift();
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
    const { suspects } = this;
    let index = suspects.length;
    while (index > 0 && (suspects[index - 1] as HeldSegment).offset > offset) index--;
    suspects.splice(index, 0, { offset, octets: copyOctets(buffer, start, end), wireBytes, timeUs, packet });
    this.suspectBytes += end - start;
  }

  /** Takes out the suspects, oldest first, that begin before `offset`. */
  takeSuspects(offset: number): readonly HeldSegment[] {
    const { suspects } = this;
    let count = 0;
    while (count < suspects.length && (suspects[count] as HeldSegment).offset < offset) count++;
    if (count === 0) return NONE;
    const taken = suspects.splice(0, count);
    for (const { octets } of taken) this.suspectBytes -= octets.length;
    return count === 1 ? taken : taken.sort((one, other) => one.packet - other.packet);
  }

  /** Forgets what is held. */
  letGo(): void {
    this.held.length = 0;
    this.heldBytes = 0;
    this.suspects.length = 0;
    this.suspectBytes = 0;
  }

  /** About how much memory the held segments and the suspects take. */
  get keptBytes(): number {
    return this.heldBytes + this.suspectBytes + (this.held.length + this.suspects.length) * SEGMENT_OVERHEAD_BYTES;
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
