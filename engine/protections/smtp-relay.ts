/**
 * SMTP: mail servers of one's own that pass on mail of strangers to strangers,
 * and the strangers who try ("The eMail Threat": relaying). Needs the policy's
 * networks and both sides of the conversation; the own domains come from the
 * policy or are inferred (`inferred-domains.ts`).
 */
import type { SettingDeclaration } from '../../shared/protection.js';
import type { ReplyEvent } from '../protocols/events.js';
import { hasInferredDomains, isInferredOwn, noteAcceptedMessage } from './inferred-domains.js';
import {
  KNOWLEDGE,
  protection,
  type AcrossContext,
  type AcrossFact,
  type CheckContext,
  type Finding,
  type Past,
} from './protection.js';
import type { RelayRecipient } from './relay-recipient.js';
import {
  destinationOf,
  INFERRED,
  knowsInside,
  newRelayState,
  PORTS,
  watchCommand,
  watchOf,
  type RelayState,
  isWatchedVerb,
} from './relay-scope.js';
import { isTaken, type Asked } from './relay-watch.js';
import { sourceKey } from './source-key.js';

const PROBE_WINDOW_US = 600_000_000;

const ACCOUNTS: SettingDeclaration = {
  kind: 'list',
  name: 'accounts',
  title: 'Names that a server may take for any domain',
  of: 'word',
  default: ['postmaster', 'abuse'],
  reason: 'RFC 5321 4.5.1 and RFC 2142: the mail server of a hosted domain answers for these.',
};
export const smtpOpenRelay = protection<RelayState>({
  id: 'smtp-open-relay',
  title: 'Mail server relays for strangers',
  protocols: ['smtp'],
  attackName: 'Open Relay',
  attackInfo: 'Mail for a foreign domain was relayed',
  why:
    'The server took mail from outside, without a login, for a domain that is not its own. Spammers find such a server ' +
    'within hours; their mail then leaves from your address, and other servers stop taking mail from you.',
  sources: ['The eMail Threat: spam relayed through SMTP servers'],
  references: ['RFC 2505 2.1', 'RFC 5321 7.1', 'RFC 5321 C', 'RFC 5321 F.2'],
  severity: 'high',
  confidence: 90,
  precedence: 'policy',
  remedy:
    'Close the relay at once: Postfix smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, ' +
    'reject_unauth_destination; Exim relay_from_hosts and relay_to_domains without wildcards; Exchange: take the ' +
    'relay permission from anonymous users. Then look through the queue for mail of strangers. If the domain is ' +
    'yours, or you are its secondary MX, name it in `networks.ownDomains`.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.resynced,
  canFire: knowsInside,
  hearsVerb: isWatchedVerb,
  hearsAnswer: (answers) => answers === 'RCPT' || answers === 'EOD' || answers === 'BDAT',
  settings: [PORTS, ACCOUNTS, INFERRED],
  newState: newRelayState,
  on: {
    command: watchCommand,
    messageEnd: (event, context) => watchOf(context)?.messageEnd(event),
    reply(event, context) {
      const watch = watchOf(context);
      if (watch === null) return;
      const asked = event.answers === 'RCPT' ? watch.answered(event) : null;
      if (asked !== null && isTaken(event)) judgeTaken(asked, context);
      if (isVerdict(event) && event.outcome === 'ok') judgeRelayed(watch.judged(event), context);
    },
  },
  across: decideRelay,
});

export const smtpBounceRelay = protection<RelayState>({
  id: 'smtp-bounce-relay',
  title: 'Search for a mail relay',
  protocols: ['smtp'],
  attackName: 'Open Relay',
  attackInfo: 'Relay probe',
  why:
    'Somebody outside tries, with foreign domains and old ways of routing, whether this server would pass on mail for ' +
    'them. It refused; the next configuration mistake would be found the same way.',
  sources: ['The eMail Threat: spam relayed through SMTP servers'],
  references: ['RFC 2505', 'RFC 5321 C', 'RFC 5321 F.2', 'T1595.002'],
  severity: 'low',
  confidence: 80,
  precedence: 'policy',
  remedy:
    'Nothing was relayed. Block sources that come back, or let the server end their sessions (Postfix ' +
    'smtpd_hard_error_limit, Exim smtp_max_synprot_errors). If the domains are yours, name them in ' +
    '`networks.ownDomains`.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.resynced,
  canFire: knowsInside,
  hearsVerb: isWatchedVerb,
  hearsAnswer: (answers) => answers === 'RCPT' || answers === 'EOD' || answers === 'BDAT',
  settings: [
    {
      kind: 'number',
      name: 'limit',
      title: 'Refused recipients of one source within ten minutes that are a search',
      unit: 'recipients',
      default: 3,
      minimum: 1,
      maximum: 1000,
      reason: 'One or two are a mistyped address or a domain that moved away; tests for relays try a dozen forms.',
    },
    PORTS,
    INFERRED,
  ],
  newState: newRelayState,
  on: {
    command: watchCommand,
    messageEnd: (event, context) => watchOf(context)?.messageEnd(event),
    reply(event, context) {
      const watch = watchOf(context);
      if (watch === null) return;
      const asked = event.answers === 'RCPT' ? watch.answered(event) : null;
      if (asked !== null && (event.code >= 500 || isTaken(event))) tellProbe(asked, isTaken(event), context);
      if (isVerdict(event) && event.outcome === 'ok') tellMessages(watch.judged(event), context);
    },
  },
  across: decideProbe,
});

function isVerdict(event: ReplyEvent): boolean {
  return event.answers === 'EOD' || event.answers === 'BDAT';
}

function isExcepted(recipient: RelayRecipient, context: CheckContext<RelayState>): boolean {
  return recipient.form === 'none' && context.settings.set('accounts').has(recipient.localPart);
}

const TAKEN_WORDS: Pick<Finding, 'attackInfo' | 'confidence' | 'detail'> = {
  attackInfo: 'Relay probe accepted',
  confidence: 70,
  detail:
    'The server accepted a foreign recipient from an outside client that had not logged in; no message followed so far.',
};
const ROUTED_DETAIL =
  'The server accepted, from an outside client that had not logged in, a recipient that asks it to pass mail on.';
const RELAYED_DETAIL =
  'The server accepted a message for a foreign domain from an outside client that had not logged in.';
const BY_INFERENCE = ' Which domains are its own was inferred from the mail it accepted.';

function judgeTaken({ event, recipient, transaction }: Asked, context: CheckContext<RelayState>): void {
  if (isExcepted(recipient, context)) return;
  const { state, networks } = context;
  if (!networks.hasOwnDomains) return tellInferred('recipient', { event, recipient, transaction }, context);
  const destination = destinationOf(recipient, context);
  if (destination === 'own' || state.reported === transaction) return;
  state.reported = transaction;
  const detail = destination === 'routed' ? ROUTED_DETAIL : TAKEN_WORDS.detail;
  context.report({ event, severity: 'medium', ...TAKEN_WORDS, detail });
}

/** The message was taken: what was a probe is a relay. One finding for each message. */
function judgeRelayed(recipients: readonly Asked[], context: CheckContext<RelayState>): void {
  const judged = recipients.filter(({ recipient }) => !isExcepted(recipient, context));
  if (!context.networks.hasOwnDomains) {
    for (const asked of onePerDomain(judged)) tellInferred('message', asked, context);
    return;
  }
  const first = judged.find(({ recipient }) => destinationOf(recipient, context) === 'foreign');
  if (first !== undefined) context.report({ event: first.event, detail: RELAYED_DETAIL });
}

function onePerDomain(recipients: readonly Asked[]): Iterable<Asked> {
  return new Map(recipients.map((asked) => [asked.recipient.domain, asked])).values();
}

function tellInferred(
  kind: 'recipient' | 'message',
  { event, recipient }: Asked,
  context: CheckContext<RelayState>,
): void {
  const { domain, form } = recipient;
  if (!context.settings.flag('inferred') || domain === '' || form !== 'none') return;
  const words: Omit<Finding, 'event'> =
    kind === 'message'
      ? { severity: 'medium', confidence: 50, detail: RELAYED_DETAIL + BY_INFERENCE }
      : { severity: 'low', ...TAKEN_WORDS, confidence: 40, detail: TAKEN_WORDS.detail + BY_INFERENCE };
  context.tell({ kind, values: { domain }, finding: { event, ...words } });
}

function decideRelay(fact: AcrossFact, context: AcrossContext): void {
  const { past } = context;
  const { serverAddress: server } = fact;
  const domain = String(fact.values['domain']);
  const isOwn =
    fact.kind === 'message'
      ? noteAcceptedMessage(past, server, domain, sourceKey(fact.clientAddress))
      : isInferredOwn(past, server, domain);
  if (!isOwn && hasInferredDomains(past, server)) context.report();
}

function tellProbe(asked: Asked, wasTaken: boolean, context: CheckContext<RelayState>): void {
  const { recipient, event } = asked;
  const { domain, form } = recipient;
  const isKnown = context.networks.hasOwnDomains;
  if (isKnown && destinationOf(recipient, context) === 'own') return;
  if (!isKnown && form === 'none' && (domain === '' || !context.settings.flag('inferred'))) return;
  // Where the domains are not known, a routed path is one whoever it belongs to.
  const values = { domain, isCertain: isKnown || form !== 'none' };
  if (wasTaken) context.tell({ kind: 'taken', values });
  else context.tell({ kind: 'refused', values, finding: { event, detail: '' } });
}

/** For the inference alone. */
function tellMessages(recipients: readonly Asked[], context: CheckContext<RelayState>): void {
  if (context.networks.hasOwnDomains || !context.settings.flag('inferred')) return;
  for (const { recipient } of onePerDomain(recipients)) {
    const { domain, form } = recipient;
    if (domain !== '' && form === 'none') context.tell({ kind: 'message', values: { domain } });
  }
}

function decideProbe(fact: AcrossFact, context: AcrossContext): void {
  const { past, settings } = context;
  const source = sourceKey(fact.clientAddress);
  const domain = String(fact.values['domain']);
  if (fact.kind === 'message') {
    noteAcceptedMessage(past, fact.serverAddress, domain, source);
    return;
  }
  if (fact.values['isCertain'] !== true && !isForeign(past, fact.serverAddress, domain)) return;
  // What was taken is a relay, and no mere search for one.
  const takenCount = past.distinct(`taken ${source}`, fact.kind === 'taken' ? 'taken' : 'asked', PROBE_WINDOW_US);
  if (fact.kind === 'taken') return;
  const refused = past.count(`refused ${source}`, PROBE_WINDOW_US);
  const limit = settings.number('limit');
  if (takenCount > 1 || refused < limit) return;
  context.report({
    measured: refused,
    limit: limit - 1,
    unit: 'recipients',
    detail: `Recipient ${refused} elsewhere that this source tried within ten minutes; the server refused all of them.`,
  });
}

function isForeign(past: Past, server: string, domain: string): boolean {
  return hasInferredDomains(past, server) && !isInferredOwn(past, server, domain);
}
