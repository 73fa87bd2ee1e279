/** Builds real packets and capture files octet by octet, checksums included, for tests. */

export interface TcpFields {
  readonly source?: string;
  readonly destination?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly flags?: number;
  readonly payload?: Uint8Array | string;
  /** Added to the right checksum, to make it wrong. */
  readonly checksumError?: number;
}

export const SYN = 2;
export const ACK = 16;
export const FIN = 1;
export const RST = 4;

const CLIENT = '192.0.2.1';
const SERVER = '198.51.100.25';

/** An IP packet (version by the source address) with a TCP segment. */
export function ipPacket(fields: TcpFields = {}): Buffer {
  const source = addressOctets(fields.source ?? CLIENT);
  const destination = addressOctets(fields.destination ?? SERVER);
  const segment = tcpSegment(fields, source, destination);
  return source.length === 4 ? ipv4(source, destination, segment) : ipv6(source, destination, segment);
}

function tcpSegment(fields: TcpFields, source: Buffer, destination: Buffer): Buffer {
  const payload =
    typeof fields.payload === 'string' ? Buffer.from(fields.payload, 'latin1') : Buffer.from(fields.payload ?? []);
  const segment = Buffer.alloc(20 + payload.length);
  segment.writeUInt16BE(fields.sourcePort ?? 40_000, 0);
  segment.writeUInt16BE(fields.destinationPort ?? 25, 2);
  segment.writeUInt32BE((fields.sequence ?? 1) >>> 0, 4);
  segment.writeUInt32BE((fields.acknowledgement ?? 0) >>> 0, 8);
  segment[12] = 0x50;
  segment[13] = fields.flags ?? ACK;
  segment.writeUInt16BE(65_535, 14);
  payload.copy(segment, 20);
  const pseudo = Buffer.alloc(source.length === 4 ? 12 : 40);
  source.copy(pseudo, 0);
  destination.copy(pseudo, source.length);
  pseudo.writeUInt16BE(segment.length, pseudo.length === 12 ? 10 : 34);
  pseudo[pseudo.length === 12 ? 9 : 39] = 6;
  const checksum = internetChecksum(Buffer.concat([pseudo, segment]));
  segment.writeUInt16BE((checksum + (fields.checksumError ?? 0)) & 0xffff, 16);
  return segment;
}

export function ipv4(
  source: Buffer,
  destination: Buffer,
  payload: Buffer,
  fragment = 0,
  protocol = 6,
  options = 0,
): Buffer {
  const header = Buffer.alloc(20 + options);
  header[0] = 0x40 | (header.length / 4);
  header.writeUInt16BE(header.length + payload.length, 2);
  header.writeUInt16BE(0x1234, 4);
  header.writeUInt16BE(fragment, 6);
  header[8] = 64;
  header[9] = protocol;
  source.copy(header, 12);
  destination.copy(header, 16);
  header.fill(1, 20);
  return Buffer.concat([header, payload]);
}

/** `extensions`: pairs of header type and its octets, whose first octet is overwritten with the next type. */
export function ipv6(
  source: Buffer,
  destination: Buffer,
  payload: Buffer,
  extensions: readonly [number, Buffer][] = [],
): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  const types = [...extensions.map(([type]) => type), 6];
  const chain = extensions.map(([, octets], index) => {
    const copy = Buffer.from(octets);
    copy[0] = types[index + 1] as number;
    return copy;
  });
  const body = Buffer.concat([...chain, payload]);
  header.writeUInt16BE(body.length, 4);
  header[6] = types[0] as number;
  header[7] = 64;
  source.copy(header, 8);
  destination.copy(header, 24);
  return Buffer.concat([header, body]);
}

/** IPv4 packets that carry `packet`'s payload in pieces of `size` octets (a multiple of 8). */
export function ipv4Fragments(packet: Buffer, size: number): Buffer[] {
  const payload = packet.subarray(20);
  const fragments: Buffer[] = [];
  for (let at = 0; at < payload.length; at += size) {
    const isLast = at + size >= payload.length;
    const field = at / 8 + (isLast ? 0 : 0x2000);
    fragments.push(ipv4(packet.subarray(12, 16), packet.subarray(16, 20), payload.subarray(at, at + size), field));
  }
  return fragments;
}

export function ipv6Fragments(packet: Buffer, size: number): Buffer[] {
  const payload = packet.subarray(40);
  const fragments: Buffer[] = [];
  for (let at = 0; at < payload.length; at += size) {
    const header = Buffer.alloc(8);
    header.writeUInt16BE(at + (at + size >= payload.length ? 0 : 1), 2);
    header.writeUInt32BE(77, 4);
    fragments.push(
      ipv6(packet.subarray(8, 24), packet.subarray(24, 40), payload.subarray(at, at + size), [[44, header]]),
    );
  }
  return fragments;
}

export function addressOctets(text: string): Buffer {
  if (!text.includes(':')) return Buffer.from(text.split('.').map(Number));
  const [head = '', tail = ''] = text.split('::');
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  const left = groups(head);
  const right = groups(tail);
  const all = text.includes('::')
    ? [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
    : left;
  const octets = Buffer.alloc(16);
  all.forEach((group, index) => octets.writeUInt16BE(group, index * 2));
  return octets;
}

function internetChecksum(octets: Buffer): number {
  let sum = 0;
  for (let i = 0; i < octets.length; i += 2) sum += ((octets[i] as number) << 8) | (octets[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

export const LINK = { null: 0, ethernet: 1, raw: 101, loop: 108, sll: 113, ipv4: 228, ipv6: 229, sll2: 276 } as const;

/** Ethernet frame, with VLAN tags (outermost first). */
export function ethernet(packet: Buffer, vlans: readonly number[] = [], tagType = 0x8100): Buffer {
  const tags = vlans.map((vlan, index) => {
    const tag = Buffer.alloc(4);
    tag.writeUInt16BE(index === 0 ? tagType : 0x8100, 0);
    tag.writeUInt16BE(vlan, 2);
    return tag;
  });
  const type = Buffer.from((packet[0] as number) >> 4 === 4 ? [8, 0] : [0x86, 0xdd]);
  return Buffer.concat([Buffer.alloc(12, 2), ...tags, type, packet]);
}

export interface CapturedPacket {
  readonly timeUs?: number;
  readonly octets: Buffer;
  readonly wireLength?: number;
}

/** A classic pcap file. */
export function pcapFile(
  packets: readonly CapturedPacket[],
  options: { readonly littleEndian?: boolean; readonly nanoseconds?: boolean; readonly linkType?: number } = {},
): Buffer {
  const { littleEndian = true, nanoseconds = false, linkType = LINK.ethernet } = options;
  const word = (value: number): Buffer => fixed(4, value, littleEndian);
  const half = (value: number): Buffer => fixed(2, value, littleEndian);
  const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  const parts = [word(magic), half(2), half(4), word(0), word(0), word(65_535), word(linkType)];
  for (const { timeUs = 0, octets, wireLength } of packets) {
    const seconds = Math.floor(timeUs / 1e6);
    const rest = timeUs - seconds * 1e6;
    parts.push(
      word(seconds),
      word(nanoseconds ? rest * 1000 : rest),
      word(octets.length),
      word(wireLength ?? octets.length),
      octets,
    );
  }
  return Buffer.concat(parts);
}

/** One pcapng block with its lengths and padding. */
export function pcapngBlock(type: number, body: Buffer, littleEndian = true): Buffer {
  const padding = Buffer.alloc((4 - (body.length % 4)) % 4);
  const length = fixed(4, 12 + body.length + padding.length, littleEndian);
  return Buffer.concat([fixed(4, type, littleEndian), length, body, padding, length]);
}

export function sectionHeader(littleEndian = true): Buffer {
  const body = Buffer.concat([
    fixed(4, 0x1a2b3c4d, littleEndian),
    fixed(2, 1, littleEndian),
    fixed(2, 0, littleEndian),
    Buffer.alloc(8, 255),
  ]);
  return pcapngBlock(0x0a0d0d0a, body, littleEndian);
}

export function pcapngOption(code: number, value: Buffer, littleEndian = true): Buffer {
  const padding = Buffer.alloc((4 - (value.length % 4)) % 4);
  return Buffer.concat([fixed(2, code, littleEndian), fixed(2, value.length, littleEndian), value, padding]);
}

export function interfaceBlock(linkType: number, options: Buffer = Buffer.alloc(0), littleEndian = true): Buffer {
  const body = Buffer.concat([
    fixed(2, linkType, littleEndian),
    fixed(2, 0, littleEndian),
    fixed(4, 0, littleEndian),
    options,
  ]);
  return pcapngBlock(1, body, littleEndian);
}

/** `units`: time in units of the interface's resolution. */
export function enhancedPacket(
  interfaceId: number,
  units: number,
  octets: Buffer,
  options: Buffer = Buffer.alloc(0),
  littleEndian = true,
): Buffer {
  const padding = Buffer.alloc((4 - (octets.length % 4)) % 4);
  const head = [interfaceId, Math.floor(units / 4294967296), units % 4294967296, octets.length, octets.length];
  const body = Buffer.concat([...head.map((value) => fixed(4, value, littleEndian)), octets, padding, options]);
  return pcapngBlock(6, body, littleEndian);
}

export function fixed(bytes: 2 | 4, value: number, littleEndian: boolean): Buffer {
  const octets = Buffer.alloc(bytes);
  if (littleEndian) octets.writeUIntLE(value >>> 0, 0, bytes);
  else octets.writeUIntBE(value >>> 0, 0, bytes);
  return octets;
}
