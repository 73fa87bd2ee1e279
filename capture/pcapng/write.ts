/**
 * The few pcapng blocks that a capture of our own consists of: section header,
 * interface description (time stamps in microseconds), enhanced packet.
 * Little-endian. Source: draft-ietf-opsawg-pcapng, sections 4.1 to 4.3. Packets
 * are written into a buffer of the caller; nothing is kept of one.
 */
const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;

const OPTION_END = 0;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_FILTER = 11;

const BLOCK_OVERHEAD = 12;
const PACKET_FIELDS = 20;
/** `if_tsresol`: ten to the minus six. */
const MICROSECONDS = 6;
/** `if_filter`: a libpcap expression. */
const FILTER_EXPRESSION = 0;

export interface WrittenInterface {
  readonly name: string;
  /** LINKTYPE_ value. */
  readonly linkType: number;
  readonly snapLength: number;
  readonly filter: string;
}

/** Section header and interface description: the start of a capture of one interface. */
export function captureStart(described: WrittenInterface, application: string): Buffer {
  return Buffer.concat([sectionHeader(application), interfaceDescription(described)]);
}

function sectionHeader(application: string): Buffer {
  const fields = Buffer.alloc(16);
  fields.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  fields.writeUInt16LE(1, 4);
  fields.writeUInt16LE(0, 6);
  fields.writeBigInt64LE(-1n, 8);
  return block(SECTION_HEADER, fields, [option(SHB_USERAPPL, Buffer.from(application))]);
}

function interfaceDescription({ name, linkType, snapLength, filter }: WrittenInterface): Buffer {
  const fields = Buffer.alloc(8);
  fields.writeUInt16LE(linkType, 0);
  fields.writeUInt32LE(snapLength, 4);
  const options = [option(IF_NAME, Buffer.from(name)), option(IF_TSRESOL, Buffer.from([MICROSECONDS]))];
  if (filter !== '') options.push(option(IF_FILTER, Buffer.from(`${String.fromCharCode(FILTER_EXPRESSION)}${filter}`)));
  return block(INTERFACE_DESCRIPTION, fields, options);
}

function option(code: number, value: Buffer): Buffer {
  const kept = value.subarray(0, 0xffff);
  const written = Buffer.alloc(4 + padded(kept.length));
  written.writeUInt16LE(code, 0);
  written.writeUInt16LE(kept.length, 2);
  kept.copy(written, 4);
  return written;
}

function block(type: number, fields: Buffer, options: readonly Buffer[]): Buffer {
  const body = Buffer.concat([fields, ...options, option(OPTION_END, Buffer.alloc(0))]);
  const length = body.length + BLOCK_OVERHEAD;
  const written = Buffer.alloc(length);
  written.writeUInt32LE(type, 0);
  written.writeUInt32LE(length, 4);
  body.copy(written, 8);
  written.writeUInt32LE(length, length - 4);
  return written;
}

/** Octets that `writePacket` needs for a packet of which so many octets were captured. */
export function packetBlockBytes(capturedLength: number): number {
  return BLOCK_OVERHEAD + PACKET_FIELDS + padded(capturedLength);
}

/**
 * Writes an enhanced packet block of interface 0 at `at`, and hands back the
 * offset after it. `timeUs`: since 1970. The captured octets are the first
 * `capturedLength` of `packet`; `originalLength` is what was on the wire.
 */
export function writePacket(
  target: Buffer,
  at: number,
  timeUs: number,
  packet: Uint8Array,
  capturedLength: number,
  originalLength: number,
): number {
  const length = packetBlockBytes(capturedLength);
  const end = at + length;
  target.writeUInt32LE(ENHANCED_PACKET, at);
  target.writeUInt32LE(length, at + 4);
  target.writeUInt32LE(0, at + 8);
  target.writeUInt32LE(Math.floor(timeUs / 2 ** 32), at + 12);
  target.writeUInt32LE(timeUs % 2 ** 32, at + 16);
  target.writeUInt32LE(capturedLength, at + 20);
  target.writeUInt32LE(originalLength, at + 24);
  const data = at + 28;
  target.set(packet.subarray(0, capturedLength), data);
  target.fill(0, data + capturedLength, end - 4);
  target.writeUInt32LE(length, end - 4);
  return end;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
