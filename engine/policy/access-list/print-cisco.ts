/**
 * An access list as IOS takes it: a named extended list, and beside it an IPv6
 * list when an entry names IPv6. In: a list. Out: text to paste in
 * configuration mode. Prefixes become wildcard masks, port names numbers.
 */
import type { AccessEntry, AccessList, AddressFamily, AddressPattern, EndTest, PortTest } from './access-list.js';
import { octetsText, prefixText } from './address-pattern.js';
import { portTestText } from './ports.js';

/** IOS does not let an IPv4 and an IPv6 list have the same name. */
const IPV6_SUFFIX = '_ipv6';
/** An explicit `deny ipv6` would also stop neighbour discovery, which IOS' implicit deny lets through. */
const NEIGHBOUR_DISCOVERY = ['permit icmp any any nd-na', 'permit icmp any any nd-ns'];

/** Lines that end in LF; comments say where the list belongs. */
export function ciscoAccessList(list: AccessList): string {
  const hasIpv6 = list.entries.some((entry) => entryFamily(entry) === 6);
  const hasIpv4 = list.entries.some((entry) => entryFamily(entry) !== 6);
  const name6 = ipv6Name(list.name, hasIpv4);
  const lines = [
    ...(hasIpv4
      ? [`ip access-list extended ${list.name}`, ...list.entries.flatMap((entry) => entryLines(entry, 4))]
      : []),
    ...(hasIpv4 && hasIpv6 ? ['!'] : []),
    ...(hasIpv6 ? [`ipv6 access-list ${name6}`, ...ipv6Lines(list.entries)] : []),
    '!',
    '! It belongs on the interface of the inside, for traffic that goes in there:',
    ...(hasIpv4 ? [`!  ip access-group ${list.name} out`] : []),
    ...(hasIpv6 ? [`!  ipv6 traffic-filter ${name6} out`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** IOS does not take an IPv6 list whose name begins with a digit. */
function ipv6Name(name: string, isBesideIpv4: boolean): string {
  const word = /^\d/.test(name) ? `list_${name}` : name;
  return isBesideIpv4 ? `${word}${IPV6_SUFFIX}` : word;
}

/** The family that an entry is about; null when it is about both. */
function entryFamily({ family, source, destination }: AccessEntry): AddressFamily | null {
  return family ?? source.address?.family ?? destination.address?.family ?? null;
}

function ipv6Lines(entries: readonly AccessEntry[]): string[] {
  const firstDeny = entries.findIndex(
    (entry) => entry.action === 'deny' && entry.protocol === 'ip' && entryFamily(entry) !== 4,
  );
  return entries.flatMap((entry, index) => [
    ...(index === firstDeny ? NEIGHBOUR_DISCOVERY.map((line) => ` ${line}`) : []),
    ...entryLines(entry, 6),
  ]);
}

/** No line when the entry is about the other family; several where one IPv6 line cannot say it. */
function entryLines(entry: AccessEntry, family: AddressFamily): string[] {
  if ((entryFamily(entry) ?? family) !== family) return [];
  const protocol = entry.protocol === 'ip' && family === 6 ? 'ipv6' : entry.protocol;
  const options = [...(entry.established ? ['established'] : []), ...(entry.log === null ? [] : [entry.log])];
  return endTexts(entry.source, family).flatMap((source) =>
    endTexts(entry.destination, family).map(
      (destination) => ` ${[entry.action, protocol, source, destination, ...options].join(' ')}`,
    ),
  );
}

function endTexts({ address, port }: EndTest, family: AddressFamily): string[] {
  const written = address === null ? 'any' : addressTestText(address);
  if (port === null) return [written];
  const ports = family === 4 ? [portTestText(port)] : singlePortTexts(port);
  return ports.map((text) => `${written} ${text}`);
}

/** IPv6 lists take one port behind `eq` and `neq`. */
function singlePortTexts(test: PortTest): string[] {
  if (test.ports.length === 1 || test.operator === 'range') return [portTestText(test)];
  const texts: string[] = [];
  for (let i = 0; i < test.passes.length; i += 2) {
    const [first, last] = test.passes.slice(i, i + 2);
    texts.push(first === last ? `eq ${first}` : `range ${first} ${last}`);
  }
  return texts;
}

function addressTestText(pattern: AddressPattern): string {
  const prefix = prefixText(pattern);
  if (prefix !== null && !prefix.includes('/')) return `host ${prefix}`;
  if (prefix !== null && pattern.family === 6) return prefix;
  const wildcard = pattern.mask.map((octet) => ~octet & 0xff);
  return `${octetsText(pattern.octets, 4)} ${octetsText(wildcard, 4)}`;
}
