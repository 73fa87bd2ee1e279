/** Ports of access lists: their names as IOS spells them, and tests such as `range 109 110`. */
import type { PortOperator, PortTest } from './access-list.js';

export const HIGHEST_PORT = 65_535;
/** IOS takes up to ten ports behind `eq` and `neq`. */
export const MOST_PORTS = 10;

/** IOS' names of TCP ports, and the mail ports that it has no names for. */
const PORT_NAMES: ReadonlyMap<string, number> = new Map([
  ['smtp', 25],
  ['pop2', 109],
  ['pop3', 110],
  ['imap', 143],
  ['imap4', 143],
  ['smtps', 465],
  ['submissions', 465],
  ['submission', 587],
  ['imaps', 993],
  ['pop3s', 995],
  ['sieve', 4190],
  ['bgp', 179],
  ['chargen', 19],
  ['cmd', 514],
  ['daytime', 13],
  ['discard', 9],
  ['domain', 53],
  ['echo', 7],
  ['exec', 512],
  ['finger', 79],
  ['ftp', 21],
  ['ftp-data', 20],
  ['gopher', 70],
  ['hostname', 101],
  ['http', 80],
  ['https', 443],
  ['ident', 113],
  ['irc', 194],
  ['klogin', 543],
  ['kshell', 544],
  ['login', 513],
  ['lpd', 515],
  ['nntp', 119],
  ['sunrpc', 111],
  ['syslog', 514],
  ['tacacs', 49],
  ['talk', 517],
  ['telnet', 23],
  ['time', 37],
  ['uucp', 540],
  ['whois', 43],
  ['www', 80],
]);

/** A port's number or name, in lower case; null when it is neither. */
export function parsePort(word: string): number | null {
  const named = PORT_NAMES.get(word);
  if (named !== undefined) return named;
  if (!/^(?:0|[1-9]\d{0,4})$/.test(word)) return null;
  const port = Number(word);
  return port > HIGHEST_PORT ? null : port;
}

/** The test with the ports that pass it; `ports` as `PortTest` says. */
export function portTest(operator: PortOperator, ports: readonly number[]): PortTest {
  return { operator, ports, passes: passing(operator, ports) };
}

/** `eq 25`, as a router writes it with numbers. */
export function portTestText({ operator, ports }: PortTest): string {
  return `${operator} ${ports.join(' ')}`;
}

function passing(operator: PortOperator, ports: readonly number[]): number[] {
  const first = ports[0] as number;
  switch (operator) {
    case 'range':
      return [first, ports[1] as number];
    case 'lt':
      return [0, first - 1];
    case 'gt':
      return [first + 1, HIGHEST_PORT];
    case 'eq':
      return ascending(ports).flatMap((port) => [port, port]);
    case 'neq':
      return without(ascending(ports));
  }
}

function ascending(ports: readonly number[]): number[] {
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** The stretches between the ports. */
function without(ports: readonly number[]): number[] {
  const stretches: number[] = [];
  let from = 0;
  for (const port of [...ports, HIGHEST_PORT + 1]) {
    if (port > from) stretches.push(from, port - 1);
    from = port + 1;
  }
  return stretches;
}
