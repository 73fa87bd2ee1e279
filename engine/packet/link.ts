/**
 * Link layers: from a packet's first octet to its IP header. Ethernet (with
 * 802.1Q and 802.1ad tags, LLC/SNAP), Linux cooked v1 and v2, BSD loopback and
 * raw IP. Refuses everything else by returning a negative reason.
 */
import { uint16 } from './octets.js';
import { REASON, type TcpSegment } from './segment.js';

export const LINKTYPE = {
  null: 0,
  ethernet: 1,
  rawOld12: 12,
  rawOld14: 14,
  raw: 101,
  loop: 108,
  linuxSll: 113,
  ipv4: 228,
  ipv6: 229,
  linuxSll2: 276,
} as const;

export const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_VLAN = 0x8100;
const ETHERTYPE_QINQ = 0x88a8;
const ETHERTYPE_QINQ_OLD = 0x9100;
const UNKNOWN_LINK = -1 - REASON['unknown-link-type'];
const TRUNCATED = -1 - REASON['truncated-link-header'];
const NOT_IP = -1 - REASON['not-ip'];

/** Position of the IP header, or `-1 - reason`. Tags are noted in `segment.vlan`. */
export function findIpHeader(
  linkType: number,
  buffer: Uint8Array,
  start: number,
  end: number,
  segment: TcpSegment,
): number {
  switch (linkType) {
    case LINKTYPE.ethernet:
      return end - start < 14 ? TRUNCATED : behindEtherType(buffer, start + 12, end, segment);
    case LINKTYPE.linuxSll:
      return end - start < 16 ? TRUNCATED : behindEtherType(buffer, start + 14, end, segment);
    case LINKTYPE.linuxSll2:
      if (end - start < 20) return TRUNCATED;
      return behindProtocol(buffer, uint16(buffer, start), start + 20, end, segment);
    case LINKTYPE.null:
    case LINKTYPE.loop:
      return behindAddressFamily(buffer, start, end);
    case LINKTYPE.raw:
    case LINKTYPE.rawOld12:
    case LINKTYPE.rawOld14:
    case LINKTYPE.ipv4:
    case LINKTYPE.ipv6:
      return end > start ? start : TRUNCATED;
    default:
      return UNKNOWN_LINK;
  }
}

function behindEtherType(buffer: Uint8Array, at: number, end: number, segment: TcpSegment): number {
  const type = uint16(buffer, at);
  if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) return at + 2;
  return behindProtocol(buffer, type, at + 2, end, segment);
}

/** Follows VLAN tags and LLC/SNAP from an EtherType whose payload begins at `at`. */
function behindProtocol(buffer: Uint8Array, etherType: number, at: number, end: number, segment: TcpSegment): number {
  let type = etherType;
  let position = at;
  while (type === ETHERTYPE_VLAN || type === ETHERTYPE_QINQ || type === ETHERTYPE_QINQ_OLD) {
    if (end - position < 4) return TRUNCATED;
    if (segment.vlanCount < segment.vlan.length) segment.vlan[segment.vlanCount++] = uint16(buffer, position) & 0xfff;
    type = uint16(buffer, position + 2);
    position += 4;
  }
  if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) return position;
  if (type <= 1500 && isSnapIp(buffer, position, end)) return position + 8;
  return NOT_IP;
}

/** IEEE 802.2 SNAP with organisation code 0: AA AA 03 00 00 00 type. */
function isSnapIp(buffer: Uint8Array, at: number, end: number): boolean {
  if (end - at < 8 || buffer[at] !== 0xaa || buffer[at + 1] !== 0xaa || buffer[at + 2] !== 3) return false;
  if (buffer[at + 3] !== 0 || buffer[at + 4] !== 0 || buffer[at + 5] !== 0) return false;
  const type = uint16(buffer, at + 6);
  return type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6;
}

/** NULL and LOOP: an address family in the byte order of the capturing host (LOOP: network order). */
function behindAddressFamily(buffer: Uint8Array, start: number, end: number): number {
  if (end - start < 5) return TRUNCATED;
  const low = buffer[start] as number;
  const high = buffer[start + 3] as number;
  const family = low !== 0 ? low : high;
  // AF_INET is 2 everywhere; AF_INET6 is 10 (Linux), 24 (NetBSD), 28 (FreeBSD), 30 (Darwin).
  return family === 2 || family === 10 || family === 24 || family === 28 || family === 30 ? start + 4 : NOT_IP;
}
