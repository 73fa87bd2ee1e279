/** The words of the Policy screen: families, profiles, actions, networks, kinds of list entries. */
import type { PolicyNetworks } from '../../shared/policy.js';
import type { Action } from '../../shared/violation.js';

/** Families in the order of the tree; one that is not here stands behind them under its own name. */
const FAMILIES: readonly (readonly [family: string, title: string])[] = [
  ['smtp', 'SMTP'],
  ['pop3', 'POP3'],
  ['imap', 'IMAP'],
  ['perimeter', 'Perimeter'],
  ['mailguard', 'Mail Guard'],
  ['relay', 'Relay'],
  ['sasl', 'SASL'],
  ['starttls', 'STARTTLS'],
  ['tls', 'TLS'],
  ['mime', 'Messages'],
  ['tcp', 'TCP'],
  ['correlation', 'Cross-connection'],
  ['cross-connection', 'Cross-connection'],
];

export function familyTitle(family: string): string {
  const known = FAMILIES.find(([name]) => name === family)?.[1];
  return known ?? family.slice(0, 1).toUpperCase() + family.slice(1).replace(/-/g, ' ');
}

export function familyRank(family: string): number {
  const rank = FAMILIES.findIndex(([name]) => name === family);
  return rank === -1 ? FAMILIES.length : rank;
}

export interface ProfileWords {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
}

export const PROFILES: readonly ProfileWords[] = [
  {
    name: 'modern',
    title: 'Modern',
    meaning:
      'Everything, except rules that contradict today’s practice: STARTTLS, AUTH and private commands are normal.',
  },
  {
    name: 'checkpoint',
    title: 'Check Point',
    meaning: 'Behaves as the product documents do: their protections, with their own defaults.',
  },
  {
    name: 'mailguard',
    title: 'Mail Guard',
    meaning: 'What a PIX with Mail Guard lets through: seven commands of RFC 821, no extensions.',
  },
  { name: 'strict', title: 'Strict', meaning: 'Like Modern, with the tighter numbers of Snort and Juniper.' },
];

export function profileTitle(name: string): string {
  return PROFILES.find((profile) => profile.name === name)?.title ?? name;
}

/** How a policy is called in a sentence: a profile, the user's own, or a file. */
export function policyTitle(name: string): string {
  if (name === 'own') return 'an own policy';
  return PROFILES.some((profile) => profile.name === name) ? `the ${profileTitle(name)} profile` : name;
}

/** How a policy is called by itself. */
export function policyLabel(name: string): string {
  if (name === 'own') return 'Own policy';
  const profile = PROFILES.find((candidate) => candidate.name === name.toLowerCase());
  return profile === undefined ? name : `${profile.title} policy`;
}

export const ACTIONS: readonly (readonly [Action, string])[] = [
  ['off', 'Off'],
  ['detect', 'Detect'],
  ['prevent', 'Prevent'],
];
export const ACTION_TITLE: Readonly<Record<Action, string>> = { off: 'Off', detect: 'Detect', prevent: 'Prevent' };
export const ACTION_MEANING: Readonly<Record<Action, string>> = {
  off: 'Not judged: nothing is reported.',
  detect: 'Every occurrence is reported. Nothing is blocked.',
  prevent:
    'Reported as “would block”. A capture shows traffic that has already passed, so nothing is blocked; a gateway with this policy would have.',
};

export interface NetworkWords {
  readonly key: keyof PolicyNetworks;
  readonly title: string;
  readonly meaning: string;
  readonly example: string;
}

export const NETWORKS: readonly NetworkWords[] = [
  {
    key: 'own',
    title: 'Own networks',
    meaning: 'Tells inside from outside. The perimeter is judged for connections from outside into these.',
    example: '10.0.0.0/8',
  },
  {
    key: 'mailServers',
    title: 'Mail servers',
    meaning: 'Your servers that take mail. The default perimeter list permits port 25 to them and to the relays only.',
    example: '10.0.0.25',
  },
  {
    key: 'relays',
    title: 'Relays',
    meaning:
      'Hosts that pass mail on for you. Relaying through them is no finding; the default perimeter list permits them.',
    example: '10.0.0.26',
  },
  {
    key: 'exchangeServers',
    title: 'Exchange servers',
    meaning: 'Between two of these, Microsoft Exchange’s own commands are legal.',
    example: '10.1.0.5',
  },
  {
    key: 'trustedProxies',
    title: 'Trusted proxies',
    meaning: 'Peers that may send private commands such as XCLIENT and XFORWARD.',
    example: '10.0.0.30',
  },
  {
    key: 'ownDomains',
    title: 'Own domains',
    meaning: 'Domains that you take mail for. Mail to any other domain through your servers is relaying.',
    example: 'example.org',
  },
];

/** What stands on a line of a list, by the declaration's `of`. */
const LIST_OF: Readonly<Record<string, string>> = {
  verb: 'one verb a line',
  mechanism: 'one SASL mechanism a line',
  code: 'one reply code a line',
  octet: 'one octet a line, as two hexadecimal digits',
  'verb-limit': 'one VERB=BYTES a line',
  network: 'one address or prefix a line',
  port: 'one port a line',
  word: 'one word a line',
  architecture: 'one architecture a line',
};

export function listOf(of: string): string {
  const range = /^(\w+) (\w+)\.\.(\w+)$/.exec(of);
  if (range !== null) return `one ${range[1]} a line, ${range[2]} to ${range[3]}`;
  return LIST_OF[of] ?? `one ${of} a line`;
}
