import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessList } from '../../engine/policy/access-list/access-list.js';
import { defaultAccessList } from '../../engine/policy/access-list/default-access-list.js';
import { accessLogLine } from '../../engine/policy/access-list/log-line.js';
import { matchAccessList, type AccessQuestion } from '../../engine/policy/access-list/match.js';
import { parseAccessList } from '../../engine/policy/access-list/parse-access-list.js';
import { NO_NETWORKS } from '../../engine/policy/profiles.js';
import { accessListLines, questions } from './random-access-lists.js';

function listOf(...lines: readonly string[]): AccessList {
  const { list, problems } = parseAccessList(lines);
  expect(problems).toEqual([]);
  return list!;
}

/** `198.51.100.7:41234 -> 10.0.0.25:25`, with `!` in front for an established one. */
function ask(list: AccessList, text: string): string | null {
  const [, flag, source, sourcePort, destination, destinationPort] =
    /^(!?)(\S+):(\d+) -> (\S+):(\d+)$/.exec(text) ?? [];
  const question: AccessQuestion = {
    source: source!,
    sourcePort: Number(sourcePort),
    destination: destination!,
    destinationPort: Number(destinationPort),
    established: flag === '!',
  };
  return matchAccessList(list, question)?.text ?? null;
}

/** The document's list with one relay. */
const DOCUMENT = [
  'ip access-list extended packet_filter',
  'permit tcp any host 10.16.27.25 eq 25',
  'deny tcp any any eq 25 log',
  'deny tcp any any range 109 110 log',
  'deny tcp any any eq 143 log',
  'permit ip any any',
];

describe("the document's list", () => {
  it.each([
    ['198.51.100.7:41234 -> 10.16.27.25:25', 'permit tcp any host 10.16.27.25 eq 25'],
    ['198.51.100.7:41234 -> 10.16.27.70:25', 'deny tcp any any eq 25 log'],
    ['198.51.100.7:41234 -> 10.16.27.70:109', 'deny tcp any any range 109 110 log'],
    ['198.51.100.7:41234 -> 10.16.27.70:110', 'deny tcp any any range 109 110 log'],
    ['198.51.100.7:41234 -> 10.16.27.25:143', 'deny tcp any any eq 143 log'],
    ['198.51.100.7:41234 -> 10.16.27.70:80', 'permit ip any any'],
    ['::ffff:198.51.100.7:41234 -> ::ffff:10.16.27.25:25', 'permit tcp any host 10.16.27.25 eq 25'],
    ['2001:db8::7:41234 -> 2001:db8:1::70:143', 'deny tcp any any eq 143 log'],
  ])('%s meets %s', (connection, entry) => {
    expect(ask(listOf(...DOCUMENT), connection)).toBe(entry);
  });

  it('logs as the document shows, under the mnemonic of TCP and under its own', () => {
    const denied = {
      list: 'packet_filter',
      protocol: 'tcp',
      source: '198.51.100.7',
      sourcePort: 41_234,
      destination: '10.16.27.70',
      destinationPort: 143,
      packets: 1,
    } as const;
    const text = 'list packet_filter denied tcp 198.51.100.7(41234) -> 10.16.27.70(143), 1 packet';
    expect(accessLogLine(denied)).toEqual({
      corrected: `%SEC-6-IPACCESSLOGP: ${text}`,
      document: `%SEC-6-IPACCESSLOGDP: ${text}`,
    });
    expect(accessLogLine({ ...denied, packets: 17 }).corrected).toBe(
      `%SEC-6-IPACCESSLOGP: ${text.replace('1 packet', '17 packets')}`,
    );
  });
});

describe('the default list', () => {
  const networks = { ...NO_NETWORKS, own: ['10.0.0.0/8'] };

  it('lets mail in to relays and mail servers, each once, and nowhere else', () => {
    const list = defaultAccessList({
      ...networks,
      relays: ['10.0.0.25', '2001:db8::25'],
      mailServers: ['10.0.0.25', '10.0.7.0/24', '10.0.0.26/32'],
    });
    expect([list?.name, list?.entries.map(({ text }) => text)]).toEqual([
      'packet_filter',
      [
        'permit tcp any host 10.0.0.25 eq 25',
        'permit tcp any host 2001:db8::25 eq 25',
        'permit tcp any 10.0.7.0/24 eq 25',
        'permit tcp any 10.0.0.26/32 eq 25',
        ...DOCUMENT.slice(2),
      ],
    ]);
  });

  it('has room for any number of servers', () => {
    const mailServers = Array.from({ length: 2000 }, (_, i) => `10.1.${i >> 8}.${i & 255}`);
    expect(defaultAccessList({ ...networks, mailServers })?.entries.length).toBe(2004);
  });

  it('does not exist where nobody can know who may be spoken to', () => {
    expect([
      defaultAccessList(NO_NETWORKS),
      defaultAccessList(networks),
      defaultAccessList({ ...NO_NETWORKS, relays: ['10.0.0.25'] }),
    ]).toEqual([null, null, null]);
  });
});

describe('a connection', () => {
  it('meets the first entry that matches', () => {
    const list = listOf('permit tcp any any eq 25', 'deny tcp any any eq 25 log');
    expect(ask(list, '192.0.2.1:1 -> 10.0.0.1:25')).toBe('permit tcp any any eq 25');
  });

  it('meets no entry when only the implicit deny is left, and when an address is none', () => {
    const list = listOf('permit tcp any any eq 25');
    expect(ask(list, '192.0.2.1:1 -> 10.0.0.1:26')).toBeNull();
    expect(ask(list, 'mail.example:1 -> 10.0.0.1:25')).toBeNull();
  });

  it.each([
    ['permit tcp any 10.1.0.3 0.254.255.0', '192.0.2.1:1 -> 10.9.200.3:25', true],
    ['permit tcp any 10.1.0.3 0.254.255.0', '192.0.2.1:1 -> 10.8.200.3:25', false],
    ['permit tcp any 10.1.0.3 0.254.255.0', '192.0.2.1:1 -> 10.9.200.4:25', false],
    ['permit tcp host 192.0.2.1 eq 20 any', '192.0.2.1:20 -> 10.0.0.1:25', true],
    ['permit tcp host 192.0.2.1 eq 20 any', '192.0.2.1:21 -> 10.0.0.1:25', false],
    ['permit tcp any any established', '!192.0.2.1:25 -> 10.0.0.1:41234', true],
    ['permit tcp any any established', '192.0.2.1:25 -> 10.0.0.1:41234', false],
    ['permit tcp any any neq 25', '192.0.2.1:1 -> 10.0.0.1:26', true],
    ['permit tcp any any neq 25', '192.0.2.1:1 -> 10.0.0.1:25', false],
    ['permit tcp any any lt 25', '192.0.2.1:1 -> 10.0.0.1:24', true],
    ['permit tcp any any lt 25', '192.0.2.1:1 -> 10.0.0.1:25', false],
    ['permit tcp any any gt 25', '192.0.2.1:1 -> 10.0.0.1:25', false],
    ['permit tcp any any range 109 110', '192.0.2.1:1 -> 10.0.0.1:111', false],
    ['permit tcp any 2001:db8::/33', '2001:db9::1:1 -> 2001:db8:7fff::1:25', true],
    ['permit tcp any 2001:db8::/33', '2001:db9::1:1 -> 2001:db8:8000::1:25', false],
    ['permit ip any 0.0.0.0/0', '2001:db8::1:1 -> 2001:db8::2:25', false],
    ['permit ip any ::/0', '192.0.2.1:1 -> 10.0.0.1:25', false],
    ['permit ip any ::/0', '192.0.2.1:1 -> ::1:25', true],
    ['permit ipv6 any any', '192.0.2.1:1 -> 10.0.0.1:25', false],
    ['permit ipv6 any any', '::1:1 -> ::1:25', true],
  ])('%s, %s: %s', (line, connection, expected) => {
    expect(ask(listOf(line), connection)).toBe(expected ? line : null);
  });

  it('meets the entry that arithmetic on whole addresses finds', () => {
    fc.assert(
      fc.property(accessListLines, questions, (lines, question) => {
        const list = listOf(...lines);
        expect(matchAccessList(list, question)?.index ?? null).toBe(slowMatch(lines, question));
      }),
      { numRuns: 500 },
    );
  });
});

/** The lines read a second time, in another way: words and big numbers. */
function slowMatch(lines: readonly string[], question: AccessQuestion): number | null {
  const index = lines.findIndex((line) => {
    const [, protocol, ...words] = line.split(' ');
    // Each call takes its words, so all of them are made.
    const tests = [
      slowAddress(words, question.source),
      slowPort(words, question.sourcePort),
      slowAddress(words, question.destination),
      slowPort(words, question.destinationPort),
      protocol !== 'ipv6' || question.destination.includes(':'),
      !words.includes('established') || question.established,
    ];
    return tests.every(Boolean);
  });
  return index === -1 ? null : index;
}

function slowAddress(words: string[], address: string): boolean {
  const first = words.shift()!;
  if (first === 'any') return true;
  if (first === 'host') return number(words.shift()!) === number(address);
  const [base = '', bits] = first.split('/');
  const wildcard = bits === undefined ? number(words.shift()!) : null;
  if (base.includes(':') !== address.includes(':')) return false;
  const width = base.includes(':') ? 128n : 32n;
  const ignored = wildcard ?? (1n << (width - BigInt(bits!))) - 1n;
  return (number(base) | ignored) === (number(address) | ignored);
}

function number(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const all = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  // Beyond every IPv4 number.
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n) + (1n << 200n);
}

function slowPort(words: string[], port: number): boolean {
  const operator = words[0] ?? '';
  if (!['eq', 'neq', 'lt', 'gt', 'range'].includes(operator)) return true;
  words.shift();
  const ports: number[] = [];
  while (/^\d+$/.test(words[0] ?? '')) ports.push(Number(words.shift()));
  const [first = 0, last = 0] = ports;
  if (operator === 'eq') return ports.includes(port);
  if (operator === 'neq') return !ports.includes(port);
  if (operator === 'lt') return port < first;
  return operator === 'gt' ? port > first : port >= first && port <= last;
}
