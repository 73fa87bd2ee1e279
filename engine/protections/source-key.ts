/**
 * Which sources are one (PROTECTIONS 0.1). In: an address as text. Out: a key to
 * count by: an IPv4 address, or the /64 of an IPv6 address, in which a host
 * chooses its addresses freely.
 */
import { MAPPED_BITS, parseAddress } from '../policy/networks.js';

const PREFIX_OCTETS = 8;

/** Key by which `across` counts per source; the text itself when it is no IPv6 address. */
export function sourceKey(address: string): string {
  if (!address.includes(':')) return address;
  const octets = parseAddress(address);
  if (octets === null) return address;
  const isMapped = octets.subarray(0, MAPPED_BITS / 8).every((octet, i) => octet === (i < 10 ? 0 : 0xff));
  if (isMapped) return octets.subarray(MAPPED_BITS / 8).join('.');
  let key = '';
  for (let i = 0; i < PREFIX_OCTETS; i++) key += (octets[i] as number).toString(16).padStart(2, '0');
  return `${key}/64`;
}
