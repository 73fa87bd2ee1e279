/**
 * A perimeter access list as data: ordered entries, the first that matches
 * decides, and what no entry matches is denied without a word (IOS' implicit
 * deny). Entries come from `parse-access-list.ts` and are ready to be compared.
 */

/** Name of a list that has none of its own; the document's. */
export const DEFAULT_LIST_NAME = 'packet_filter';

/** IPv4 or IPv6; an IPv4-mapped IPv6 address counts as IPv4. */
export type AddressFamily = 4 | 6;

/** Addresses that agree with `octets` wherever `mask` has a one; IPv4 lives in ::ffff:0:0/96. */
export interface AddressPattern {
  readonly family: AddressFamily;
  /** 16 octets; zero wherever `mask` is. */
  readonly octets: Uint8Array;
  /** 16 octets; a one means: must agree. The inverse of a wildcard mask. */
  readonly mask: Uint8Array;
}

export const PORT_OPERATORS = ['eq', 'neq', 'lt', 'gt', 'range'] as const;
export type PortOperator = (typeof PORT_OPERATORS)[number];

/** A test of a port as it was written, and the ports that pass it. */
export interface PortTest {
  readonly operator: PortOperator;
  /** `range`: first and last; `lt` and `gt`: one; `eq` and `neq`: one to ten. */
  readonly ports: readonly number[];
  /** First and last port of each stretch that passes, ascending, without overlap: `[0, 24, 26, 65535]` for `neq 25`. */
  readonly passes: readonly number[];
}

/** One end of an entry; null passes everything. */
export interface EndTest {
  readonly address: AddressPattern | null;
  readonly port: PortTest | null;
}

/** One line of a list. */
export interface AccessEntry {
  readonly action: 'permit' | 'deny';
  readonly protocol: 'tcp' | 'ip';
  /** The family that it holds for; null for both. */
  readonly family: AddressFamily | null;
  readonly source: EndTest;
  readonly destination: EndTest;
  /** Only segments with ACK or RST. */
  readonly established: boolean;
  readonly log: 'log' | 'log-input' | null;
  /** The line in lower case with single blanks, without sequence number and list number. */
  readonly text: string;
  /** From 0: the line's index among those that the list was read from. */
  readonly index: number;
}

/** At least one entry; immutable. */
export interface AccessList {
  readonly name: string;
  readonly entries: readonly AccessEntry[];
}

/** The entries' texts in their order; an IPv6 list keeps its header, without which it would hold for IPv4 too. */
export function accessListLines({ name, entries }: AccessList): string[] {
  const isIpv6 = entries.every(({ family }) => family === 6);
  return [...(isIpv6 ? [`ipv6 access-list ${name}`] : []), ...entries.map(({ text }) => text)];
}
