/** Captures made for the tests of the spool: octets as capture processes write them, and what the engine reads of them. */
import fc from 'fast-check';
import { interfaceDescription, padded, sectionHeader } from '../../capture/spool/pcapng-blocks.js';
import type { RingOptions } from '../../capture/spool/ring-writer.js';
import { CaptureReader } from '../../engine/capture/reader.js';
import { DEFAULT_LIMITS } from '../../engine/limits.js';

export interface MadePacket {
  readonly seconds: number;
  /** Micro- or nanoseconds. */
  readonly fraction: number;
  readonly octets: Uint8Array;
  readonly wireLength: number;
}

export const somePackets: fc.Arbitrary<MadePacket[]> = fc.array(
  fc.record({
    seconds: fc.integer({ min: 0, max: 0x7fffffff }),
    fraction: fc.integer({ min: 0, max: 999_999 }),
    octets: fc.uint8Array({ maxLength: 200 }),
    wireLength: fc.integer({ min: 200, max: 65_535 }),
  }),
  { maxLength: 40 },
);

/** `count` packets of the same size, each other octets. */
export function packets(count: number, size = 100): MadePacket[] {
  return Array.from({ length: count }, (_, i) => ({
    seconds: 1_700_000_000 + i,
    fraction: i % 1_000_000,
    octets: new Uint8Array(size).fill(i),
    wireLength: size,
  }));
}

export function packetBlock({ seconds, fraction, octets, wireLength }: MadePacket): Buffer {
  const block = Buffer.alloc(32 + padded(octets.length));
  const units = BigInt(seconds) * 1_000_000n + BigInt(fraction);
  block.writeUInt32LE(6, 0);
  block.writeUInt32LE(block.length, 4);
  block.writeUInt32LE(Number(units >> 32n), 12);
  block.writeUInt32LE(Number(units & 0xffffffffn), 16);
  block.writeUInt32LE(octets.length, 20);
  block.writeUInt32LE(wireLength, 24);
  block.set(octets, 28);
  block.writeUInt32LE(block.length, block.length - 4);
  return block;
}

export function pcapngHeaders(): Buffer {
  return Buffer.concat([sectionHeader(), interfaceDescription(1, 65_535, 'eth0', 6)]);
}

export function pcapng(made: readonly MadePacket[]): Buffer {
  return Buffer.concat([pcapngHeaders(), ...made.map(packetBlock)]);
}

/** Turns every number of a little-endian capture of `pcapng` (without options' values) around. */
export function bigEndian(capture: Buffer): Buffer {
  const turned = Buffer.from(capture);
  for (let at = 0; at < turned.length;) {
    const length = capture.readUInt32LE(at + 4);
    const type = capture.readUInt32LE(at);
    const numbers = type === 6 ? [0, 4, 8, 12, 16, 20, 24] : type === 1 ? [0, 4, 12] : [0, 4, 8];
    for (const place of [...numbers, length - 4]) turned.writeUInt32BE(capture.readUInt32LE(at + place), at + place);
    const halves = type === 6 ? [] : type === 1 ? optionHeads(capture, at + 16, at + length - 4) : [at + 12, at + 14];
    for (const place of type === 1 ? [at + 8, ...halves] : halves)
      turned.writeUInt16BE(capture.readUInt16LE(place), place);
    at += length;
  }
  return turned;
}

function optionHeads(capture: Buffer, start: number, end: number): number[] {
  const places: number[] = [];
  for (let at = start; at + 4 <= end; at += 4 + padded(capture.readUInt16LE(at + 2))) places.push(at, at + 2);
  return places;
}

export interface PcapKind {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
}

export function pcap(made: readonly MadePacket[], { littleEndian, nanoseconds }: PcapKind): Buffer {
  const numbers = (...values: number[]): Buffer => {
    const octets = Buffer.alloc(values.length * 4);
    values.forEach((value, i) =>
      littleEndian ? octets.writeUInt32LE(value, i * 4) : octets.writeUInt32BE(value, i * 4),
    );
    return octets;
  };
  const version = littleEndian ? 0x00040002 : 0x00020004;
  return Buffer.concat([
    numbers(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, version, 0, 0, 65_535, 1),
    ...made.flatMap(({ seconds, fraction, octets, wireLength }) => [
      numbers(seconds, fraction, octets.length, wireLength),
      Buffer.from(octets),
    ]),
  ]);
}

/** A packet as the engine reads it. */
export interface ReadPacket {
  readonly number: number;
  readonly timeUs: number;
  readonly linkType: number;
  readonly octets: string;
  readonly wireLength: number;
  /** Where its record begins. */
  readonly at: number;
}

export interface ReadCapture {
  readonly packets: readonly ReadPacket[];
  readonly damage: unknown;
  readonly dropped: number | null;
}

/** What the engine makes of a capture, given whole or in pieces. */
export function readCapture(...pieces: readonly Uint8Array[]): ReadCapture {
  const read: ReadPacket[] = [];
  const reader = new CaptureReader(DEFAULT_LIMITS, (record) =>
    read.push({
      number: record.number,
      timeUs: record.timeUs,
      linkType: record.linkType,
      octets: Buffer.from(record.buffer.subarray(record.start, record.end)).toString('hex'),
      wireLength: record.wireLength,
      at: record.recordStart,
    }),
  );
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return { packets: read, damage: reader.damage, dropped: reader.droppedPackets };
}

/** Packets without their place in a file. */
export function contents(read: ReadCapture): unknown[] {
  return read.packets.map(({ number, timeUs, linkType, octets, wireLength }) => ({
    number,
    timeUs,
    linkType,
    octets,
    wireLength,
  }));
}

/** The octets in pieces of the sizes, which are repeated. */
export function* cut(octets: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < octets.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield octets.subarray(at, at + size);
    at += size;
  }
}

export function ringOptions(folder: string, changes: Partial<RingOptions> = {}): RingOptions {
  return {
    folder,
    ring: { fileBytes: 2000, files: 3, fileSeconds: 0 },
    interfaceName: 'eth0',
    engine: 'dumpcap',
    filter: 'port 25',
    startedMs: 1_700_000_000_000,
    now: () => 1_700_000_000_000,
    ...changes,
  };
}
