/**
 * Addresses and prefixes (CIDR) of both IP versions: reading them, and asking
 * whether an address lies within a list. In: text such as `10.0.0.0/8`,
 * `10.0.0.25`, `2001:db8::/32`, `::ffff:192.0.2.1`. Host names and zone ids
 * are refused. An IPv4 address and its IPv4-mapped IPv6 form are the same.
 */

/** A prefix: the first `bits` of 16 octets; IPv4 lives in ::ffff:0:0/96. */
export interface Prefix {
  readonly octets: Uint8Array;
  readonly bits: number;
}

const ADDRESS_OCTETS = 16;
const ADDRESS_BITS = 128;
/** Length of ::ffff:0:0/96, the prefix in which the IPv4 addresses lie. */
export const MAPPED_BITS = 96;

/** Reads an address or prefix; null when the text is neither. Host bits behind the prefix are ignored. */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf('/');
  const octets = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (octets === null) return null;
  if (slash === -1) return { octets, bits: ADDRESS_BITS };
  const digits = text.slice(slash + 1);
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(digits)) return null;
  const isIpv4 = !text.includes(':');
  const bits = Number(digits) + (isIpv4 ? MAPPED_BITS : 0);
  return bits > ADDRESS_BITS ? null : { octets, bits };
}

/** Reads a textual address into 16 octets; null when it is none. */
export function parseAddress(text: string): Uint8Array | null {
  const octets = new Uint8Array(ADDRESS_OCTETS);
  if (text.includes(':')) return parseIpv6(text, octets) ? octets : null;
  octets[10] = octets[11] = 0xff;
  return parseIpv4(text, octets, 12) ? octets : null;
}

/** Prefixes that can be asked for an address. An empty list contains nothing. */
export class NetworkList {
  private readonly prefixes: readonly Prefix[];

  /** Entries that are no address or prefix are left out: a policy is validated before it comes here. */
  constructor(entries: Iterable<string>) {
    const prefixes: Prefix[] = [];
    for (const entry of entries) {
      const prefix = parsePrefix(entry);
      if (prefix !== null) prefixes.push(prefix);
    }
    this.prefixes = prefixes;
  }

  /** False for text that is no address. */
  contains(address: string): boolean {
    const octets = parseAddress(address);
    if (octets === null) return false;
    return this.prefixes.some((prefix) => isWithin(octets, prefix));
  }
}

function isWithin(octets: Uint8Array, prefix: Prefix): boolean {
  const whole = prefix.bits >> 3;
  for (let i = 0; i < whole; i++) if (octets[i] !== prefix.octets[i]) return false;
  const rest = prefix.bits & 7;
  if (rest === 0) return true;
  const mask = (0xff00 >> rest) & 0xff;
  return ((octets[whole] as number) & mask) === ((prefix.octets[whole] as number) & mask);
}

const ZERO = 0x30;
const DOT = 0x2e;

/** Four decimal numbers without leading zeros. Walks the characters: connections are asked about by the thousand. */
function parseIpv4(text: string, octets: Uint8Array, at: number): boolean {
  let part = 0;
  let digits = 0;
  let value = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? DOT : text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || value > 255 || part === 4) return false;
      octets[at + part++] = value;
      digits = value = 0;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || digits === 3 || (digits > 0 && value === 0)) return false;
    value = value * 10 + digit;
    digits++;
  }
  return part === 4;
}

/** RFC 4291 2.2: groups, one `::`, and an IPv4 tail. */
function parseIpv6(text: string, octets: Uint8Array): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const head = groupsOf(halves[0] as string, halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] as string, true) : [];
  if (head === null || tail === null) return false;
  const count = head.length + tail.length;
  if (halves.length === 1 ? count !== 8 : count > 7) return false;
  for (const [index, group] of head.entries()) writeGroup(octets, index, group);
  for (const [index, group] of tail.entries()) writeGroup(octets, 8 - tail.length + index, group);
  return true;
}

function groupsOf(text: string, mayEndInIpv4: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (mayEndInIpv4 && index === parts.length - 1 && part.includes('.')) {
      const four = new Uint8Array(4);
      if (!parseIpv4(part, four, 0)) return null;
      groups.push(((four[0] as number) << 8) | (four[1] as number), ((four[2] as number) << 8) | (four[3] as number));
      continue;
    }
    const group = parseGroup(part);
    if (group === -1) return null;
    groups.push(group);
  }
  return groups;
}

/** One to four hexadecimal digits; -1 for anything else. */
function parseGroup(text: string): number {
  if (text.length === 0 || text.length > 4) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = hexDigit(text.charCodeAt(i));
    if (digit === -1) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(code: number): number {
  if (code >= ZERO && code <= ZERO + 9) return code - ZERO;
  // Lower case differs from upper case by one bit.
  const letter = (code | 0x20) - 0x61;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

function writeGroup(octets: Uint8Array, index: number, group: number): void {
  octets[index * 2] = group >> 8;
  octets[index * 2 + 1] = group & 0xff;
}
