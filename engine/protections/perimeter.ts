/**
 * Who may open a connection to a mail server ("The eMail Threat"): the policy's
 * access list, judged at the SYN. A router logs the first packet at once and
 * then counts for five minutes; so do these.
 */
import type { AccessList } from '../policy/access-list/access-list.js';
import { accessLogLine } from '../policy/access-list/log-line.js';
import { matchAccessList } from '../policy/access-list/match.js';
import type { NetworkView } from '../policy/network-view.js';
import type { HandshakeEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type AcrossContext, type AcrossFact, type CheckContext } from './protection.js';
import { sourceKey } from './source-key.js';

const LOG_WINDOW_US = 300_000_000;
/** Destinations of one source within ten minutes from which on it is a scan. */
const SCAN_DESTINATIONS = 5;
const SCAN_WINDOW_US = 600_000_000;

/** Ports that each of the three judges; a list decides which of them are denied. */
const SMTP_PORTS: ReadonlySet<number> = new Set([24, 25, 465, 587, 2525]);
const POP_PORTS: ReadonlySet<number> = new Set([109, 110, 995]);
const IMAP_PORTS: ReadonlySet<number> = new Set([143, 993, 4190]);

const COMMON = {
  family: 'perimeter',
  attackName: 'Packet Filter',
  attackInfo: 'list packet_filter denied tcp',
  seedText: '%SEC-6-IPACCESSLOGDP: list packet_filter denied tcp',
  severity: 'low',
  confidence: 95,
  precedence: 'policy',
  remedy:
    'Enforce the list on the router or firewall (`mailscope policy acl` prints it) and verify it with `mailscope policy ' +
    'verify`. If the connection is wanted, put a `permit` line for it before the `deny` line, or name the server among ' +
    'the relays of the policy.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: [],
} as const;

/** Without a list nothing is denied. */
function hasList(_networks: NetworkView, accessList: AccessList | null): boolean {
  return accessList !== null;
}

export const perimeterSmtpDenied = protection({
  ...COMMON,
  id: 'perimeter-smtp-denied',
  title: 'SMTP denied at the perimeter',
  protocols: ['smtp'],
  why:
    'Only the mail relays have to be reachable by SMTP from outside. Every other host that answers on port 25 is a ' +
    'forgotten mail server, and forgotten mail servers are relayed through and broken into.',
  sources: ['The eMail Threat: packet filter (Cisco IOS access list packet_filter)'],
  references: ['RFC 5321 7.1', 'T1046'],
  canFire: hasList,
  on: { handshake: (event, context) => judge(event, context, SMTP_PORTS) },
  across: decide,
});

export const perimeterPopDenied = protection({
  ...COMMON,
  id: 'perimeter-pop-denied',
  title: 'POP denied at the perimeter',
  protocols: ['pop3'],
  why:
    'Mailboxes are read from inside or through a tunnel. POP2 and POP3 from outside carry passwords in clear over ' +
    'foreign networks, and POP servers have a long history of overflows before login.',
  sources: ['The eMail Threat: packet filter (Cisco IOS access list packet_filter)'],
  references: ['RFC 1939', 'RFC 937', 'T1046'],
  canFire: hasList,
  on: { handshake: (event, context) => judge(event, context, POP_PORTS) },
  across: decide,
});

export const perimeterImapDenied = protection({
  ...COMMON,
  id: 'perimeter-imap-denied',
  title: 'IMAP denied at the perimeter',
  protocols: ['imap'],
  why:
    'IMAP from outside lets anybody try passwords against every mailbox, and IMAP servers have a long history of ' +
    'overflows before login. A server that is meant to be reached gets a permit line of its own.',
  sources: ['The eMail Threat: packet filter (Cisco IOS access list packet_filter)'],
  references: ['RFC 9051', 'T1046'],
  canFire: hasList,
  on: { handshake: (event, context) => judge(event, context, IMAP_PORTS) },
  across: decide,
});

/** Tells of a connection that the first matching line denies with `log`. */
function judge(event: HandshakeEvent, context: CheckContext<undefined>, ports: ReadonlySet<number>): void {
  const { accessList, connection, networks } = context;
  const { clientAddress, clientPort, serverAddress, serverPort } = connection;
  if (accessList === null || !ports.has(serverPort)) return;
  // The document applies the list where traffic enters the inside.
  if (networks.hasOwn && (!networks.isOwn(serverAddress) || networks.isOwn(clientAddress))) return;
  const entry = matchAccessList(accessList, {
    source: clientAddress,
    sourcePort: clientPort,
    destination: serverAddress,
    destinationPort: serverPort,
    established: false,
  });
  if (entry === null || entry.action !== 'deny' || entry.log === null) return;
  context.tell({
    kind: event.phase,
    values: { list: accessList.name, entry: entry.text },
    finding: { event, detail: '' },
  });
}

function decide(fact: AcrossFact, context: AcrossContext): void {
  const { past, tally } = context;
  const { clientAddress, serverAddress, serverPort } = fact;
  if (tally > 0) return release(fact, context, tally, `${tally} further packets within five minutes.`);
  const key = `${clientAddress} ${serverAddress} ${serverPort}`;
  // The session that came first in its window may say more of itself.
  const owner = String(fact.sessionId);
  const isAsked = fact.kind === 'asked';
  const destinations = isAsked ? past.distinct(sourceKey(clientAddress), serverAddress, SCAN_WINDOW_US) : 0;
  if (isAsked && past.tally(key, LOG_WINDOW_US) > 0) return;
  if (!past.isFirst(key, owner, LOG_WINDOW_US)) return;
  const scan =
    destinations < SCAN_DESTINATIONS ? '' : ` This source tried ${destinations} destinations in ten minutes.`;
  release(fact, context, 1, `${ANSWERS[fact.kind] ?? ''}${scan}`);
}

/** What is known of the server's answer, by phase of the handshake. */
const ANSWERS: Readonly<Record<string, string>> = {
  asked: 'The server did not answer.',
  answered: 'The server answered: no filter is in place.',
  refused: 'It was refused with a reset, by the server or by a filter before it.',
};

function release(fact: AcrossFact, context: AcrossContext, packets: number, words: string): void {
  const list = String(fact.values['list']);
  const { clientAddress: source, clientPort: sourcePort, serverAddress: destination, serverPort } = fact;
  const ends = { source, sourcePort, destination, destinationPort: serverPort };
  context.report({
    ...(fact.kind === 'answered' ? { severity: 'medium' } : {}),
    attackInfo: `list ${list} denied tcp`,
    detail: `The access list ${list} denies this connection: ${String(fact.values['entry'])}. ${words}`,
    ...(packets > 1 || context.tally > 0 ? { measured: packets, unit: 'packets' } : {}),
    accessLog: accessLogLine({ list, protocol: 'tcp', ...ends, packets }),
  });
}
