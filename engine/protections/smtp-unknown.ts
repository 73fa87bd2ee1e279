/** SMTP: verbs that no server has to know (PROTECTIONS section 3, smtp-unknown-command). */
import { EVENT, type CommandEvent } from '../protocols/events.js';
import { displayText } from '../text/display.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';

/** The list of SBP-2010-06. */
const SEED_VERBS: readonly string[] = (
  'EHLO HELO MAIL RCPT DATA RSET VRFY EXPN HELP NOOP QUIT BDAT ATRN AUTH ETRN STARTTLS TLS ' +
  'X-EXPS XEXCH50 X-LINK2STATE'
).split(' ');
/** LMTP, BURL, the historic verbs and those of proxies. */
const EXTENDED_VERBS: ReadonlySet<string> = new Set(
  'LHLO BURL TURN SEND SAML SOML VERB ONEX XCLIENT XFORWARD X-ANONYMOUSTLS'.split(' '),
);
const LONGEST_VERB_SHOWN = 32;

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
  references: ['RFC 5321 4.1'],
  severity: 'low',
  confidence: 90,
  precedence: 'unknown',
  remedy:
    'One such command is harmless when the server answers it with 500. If your own software needs it, add the verb to ' +
    '`known_verbs` or switch on `extended`. If a foreign client sends several, treat it as a scan: see what else it ' +
    'did and block it.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
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
  // A line that broke off inside its first word does not tell its verb.
  if (event.kind === EVENT.partialCommand && event.verbEnd === event.end) return;
  if (!isWellFormed(event)) return;
  const verb = event.verb === '' ? verbText(event) : event.verb;
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

/** A letter, then letters, digits and hyphens; anything else is no verb but another rule's matter. */
function isWellFormed(event: CommandEvent): boolean {
  const { buffer, verbStart, verbEnd } = event;
  if (verbEnd <= verbStart || !isLetter(buffer[verbStart] as number)) return false;
  for (let i = verbStart + 1; i < verbEnd; i++) {
    const octet = buffer[i] as number;
    if (!isLetter(octet) && octet !== 0x2d && (octet < 0x30 || octet > 0x39)) return false;
  }
  return true;
}

function isLetter(octet: number): boolean {
  return (octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a;
}

/** Verbs of the administrator's own; only asked for words outside the protocol's table. */
function verbText(event: CommandEvent): string {
  return displayText(
    event.buffer,
    event.verbStart,
    Math.min(event.verbEnd, event.verbStart + LONGEST_VERB_SHOWN),
  ).toUpperCase();
}
