/**
 * Makes pcapng blocks of classic pcap (draft-ietf-opsawg-pcap), as tcpdump
 * writes it to its output: one section, one interface, an enhanced packet block
 * for each packet. Either byte order, micro- or nanoseconds. Refuses packets
 * longer than a block may be.
 */
import { damagedOutput, type BlockSink, type OutputCutter } from './block-cutter.js';
import {
  BLOCK,
  interfaceDescription,
  LONGEST_BLOCK_BYTES,
  PACKET_FRAME_BYTES,
  padded,
  sectionHeader,
} from './pcapng-blocks.js';

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;

export class PcapConverter implements OutputCutter {
  readonly #sink: BlockSink;
  readonly #interfaceName: string;
  #littleEndian = true;
  #nanoseconds = false;
  #isBegun = false;
  #carry: Buffer = Buffer.alloc(4096);
  #carried = 0;
  #consumed = 0;
  #block: Buffer = Buffer.alloc(4096);

  constructor(sink: BlockSink, interfaceName: string) {
    this.#sink = sink;
    this.#interfaceName = interfaceName;
  }

  get carriedBytes(): number {
    return this.#carried;
  }

  push(chunk: Uint8Array): void {
    const octets = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let at = 0;
    while (at < octets.length && this.#carried > 0) at = this.#fillCarry(octets, at);
    while (at < octets.length) {
      const length = this.#recordLength(octets, at, octets.length);
      if (length === 0 || length > octets.length - at) break;
      this.#convert(octets, at, at + length);
      at += length;
    }
    if (at < octets.length) this.#append(octets, at, octets.length);
  }

  #fillCarry(chunk: Buffer, at: number): number {
    const least = this.#isBegun ? RECORD_HEADER_BYTES : FILE_HEADER_BYTES;
    const wanted = this.#recordLength(this.#carry, 0, this.#carried) || least;
    const end = Math.min(chunk.length, at + wanted - this.#carried);
    this.#append(chunk, at, end);
    const length = this.#recordLength(this.#carry, 0, this.#carried);
    if (length !== 0 && length === this.#carried) {
      this.#carried = 0;
      this.#convert(this.#carry, 0, length);
    }
    return end;
  }

  /** Length of the record (or the file's header) at `at`; 0 when too little of it is there to know. */
  #recordLength(buffer: Buffer, at: number, end: number): number {
    if (!this.#isBegun) return end - at < FILE_HEADER_BYTES ? 0 : FILE_HEADER_BYTES;
    if (end - at < RECORD_HEADER_BYTES) return 0;
    const captured = this.#uint32(buffer, at + 8);
    if (captured > LONGEST_BLOCK_BYTES - PACKET_FRAME_BYTES)
      throw damagedOutput(this.#consumed, `a packet of ${captured} bytes`);
    return RECORD_HEADER_BYTES + captured;
  }

  #convert(buffer: Buffer, start: number, end: number): void {
    if (this.#isBegun) this.#packet(buffer, start, end);
    else this.#begin(buffer, start);
    this.#consumed += end - start;
  }

  #begin(buffer: Buffer, at: number): void {
    const magicLittle = buffer.readUInt32LE(at);
    const magicBig = buffer.readUInt32BE(at);
    this.#littleEndian = magicLittle === MAGIC_MICROSECONDS || magicLittle === MAGIC_NANOSECONDS;
    const magic = this.#littleEndian ? magicLittle : magicBig;
    if (magic !== MAGIC_MICROSECONDS && magic !== MAGIC_NANOSECONDS)
      throw damagedOutput(0, 'no pcap header at the beginning');
    this.#nanoseconds = magic === MAGIC_NANOSECONDS;
    this.#isBegun = true;
    // The upper half of the field says how long the frame check sequence is.
    const linkType = this.#uint32(buffer, at + 20) & 0xffff;
    const snapLength = this.#uint32(buffer, at + 16);
    this.#hand(BLOCK.section, sectionHeader());
    const decimals = this.#nanoseconds ? 9 : 6;
    this.#hand(BLOCK.interface, interfaceDescription(linkType, snapLength, this.#interfaceName, decimals));
  }

  #packet(buffer: Buffer, start: number, end: number): void {
    const captured = end - start - RECORD_HEADER_BYTES;
    const size = PACKET_FRAME_BYTES + padded(captured);
    if (size > this.#block.length) this.#block = Buffer.alloc(size * 2);
    const block = this.#block;
    block.writeUInt32LE(BLOCK.enhancedPacket, 0);
    block.writeUInt32LE(size, 4);
    block.writeUInt32LE(0, 8);
    this.#writeTime(block, this.#uint32(buffer, start), this.#uint32(buffer, start + 4));
    block.writeUInt32LE(captured, 20);
    block.writeUInt32LE(this.#uint32(buffer, start + 12), 24);
    buffer.copy(block, 28, start + RECORD_HEADER_BYTES, end);
    block.fill(0, 28 + captured, size - 4);
    block.writeUInt32LE(size, size - 4);
    this.#sink.block(BLOCK.enhancedPacket, block, 0, size, true);
  }

  /** 64 bits, the upper half first; nanoseconds since 1970 are more than a number can hold exactly. */
  #writeTime(block: Buffer, seconds: number, fraction: number): void {
    if (this.#nanoseconds) {
      const units = BigInt(seconds) * 1_000_000_000n + BigInt(fraction);
      block.writeUInt32LE(Number(units >> 32n), 12);
      block.writeUInt32LE(Number(units & 0xffffffffn), 16);
      return;
    }
    const units = seconds * 1_000_000 + fraction;
    block.writeUInt32LE(Math.floor(units / 2 ** 32), 12);
    block.writeUInt32LE(units % 2 ** 32, 16);
  }

  #hand(type: number, block: Buffer): void {
    this.#sink.block(type, block, 0, block.length, true);
  }

  #uint32(buffer: Buffer, at: number): number {
    return this.#littleEndian ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at);
  }

  #append(chunk: Buffer, start: number, end: number): void {
    const total = this.#carried + end - start;
    if (total > this.#carry.length) {
      const larger = Buffer.alloc(Math.max(total, this.#carry.length * 2));
      this.#carry.copy(larger, 0, 0, this.#carried);
      this.#carry = larger;
    }
    chunk.copy(this.#carry, this.#carried, start, end);
    this.#carried = total;
  }
}
