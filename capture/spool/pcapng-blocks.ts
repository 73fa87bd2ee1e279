/**
 * The blocks of pcapng (draft-ietf-opsawg-pcapng) that a spool writes itself:
 * section header, interface description, statistics, packet headers, and
 * filler for octets that are gone. All lengths are multiples of 4.
 */
export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 2,
  simplePacket: 3,
  statistics: 5,
  enhancedPacket: 6,
  /** Custom block that is not to be copied. */
  custom: 0x40000bad,
} as const;

/** Type and twice the length. */
export const BLOCK_FRAME_BYTES = 12;
/** Everything of an enhanced packet block but the packet, its padding and options. */
export const PACKET_FRAME_BYTES = 32;
/** A longer block is taken for damage; readers of captures keep to the same bound. */
export const LONGEST_BLOCK_BYTES = 16_777_216;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION_IF_NAME = 2;
const OPTION_TSRESOL = 9;
const OPTION_IF_RECEIVED = 4;
const OPTION_IF_DROPPED = 5;
const LONGEST_NAME_BYTES = 255;

/** A section header of unknown length, little-endian, version 1.0. */
export function sectionHeader(): Buffer {
  const block = Buffer.alloc(28);
  frame(block, BLOCK.section);
  block.writeUInt32LE(BYTE_ORDER_MAGIC, 8);
  block.writeUInt16LE(1, 12);
  block.fill(0xff, 16, 24);
  return block;
}

/** An interface; `decimals` is the exponent of its time stamps: 6 for microseconds. */
export function interfaceDescription(linkType: number, snapLength: number, name: string, decimals: number): Buffer {
  const text = Buffer.from(name, 'utf8').subarray(0, LONGEST_NAME_BYTES);
  const block = Buffer.alloc(16 + 4 + padded(text.length) + 8 + 4 + 4);
  frame(block, BLOCK.interface);
  block.writeUInt16LE(linkType, 8);
  block.writeUInt32LE(snapLength, 12);
  block.writeUInt16LE(OPTION_IF_NAME, 16);
  block.writeUInt16LE(text.length, 18);
  text.copy(block, 20);
  const at = 20 + padded(text.length);
  block.writeUInt16LE(OPTION_TSRESOL, at);
  block.writeUInt16LE(1, at + 2);
  block[at + 4] = decimals;
  return block;
}

/** What an interface counted; null where it is not known. */
export interface InterfaceCounts {
  readonly received: number | null;
  readonly dropped: number | null;
}

/** Statistics of interface 0, stamped in microseconds. */
export function interfaceStatistics(counts: InterfaceCounts, timeUs: number, littleEndian: boolean): Buffer {
  const options: [number, number][] = [];
  if (counts.received !== null) options.push([OPTION_IF_RECEIVED, counts.received]);
  if (counts.dropped !== null) options.push([OPTION_IF_DROPPED, counts.dropped]);
  const block = Buffer.alloc(20 + options.length * 12 + (options.length === 0 ? 0 : 4) + 4);
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  view.setUint32(0, BLOCK.statistics, littleEndian);
  view.setUint32(4, block.length, littleEndian);
  view.setUint32(12, Math.floor(timeUs / 2 ** 32), littleEndian);
  view.setUint32(16, timeUs % 2 ** 32, littleEndian);
  let at = 20;
  for (const [code, value] of options) {
    view.setUint16(at, code, littleEndian);
    view.setUint16(at + 2, 8, littleEndian);
    view.setBigUint64(at + 4, BigInt(value), littleEndian);
    at += 12;
  }
  view.setUint32(block.length - 4, block.length, littleEndian);
  return block;
}

/** The counts that a statistics block [start, end) states. */
export function countsOf(buffer: Uint8Array, start: number, end: number, littleEndian: boolean): InterfaceCounts {
  const view = new DataView(buffer.buffer, buffer.byteOffset + start, end - start);
  let received: number | null = null;
  let dropped: number | null = null;
  for (const { code, at } of counters(view, littleEndian)) {
    if (code === OPTION_IF_RECEIVED) received = Number(view.getBigUint64(at, littleEndian));
    if (code === OPTION_IF_DROPPED) dropped = Number(view.getBigUint64(at, littleEndian));
  }
  return { received, dropped };
}

/** A statistics block that states other counts, where it states them; everything else stays. Changes the block. */
export function withCounts(block: Uint8Array, counts: InterfaceCounts, littleEndian: boolean): Uint8Array {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  for (const { code, at } of counters(view, littleEndian)) {
    const count = code === OPTION_IF_RECEIVED ? counts.received : code === OPTION_IF_DROPPED ? counts.dropped : null;
    if (count !== null) view.setBigUint64(at, BigInt(count), littleEndian);
  }
  return block;
}

/** The options of 64 bits in a statistics block, and where their values lie. */
function* counters(view: DataView, littleEndian: boolean): Generator<{ readonly code: number; readonly at: number }> {
  const end = view.byteLength - 4;
  for (let at = 20; at + 4 <= end;) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === 0 || at + 4 + length > end) return;
    if (length === 8) yield { code, at: at + 4 };
    at += 4 + padded(length);
  }
}

/** Longest filler block; a reader passes over it without keeping it. */
const LONGEST_FILLER_BYTES = 2 ** 30;
const SHORTEST_FILLER_BYTES = 16;

/**
 * Blocks that say nothing, `length` octets in all (a multiple of 4, at least 16): they stand where
 * blocks have been given up, so that every later position stays what it was. Borrowed pieces.
 */
export function* filler(length: number, littleEndian: boolean): Generator<Uint8Array, void, undefined> {
  const zeros = new Uint8Array(Math.min(length, 1_048_576));
  for (let left = length; left > 0;) {
    let size = Math.min(left, LONGEST_FILLER_BYTES);
    if (left > size && left - size < SHORTEST_FILLER_BYTES) size -= SHORTEST_FILLER_BYTES;
    const ends = new DataView(new ArrayBuffer(12));
    ends.setUint32(0, BLOCK.custom, littleEndian);
    ends.setUint32(4, size, littleEndian);
    ends.setUint32(8, size, littleEndian);
    yield new Uint8Array(ends.buffer, 0, 8);
    for (let inside = size - BLOCK_FRAME_BYTES; inside > 0; inside -= zeros.length) {
      yield inside < zeros.length ? zeros.subarray(0, inside) : zeros;
    }
    yield new Uint8Array(ends.buffer, 8, 4);
    left -= size;
  }
}

/** The next multiple of 4. */
export function padded(length: number): number {
  return (length + 3) & ~3;
}

function frame(block: Buffer, type: number): void {
  block.writeUInt32LE(type, 0);
  block.writeUInt32LE(block.length, 4);
  block.writeUInt32LE(block.length, block.length - 4);
}
