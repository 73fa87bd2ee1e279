/**
 * Reads one entry of an access list from its action on: `permit|deny`,
 * protocol, source, destination, options, as in the reference of IOS'
 * extended access lists; besides its wildcard masks also prefixes (`A/n`).
 */
import { PORT_OPERATORS, type AccessEntry, type AddressFamily, type AddressPattern } from './access-list.js';
import type { EndTest, PortOperator, PortTest } from './access-list.js';
import { prefixPattern, wildcardPattern } from './address-pattern.js';
import type { LineWords } from './line-words.js';
import { HIGHEST_PORT, MOST_PORTS, parsePort, portTest } from './ports.js';

const PORT = 'a port from 0 to 65535 or its name such as smtp, pop3, imap';
/** Protocols of IOS' extended lists in which no mail crosses. */
const OTHER_PROTOCOLS: ReadonlySet<string> = new Set(
  'ahp eigrp esp gre icmp igmp igrp ipinip nos ospf pcp pim sctp udp'.split(' '),
);
const OPTIONS = ['established', 'log', 'log-input'] as const;

/** Throws `LineRefused`. `family`: that of the list, null when it holds for both. */
export function parseEntry(words: LineWords, index: number, family: AddressFamily | null): AccessEntry {
  const text = words.restText();
  const action = words.choice(['permit', 'deny']);
  if (OTHER_PROTOCOLS.has(words.peek()))
    throw words.refuse('tcp or ip (mail is TCP: leave out the lines of other protocols)');
  const named = words.choice(family === 6 ? ['tcp', 'ipv6'] : ['tcp', 'ip', 'ipv6']);
  const scope = named === 'ipv6' ? 6 : family;
  const source = parseEnd(words, named === 'tcp', scope);
  const destination = parseEnd(words, named === 'tcp', scope ?? source.address?.family ?? null);
  const { established, log } = parseOptions(words, named === 'tcp', destination.port !== null);
  const protocol = named === 'tcp' ? 'tcp' : 'ip';
  return { action, protocol, family: scope, source, destination, established, log, text, index };
}

function parseEnd(words: LineWords, hasPorts: boolean, family: AddressFamily | null): EndTest {
  const address = parseAddressTest(words, family);
  const operator = PORT_OPERATORS.find((one) => one === words.peek());
  if (operator === undefined) return { address, port: null };
  if (!hasPorts) throw words.refuse('no port test: ports are those of tcp');
  words.take();
  return { address, port: parsePorts(words, operator) };
}

function parseAddressTest(words: LineWords, family: AddressFamily | null): AddressPattern | null {
  if (words.skip('any')) return null;
  const isHost = words.skip('host');
  const text = words.peek();
  const pattern = prefixPattern(text);
  if (pattern === null || (isHost && text.includes('/'))) throw words.refuse(addressWords(isHost, family));
  if (family !== null && pattern.family !== family) throw words.refuse(`an IPv${family} address here`);
  words.take();
  if (isHost || text.includes('/')) return pattern;
  return parseWildcard(words, text);
}

/** An IPv4 address alone is no test: IOS wants `host` before it or a mask behind it. */
function parseWildcard(words: LineWords, address: string): AddressPattern {
  if (address.includes(':')) throw words.refuse(`host ${address}, or a prefix such as 2001:db8::/32`, 1);
  const pattern = wildcardPattern(address, words.peek());
  if (pattern === null) throw words.refuse(`a wildcard mask such as 0.0.0.255 (for one address write host ${address})`);
  const bits = subnetBits(words.peek());
  if (bits !== null) throw words.refuse(`a wildcard mask, which is the inverse of a subnet mask: ${address}/${bits}`);
  words.take();
  return pattern;
}

/**
 * Prefix length when the text is a subnet mask, which firewalls of another kind take: as a wildcard mask it is legal
 * but matches almost nothing. 255.255.255.255 is the wildcard of all addresses.
 */
function subnetBits(text: string): number | null {
  const mask = text.split('.').reduce((word, octet) => word * 256 + Number(octet), 0);
  const hosts = 0xffffffff - mask;
  const isContiguous = (hosts & (hosts + 1)) === 0;
  return hosts > 0 && mask >= 0xff000000 && isContiguous ? 32 - Math.log2(hosts + 1) : null;
}

function addressWords(isHost: boolean, family: AddressFamily | null): string {
  if (isHost) return 'an IPv4 or IPv6 address';
  return family === 6 ? 'any, host ADDRESS, or PREFIX/LENGTH' : 'any, host ADDRESS, ADDRESS WILDCARD, or PREFIX/LENGTH';
}

function parsePorts(words: LineWords, operator: PortOperator): PortTest {
  const first = parseOnePort(words, PORT);
  const ports = [first];
  switch (operator) {
    case 'range': {
      const last = parseOnePort(words, PORT);
      if (last < first) throw words.refuse(`a port from ${first} to ${HIGHEST_PORT}`, 1);
      ports.push(last);
      break;
    }
    case 'eq':
    case 'neq':
      while (ports.length < MOST_PORTS && parsePort(words.peek()) !== null) ports.push(parseOnePort(words, PORT));
      break;
    case 'lt':
      if (first === 0) throw words.refuse(`a port from 1 to ${HIGHEST_PORT}`, 1);
      break;
    case 'gt':
      if (first === HIGHEST_PORT) throw words.refuse(`a port from 0 to ${HIGHEST_PORT - 1}`, 1);
      break;
  }
  return portTest(operator, ports);
}

function parseOnePort(words: LineWords, allowed: string): number {
  const port = parsePort(words.peek());
  if (port === null) throw words.refuse(allowed);
  words.take();
  return port;
}

function parseOptions(words: LineWords, isTcp: boolean, hasPort: boolean): Pick<AccessEntry, 'established' | 'log'> {
  let established = false;
  let log: AccessEntry['log'] = null;
  const allowed = (): string => {
    const ports = isTcp && !hasPort && !established && log === null ? [PORT_OPERATORS.join(', ')] : [];
    const more = [...(isTcp && !established ? ['established'] : []), ...(log === null ? ['log', 'log-input'] : [])];
    return [...ports, ...more, 'the end of the line'].join(', ').replace(/, (?=[^,]*$)/, ' or ');
  };
  while (!words.isOver) {
    const option = OPTIONS.find((one) => one === words.peek());
    const isFree = option === 'established' ? isTcp && !established : log === null;
    if (option === undefined || !isFree) throw words.refuse(allowed());
    words.take();
    if (option === 'established') established = true;
    else log = option;
  }
  return { established, log };
}
