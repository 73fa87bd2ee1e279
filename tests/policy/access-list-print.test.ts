import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessList } from '../../engine/policy/access-list/access-list.js';
import { defaultAccessList } from '../../engine/policy/access-list/default-access-list.js';
import { matchAccessList } from '../../engine/policy/access-list/match.js';
import { parseAccessList } from '../../engine/policy/access-list/parse-access-list.js';
import { ciscoAccessList } from '../../engine/policy/access-list/print-cisco.js';
import { nftablesRuleset } from '../../engine/policy/access-list/print-nftables.js';
import { NO_NETWORKS } from '../../engine/policy/profiles.js';
import { accessListLines, questions } from './random-access-lists.js';

const NETWORKS = {
  ...NO_NETWORKS,
  own: ['10.0.0.5/8', '2001:db8::/32'],
  relays: ['10.0.0.25'],
  mailServers: ['10.0.3.0/24'],
};

function listOf(lines: readonly string[]): AccessList {
  const { list, problems } = parseAccessList(lines);
  expect(problems).toEqual([]);
  return list!;
}

describe('the list for IOS', () => {
  it('is ready to be pasted', () => {
    expect(ciscoAccessList(defaultAccessList(NETWORKS)!)).toBe(`ip access-list extended packet_filter
 permit tcp any host 10.0.0.25 eq 25
 permit tcp any 10.0.3.0 0.0.0.255 eq 25
 deny tcp any any eq 25 log
 deny tcp any any range 109 110 log
 deny tcp any any eq 143 log
 permit ip any any
!
! It belongs on the interface of the inside, for traffic that goes in there:
!  ip access-group packet_filter out
`);
  });

  it('has a second list for IPv6, in which neighbour discovery goes on and every test has one port', () => {
    const list = listOf([
      'permit tcp any host 2001:db8::25 eq smtp 587',
      'permit tcp any 10.1.0.3 0.255.0.0 established',
      'deny tcp any gt 1023 any neq 25 80 log-input',
      'deny ip any any log',
    ]);
    expect(ciscoAccessList(list)).toBe(`ip access-list extended packet_filter
 permit tcp any 10.0.0.3 0.255.0.0 established
 deny tcp any gt 1023 any neq 25 80 log-input
 deny ip any any log
!
ipv6 access-list packet_filter_ipv6
 permit tcp any host 2001:db8::25 eq 25
 permit tcp any host 2001:db8::25 eq 587
 deny tcp any gt 1023 any range 0 24 log-input
 deny tcp any gt 1023 any range 26 79 log-input
 deny tcp any gt 1023 any range 81 65535 log-input
 permit icmp any any nd-na
 permit icmp any any nd-ns
 deny ipv6 any any log
!
! It belongs on the interface of the inside, for traffic that goes in there:
!  ip access-group packet_filter out
!  ipv6 traffic-filter packet_filter_ipv6 out
`);
  });

  it('gives an IPv6 list no name that begins with a digit', () => {
    const printed = (lines: readonly string[]): string[] =>
      ciscoAccessList(listOf(lines))
        .split('\n')
        .filter((line) => /^ipv?6? access-list/.test(line));
    const six = 'access-list 101 deny tcp any host 2001:db8::25 eq 25';
    expect([printed([six]), printed([six, 'access-list 101 permit tcp any host 10.0.0.25 eq 25'])]).toEqual([
      ['ipv6 access-list list_101'],
      ['ip access-list extended 101', 'ipv6 access-list list_101_ipv6'],
    ]);
  });

  it('is an IPv6 list alone when the list holds for IPv6 alone', () => {
    expect(ciscoAccessList(listOf(['ipv6 access-list edge', 'permit tcp any any eq 25'])).split('\n')).toEqual([
      'ipv6 access-list edge',
      ' permit tcp any any eq 25',
      '!',
      '! It belongs on the interface of the inside, for traffic that goes in there:',
      '!  ipv6 traffic-filter edge out',
      '',
    ]);
  });

  it('judges every connection as the list does that it was printed from', () => {
    fc.assert(
      fc.property(accessListLines, fc.array(questions, { minLength: 1, maxLength: 20 }), (lines, connections) => {
        const list = listOf(lines);
        const printed = printedLists(list);
        for (const question of connections) {
          const isIpv6 = question.destination.includes(':');
          // Without entries about IPv6 a router filters none of it.
          if (isIpv6 && printed.ipv6 === null) continue;
          const again = isIpv6 ? printed.ipv6 : printed.ipv4;
          const verdict = again === null ? null : matchAccessList(again, question);
          const expected = matchAccessList(list, question);
          expect([verdict?.action, verdict?.log]).toEqual([expected?.action, expected?.log]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** The printed lists, parsed again; null for one that was not printed. */
function printedLists(list: AccessList): { readonly ipv4: AccessList | null; readonly ipv6: AccessList | null } {
  const lines = ciscoAccessList(list)
    .split('\n')
    .filter((line) => !line.includes(' permit icmp '));
  const second = lines.findIndex((line) => line.startsWith('ipv6 access-list'));
  const [first, rest] = second === -1 ? [lines, []] : [lines.slice(0, second), lines.slice(second)];
  return { ipv4: parseIfAny(first), ipv6: parseIfAny(rest) };
}

function parseIfAny(lines: readonly string[]): AccessList | null {
  const { list, problems } = parseAccessList(lines);
  expect(problems).toEqual([]);
  return list;
}

describe('the ruleset for nftables', () => {
  it('judges what comes from elsewhere into the own networks', () => {
    expect(nftablesRuleset(defaultAccessList(NETWORKS)!, NETWORKS))
      .toBe(`# Access list packet_filter. Load it with: nft -f FILE
add table inet mailscope
delete table inet mailscope
table inet mailscope {
	set own4 {
		type ipv4_addr
		flags interval
		auto-merge
		elements = { 10.0.0.0/8 }
	}
	set own6 {
		type ipv6_addr
		flags interval
		auto-merge
		elements = { 2001:db8::/32 }
	}
	chain forward {
		type filter hook forward priority filter; policy accept;
		# Only what comes from elsewhere into the own networks.
		ip daddr != @own4 accept
		ip saddr @own4 accept
		ip6 daddr != @own6 accept
		ip6 saddr @own6 accept
		# permit tcp any host 10.0.0.25 eq 25
		ip daddr 10.0.0.25 tcp dport 25 accept
		# permit tcp any 10.0.3.0/24 eq 25
		ip daddr 10.0.3.0/24 tcp dport 25 accept
		# deny tcp any any eq 25 log
		tcp dport 25 log prefix "packet_filter denied: " counter drop
		# deny tcp any any range 109 110 log
		tcp dport 109-110 log prefix "packet_filter denied: " counter drop
		# deny tcp any any eq 143 log
		tcp dport 143 log prefix "packet_filter denied: " counter drop
		# permit ip any any
		accept
	}
}
`);
  });

  it('judges everything that is forwarded when no own networks are named, and ends as a list does', () => {
    const rules = nftablesRuleset(listOf(['permit tcp any any eq 25']), NO_NETWORKS).split('\n');
    expect(rules.slice(4, -3)).toEqual([
      '\tchain forward {',
      '\t\ttype filter hook forward priority filter; policy accept;',
      '\t\t# permit tcp any any eq 25',
      '\t\ttcp dport 25 accept',
      '\t\t# The end of a list denies what no entry permits.',
      '\t\tcounter drop',
    ]);
  });

  it('leaves a family alone of which nothing is own', () => {
    const rules = nftablesRuleset(listOf(['permit ip any any']), { ...NO_NETWORKS, own: ['10.0.0.0/8'] });
    expect(rules).toContain('\t\tmeta nfproto ipv6 accept\n');
    expect(rules).not.toContain('own6');
  });

  it('is taken by nft', ({ skip }) => {
    const probe = nft('table inet probe { }');
    skip(probe !== '', `nft cannot check rulesets here: ${probe}`);
    expect(nft('table inet probe { chain x { nonsense } }')).not.toBe('');
    const samples = fc.sample(accessListLines, 40).map(listOf);
    for (const list of [defaultAccessList(NETWORKS)!, ...samples]) {
      for (const own of [NETWORKS.own, ['192.0.2.0/24', '192.0.2.7', '::/0'], []]) {
        const ruleset = nftablesRuleset(list, { ...NETWORKS, own });
        expect([nft(ruleset), ruleset]).toEqual(['', ruleset]);
      }
    }
  });
});

/** What nft has against a ruleset; empty when nothing. */
function nft(ruleset: string): string {
  const { error, status, stderr } = spawnSync('nft', ['-c', '-f', '-'], { input: ruleset, encoding: 'utf8' });
  if (error !== undefined) return error.message;
  return status === 0 ? '' : stderr || 'refused';
}
