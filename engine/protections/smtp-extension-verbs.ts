/**
 * SMTP: verbs of Microsoft Exchange and of private use (PROTECTIONS section 3,
 * smtp-exchange-commands and smtp-private-command). Between an administrator's
 * own Exchange servers, and from own proxies, they are daily business.
 */
import type { CommandEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { isVerbBrokenOff, isWellFormedVerb, verbText } from './smtp-verb.js';

/** The three of SBP-2010-06. */
const EXCHANGE_VERBS: ReadonlySet<string> = new Set(['X-EXPS', 'XEXCH50', 'X-LINK2STATE']);
/** Further ones of Exchange 2007 and later, and how older versions spelt them. */
const FURTHER_EXCHANGE_VERBS: ReadonlySet<string> = new Set(
  (
    'X-ANONYMOUSTLS X-ADAT X-DRCP X-ERCP X-EXCH50 X-EXCHANGEAUTH XSESSIONPARAMS XPROXY XPROXYFROM XPROXYTO XRDST ' +
    'XSHADOW XSHADOWREQUEST'
  ).split(' '),
);
const PROXY_VERBS: ReadonlySet<string> = new Set(['XCLIENT', 'XFORWARD']);
const LOWER_X = 0x78;

/** True for an Exchange verb between the administrator's own Exchange servers, or a proxy's verb from an own proxy. */
export function isUsedAmongOwn(verb: string, context: Pick<CheckContext<unknown>, 'networks' | 'connection'>): boolean {
  const { networks, connection } = context;
  if (PROXY_VERBS.has(verb)) return networks.isTrustedProxy(connection.clientAddress);
  if (!EXCHANGE_VERBS.has(verb) && !FURTHER_EXCHANGE_VERBS.has(verb)) return false;
  return networks.isExchangeServer(connection.clientAddress) && networks.isExchangeServer(connection.serverAddress);
}

function startsWithX(event: CommandEvent): boolean {
  return event.verbStart < event.verbEnd && ((event.buffer[event.verbStart] as number) | 0x20) === LOWER_X;
}

export const smtpExchangeCommands = protection({
  id: 'smtp-exchange-commands',
  title: 'Microsoft Exchange command from elsewhere',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Illegal Microsoft Exchange Server command',
  why:
    'Exchange servers use commands of their own among themselves, to log in to each other and to pass on routing data. ' +
    'Nobody else has a reason to use them, and two of them could be used to run code on unpatched servers.',
  sources: ['SBP-2010-06: Microsoft Exchange Server Commands'],
  references: ['RFC 5321 4.1.5', 'CVE-2005-0560', 'CVE-2003-0714', 'T1190'],
  severity: 'medium',
  confidence: 90,
  precedence: 'private',
  remedy:
    'If both ends are Exchange servers of your own, name them in `networks.exchangeServers`. Otherwise keep the server ' +
    'from offering these commands to the Internet (on the receive connector, take Exchange Server authentication away ' +
    'from anonymous clients), make sure that MS03-046 and MS05-021 are installed on Exchange 2000 and 2003, and block ' +
    'the client.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb, settings) => EXCHANGE_VERBS.has(verb) || mayBeExtra(verb, settings.set('extra_verbs')),
  settings: [
    {
      kind: 'list',
      name: 'extra_verbs',
      title: 'Further commands that count as commands of Exchange',
      of: 'verb',
      default: [],
      reason:
        'The source names X-EXPS, XEXCH50 and X-LINK2STATE. Newer ones: X-ANONYMOUSTLS, X-ADAT, X-DRCP, X-ERCP, ' +
        'X-EXCH50, X-EXCHANGEAUTH, XSESSIONPARAMS, XPROXY, XPROXYFROM, XPROXYTO, XRDST, XSHADOW, XSHADOWREQUEST.',
    },
  ],
  on: { command: judgeExchange, partialCommand: judgeExchange },
});

function judgeExchange(event: CommandEvent, context: CheckContext<undefined>): void {
  if (!EXCHANGE_VERBS.has(event.verb) && !isExtra(event, context)) return;
  const { networks, connection } = context;
  const { clientAddress, serverAddress, facts } = connection;
  if (networks.isExchangeServer(clientAddress) && networks.isExchangeServer(serverAddress)) return;
  if (isVerbBrokenOff(event)) return;
  const isExternal = networks.hasOwn && !networks.isOwn(clientAddress);
  const who = isExternal ? 'A client outside your networks' : 'The client';
  const hint =
    facts.capabilities?.has('X-EXPS') === true
      ? ' The server offers X-EXPS: the two may be a pair of Exchange servers that the policy does not name.'
      : '';
  context.report({
    event,
    start: event.verbStart,
    end: event.verbEnd,
    ...(isExternal ? { severity: 'high' } : {}),
    detail: `${who} used a command of Exchange servers, and not both ends are among those that the policy names.${hint}`,
  });
}

function mayBeExtra(verb: string, extra: ReadonlySet<string>): boolean {
  return extra.size > 0 && (verb === '' || extra.has(verb));
}

function isExtra(event: CommandEvent, { settings }: CheckContext<undefined>): boolean {
  const extra = settings.set('extra_verbs');
  if (extra.size === 0) return false;
  return event.verb === '' ? isWellFormedVerb(event) && extra.has(verbText(event)) : extra.has(event.verb);
}

export const smtpPrivateCommand = protection({
  id: 'smtp-private-command',
  title: 'Private SMTP command',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Private command',
  why:
    'Commands that begin with X are agreed on between two programs and mean nothing to others. From a client that you ' +
    'do not know they are attempts at a feature of one product: to pass for another client, to be let in, or to be ' +
    'told what the server is.',
  sources: ['SBP-2010-06: SMTP Private Commands'],
  references: ['RFC 2821 4.1.5', 'RFC 5321 2.2.2', 'RFC 5321 4.1.5'],
  severity: 'low',
  confidence: 90,
  precedence: 'private',
  remedy:
    'If software of your own uses the command, add it to `allow_verbs` here and to `known_verbs` of ' +
    '`smtp-unknown-command`; if a proxy of your own sends XCLIENT or ' +
    'XFORWARD, name it in `networks.trustedProxies`. In the mail server allow such commands to named hosts only ' +
    '(Postfix smtpd_authorized_xclient_hosts and smtpd_authorized_xforward_hosts).',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => verb === '' || verb.startsWith('X'),
  settings: [
    {
      kind: 'list',
      name: 'allow_verbs',
      title: 'Private commands that may be used',
      of: 'verb',
      default: [],
      reason: 'Commands of software of your own, for example `XSTATUS` of a monitoring program.',
    },
    {
      kind: 'flag',
      name: 'include_exchange',
      title: 'Report the commands of Exchange here too',
      default: false,
      reason: 'X-EXPS, XEXCH50 and X-LINK2STATE are judged by the protection for commands of Exchange.',
    },
  ],
  on: { command: judgePrivate, partialCommand: judgePrivate },
});

function judgePrivate(event: CommandEvent, context: CheckContext<undefined>): void {
  if (!startsWithX(event) || isVerbBrokenOff(event) || !isWellFormedVerb(event)) return;
  const { settings } = context;
  const verb = verbText(event);
  if (EXCHANGE_VERBS.has(verb) && !settings.flag('include_exchange')) return;
  if (settings.set('allow_verbs').has(verb) || isUsedAmongOwn(verb, context)) return;
  context.report({
    event,
    start: event.verbStart,
    end: event.verbEnd,
    detail: PROXY_VERBS.has(verb)
      ? `The client used ${verb}, by which a proxy speaks for other clients, and is not among the trusted proxies.`
      : 'The command begins with X: it is of private use, and the policy does not allow it.',
  });
}
