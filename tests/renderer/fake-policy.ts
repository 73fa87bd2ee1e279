/**
 * A policy without an engine: four protections that have every kind of
 * setting, and a check that refuses numbers out of range, networks that are no
 * IPv4 prefix, and access-list lines that begin with neither permit nor deny.
 */
import type {
  PerimeterProblem,
  PolicyCheck,
  PolicyDescription,
  PolicyDocument,
  PolicyProblem,
  PolicyState,
} from '../../shared/policy.js';
import type { ProtectionDescription } from '../../shared/protection.js';

const COMMON = {
  attackName: 'SMTP Policy Violation',
  why: 'Servers have to take 100 recipients of one message, not more.',
  sources: ['SBP-2010-06'],
  references: ['RFC 5321 4.5.3.1.8'],
  severity: 'medium',
  confidence: 90,
  remedy: 'See whether the client is a list server of your own; raise `limit` then.',
  defaultAction: 'detect',
} as const;

export const FAKE_CATALOGUE: readonly ProtectionDescription[] = [
  {
    ...COMMON,
    id: 'smtp-max-recipients',
    title: 'Too many recipients',
    protocols: ['smtp'],
    family: 'smtp',
    attackInfo: 'Too many recipients',
    settings: [
      {
        kind: 'number',
        name: 'limit',
        title: 'Recipients of one message',
        unit: 'recipients',
        default: 100,
        minimum: 1,
        maximum: 10_000,
        reason: 'RFC 5321 obliges servers to take 100.',
      },
      { kind: 'flag', name: 'accepted_only', title: 'Count accepted ones only', default: false, reason: 'Or all.' },
    ],
  },
  {
    ...COMMON,
    id: 'smtp-unknown-command',
    title: 'Unknown SMTP command',
    protocols: ['smtp'],
    family: 'smtp',
    attackInfo: 'Unknown command',
    severity: 'low',
    settings: [
      {
        kind: 'list',
        name: 'known_verbs',
        title: 'Known verbs',
        of: 'verb',
        default: ['HELO', 'QUIT'],
        reason: 'RFC.',
      },
      {
        kind: 'choice',
        name: 'state',
        title: 'Where',
        default: 'anywhere',
        choices: ['anywhere', 'ready'],
        reason: 'In `ready` only after EHLO.',
      },
    ],
  },
  {
    ...COMMON,
    id: 'pop3-weak-password',
    title: 'Weak POP3 password',
    protocols: ['pop3'],
    family: 'pop3',
    attackInfo: 'Weak password',
    settings: [],
  },
  {
    ...COMMON,
    id: 'perimeter-smtp-denied',
    title: 'SMTP denied at the perimeter',
    protocols: ['smtp'],
    family: 'perimeter',
    attackInfo: 'list packet_filter denied tcp',
    references: ['CVE-2007-4440'],
    settings: [],
  },
];

/** Profiles differ in one protection each, so that switching shows. */
const OFF: Readonly<Record<string, readonly string[]>> = { checkpoint: ['pop3-weak-password'], mailguard: [] };

export function fakeDescription(document: PolicyDocument): PolicyDescription {
  const profile = document.profile ?? 'modern';
  const protections = FAKE_CATALOGUE.map(({ id, settings }) => ({
    id,
    action: document.protections?.[id]?.action ?? ((OFF[profile] ?? []).includes(id) ? 'off' : 'detect'),
    settings: {
      ...Object.fromEntries(settings.map((one) => [one.name, one.default])),
      ...document.protections?.[id]?.settings,
    },
    servers: document.protections?.[id]?.servers ?? null,
  }));
  const networks = document.networks ?? {};
  return {
    name: document.protections === undefined && document.networks === undefined ? profile : 'own',
    profile,
    active: protections.filter(({ action }) => action !== 'off').length,
    total: protections.length,
    protections,
    networks: {
      own: [],
      mailServers: [],
      relays: [],
      exchangeServers: [],
      trustedProxies: [],
      ownDomains: [],
      ...networks,
    },
    perimeter: document.perimeter ?? (networks.own === undefined ? null : ['deny tcp any any eq 25 log']),
    limits: {},
  };
}

export function fakeCheck(document: PolicyDocument): PolicyCheck {
  const perimeter = (document.perimeter ?? []).flatMap((line, index): readonly PerimeterProblem[] =>
    /^(?:permit|deny) /.test(line) ? [] : [{ index, column: 1, found: `"${line}"`, allowed: 'permit or deny' }],
  );
  const [wrongLine] = perimeter;
  const problem =
    wrongNumber(document) ??
    wrongNetwork(document) ??
    (wrongLine === undefined ? null : refusal(`perimeter[${wrongLine.index}]`, wrongLine.found, wrongLine.allowed));
  return { problem, perimeter, description: problem === null ? fakeDescription(document) : null };
}

export function fakePolicyState(document: PolicyDocument, change: Partial<PolicyState> = {}): PolicyState {
  return { document, description: fakeDescription(document), path: null, isInForce: true, problem: null, ...change };
}

function wrongNumber(document: PolicyDocument): PolicyProblem | null {
  const limit = document.protections?.['smtp-max-recipients']?.settings?.['limit'] ?? 100;
  if (typeof limit === 'number' && limit >= 1 && limit <= 10_000) return null;
  return refusal('protections.smtp-max-recipients.settings.limit', JSON.stringify(limit), 'a whole number');
}

function wrongNetwork(document: PolicyDocument): PolicyProblem | null {
  const own = document.networks?.own ?? [];
  const index = own.findIndex((entry) => !/^\d+(?:\.\d+){3}(?:\/\d+)?$/.test(entry));
  return index === -1 ? null : refusal(`networks.own[${index}]`, JSON.stringify(own[index]), 'addresses or prefixes');
}

function refusal(path: string, found: string, allowed: string): PolicyProblem {
  return {
    code: 'policy-value',
    message: `At ${path}.`,
    hint: 'Correct it.',
    path,
    line: 1,
    column: 1,
    found,
    allowed,
  };
}
