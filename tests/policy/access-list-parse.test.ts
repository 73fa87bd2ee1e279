import { describe, expect, it } from 'vitest';
import { accessListLines, type AccessEntry } from '../../engine/policy/access-list/access-list.js';
import { octetsText, prefixText } from '../../engine/policy/access-list/address-pattern.js';
import { parseAccessList } from '../../engine/policy/access-list/parse-access-list.js';

const ADDRESS_WORDS = 'any, host ADDRESS, ADDRESS WILDCARD, or PREFIX/LENGTH';
const PORT_WORDS = 'a port from 0 to 65535 or its name such as smtp, pop3, imap';
const START_WORDS = 'permit, deny, remark, a sequence number, access-list NUMBER, or ip access-list extended NAME';

/** An entry in words of the test's own: what it compares, not what was typed. */
function meaning({ action, protocol, family, source, destination, established, log }: AccessEntry): string {
  const end = ({ address, port }: AccessEntry['source']): string => {
    const mask = address === null ? '' : octetsText(address.mask, address.family);
    const where =
      address === null ? '*' : (prefixText(address) ?? `${octetsText(address.octets, address.family)} & ${mask}`);
    return port === null ? where : `${where}:[${port.passes.join(' ')}]`;
  };
  const flags = [family === null ? '' : `IPv${family}`, established ? 'established' : '', log ?? ''].filter(Boolean);
  return [action, protocol, `${end(source)} -> ${end(destination)}`, ...flags].join(' ');
}

function meanings(lines: readonly string[]): string[] {
  const { list, problems } = parseAccessList(lines);
  expect(problems).toEqual([]);
  return list?.entries.map(meaning) ?? [];
}

describe('a line of an access list', () => {
  it.each([
    ['permit ip any any', 'permit ip * -> *'],
    ['deny tcp any any eq 25 log', 'deny tcp * -> *:[25 25] log'],
    ['deny tcp any any range 109 110 log', 'deny tcp * -> *:[109 110] log'],
    ['DENY  TCP\tany any EQ Imap LOG-INPUT', 'deny tcp * -> *:[143 143] log-input'],
    ['deny tcp any any range pop2 pop3', 'deny tcp * -> *:[109 110]'],
    ['permit tcp any host 10.0.0.25 eq smtp', 'permit tcp * -> 10.0.0.25:[25 25]'],
    ['permit tcp 192.168.7.9 0.0.0.255 any', 'permit tcp 192.168.7.0/24 -> *'],
    ['permit tcp any 10.1.2.3 0.255.0.255', 'permit tcp * -> 10.0.2.0 & 255.0.255.0'],
    ['permit ip 0.0.0.0 255.255.255.255 any', 'permit ip 0.0.0.0/0 -> *'],
    ['permit tcp any 10.9.9.9/8 gt 1023', 'permit tcp * -> 10.0.0.0/8:[1024 65535]'],
    ['permit tcp any lt 1024 any', 'permit tcp *:[0 1023] -> *'],
    ['deny tcp any any neq 25', 'deny tcp * -> *:[0 24 26 65535]'],
    ['deny tcp any any neq 65535 0 7', 'deny tcp * -> *:[1 6 8 65534]'],
    ['deny tcp any any eq 993 25 smtp', 'deny tcp * -> *:[25 25 993 993]'],
    ['deny tcp any any eq www log', 'deny tcp * -> *:[80 80] log'],
    ['permit tcp any any established', 'permit tcp * -> * established'],
    ['permit tcp any eq 25 any log established', 'permit tcp *:[25 25] -> * established log'],
    ['deny tcp any host 2001:DB8::25 eq 25', 'deny tcp * -> 2001:db8::25:[25 25]'],
    ['deny tcp 2001:db8:1::/48 2001:db8:2::/48', 'deny tcp 2001:db8:1::/48 -> 2001:db8:2::/48'],
    ['deny tcp any host ::ffff:10.0.0.25', 'deny tcp * -> 10.0.0.25'],
    ['deny ipv6 any any', 'deny ip * -> * IPv6'],
    ['10 permit ip any any', 'permit ip * -> *'],
    ['access-list 101 deny tcp any any eq 25 log', 'deny tcp * -> *:[25 25] log'],
    ['  permit ip any any\r', 'permit ip * -> *'],
    ['    20 deny tcp any any eq smtp log (1 match)', 'deny tcp * -> *:[25 25] log'],
    ['    30 permit ip any any (1234 matches)\r', 'permit ip * -> *'],
    ['sequence 10 permit ip any any', 'permit ip * -> *'],
    ['    permit ip any any (8 matches) sequence 10', 'permit ip * -> *'],
  ])('%j means %s', (line, expected) => {
    expect(meanings([line])).toEqual([expected]);
  });

  it.each([
    ['allow ip any any', 1, '"allow"', START_WORDS],
    ['10', 3, 'the end of the line', START_WORDS],
    ['no permit ip any any', 1, '"no"', START_WORDS],
    ['permit', 7, 'the end of the line', 'tcp or ip or ipv6'],
    ['permit udp any any', 8, '"udp"', 'tcp or ip (mail is TCP: leave out the lines of other protocols)'],
    ['permit 6 any any', 8, '"6"', 'tcp or ip or ipv6'],
    [
      'deny tcp any 10.0.0.0 255.0.0.0 eq 25 log',
      23,
      '"255.0.0.0"',
      'a wildcard mask, which is the inverse of a subnet mask: 10.0.0.0/8',
    ],
    [
      'deny tcp 192.0.2.64 255.255.255.192 any',
      21,
      '"255.255.255.192"',
      'a wildcard mask, which is the inverse of a subnet mask: 192.0.2.64/26',
    ],
    ['permit tcp', 11, 'the end of the line', ADDRESS_WORDS],
    ['permit tcp mail.example any', 12, '"mail.example"', ADDRESS_WORDS],
    ['permit tcp any host any', 21, '"any"', 'an IPv4 or IPv6 address'],
    ['permit tcp any host 10.0.0.0/8', 21, '"10.0.0.0/8"', 'an IPv4 or IPv6 address'],
    ['permit tcp any 10.0.0.0/33', 16, '"10.0.0.0/33"', ADDRESS_WORDS],
    ['permit tcp any 10.0.0.256 0.0.0.0', 16, '"10.0.0.256"', ADDRESS_WORDS],
    [
      'deny tcp any 10.0.0.1 eq 25',
      23,
      '"eq"',
      'a wildcard mask such as 0.0.0.255 (for one address write host 10.0.0.1)',
    ],
    [
      'deny tcp any 10.0.0.1',
      22,
      'the end of the line',
      'a wildcard mask such as 0.0.0.255 (for one address write host 10.0.0.1)',
    ],
    ['deny tcp any 2001:db8::1', 14, '"2001:db8::1"', 'host 2001:db8::1, or a prefix such as 2001:db8::/32'],
    ['deny tcp host 10.0.0.1 host 2001:db8::1', 29, '"2001:db8::1"', 'an IPv4 address here'],
    ['deny ipv6 any host 10.0.0.1', 20, '"10.0.0.1"', 'an IPv6 address here'],
    ['deny ip any any eq 25', 17, '"eq"', 'no port test: ports are those of tcp'],
    ['deny tcp any any eq', 20, 'the end of the line', PORT_WORDS],
    ['deny tcp any any eq mail log', 21, '"mail"', PORT_WORDS],
    ['deny tcp any any eq 65536', 21, '"65536"', PORT_WORDS],
    ['deny tcp any any eq 025', 21, '"025"', PORT_WORDS],
    ['deny tcp any any range 110', 27, 'the end of the line', PORT_WORDS],
    ['deny tcp any any range 110 109', 28, '"109"', 'a port from 110 to 65535'],
    ['deny tcp any any lt 0', 21, '"0"', 'a port from 1 to 65535'],
    ['deny tcp any any gt 65535', 21, '"65535"', 'a port from 0 to 65534'],
    ['deny tcp any any eq 1 2 3 4 5 6 7 8 9 10 11', 42, '"11"', 'established, log, log-input or the end of the line'],
    ['deny tcp any any eq 25 logg', 24, '"logg"', 'established, log, log-input or the end of the line'],
    ['deny tcp any any 25', 18, '"25"', 'eq, neq, lt, gt, range, established, log, log-input or the end of the line'],
    ['deny tcp any any eq 25 log log', 28, '"log"', 'established or the end of the line'],
    ['deny ip any any established', 17, '"established"', 'log, log-input or the end of the line'],
    ['deny ip any any log \u001b[2J', 21, '"\\u001b[2J"', 'the end of the line'],
    ['access-list 10 permit ip any any', 13, '"10"', 'the number of an extended list: 100 to 199 or 2000 to 2699'],
    [
      'access-list mail extended permit ip any any',
      13,
      '"mail"',
      'the number of an extended list: 100 to 199 or 2000 to 2699',
    ],
    ['ip access-group packet_filter out', 4, '"access-group"', 'access-list'],
    ['ip access-list standard x', 16, '"standard"', 'extended'],
    [
      'ip access-list extended 7up',
      25,
      '"7up"',
      'a name of letters, digits and - _ . that begins with a letter, or a number such as 101',
    ],
    ['ip access-list extended a b', 27, '"b"', 'the end of the line'],
  ])('%j is refused at column %i', (line, column, found, allowed) => {
    expect(parseAccessList([line])).toEqual({ list: null, problems: [{ index: 0, column, found, allowed }] });
  });
});

describe('an access list', () => {
  it('is read as administrators paste it, and keeps which line is which', () => {
    const { list, problems } = parseAccessList([
      'ip access-list extended Packet_Filter',
      ' remark who may be spoken to: anything ~!',
      ' 10 permit tcp any host 10.0.0.25 eq smtp',
      '!',
      '',
      ' 20 DENY tcp any  any eq 25 log',
    ]);
    expect(problems).toEqual([]);
    expect([list?.name, list?.entries.map(({ index, text }) => [index, text])]).toEqual([
      'Packet_Filter',
      [
        [2, 'permit tcp any host 10.0.0.25 eq smtp'],
        [5, 'deny tcp any any eq 25 log'],
      ],
    ]);
  });

  it('is read as a router shows it', () => {
    const { list } = parseAccessList([
      'Extended IP access list packet_filter',
      '    10 permit tcp any host 10.0.0.25 eq smtp (12 matches)',
      '    20 deny tcp any any eq smtp log (1 match)',
      '    30 permit ip any any',
    ]);
    expect([list?.name, list && accessListLines(list)]).toEqual([
      'packet_filter',
      ['permit tcp any host 10.0.0.25 eq smtp', 'deny tcp any any eq smtp log', 'permit ip any any'],
    ]);
    const ipv6 = parseAccessList(['IPv6 access list six', '    deny tcp any any eq smtp log sequence 10']).list;
    expect([ipv6?.name, ipv6?.entries.map(meaning)]).toEqual(['six', ['deny tcp * -> *:[25 25] IPv6 log']]);
    expect(parseAccessList(['Extended IP access list 101', 'permit ip any any']).list?.name).toBe('101');
  });

  it('is called after its number, after what the caller says, or packet_filter', () => {
    expect([
      parseAccessList(['access-list 101 remark mail', 'access-list 101 permit ip any any']).list?.name,
      parseAccessList(['permit ip any any'], 'edge').list?.name,
      parseAccessList(['permit ip any any']).list?.name,
    ]).toEqual(['101', 'edge', 'packet_filter']);
  });

  it('that is an IPv6 list holds for IPv6 alone', () => {
    expect(meanings(['ipv6 access-list v6', 'deny tcp any any eq 25 log', 'permit ipv6 any any'])).toEqual([
      'deny tcp * -> *:[25 25] IPv6 log',
      'permit ip * -> * IPv6',
    ]);
    expect(parseAccessList(['ipv6 access-list v6', 'permit ip any any']).problems).toEqual([
      { index: 1, column: 8, found: '"ip"', allowed: 'tcp or ipv6' },
    ]);
  });

  it('is written as lines that say the same again', () => {
    const lines = ['ipv6 access-list v6', 'deny tcp any any eq 25 log', 'permit ipv6 any any'];
    expect([
      accessListLines(parseAccessList(lines).list!),
      accessListLines(parseAccessList(['ip access-list extended x', '10 PERMIT ip any  any']).list!),
    ]).toEqual([lines, ['permit ip any any']]);
  });

  it('is one list', () => {
    const one = 'one list: its header first and once; IPv6 entries may stand among the others';
    expect(
      parseAccessList(['ip access-list extended a', 'permit ip any any', 'ipv6 access-list b', 'deny ipv6 any any'])
        .problems,
    ).toEqual([{ index: 2, column: 1, found: '"ipv6"', allowed: one }]);
    expect(
      parseAccessList(['access-list 101 permit ip any any', 'access-list 102 permit ip any any']).problems,
    ).toEqual([{ index: 1, column: 13, found: '"102"', allowed: '101: one list' }]);
  });

  it('without an entry is none', () => {
    expect(parseAccessList(['! nothing yet', 'remark nothing'])).toEqual({ list: null, problems: [] });
  });

  it('tells every wrong line', () => {
    const lines = ['permit tcp any any eq x', 'permit ip any any', 'deny', 'denny ip any any'];
    expect(parseAccessList(lines).problems.map(({ index, column }) => [index, column])).toEqual([
      [0, 23],
      [2, 5],
      [3, 1],
    ]);
  });

  it('is bounded in lines and in their length', () => {
    const line = 'permit ip any any';
    expect(parseAccessList(Array.from({ length: 1000 }, () => line)).list?.entries.length).toBe(1000);
    expect(parseAccessList(Array.from({ length: 1001 }, () => line))).toEqual({
      list: null,
      problems: [{ index: 1000, column: 1, found: '1001 lines', allowed: 'at most 1000' }],
    });
    expect(parseAccessList([line.padEnd(512)]).problems).toEqual([]);
    expect(parseAccessList([line.padEnd(513)]).problems).toEqual([
      { index: 0, column: 513, found: '513 characters', allowed: 'at most 512' },
    ]);
  });

  it('shows a long wrong word cut', () => {
    const [problem] = parseAccessList(['x'.repeat(500)]).problems;
    expect(problem?.found).toBe(`"${'x'.repeat(78)}…`);
  });
});
