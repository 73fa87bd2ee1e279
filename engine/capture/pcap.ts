/**
 * Reads classic pcap (draft-ietf-opsawg-pcap): both byte orders, micro- and
 * nanoseconds, and the "modified" variant with 24-octet record headers.
 * Refuses a record longer than any capture makes; it means a damaged file.
 */
import { uint32 } from './octets.js';
import type { CaptureDamage, PacketHandler, PacketRecord, RecordParser } from './record.js';

export const PCAP_HEADER_BYTES = 24;
/** libpcap's MAXIMUM_SNAPLEN: no capture has longer records unless its header says so. */
const MAXIMUM_SNAPLEN = 262_144;

/** How the records of a pcap file are laid out; plain data. */
export interface PcapLayout {
  readonly kind: 'pcap';
  readonly littleEndian: boolean;
  /** Units of the second time stamp word in a microsecond. */
  readonly unitsPerUs: number;
  readonly recordHeaderBytes: number;
  readonly linkType: number;
  readonly maximumRecordBytes: number;
}

/** Layout by the magic number in the first four octets, or null when it is no pcap. */
export function pcapLayout(header: Uint8Array, packetBytesLimit: number): PcapLayout | null {
  const littleEndian = header[0] !== 0xa1;
  const magic = uint32(header, 0, littleEndian);
  const variant = MAGIC.get(magic);
  if (variant === undefined) return null;
  const snaplen = uint32(header, 16, littleEndian);
  return {
    kind: 'pcap',
    littleEndian,
    unitsPerUs: variant.unitsPerUs,
    recordHeaderBytes: variant.recordHeaderBytes,
    linkType: uint32(header, 20, littleEndian) & 0xffff,
    maximumRecordBytes: Math.min(packetBytesLimit, Math.max(MAXIMUM_SNAPLEN, snaplen)),
  };
}

const MAGIC: ReadonlyMap<number, { readonly unitsPerUs: number; readonly recordHeaderBytes: number }> = new Map([
  [0xa1b2c3d4, { unitsPerUs: 1, recordHeaderBytes: 16 }],
  [0xa1b23c4d, { unitsPerUs: 1000, recordHeaderBytes: 16 }],
  [0xa1b2cd34, { unitsPerUs: 1, recordHeaderBytes: 24 }],
]);

/** True when the octets begin with one of pcap's magic numbers. */
export function isPcap(octets: Uint8Array): boolean {
  return MAGIC.has(uint32(octets, 0, false)) || MAGIC.has(uint32(octets, 0, true));
}

export class PcapParser implements RecordParser {
  needed: number;
  skip = 0;
  damage: CaptureDamage | null = null;

  constructor(
    private readonly layout: PcapLayout,
    private readonly record: PacketRecord,
    private readonly handler: PacketHandler,
  ) {
    this.needed = layout.recordHeaderBytes;
  }

  parse(buffer: Uint8Array, start: number, end: number, fileOffset: number): number {
    const { littleEndian, unitsPerUs, recordHeaderBytes, maximumRecordBytes, linkType } = this.layout;
    const { record, handler } = this;
    let position = start;
    while (end - position >= recordHeaderBytes) {
      const captured = uint32(buffer, position + 8, littleEndian);
      if (captured > maximumRecordBytes) {
        this.damage = this.tooLong(fileOffset + position - start, captured);
        return position;
      }
      const next = position + recordHeaderBytes + captured;
      if (next > end) {
        this.needed = next - position;
        return position;
      }
      record.number++;
      record.timeUs =
        uint32(buffer, position, littleEndian) * 1e6 +
        Math.floor(uint32(buffer, position + 4, littleEndian) / unitsPerUs);
      record.linkType = linkType;
      record.buffer = buffer;
      record.start = position + recordHeaderBytes;
      record.end = next;
      const wireLength = uint32(buffer, position + 12, littleEndian);
      record.wireLength = wireLength < captured ? captured : wireLength;
      record.recordStart = fileOffset + position - start;
      record.recordEnd = fileOffset + next - start;
      handler(record);
      position = next;
    }
    this.needed = recordHeaderBytes;
    return position;
  }

  private tooLong(byteOffset: number, captured: number): CaptureDamage {
    return {
      code: 'capture-damaged',
      byteOffset,
      found: `a packet record of ${captured} bytes`,
      expected: `at most ${this.layout.maximumRecordBytes} bytes`,
    };
  }
}
