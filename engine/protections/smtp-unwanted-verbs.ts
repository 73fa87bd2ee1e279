/**
 * SMTP: commands that are right by the protocol and that an administrator may
 * not want: STARTTLS (SBP-2010-06), AUTH and any other verb (CPAI-2007-103).
 * All are off unless the policy asks for them.
 */
import { NetworkList } from '../policy/networks.js';
import type { CommandEvent, ReplyEvent } from '../protocols/events.js';
import { keptCommand } from './kept-command.js';
import { KNOWLEDGE, protection, type CheckContext, type ResolvedSettings } from './protection.js';
import { isVerbBrokenOff, isWellFormedVerb, verbText } from './smtp-verb.js';

interface TlsState {
  /** The last command that asks for TLS, with octets of its own, until it is answered. */
  asked: CommandEvent | null;
  readonly exempt: NetworkList | null;
}

export const smtpStarttlsPolicy = protection<TlsState>({
  id: 'smtp-starttls-policy',
  title: 'STARTTLS that the policy forbids',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Illegal SMTP TLS session',
  why:
    'Behind STARTTLS a gateway sees nothing of the mail any more. Some policies therefore forbid it where mail has to ' +
    'be inspected; everywhere else it should be used, and a network that suppresses it makes eavesdropping possible.',
  sources: ['SBP-2010-06: SMTP STARTTLS Command'],
  references: ['RFC 2487', 'RFC 3207', 'RFC 8314'],
  severity: 'low',
  confidence: 95,
  precedence: 'policy',
  remedy:
    'If encrypted mail is wanted here, switch this protection off or name the peers in `exempt`. If it is not, do not ' +
    'let the server offer it (Postfix smtpd_tls_security_level = none, Exim tls_advertise_hosts empty, Exchange: ' +
    'no certificate enabled for SMTP) and inspect the mail on a gateway that ends TLS.',
  defaultAction: 'off',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: asksForTls,
  settings: [
    {
      kind: 'choice',
      name: 'when',
      title: 'When it is reported',
      default: 'command',
      choices: ['command', 'accepted'],
      reason: 'The source reports the command itself; `accepted` waits for the 220 behind which TLS begins.',
    },
    {
      kind: 'list',
      name: 'exempt',
      title: 'Clients and servers that may use TLS',
      of: 'network',
      default: [],
      reason: 'A session is left alone when its client or its server is among them, for example partners.',
    },
    {
      kind: 'flag',
      name: 'include_x_anonymoustls',
      title: 'Report X-ANONYMOUSTLS too',
      default: false,
      reason: 'Exchange servers encrypt among themselves with X-ANONYMOUSTLS, which is STARTTLS by another name.',
    },
  ],
  newState: (settings) => {
    const exempt = settings.set('exempt');
    return { asked: null, exempt: exempt.size === 0 ? null : new NetworkList(exempt) };
  },
  on: {
    command(event, context) {
      if (!asksForTls(event.verb, context.settings) || isExempt(context)) return;
      context.state.asked = keptCommand(event);
      if (context.settings.choice('when') === 'accepted') return;
      reportTls(context, event, `The client asked for TLS with ${event.verb}; the server's answer was not seen.`);
    },
    reply(event, context) {
      const { asked } = context.state;
      if (asked === null || event.answersLine !== asked.line || event.answers !== asked.verb) return;
      context.state.asked = null;
      judgeAnswer(event, asked, context);
    },
  },
});

function asksForTls(verb: string, settings: ResolvedSettings): boolean {
  if (verb === 'STARTTLS' || verb === 'TLS') return true;
  return verb === 'X-ANONYMOUSTLS' && settings.flag('include_x_anonymoustls');
}

function isExempt({ state, connection }: CheckContext<TlsState>): boolean {
  const { exempt } = state;
  if (exempt === null) return false;
  return exempt.contains(connection.clientAddress) || exempt.contains(connection.serverAddress);
}

/** The report of the command is replaced by one that knows the answer. */
function judgeAnswer(event: ReplyEvent, asked: CommandEvent, context: CheckContext<TlsState>): void {
  const isAccepted = event.code === 220;
  if (!isAccepted && context.settings.choice('when') === 'accepted') return;
  const outcome = isAccepted
    ? 'the server agreed with 220, and the session is encrypted from here on'
    : `the server refused with ${event.code}, and the session goes on in clear`;
  reportTls(context, asked, `The client asked for TLS with ${asked.verb}; ${outcome}.`);
}

function reportTls(context: CheckContext<TlsState>, event: CommandEvent, detail: string): void {
  context.report({ event, start: event.verbStart, end: event.verbEnd, detail });
}

export const smtpAuthNotAllowed = protection({
  id: 'smtp-auth-not-allowed',
  title: 'AUTH where logins are not allowed',
  protocols: ['smtp'],
  attackName: 'Received an unknown command (AUTH)',
  attackInfo: 'mail server',
  why:
    'A mail exchanger takes mail from strangers and has no need of logins on port 25. There AUTH invites password ' +
    'guessing, and faults in its code were open to everybody, such as the overflow of Mercury Mail (CVE-2007-4440).',
  sources: ['CPAI-2007-103: Mail Security Server, AUTH command not allowed (VPN-1 NGX R65 - R60)'],
  references: ['RFC 4954', 'RFC 6409', 'CVE-2007-4440'],
  severity: 'low',
  confidence: 95,
  precedence: 'policy',
  remedy:
    'Do not let the server offer AUTH on port 25 (Postfix smtpd_sasl_auth_enable = no for the smtp service in ' +
    'master.cf, Exim auth_advertise_hosts empty there, Exchange: no authentication on the receive connector for the ' +
    'Internet), and let users submit on port 465 or 587. Where logins on port 25 are meant to be, switch this off.',
  defaultAction: 'off',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => verb === 'AUTH',
  settings: [
    {
      kind: 'list',
      name: 'ports',
      title: 'Ports where AUTH is not allowed',
      of: 'port',
      default: ['25'],
      reason: 'Users log in on the submission ports 587 and 465, which are therefore left out.',
    },
  ],
  on: { command: judgeAuth, partialCommand: judgeAuth },
});

function judgeAuth(event: CommandEvent, context: CheckContext<undefined>): void {
  if (event.verb !== 'AUTH' || isVerbBrokenOff(event)) return;
  const { serverPort } = context.connection;
  if (!context.settings.set('ports').has(String(serverPort))) return;
  context.report({
    event,
    start: event.verbStart,
    end: event.verbEnd,
    detail: `The client used AUTH on port ${serverPort}, where the policy allows no logins.`,
  });
}

export const smtpCommandBlocked = protection({
  id: 'smtp-command-blocked',
  title: 'SMTP command that the policy blocks',
  protocols: ['smtp'],
  attackName: 'SMTP Security Violation',
  attackInfo: 'Command was blocked by Security Policy',
  seedText: 'SMTP Secuirty Violation / Commad was blocked by Security Policy',
  why:
    'A command that your mail servers do not need is one less to be attacked through. Here you name the commands that ' +
    'nobody may use; the source does so with AUTH until a server with a known fault is repaired.',
  sources: ['CPAI-2007-103: SMTP Format Restrictions, Block Commands (InterSpect NGX)'],
  references: ['RFC 5321 4.1', 'RFC 5321 7.3', 'CVE-2007-4440'],
  severity: 'medium',
  confidence: 95,
  precedence: 'policy',
  remedy:
    'Switch the command off in the mail server as well (Postfix smtpd_discard_ehlo_keywords and ' +
    'disable_vrfy_command = yes, Exim acl_smtp_vrfy, acl_smtp_expn, acl_smtp_etrn and auth_advertise_hosts), so that ' +
    'it is refused and not only reported. If the client is one of yours, tell its owner which command to do without.',
  defaultAction: 'off',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb, settings) => verb === '' || settings.set('blocked_verbs').has(verb),
  settings: [
    {
      kind: 'list',
      name: 'blocked_verbs',
      title: 'Commands that nobody may use',
      of: 'verb',
      default: [],
      reason: 'Empty by default; the source puts AUTH here for servers with CVE-2007-4440.',
    },
  ],
  on: { command: judgeBlocked, partialCommand: judgeBlocked },
});

function judgeBlocked(event: CommandEvent, context: CheckContext<undefined>): void {
  const blocked = context.settings.set('blocked_verbs');
  if (blocked.size === 0 || isVerbBrokenOff(event)) return;
  if (event.verb === '' && !isWellFormedVerb(event)) return;
  const verb = verbText(event);
  if (!blocked.has(verb)) return;
  context.report({
    event,
    start: event.verbStart,
    end: event.verbEnd,
    detail: event.verb === '' ? 'The policy blocks this command.' : `The policy blocks the command ${verb}.`,
  });
}
