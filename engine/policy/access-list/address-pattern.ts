/** Addresses of access lists: from text to patterns, and how patterns compare. */
import { addressText } from '../../packet/address.js';
import { MAPPED_BITS, parseAddress, parsePrefix } from '../networks.js';
import type { AddressFamily, AddressPattern } from './access-list.js';

const OCTETS = 16;
const BITS = 128;
/** Index of the first IPv4 octet within the 16. */
const IPV4_AT = 12;

/** ::ffff:0:0/96 holds the IPv4 addresses. */
export function familyOf(octets: Uint8Array): AddressFamily {
  for (let i = 0; i < 10; i++) if (octets[i] !== 0) return 6;
  return octets[10] === 0xff && octets[11] === 0xff ? 4 : 6;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or one address; null when the text is neither. */
export function prefixPattern(text: string): AddressPattern | null {
  const prefix = parsePrefix(text);
  if (prefix === null) return null;
  const mask = new Uint8Array(OCTETS);
  for (let i = 0; i < OCTETS; i++) mask[i] = (0xff00 >> Math.min(8, Math.max(0, prefix.bits - i * 8))) & 0xff;
  return masked(prefix.octets, mask, prefix.bits < MAPPED_BITS ? 6 : familyOf(prefix.octets));
}

/** An IPv4 address and its wildcard mask (a one means: does not matter); null when one of them is none. */
export function wildcardPattern(address: string, wildcard: string): AddressPattern | null {
  if (address.includes(':') || wildcard.includes(':')) return null;
  const octets = parseAddress(address);
  const inverse = parseAddress(wildcard);
  if (octets === null || inverse === null) return null;
  const mask = new Uint8Array(OCTETS).fill(0xff, 0, IPV4_AT);
  for (let i = IPV4_AT; i < OCTETS; i++) mask[i] = ~(inverse[i] as number) & 0xff;
  return masked(octets, mask, 4);
}

/** Length of the mask's run of leading ones; null when ones follow a zero. */
function prefixBits({ mask }: AddressPattern): number | null {
  let bits = 0;
  while (bits < BITS && bitAt(mask, bits)) bits++;
  for (let i = bits; i < BITS; i++) if (bitAt(mask, i)) return null;
  return bits;
}

/** 16 octets as text: dotted for IPv4, RFC 5952 for IPv6. */
export function octetsText(octets: Uint8Array, family: AddressFamily): string {
  if (family === 4) return octets.subarray(IPV4_AT).join('.');
  const view = new DataView(octets.buffer, octets.byteOffset, OCTETS);
  return addressText(true, [view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12)]);
}

/** `10.0.0.25`, `10.0.0.0/8`, `2001:db8::/32`; null when the mask is no prefix. */
export function prefixText(pattern: AddressPattern): string | null {
  const bits = prefixBits(pattern);
  if (bits === null) return null;
  const address = octetsText(pattern.octets, pattern.family);
  return bits === BITS ? address : `${address}/${pattern.family === 4 ? bits - MAPPED_BITS : bits}`;
}

/** True when the 16 octets of an address of the pattern's own family agree with it. */
export function agrees(pattern: AddressPattern, octets: Uint8Array): boolean {
  const { octets: wanted, mask } = pattern;
  for (let i = 0; i < OCTETS; i++) if (((octets[i] as number) & (mask[i] as number)) !== wanted[i]) return false;
  return true;
}

function masked(octets: Uint8Array, mask: Uint8Array, family: AddressFamily): AddressPattern {
  return { family, octets: octets.map((octet, i) => octet & (mask[i] as number)), mask };
}

function bitAt(octets: Uint8Array, bit: number): boolean {
  return (((octets[bit >> 3] as number) >> (7 - (bit & 7))) & 1) === 1;
}
