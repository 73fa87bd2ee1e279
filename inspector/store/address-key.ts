/**
 * A key that puts textual addresses in the order of their values: 10.0.0.2
 * before 10.0.0.10. An IPv4 address is its number, an IPv6 address its digits
 * in full; a text that is no address sorts behind, by itself.
 */
const DOT = 0x2e;
const ZERO = 0x30;

export function addressKey(address: string): number | string {
  const number = ipv4Number(address);
  if (number !== -1) return number;
  const groups = address.includes(':') ? ipv6Groups(address) : null;
  return groups === null ? `~${address}` : groups.map((group) => group.padStart(4, '0')).join('');
}

/** -1 when it is no dotted quad. */
function ipv4Number(address: string): number {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === DOT) {
      if (octet === -1) return -1;
      value = value * 256 + octet;
      octet = -1;
      dots++;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9) return -1;
    octet = Math.max(0, octet) * 10 + digit;
    if (octet > 255) return -1;
  }
  return dots === 3 && octet !== -1 ? value * 256 + octet : -1;
}

/** The eight groups of an RFC 5952 text, `::` filled; null when it is none. */
function ipv6Groups(address: string): readonly string[] | null {
  const [head = '', tail, more] = address.split('::');
  if (more !== undefined) return null;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (missing < 0 || (tail === undefined && missing !== 0)) return null;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  return groups.every((group) => /^[0-9a-f]{1,4}$/.test(group)) ? groups : null;
}
