/** POP3: verbs that a server has not to know (PROTECTIONS section 5, pop3-unknown-command). */
import type { CommandEvent } from '../protocols/events.js';
import { startsTlsRecord } from './octet-classes.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { isVerbBrokenOff, verbText } from './smtp-verb.js';
import { isFromTrustedProxy, isStrayResponse, reportUnknown, UnknownWords, WORDS_OF } from './unknown-words.js';

const KNOWN_VERBS: readonly string[] =
  'USER PASS APOP AUTH CAPA STLS QUIT STAT LIST RETR DELE NOOP RSET TOP UIDL UTF8 LANG'.split(' ');
const LEGACY_VERBS: ReadonlySet<string> = new Set('LAST RPOP XTND XSENDER XAUTHLIST EUIDL GURL'.split(' '));
const PROXY_VERBS: ReadonlySet<string> = new Set(['XCLIENT', 'ID', 'PROXY']);
const ASTERISK = 0x2a;

export const pop3UnknownCommand = protection<UnknownWords>({
  id: 'pop3-unknown-command',
  title: 'Unknown POP3 command',
  protocols: ['pop3'],
  attackName: 'POP3 policy violation',
  attackInfo: 'Unknown or unallowed command',
  why:
    'Mail programs use the same few POP3 commands everywhere. Others come from scanners that look for a product, from ' +
    'programs of another protocol on this port, from people typing by hand, and from commands that the administrator ' +
    'does not allow.',
  sources: ['SBP-2006-18: POP3, unknown commands'],
  references: ['RFC 1939 4', 'RFC 2449', 'RFC 5034', 'RFC 6856'],
  severity: 'low',
  confidence: 90,
  precedence: 'unknown',
  remedy:
    'One such command is harmless when the server answers it with -ERR. If your own software needs it, add the verb to ' +
    '`known_verbs` or switch on `legacy`; name your own proxies in `networks.trustedProxies`, so that their XCLIENT, ID ' +
    'and PROXY pass. If a foreign client sends several different ones, treat it as a scan and block it.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb, settings) => verb === '' || !settings.set('known_verbs').has(verb),
  settings: [
    {
      kind: 'list',
      name: 'known_verbs',
      title: 'Commands that may be used',
      of: 'verb',
      default: KNOWN_VERBS,
      reason: 'RFC 1939 and the extensions in use; take a verb out to have its use reported.',
    },
    {
      kind: 'flag',
      name: 'legacy',
      title: 'Know the commands of old servers too',
      default: false,
      reason: 'LAST, RPOP, XTND, XSENDER, XAUTHLIST, EUIDL, GURL: today hardly anything but a scanner sends them.',
    },
  ],
  newState: () => new UnknownWords(),
  on: {
    command: judge,
    partialCommand: judge,
  },
});

function judge(event: CommandEvent, context: CheckContext<UnknownWords>): void {
  const { settings } = context;
  const known = settings.set('known_verbs');
  if (event.verb !== '' && known.has(event.verb)) return;
  if (isNoCommand(event) || isVerbBrokenOff(event) || isStrayResponse(event)) return;
  const verb = verbText(event);
  if (known.has(verb) || (settings.flag('legacy') && LEGACY_VERBS.has(verb))) return;
  const isProxyVerb = PROXY_VERBS.has(verb);
  if (isProxyVerb && isFromTrustedProxy(context)) return;
  reportUnknown(event, context, verb, {
    start: event.verbStart,
    end: event.verbEnd,
    detail: isProxyVerb
      ? WORDS_OF.proxyVerb(verb)
      : KNOWN_VERBS.includes(verb) || LEGACY_VERBS.has(verb)
        ? WORDS_OF.removedVerb(verb)
        : 'The line begins with a word that is no POP3 command.',
  });
}

/** A lone `*` gives up an exchange that is over already; TLS whose go-ahead was not captured has no verbs. */
function isNoCommand(event: CommandEvent): boolean {
  const { buffer, verbStart, verbEnd } = event;
  if (verbEnd <= verbStart || (verbEnd - verbStart === 1 && buffer[verbStart] === ASTERISK)) return true;
  return startsTlsRecord(event);
}
