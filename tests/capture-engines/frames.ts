/** Ethernet frames with TCP in them, as hex: tagged, in fragments, over IPv6. Checksums are left zero. */
const MACS = '020000000002020000000001';
const IPV4 = '0800';
const IPV6 = '86dd';

export const TAG = '8100';
export const SERVICE_TAG = '88a8';

export function tag(ethertype: string, vlan: number): string {
  return ethertype + hex16(vlan);
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** TCP header with SYN to `port`, and as many octets as are asked for. */
function tcp(port: number, payload: number): string {
  return `c001${hex16(port)}00000001000000005002ffff00000000${'61'.repeat(payload)}`;
}

function ipv4(flagsAndOffset: number, body: string): string {
  return `4500${hex16(20 + body.length / 2)}0007${hex16(flagsAndOffset)}40060000c0000201c0000202${body}`;
}

const ADDRESSES = `20010db8${'0'.repeat(23)}120010db8${'0'.repeat(23)}2`;

function ipv6(nextHeader: string, body: string): string {
  return `60000000${hex16(body.length / 2)}${nextHeader}40${ADDRESSES}${body}`;
}

/** A SYN to `port` behind any tags. */
export function synFrame(port: number, ...tags: readonly string[]): string {
  return MACS + tags.join('') + IPV4 + ipv4(0, tcp(port, 0));
}

export function synFrame6(port: number, ...tags: readonly string[]): string {
  return MACS + tags.join('') + IPV6 + ipv6('06', tcp(port, 0));
}

/** The first of two fragments: it has the ports, and more fragments follow. */
export function firstFragment(port: number, ...tags: readonly string[]): string {
  return MACS + tags.join('') + IPV4 + ipv4(0x2000, tcp(port, 4));
}

/** The second fragment: its octets are no TCP header. */
export function laterFragment(...tags: readonly string[]): string {
  return MACS + tags.join('') + IPV4 + ipv4(0x0003, '62'.repeat(24));
}

/** A later fragment over IPv6: fragment header (RFC 8200 section 4.5) with TCP after it. */
export function laterFragment6(...tags: readonly string[]): string {
  return MACS + tags.join('') + IPV6 + ipv6('2c', `060000180000abcd${'63'.repeat(24)}`);
}
