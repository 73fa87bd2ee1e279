/**
 * Which prefixes can be somebody's own networks, for what must never reach a
 * stranger's host. In: entries of `networks.own`. Out: those that are no wider
 * than any one organisation's. `0.0.0.0/0` is everybody's.
 */
import { MAPPED_BITS, parsePrefix, type Prefix } from './networks.js';

/** The largest private network, 10.0.0.0/8 (RFC 1918), and the largest blocks ever given to one owner. */
const WIDEST_IPV4 = MAPPED_BITS + 8;
const WIDEST_IPV6 = 16;
/** The leading bits of ::ffff:0:0/96 that are zero. */
const MAPPED_ZEROS = 80;

/** The entries that are narrow enough. */
export function narrowNetworks(entries: readonly string[]): string[] {
  return entries.filter((entry) => {
    const prefix = parsePrefix(entry);
    return prefix !== null && isNarrow(prefix);
  });
}

function isNarrow(prefix: Prefix): boolean {
  if (takesInIpv4(prefix)) return prefix.bits >= WIDEST_IPV4;
  return prefix.bits >= WIDEST_IPV6 || isLocal(prefix);
}

/** True for IPv4 prefixes, and for IPv6 ones such as ::/64 that hold the IPv4-mapped addresses. */
function takesInIpv4({ octets, bits }: Prefix): boolean {
  for (let bit = 0; bit < Math.min(bits, MAPPED_BITS); bit++) {
    if (bitAt(octets, bit) !== bit >= MAPPED_ZEROS) return false;
  }
  return true;
}

/** fc00::/7 and fe80::/10 lead to nobody else (RFC 4193, RFC 4291 2.5.6). */
function isLocal({ octets, bits }: Prefix): boolean {
  const [first = 0, second = 0] = octets;
  return (bits >= 7 && (first & 0xfe) === 0xfc) || (bits >= 10 && first === 0xfe && (second & 0xc0) === 0x80);
}

function bitAt(octets: Uint8Array, bit: number): boolean {
  return (((octets[bit >> 3] as number) >> (7 - (bit & 7))) & 1) === 1;
}
