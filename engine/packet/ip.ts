/**
 * IPv4 (RFC 791) and IPv6 (RFC 8200) headers: addresses, the payload behind
 * all options and extension headers, and whether it is a fragment. What the
 * snap length cut off is noted, padding of the link layer is trimmed.
 */
import { int32, uint16 } from './octets.js';
import { REASON, type IpPacket } from './segment.js';

export const PROTOCOL_TCP = 6;
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const ESP = 50;
const AUTHENTICATION = 51;
const NO_NEXT = 59;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
const HIP = 139;
const SHIM6 = 140;
const TRUNCATED = REASON['truncated-ip-header'];
const MALFORMED = REASON['malformed-ip-header'];
/** `readIp` found no obstacle. */
export const IP_OK = -1;

/** Reads the header at `at` into `ip`; returns `IP_OK` or the reason why not. */
export function readIp(buffer: Uint8Array, at: number, end: number, ip: IpPacket, headerDepth: number): number {
  const version = (buffer[at] as number) >> 4;
  if (version === 4) return readIpv4(buffer, at, end, ip);
  if (version === 6) return readIpv6(buffer, at, end, ip, headerDepth);
  return at >= end ? TRUNCATED : MALFORMED;
}

function readIpv4(buffer: Uint8Array, at: number, end: number, ip: IpPacket): number {
  if (end - at < 20) return TRUNCATED;
  const headerBytes = ((buffer[at] as number) & 15) * 4;
  if (headerBytes < 20) return MALFORMED;
  if (end - at < headerBytes) return TRUNCATED;
  let totalBytes = uint16(buffer, at + 2);
  // Zero where the network card splits large segments later (TSO): all that was captured.
  if (totalBytes === 0) totalBytes = end - at;
  if (totalBytes < headerBytes) return MALFORMED;
  const fragment = uint16(buffer, at + 6);
  ip.isIpv6 = false;
  ip.source[0] = int32(buffer, at + 12);
  ip.destination[0] = int32(buffer, at + 16);
  ip.protocol = buffer[at + 9] as number;
  ip.isFragment = (fragment & 0x3fff) !== 0;
  ip.fragmentOffset = (fragment & 0x1fff) * 8;
  ip.moreFragments = (fragment & 0x2000) !== 0;
  ip.fragmentId = uint16(buffer, at + 4);
  setPayload(ip, buffer, at + headerBytes, end, totalBytes - headerBytes);
  return IP_OK;
}

function readIpv6(buffer: Uint8Array, at: number, end: number, ip: IpPacket, headerDepth: number): number {
  if (end - at < 40) return TRUNCATED;
  ip.isIpv6 = true;
  for (let i = 0; i < 4; i++) {
    ip.source[i] = int32(buffer, at + 8 + i * 4);
    ip.destination[i] = int32(buffer, at + 24 + i * 4);
  }
  ip.isFragment = false;
  const payloadBytes = uint16(buffer, at + 4);
  // Zero for jumbograms and where the network card splits large segments later.
  const wireEnd = payloadBytes === 0 ? end : at + 40 + payloadBytes;
  const limit = wireEnd < end ? wireEnd : end;
  let next = buffer[at + 6] as number;
  let position = at + 40;
  for (let depth = 0; depth < headerDepth; depth++) {
    if (next === PROTOCOL_TCP) {
      ip.protocol = next;
      setPayload(ip, buffer, position, end, wireEnd - position);
      return IP_OK;
    }
    if (next === ESP) return REASON['encrypted-esp'];
    if (next === NO_NEXT || !isExtension(next)) {
      ip.protocol = next;
      setPayload(ip, buffer, position, end, wireEnd - position);
      return IP_OK;
    }
    if (limit - position < 8) return TRUNCATED;
    const after = buffer[position] as number;
    if (next === FRAGMENT) {
      const field = uint16(buffer, position + 2);
      ip.fragmentOffset = field & 0xfff8;
      ip.moreFragments = (field & 1) !== 0;
      // An atomic fragment (RFC 6946) is whole by itself.
      ip.isFragment = ip.fragmentOffset !== 0 || ip.moreFragments;
      ip.fragmentId = int32(buffer, position + 4);
      position += 8;
      if (ip.isFragment) {
        ip.protocol = after;
        setPayload(ip, buffer, position, end, wireEnd - position);
        return IP_OK;
      }
    } else {
      const units = buffer[position + 1] as number;
      position += next === AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
    }
    if (position > limit) return TRUNCATED;
    next = after;
  }
  return REASON['too-many-headers'];
}

/**
 * Walks extension headers inside a reassembled IPv6 fragment payload, which
 * begins with a header of type `next`. Sets protocol and start of `ip`.
 */
export function skipExtensions(ip: IpPacket, headerDepth: number): number {
  for (let depth = 0; isExtension(ip.protocol); depth++) {
    if (depth >= headerDepth || ip.protocol === FRAGMENT) return REASON['too-many-headers'];
    if (ip.end - ip.start < 8) return TRUNCATED;
    const units = ip.buffer[ip.start + 1] as number;
    const bytes = ip.protocol === AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
    ip.protocol = ip.buffer[ip.start] as number;
    ip.start += bytes;
    ip.wireBytes -= bytes;
    if (ip.start > ip.end) return TRUNCATED;
  }
  return IP_OK;
}

function isExtension(protocol: number): boolean {
  return (
    protocol === HOP_BY_HOP ||
    protocol === ROUTING ||
    protocol === FRAGMENT ||
    protocol === AUTHENTICATION ||
    protocol === DESTINATION_OPTIONS ||
    protocol === MOBILITY ||
    protocol === HIP ||
    protocol === SHIM6
  );
}

function setPayload(ip: IpPacket, buffer: Uint8Array, start: number, end: number, wireBytes: number): void {
  ip.buffer = buffer;
  ip.start = start;
  ip.end = start + wireBytes < end ? start + wireBytes : end;
  ip.wireBytes = wireBytes;
}
