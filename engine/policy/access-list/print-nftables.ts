/**
 * An access list as an nftables ruleset for a Linux router. In: a list and the
 * administrator's networks. Out: text for `nft -f`: one table of both families
 * with one forward chain, its rules in the list's order. Loading it again
 * replaces the table.
 */
import type { Networks } from '../policy.js';
import type { AccessEntry, AccessList, AddressFamily, AddressPattern, EndTest, PortTest } from './access-list.js';
import { octetsText, prefixPattern, prefixText } from './address-pattern.js';

const TABLE = 'inet mailscope';
const FAMILIES: readonly AddressFamily[] = [4, 6];

/** Only traffic from elsewhere into `networks.own` is judged; all that is forwarded when that is empty. */
export function nftablesRuleset(list: AccessList, networks: Networks): string {
  const own = FAMILIES.map((family) => ({ family, prefixes: prefixesOf(networks.own, family) }));
  const isScoped = networks.own.length > 0;
  const lines = [
    `# Access list ${list.name}. Load it with: nft -f FILE`,
    `add table ${TABLE}`,
    `delete table ${TABLE}`,
    `table ${TABLE} {`,
    ...own.flatMap(({ family, prefixes }) => (prefixes.length === 0 ? [] : setLines(family, prefixes))),
    '\tchain forward {',
    '\t\ttype filter hook forward priority filter; policy accept;',
    ...(isScoped ? ['\t\t# Only what comes from elsewhere into the own networks.'] : []),
    ...(isScoped ? own.flatMap(({ family, prefixes }) => scopeLines(family, prefixes.length > 0)) : []),
    ...list.entries.flatMap((entry) => [`\t\t# ${entry.text}`, `\t\t${rule(list.name, entry)}`]),
    ...(list.entries.some(isUnconditional)
      ? []
      : ['\t\t# The end of a list denies what no entry permits.', '\t\tcounter drop']),
    '\t}',
    '}',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function setLines(family: AddressFamily, prefixes: readonly string[]): string[] {
  return [
    `\tset own${family} {`,
    `\t\ttype ipv${family}_addr`,
    '\t\tflags interval',
    '\t\tauto-merge',
    `\t\telements = { ${prefixes.join(', ')} }`,
    '\t}',
  ];
}

function scopeLines(family: AddressFamily, hasPrefixes: boolean): string[] {
  if (!hasPrefixes) return [`\t\tmeta nfproto ipv${family} accept`];
  const ip = headerOf(family);
  return [`\t\t${ip} daddr != @own${family} accept`, `\t\t${ip} saddr @own${family} accept`];
}

function rule(listName: string, entry: AccessEntry): string {
  const { action, source, destination, log } = entry;
  const isDeny = action === 'deny';
  const tests = [...familyTests(entry), ...addressTests(source, 'saddr'), ...addressTests(destination, 'daddr')];
  const ports = [...portTests(source, 'sport'), ...portTests(destination, 'dport')];
  const needsProtocol = entry.protocol === 'tcp' && ports.length === 0 && !entry.established;
  return [
    ...tests,
    ...ports,
    ...(needsProtocol ? ['meta l4proto tcp'] : []),
    ...(entry.established ? ['tcp flags & (ack | rst) != 0'] : []),
    ...(log === null ? [] : [`log prefix "${listName} ${isDeny ? 'denied' : 'permitted'}: "`]),
    ...(isDeny ? ['counter drop'] : ['accept']),
  ].join(' ');
}

/** An address says the family already. */
function familyTests({ family, source, destination }: AccessEntry): string[] {
  return family === null || source.address !== null || destination.address !== null
    ? []
    : [`meta nfproto ipv${family}`];
}

function addressTests({ address }: EndTest, field: 'saddr' | 'daddr'): string[] {
  return address === null ? [] : [`${headerOf(address.family)} ${field} ${addressTest(address)}`];
}

function addressTest(pattern: AddressPattern): string {
  const { octets, mask, family } = pattern;
  return prefixText(pattern) ?? `& ${octetsText(mask, family)} == ${octetsText(octets, family)}`;
}

function portTests({ port }: EndTest, field: 'sport' | 'dport'): string[] {
  return port === null ? [] : [`tcp ${field} ${portSet(port)}`];
}

function portSet({ passes }: PortTest): string {
  const stretches: string[] = [];
  for (let i = 0; i < passes.length; i += 2) {
    const [first, last] = passes.slice(i, i + 2);
    stretches.push(first === last ? String(first) : `${first}-${last}`);
  }
  return stretches.length === 1 ? (stretches[0] as string) : `{ ${stretches.join(', ')} }`;
}

function isUnconditional({ protocol, family, source, destination, established }: AccessEntry): boolean {
  const hasNoTest = [source, destination].every(({ address, port }) => address === null && port === null);
  return hasNoTest && protocol === 'ip' && family === null && !established;
}

function headerOf(family: AddressFamily): string {
  return family === 4 ? 'ip' : 'ip6';
}

function prefixesOf(networks: readonly string[], family: AddressFamily): string[] {
  const patterns = networks.map(prefixPattern).filter((pattern) => pattern?.family === family);
  return patterns.map((pattern) => prefixText(pattern as AddressPattern) as string);
}
