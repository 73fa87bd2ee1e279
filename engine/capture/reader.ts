/**
 * Reads a capture as it comes, in chunks of any size: finds out the format,
 * hands on each packet, and says exactly where a broken file breaks. Whole
 * records are read in place; only a record that spans chunks is copied.
 */
import type { Limits } from '../limits.js';
import { describeUnknownFormat } from './format.js';
import { isPcap, PCAP_HEADER_BYTES, PcapParser, pcapLayout, type PcapLayout } from './pcap.js';
import { isPcapng, PcapngParser, type CaptureComment, type PcapngSection } from './pcapng.js';
import {
  newPacketRecord,
  type CaptureDamage,
  type PacketHandler,
  type PacketRecord,
  type RecordParser,
} from './record.js';

/** Where and how reading can start in the middle of a capture; plain data. */
export interface ReaderCheckpoint {
  /** Octet of the (decompressed) file that must be pushed first. */
  readonly byteOffset: number;
  /** Number of the first packet from there. */
  readonly packetNumber: number;
  readonly layout: PcapLayout | ({ readonly kind: 'pcapng' } & PcapngSection);
}

export class CaptureReader {
  /** Octets consumed so far, counted from the start of the (decompressed) file. */
  bytes = 0;
  damage: CaptureDamage | null = null;
  private readonly record: PacketRecord = newPacketRecord();
  private parser: RecordParser | null = null;
  private layout: PcapLayout | null = null;
  private pcapng: PcapngParser | null = null;
  private carry: Uint8Array = new Uint8Array(0);
  private carried = 0;
  /** File offset of the first carried octet. */
  private carryOffset = 0;

  constructor(
    private readonly limits: Limits,
    private readonly handler: PacketHandler,
    resume?: ReaderCheckpoint,
  ) {
    if (resume === undefined) return;
    this.bytes = resume.byteOffset;
    this.record.number = resume.packetNumber - 1;
    if (resume.layout.kind === 'pcap') this.startPcap(resume.layout);
    else this.startPcapng(resume.layout);
  }

  /** Packets handed on or counted so far (their highest number). */
  get packets(): number {
    return this.record.number;
  }

  get droppedPackets(): number | null {
    return this.pcapng === null ? null : this.pcapng.droppedPackets;
  }

  /** Packets of pcapng interfaces that were never described. */
  get strayPackets(): number {
    return this.pcapng?.strayPackets ?? 0;
  }

  get comments(): readonly CaptureComment[] {
    return this.pcapng?.comments ?? [];
  }

  /** Takes the next octets (borrowed). Ignored once the file proved to be damaged. */
  push(chunk: Uint8Array): void {
    let position = 0;
    while (position < chunk.length && this.damage === null) {
      if (this.parser !== null && this.parser.skip > 0) position = this.skipIn(chunk, position);
      else if (this.carried > 0 || this.parser === null) position = this.fillCarry(chunk, position);
      else position = this.parseIn(chunk, position);
    }
    // The same count however the octets were cut into chunks.
    if (this.damage !== null) this.bytes = this.damage.byteOffset;
  }

  /** No more octets: finds out whether the file ended where a record ends. */
  end(): void {
    if (this.damage !== null) return;
    if (this.bytes === 0) {
      this.damage = { code: 'capture-empty', byteOffset: 0, found: 'an empty file', expected: 'a capture file' };
    } else if (this.parser === null) {
      this.damage = this.tooShortForHeader();
    } else if (this.carried > 0 || this.parser.skip > 0) {
      const missing = this.parser.skip > 0 ? this.parser.skip : this.parser.needed - this.carried;
      this.damage = {
        code: 'capture-cut-short',
        byteOffset: this.bytes,
        found: `the end of the file in the middle of a record that begins at byte ${this.carryOffset}, after packet ${this.packets}`,
        expected: `at least ${missing} more bytes`,
      };
    }
  }

  /** Where to start in order to read the packet `packetNumber`, whose record begins at `byteOffset`, again. */
  checkpointBefore(byteOffset: number, packetNumber: number): ReaderCheckpoint {
    if (this.pcapng === null) {
      if (this.layout === null) throw new Error('no packet was read, so there is nothing to read again');
      return { byteOffset, packetNumber, layout: this.layout };
    }
    const { sections } = this.pcapng;
    let index = sections.length - 1;
    while (index > 0 && (sections[index] as PcapngSection).byteOffset > byteOffset) index--;
    const section = sections[index];
    if (section === undefined) throw new Error('no section was read, so there is nothing to read again');
    return { byteOffset, packetNumber, layout: { kind: 'pcapng', ...section } };
  }

  private startPcap(layout: PcapLayout): void {
    this.layout = layout;
    this.parser = new PcapParser(layout, this.record, this.handler);
  }

  private startPcapng(resumeIn: PcapngSection | null): void {
    this.pcapng = new PcapngParser(this.limits, this.record, this.handler, resumeIn);
    this.parser = this.pcapng;
  }

  private skipIn(chunk: Uint8Array, position: number): number {
    const parser = this.parser as RecordParser;
    const skipped = Math.min(parser.skip, chunk.length - position);
    parser.skip -= skipped;
    this.bytes += skipped;
    return position + skipped;
  }

  private parseIn(chunk: Uint8Array, position: number): number {
    const parser = this.parser as RecordParser;
    const consumed = parser.parse(chunk, position, chunk.length, this.bytes);
    this.bytes += consumed - position;
    this.damage = parser.damage;
    if (this.damage !== null) return chunk.length;
    if (parser.skip > 0) {
      this.carryOffset = this.bytes;
      return consumed;
    }
    if (consumed < chunk.length) this.startCarry(chunk, consumed);
    return chunk.length;
  }

  private startCarry(chunk: Uint8Array, from: number): void {
    this.carryOffset = this.bytes;
    this.appendToCarry(chunk, from, chunk.length);
  }

  /** Collects the record that spans chunks, no octet more, and parses it when it is whole. */
  private fillCarry(chunk: Uint8Array, position: number): number {
    if (this.carried === 0) this.carryOffset = this.bytes;
    const needed = this.parser === null ? PCAP_HEADER_BYTES : this.parser.needed;
    const end = Math.min(chunk.length, position + needed - this.carried);
    this.appendToCarry(chunk, position, end);
    if (this.carried < needed) return end;
    if (this.parser === null) this.start();
    else this.parseCarry(this.parser);
    return end;
  }

  private appendToCarry(chunk: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const total = this.carried + length;
    if (total > this.carry.length) {
      const larger = new Uint8Array(Math.max(total, this.carry.length * 2, 4096));
      larger.set(this.carry.subarray(0, this.carried));
      this.carry = larger;
    }
    this.carry.set(chunk.subarray(start, end), this.carried);
    this.carried = total;
    this.bytes += length;
  }

  private parseCarry(parser: RecordParser): void {
    const consumed = parser.parse(this.carry, 0, this.carried, this.carryOffset);
    this.damage = parser.damage;
    if (parser.skip > 0) {
      // What is carried is the beginning of what must be skipped.
      parser.skip -= this.carried;
      this.carried = 0;
    } else if (consumed > 0) {
      this.carried = 0;
    }
  }

  /** The first 24 octets are there: which format is it? */
  private start(): void {
    const header = this.carry.subarray(0, this.carried);
    if (isPcapng(header)) {
      this.startPcapng(null);
      this.parseCarry(this.parser as unknown as RecordParser);
      return;
    }
    const layout = isPcap(header) ? pcapLayout(header, this.limits.packetBytes) : null;
    if (layout === null) {
      this.refuseUnknownFormat();
      return;
    }
    this.startPcap(layout);
    this.carried = 0;
  }

  private refuseUnknownFormat(): void {
    const header = this.carry.subarray(0, this.carried);
    if (isPcap(header) || isPcapng(header)) return;
    this.damage = {
      code: 'not-a-capture',
      byteOffset: 0,
      found: describeUnknownFormat(header),
      expected: 'a pcap or pcapng file',
    };
  }

  private tooShortForHeader(): CaptureDamage {
    const header = this.carry.subarray(0, this.carried);
    if (this.carried >= 4 && (isPcap(header) || isPcapng(header))) {
      return {
        code: 'capture-cut-short',
        byteOffset: this.bytes,
        found: `a capture that ends inside its file header, after ${this.bytes} bytes`,
        expected: `at least ${PCAP_HEADER_BYTES} bytes`,
      };
    }
    return {
      code: 'not-a-capture',
      byteOffset: 0,
      found: describeUnknownFormat(header),
      expected: 'a pcap or pcapng file',
    };
  }
}
