/**
 * Reads pcapng (draft-ietf-opsawg-pcapng): several sections of either byte
 * order, several interfaces with their own link type and time resolution,
 * enhanced, simple and obsolete packet blocks, statistics and comments.
 * Blocks it does not know are skipped unread. Refuses block lengths that
 * cannot be, and packets of interfaces that were never described.
 */
import type { Limits } from '../limits.js';
import { uint16, uint32, uint64 } from './octets.js';
import { forEachOption, interfaceFromBlock, wholeMicroseconds, type CaptureInterface } from './pcapng-interface.js';
import type { CaptureDamage, PacketHandler, PacketRecord, RecordParser } from './record.js';
import { copyOctets } from '../octets.js';

const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 2,
  simplePacket: 3,
  statistics: 5,
  enhancedPacket: 6,
} as const;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const BLOCK_FRAME_BYTES = 12;
const OPTION_COMMENT = 1;
const OPTION_IF_DROP = 5;
const OPTION_OS_DROP = 7;
const KEPT_COMMENTS = 100;
const KEPT_COMMENT_BYTES = 1000;

/** One section: from `byteOffset` on, packets are read with these interfaces. Interfaces are only appended. */
export interface PcapngSection {
  readonly byteOffset: number;
  readonly littleEndian: boolean;
  readonly interfaces: CaptureInterface[];
}

/** Octets of a comment that somebody wrote into the file; not yet fit to be shown. */
export interface CaptureComment {
  /** Packet it belongs to; 0 for the whole section or an interface. */
  readonly packet: number;
  readonly octets: Uint8Array;
}

export function isPcapng(octets: Uint8Array): boolean {
  return uint32(octets, 0, false) === BLOCK.section;
}

export class PcapngParser implements RecordParser {
  needed = BLOCK_FRAME_BYTES;
  skip = 0;
  damage: CaptureDamage | null = null;
  readonly sections: PcapngSection[] = [];
  readonly comments: CaptureComment[] = [];
  /** Packets of interfaces that were not described, or beyond the bound; not handed on. */
  strayPackets = 0;
  private section: PcapngSection | null;
  /** Sections and interfaces in `sections`. */
  private described = 0;
  /** What statistics of sections that are no longer in `sections` said. */
  private droppedBefore: number | null = null;

  constructor(
    private readonly limits: Limits,
    private readonly record: PacketRecord,
    private readonly handler: PacketHandler,
    resumeIn: PcapngSection | null,
  ) {
    this.section = resumeIn;
    if (resumeIn !== null) this.sections.push(resumeIn);
  }

  /** Packets the capturing machine says that it dropped; null when no statistics block said anything. */
  get droppedPackets(): number | null {
    return droppedIn(this.sections, this.droppedBefore);
  }

  parse(buffer: Uint8Array, start: number, end: number, fileOffset: number): number {
    let position = start;
    while (end - position >= BLOCK_FRAME_BYTES) {
      const at = fileOffset + position - start;
      const isSection = uint32(buffer, position, false) === BLOCK.section;
      const littleEndian = isSection ? buffer[position + 8] === 0x4d : (this.section?.littleEndian ?? true);
      const length = uint32(buffer, position + 4, littleEndian);
      const type = isSection ? BLOCK.section : uint32(buffer, position, littleEndian);
      if (!this.isPlausible(buffer, position, type, length, littleEndian, at)) return position;
      if (length > this.limits.blockBytes) {
        if (type === BLOCK.enhancedPacket || type === BLOCK.packet || type === BLOCK.simplePacket) {
          this.damage = damaged(at, `a packet block of ${length} bytes`, `at most ${this.limits.blockBytes} bytes`);
          return position;
        }
        this.skip = length;
        this.needed = BLOCK_FRAME_BYTES;
        return position;
      }
      if (end - position < length) {
        this.needed = length;
        return position;
      }
      if (uint32(buffer, position + length - 4, littleEndian) !== length) {
        const second = uint32(buffer, position + length - 4, littleEndian);
        this.damage = damaged(
          at,
          `a block whose lengths differ (${length} before, ${second} after)`,
          'the same length twice',
        );
        return position;
      }
      if (!this.block(type, buffer, position, length, littleEndian, at)) return position;
      position += length;
    }
    this.needed = BLOCK_FRAME_BYTES;
    return position;
  }

  private isPlausible(
    buffer: Uint8Array,
    position: number,
    type: number,
    length: number,
    littleEndian: boolean,
    at: number,
  ): boolean {
    if (type === BLOCK.section && uint32(buffer, position + 8, littleEndian) !== BYTE_ORDER_MAGIC) {
      this.damage = damaged(at, 'a section header without byte-order magic', '1A 2B 3C 4D in either order');
    } else if (length < BLOCK_FRAME_BYTES || length % 4 !== 0) {
      this.damage = damaged(at, `a block of ${length} bytes`, 'a multiple of 4, at least 12');
    } else if (this.section === null && type !== BLOCK.section) {
      this.damage = damaged(at, `a block of type ${type} before any section header`, 'a section header');
    }
    return this.damage === null;
  }

  private block(
    type: number,
    buffer: Uint8Array,
    position: number,
    length: number,
    littleEndian: boolean,
    at: number,
  ): boolean {
    const body = position + 8;
    const bodyEnd = position + length - 4;
    switch (type) {
      case BLOCK.section:
        return this.openSection(buffer, body, bodyEnd, littleEndian, at);
      case BLOCK.interface:
        return this.describeInterface(buffer, body, bodyEnd, littleEndian, at);
      case BLOCK.enhancedPacket:
        return this.packet(uint32, buffer, body, bodyEnd, littleEndian, at, length);
      case BLOCK.packet:
        return this.packet(uint16, buffer, body, bodyEnd, littleEndian, at, length);
      case BLOCK.simplePacket:
        return this.simplePacket(buffer, body, bodyEnd, littleEndian, at, length);
      case BLOCK.statistics:
        this.statistics(buffer, body, bodyEnd, littleEndian);
        return true;
      default:
        return true;
    }
  }

  private openSection(buffer: Uint8Array, body: number, bodyEnd: number, littleEndian: boolean, at: number): boolean {
    if (bodyEnd - body < 16) {
      this.damage = damaged(at, `a section header of ${bodyEnd - body + BLOCK_FRAME_BYTES} bytes`, 'at least 28 bytes');
      return false;
    }
    const major = uint16(buffer, body + 4, littleEndian);
    if (major !== 1) {
      this.damage = {
        code: 'capture-unsupported',
        byteOffset: at,
        found: `pcapng version ${major}.${uint16(buffer, body + 6, littleEndian)}`,
        expected: 'version 1.x',
      };
      return false;
    }
    this.section = { byteOffset: at, littleEndian, interfaces: [] };
    this.sections.push(this.section);
    this.described++;
    this.forgetOldSections();
    this.readComments(buffer, body + 16, bodyEnd, littleEndian, 0);
    return true;
  }

  /** Far more sections than any tool writes: the older half cannot be read again, the newer one can. */
  private forgetOldSections(): void {
    if (this.described <= this.limits.interfaces * 2 || this.sections.length < 2) return;
    const forgotten = this.sections.splice(0, Math.ceil(this.sections.length / 2));
    for (const { interfaces } of forgotten) this.described -= 1 + interfaces.length;
    this.droppedBefore = droppedIn(forgotten, this.droppedBefore);
  }

  private describeInterface(
    buffer: Uint8Array,
    body: number,
    bodyEnd: number,
    littleEndian: boolean,
    at: number,
  ): boolean {
    if (bodyEnd - body < 8) {
      this.damage = damaged(
        at,
        `an interface description of ${bodyEnd - body + BLOCK_FRAME_BYTES} bytes`,
        'at least 20 bytes',
      );
      return false;
    }
    const { interfaces } = this.section as PcapngSection;
    if (interfaces.length < this.limits.interfaces) {
      interfaces.push(interfaceFromBlock(buffer, body, bodyEnd, littleEndian));
      this.described++;
      this.forgetOldSections();
    }
    this.readComments(buffer, body + 8, bodyEnd, littleEndian, 0);
    return true;
  }

  /** An enhanced packet block, or the obsolete packet block: only the width of the interface's number differs. */
  private packet(
    readInterface: typeof uint32,
    buffer: Uint8Array,
    body: number,
    bodyEnd: number,
    littleEndian: boolean,
    at: number,
    length: number,
  ): boolean {
    if (bodyEnd - body < 20) return this.packetTooShort(at, length);
    const captured = uint32(buffer, body + 12, littleEndian);
    if (captured > bodyEnd - body - 20) return this.packetOverruns(at, captured, bodyEnd - body - 20);
    const described = this.interfaceOf(readInterface(buffer, body, littleEndian));
    const high = uint32(buffer, body + 4, littleEndian);
    const low = uint32(buffer, body + 8, littleEndian);
    const wire = uint32(buffer, body + 16, littleEndian);
    this.deliver(described, high, low, buffer, body + 20, captured, wire, at, length);
    const optionsStart = body + 20 + ((captured + 3) & ~3);
    if (bodyEnd - optionsStart >= 4) this.readComments(buffer, optionsStart, bodyEnd, littleEndian, this.record.number);
    return true;
  }

  private simplePacket(
    buffer: Uint8Array,
    body: number,
    bodyEnd: number,
    littleEndian: boolean,
    at: number,
    length: number,
  ): boolean {
    if (bodyEnd - body < 4) return this.packetTooShort(at, length);
    const wire = uint32(buffer, body, littleEndian);
    const described = this.interfaceOf(0);
    const room = bodyEnd - body - 4;
    const snaplen = described === null || described.snaplen === 0 ? room : described.snaplen;
    this.deliver(described, 0, 0, buffer, body + 4, Math.min(wire, snaplen, room), wire, at, length);
    return true;
  }

  private interfaceOf(id: number): CaptureInterface | null {
    return (this.section as PcapngSection).interfaces[id] ?? null;
  }

  private deliver(
    described: CaptureInterface | null,
    high: number,
    low: number,
    buffer: Uint8Array,
    start: number,
    captured: number,
    wireLength: number,
    at: number,
    length: number,
  ): void {
    const record = this.record;
    record.number++;
    if (described === null) {
      this.strayPackets++;
      return;
    }
    record.timeUs = wholeMicroseconds(high, low, described.unitUs) + described.offsetUs;
    record.linkType = described.linkType;
    record.buffer = buffer;
    record.start = start;
    record.end = start + captured;
    record.wireLength = wireLength < captured ? captured : wireLength;
    record.recordStart = at;
    record.recordEnd = at + length;
    this.handler(record);
  }

  private statistics(buffer: Uint8Array, body: number, bodyEnd: number, littleEndian: boolean): void {
    if (bodyEnd - body < 12) return;
    const described = this.interfaceOf(uint32(buffer, body, littleEndian));
    if (described === null) return;
    let dropped: number | null = null;
    forEachOption(buffer, body + 12, bodyEnd, littleEndian, (code, at, optionLength) => {
      if ((code === OPTION_IF_DROP || code === OPTION_OS_DROP) && optionLength === 8) {
        dropped = (dropped ?? 0) + uint64(buffer, at, littleEndian);
      }
    });
    if (dropped !== null) described.dropped = dropped;
  }

  private readComments(buffer: Uint8Array, start: number, end: number, littleEndian: boolean, packet: number): void {
    if (this.comments.length >= KEPT_COMMENTS) return;
    forEachOption(buffer, start, end, littleEndian, (code, at, optionLength) => {
      if (code !== OPTION_COMMENT || this.comments.length >= KEPT_COMMENTS) return;
      this.comments.push({ packet, octets: copyOctets(buffer, at, at + Math.min(optionLength, KEPT_COMMENT_BYTES)) });
    });
  }

  private packetTooShort(at: number, length: number): false {
    this.damage = damaged(at, `a packet block of ${length} bytes`, 'room for its header');
    return false;
  }

  private packetOverruns(at: number, captured: number, room: number): false {
    this.damage = damaged(
      at,
      `a packet of ${captured} bytes in a block with room for ${room}`,
      'a packet that fits its block',
    );
    return false;
  }
}

/** `before` and what the sections' statistics say; null when nobody said anything. */
function droppedIn(sections: readonly PcapngSection[], before: number | null): number | null {
  let sum = before;
  for (const { interfaces } of sections) {
    for (const { dropped } of interfaces) if (dropped !== null) sum = (sum ?? 0) + dropped;
  }
  return sum;
}

function damaged(byteOffset: number, found: string, expected: string): CaptureDamage {
  return { code: 'capture-damaged', byteOffset, found, expected };
}
