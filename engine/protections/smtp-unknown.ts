/** SMTP: verbs that no server has to know (PROTECTIONS section 3, smtp-unknown-command). */
import type { CommandEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { isUsedAmongOwn } from './smtp-extension-verbs.js';
import { isVerbBrokenOff, isWellFormedVerb, verbText } from './smtp-verb.js';

/** The list of SBP-2010-06. */
const SEED_VERBS: readonly string[] = (
  'EHLO HELO MAIL RCPT DATA RSET VRFY EXPN HELP NOOP QUIT BDAT ATRN AUTH ETRN STARTTLS TLS ' +
  'X-EXPS XEXCH50 X-LINK2STATE'
).split(' ');
/** RFC 2033 5: LMTP must not be used on port 25; wherever else LHLO is spoken, it is LMTP's greeting. */
const SMTP_PORT = 25;
/** LMTP, BURL, the historic verbs and those of proxies. */
const EXTENDED_VERBS: ReadonlySet<string> = new Set(
  'LHLO BURL TURN SEND SAML SOML VERB ONEX XCLIENT XFORWARD X-ANONYMOUSTLS'.split(' '),
);

export const smtpUnknownCommand = protection({
  id: 'smtp-unknown-command',
  title: 'Unknown SMTP command',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Unknown or unallowed command',
  why:
    'Mail software uses a small, known set of commands. Others come from scanners, from exploits for one particular ' +
    'product, from people typing by hand, and from commands that the administrator does not allow.',
  sources: ['SBP-2010-06: Unknown SMTP Commands'],
  references: ['RFC 5321 4.1', 'RFC 2033 5'],
  severity: 'low',
  confidence: 90,
  precedence: 'unknown',
  remedy:
    'One such command is harmless when the server answers it with 500. If your own software needs it, add the verb to ' +
    '`known_verbs` or switch on `extended`. If a foreign client sends several, treat it as a scan: see what else it ' +
    'did and block it.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb, settings) => verb === '' || !settings.set('known_verbs').has(verb),
  settings: [
    {
      kind: 'list',
      name: 'known_verbs',
      title: 'Commands that may be used',
      of: 'verb',
      default: SEED_VERBS,
      reason: 'The list of the source document; take a verb out to have its use reported.',
    },
    {
      kind: 'flag',
      name: 'extended',
      title: 'Know the commands of LMTP, BURL and mail proxies too',
      default: false,
      reason: 'LHLO, BURL, TURN, SEND, SAML, SOML, VERB, ONEX, XCLIENT, XFORWARD, X-ANONYMOUSTLS.',
    },
  ],
  on: {
    command: judge,
    partialCommand: judge,
  },
});

function judge(event: CommandEvent, context: CheckContext<undefined>): void {
  const { settings } = context;
  const known = settings.set('known_verbs');
  if (event.verb !== '' && known.has(event.verb)) return;
  if (isVerbBrokenOff(event) || !isWellFormedVerb(event)) return;
  const verb = verbText(event);
  if (!SEED_VERBS.includes(verb) && isUsedAmongOwn(verb, context)) return;
  if (verb === 'LHLO' && context.connection.serverPort !== SMTP_PORT) return;
  if (known.has(verb) || (settings.flag('extended') && EXTENDED_VERBS.has(verb))) return;
  const isUsual = SEED_VERBS.includes(verb) || EXTENDED_VERBS.has(verb);
  context.report({
    event,
    start: event.verbStart,
    end: event.verbEnd,
    detail: isUsual
      ? `The command ${verb} is not among those that are allowed here.`
      : 'The line begins with a word that is no SMTP command.',
  });
}
