/**
 * SMTP: what a Cisco PIX with Mail Guard (`fixup protocol smtp 25`) does, as
 * findings (PROTECTIONS section 7): seven commands, and a greeting that names
 * no product. The greeting that a Mail Guard masked is a fact of the connection
 * (`ConnectionFacts.middlebox`), no finding.
 */
import { latin1Text } from '../octets.js';
import type { CommandEvent, ReplyEvent } from '../protocols/events.js';
import { beginsWith } from '../protocols/smtp/grammar.js';
import { KNOWLEDGE, protection, type AcrossContext, type AcrossFact, type CheckContext } from './protection.js';
import { isVerbBrokenOff, verbText } from './smtp-verb.js';

const DAY_US = 86_400_000_000;
const DOCUMENT = 'The eMail Threat: PIX Mail Guard (fixup protocol smtp 25)';

export const smtpMailguardCommand = protection({
  id: 'smtp-mailguard-command',
  title: 'Command that Mail Guard rejects',
  protocols: ['smtp'],
  attackName: 'Mail Guard',
  attackInfo: '500 command unrecognized',
  why:
    'A PIX with Mail Guard lets seven commands through, those of the first SMTP, and has everything else answered with ' +
    '500. This tells you what such a firewall would have rejected; EHLO and all extensions are among it.',
  sources: [DOCUMENT],
  references: ['RFC 821', 'RFC 5321 4.5.1'],
  severity: 'low',
  confidence: 95,
  precedence: 'policy',
  remedy:
    'Use this where a server must be spoken to with the seven commands only, and name that server in the policy. ' +
    'Otherwise leave it off: without EHLO there is no TLS, no login and no size check. If mail from others fails ' +
    'behind a PIX or ASA, take `fixup protocol smtp` (ASA: `inspect esmtp`) out of its configuration.',
  defaultAction: 'off',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb, settings) => verb === '' || !settings.set('verbs').has(verb),
  settings: [
    {
      kind: 'list',
      name: 'verbs',
      title: 'Commands that pass',
      of: 'verb',
      default: ['HELO', 'MAIL', 'RCPT', 'DATA', 'RSET', 'NOOP', 'QUIT'],
      reason: 'The seven of RFC 821 4.5.1, which the source lists.',
    },
  ],
  on: { command: judgeCommand, partialCommand: judgeCommand },
});

function judgeCommand(event: CommandEvent, context: CheckContext<undefined>): void {
  const passing = context.settings.set('verbs');
  if (event.verb !== '' && passing.has(event.verb)) return;
  if (event.verbStart >= event.verbEnd || isVerbBrokenOff(event)) return;
  if (event.verb === '' && passing.has(verbText(event))) return;
  context.report({
    event,
    start: event.verbStart,
    end: event.verbEnd,
    // Only verbs of the protocol's own table are repeated in the log words.
    ...(event.verb === '' ? {} : { attackInfo: `500 command unrecognized: ${event.verb}` }),
    detail: 'Mail Guard lets this command not pass: the server would get X in its place and answer 500.',
  });
}

/** Names of mail servers as they stand in greetings. */
const PRODUCTS = [
  'Postfix',
  'Exim',
  'Sendmail',
  'Microsoft ESMTP MAIL',
  'MDaemon',
  'Mercury',
  'IMail',
  'SLmail',
  'hMailServer',
  'MailEnable',
  'Zimbra',
  'Kerio',
  'Courier',
  'qmail',
  'OpenSMTPD',
  'Haraka',
] as const;
/** A name that is a word of its own and no part of a host name; then perhaps a version. */
const PRODUCT = new RegExp(
  `(?<![\\w.@-])(${PRODUCTS.join('|')})(?![\\w@-]|\\.[a-z])((?:[ /]v?|(?: service)?,? version:? ?)\\d[\\w.+-]*)?`,
  'gi',
);
/** Behind the code and its separator comes the server's name. */
const FIRST_WORD = 4;
const LONGEST_GREETING = 512;

export const smtpMailguardBanner = protection({
  id: 'smtp-mailguard-banner',
  title: 'Greeting that names the mail server',
  protocols: ['smtp'],
  attackName: 'Mail Guard',
  attackInfo: 'Server banner names its product',
  why:
    'The first words of the server tell everybody which product it runs, and often the version. Whoever looks for ' +
    'servers with a known fault collects exactly that. Mail Guard replaces such greetings by asterisks.',
  sources: [DOCUMENT],
  references: ['RFC 5321 4.3.1', 'RFC 5321 7.7', 'T1592.002'],
  severity: 'info',
  confidence: 85,
  precedence: 'policy',
  remedy:
    'Let the greeting give the host name only: Postfix smtpd_banner = $myhostname ESMTP, Exim smtp_banner = ' +
    '$smtp_active_hostname ESMTP, Sendmail O SmtpGreetingMessage=$j, Exchange Set-ReceiveConnector -Banner. It hides ' +
    'nothing from a patient attacker, so keep the server up to date all the same.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.synced,
  hearsAnswer: (answers) => answers === 'GREETING',
  settings: [],
  on: { reply: judgeBanner },
  across: oncePerDay,
});

function judgeBanner(event: ReplyEvent, context: CheckContext<undefined>): void {
  if (event.answers !== 'GREETING' || event.code !== 220) return;
  const { buffer, start } = event;
  const end = Math.min(event.end, start + LONGEST_GREETING);
  if (!mayNameProduct(buffer, start, end)) return;
  const text = latin1Text(buffer, start, end);
  const isOneWord = !/\S\s+\S/.test(text.slice(FIRST_WORD));
  for (const match of text.matchAll(PRODUCT)) {
    const hasVersion = match[2] !== undefined;
    // The first of several words is the server's own name, unless a version follows.
    if (match.index === FIRST_WORD && !hasVersion && !isOneWord) continue;
    const product = PRODUCTS.find((name) => name.toLowerCase() === (match[1] as string).toLowerCase()) as string;
    if (isForeign(context)) return;
    context.tell({
      kind: 'banner',
      values: {},
      finding: {
        event,
        start: start + match.index,
        end: start + match.index + match[0].length,
        detail: `The greeting names ${product}${hasVersion ? ' and its version' : ''}; told once a day for each server.`,
      },
    });
    return;
  }
}

/** Ordinary greetings cost no text: some word begins like a product's name, whatever stands before it. */
function mayNameProduct(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i + 1 < end; i++) {
    const prefix = (((buffer[i] as number) & 0x1f) << 5) | ((buffer[i + 1] as number) & 0x1f);
    if (IS_PREFIX[prefix] === 1 && beginsWithProduct(buffer, i, end)) return true;
  }
  return false;
}

function beginsWithProduct(buffer: Uint8Array, start: number, end: number): boolean {
  for (const name of PREFIXES) if (beginsWith(buffer, start, end, name)) return true;
  return false;
}

const PREFIXES = PRODUCTS.map((name) => name.toUpperCase());
/** 1 for the first two letters of each name, five bits each, the same in both cases. */
const IS_PREFIX = new Uint8Array(1024);
for (const name of PREFIXES) IS_PREFIX[((name.charCodeAt(0) & 0x1f) << 5) | (name.charCodeAt(1) & 0x1f)] = 1;

/** Nobody here can change what a server outside says. */
function isForeign({ networks, connection }: CheckContext<undefined>): boolean {
  const { serverAddress } = connection;
  return networks.hasOwn && !networks.isOwn(serverAddress) && !networks.isMailServer(serverAddress);
}

function oncePerDay(fact: AcrossFact, context: AcrossContext): void {
  if (context.past.isFirst(`${fact.serverAddress} ${fact.serverPort}`, String(fact.sessionId), DAY_US)) {
    context.report();
  }
}
