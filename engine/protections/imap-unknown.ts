/**
 * IMAP: verbs that a server has not to know, and lines that are no commands
 * because they have no tag (PROTECTIONS section 5, imap-unknown-command).
 */
import type { CommandEvent } from '../protocols/events.js';
import { skipBlanks, wordEnd } from '../protocols/imap/grammar.js';
import { VerbTable } from '../protocols/verb-table.js';
import { startsTlsRecord } from './octet-classes.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { isVerbBrokenOff, verbText } from './smtp-verb.js';
import { isFromTrustedProxy, isStrayResponse, reportUnknown, UnknownWords, WORDS_OF } from './unknown-words.js';
import { containsWord } from './word-search.js';

/** RFC 9051 6, and the extensions that the IANA lists. */
const KNOWN_VERBS: readonly string[] = (
  'CAPABILITY NOOP LOGOUT ID ENABLE STARTTLS AUTHENTICATE LOGIN SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE ' +
  'UNSUBSCRIBE LIST LSUB STATUS APPEND NAMESPACE IDLE GETQUOTA GETQUOTAROOT SETQUOTA DELETEQUOTA GETACL SETACL ' +
  'DELETEACL LISTRIGHTS MYRIGHTS GETMETADATA SETMETADATA NOTIFY COMPRESS UNAUTHENTICATE RESETKEY GENURLAUTH URLFETCH ' +
  'CHECK CLOSE UNSELECT EXPUNGE SEARCH ESEARCH FETCH STORE COPY MOVE UID SORT THREAD REPLACE CHILDREN COMPARATOR ' +
  'CONVERSIONS CONVERT LANGUAGE CANCELUPDATE GETJMAPACCESS RLIST RLSUB'
).split(' ');
/** Apple's and Google's, and those of Cyrus and Kolab before METADATA (draft-daboo-imap-annotatemore). */
const VENDOR_VERBS: ReadonlySet<string> = new Set(['XLIST', 'XAPPLEPUSHSERVICE', 'GETANNOTATION', 'SETANNOTATION']);
const VENDOR_PREFIX = 'X-GM-';
const PROXY_VERBS: ReadonlySet<string> = new Set(['XCLIENT', 'PROXY']);
/** What may stand behind UID (RFC 9051 6.4.9, 5256, 8508, 5259). */
const UID_VERBS = new VerbTable('FETCH SEARCH STORE COPY MOVE EXPUNGE THREAD SORT REPLACE CONVERT'.split(' '));

/**
 * RFC 9051 9: tag = 1*(ASTRING-CHAR except "+"). A `]` is an ASTRING-CHAR, so it is legal. Octets that
 * are no text make a line binary rather than untagged.
 */
const IS_NO_TAG_OCTET = new Uint8Array(256);
for (const character of '(){%*"\\+') IS_NO_TAG_OCTET[character.charCodeAt(0)] = 1;

const NO_TAG = { word: '(no tag)', detail: 'The line is no command: it does not begin with a tag.' };
const ASTERISK = 0x2a;

export const imapUnknownCommand = protection<UnknownWords>({
  id: 'imap-unknown-command',
  title: 'Unknown IMAP command',
  protocols: ['imap'],
  attackName: 'IMAP policy violation',
  attackInfo: 'Unknown or unallowed command',
  why:
    'Every IMAP line begins with a tag and one of a known set of commands. Others come from scanners, from programs of ' +
    'another protocol on this port, from octets that were meant to be part of a literal, and from commands that the ' +
    'administrator does not allow.',
  sources: ['SBP-2006-18: IMAP, unknown commands'],
  references: ['RFC 3501 6', 'RFC 3501 6.5.1', 'RFC 9051 6'],
  severity: 'low',
  confidence: 90,
  precedence: 'unknown',
  remedy:
    'One such command is harmless when the server answers it with BAD. If your own software needs it, add the verb to ' +
    '`known_verbs`, or switch on `allow_x` for experimental ones. If a foreign client sends several different ones, ' +
    'treat it as a scan: see what else it did and block it.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  // What stands behind UID is looked at.
  hears: ({ isPrintable, word }, settings) =>
    isPrintable && word !== 'UID' && settings.set('known_verbs').has(word) ? 'never' : 'always',
  settings: [
    {
      kind: 'list',
      name: 'known_verbs',
      title: 'Commands that may be used',
      of: 'verb',
      default: KNOWN_VERBS,
      reason: 'RFC 9051 and the registered extensions; take a verb out to have its use reported.',
    },
    {
      kind: 'flag',
      name: 'vendor',
      title: 'Know the commands of Apple, Google and Cyrus',
      default: true,
      reason: 'XLIST, XAPPLEPUSHSERVICE, X-GM-..., GETANNOTATION: telephones and desktop programs send them every day.',
    },
    {
      kind: 'flag',
      name: 'allow_x',
      title: 'Allow all experimental commands',
      default: false,
      reason: 'RFC 3501 6.5.1 leaves names that begin with X to agreement between client and server.',
    },
  ],
  newState: () => new UnknownWords(),
  on: {
    command: judge,
    partialCommand: judge,
  },
});

type Context = CheckContext<UnknownWords>;

function judge(event: CommandEvent, context: Context): void {
  if (event.verb === 'DONE' || isNothing(event) || isStrayResponse(event) || startsTlsRecord(event)) return;
  const { tagStart, tagEnd } = event;
  if (event.verbStart === event.verbEnd || hasNoTagOctet(event)) {
    // A line that broke off inside its first word may still become a command.
    if (event.terminator === 'none' && event.verbStart === event.verbEnd) return;
    return reportUnknown(event, context, NO_TAG.word, { start: tagStart, end: tagEnd, detail: NO_TAG.detail });
  }
  const isListed = event.verb !== '' && context.settings.set('known_verbs').has(event.verb);
  if (isListed && event.verb !== 'UID') return;
  if (isVerbBrokenOff(event)) return;
  if (isListed) judgeUid(event, context);
  else judgeVerb(event, context);
}

function judgeVerb(event: CommandEvent, context: Context): void {
  const { settings } = context;
  const verb = verbText(event);
  if (settings.set('known_verbs').has(verb)) return;
  if (settings.flag('vendor') && (VENDOR_VERBS.has(verb) || verb.startsWith(VENDOR_PREFIX))) return;
  const isExperimental = verb.startsWith('X');
  if (isExperimental && settings.flag('allow_x')) return;
  const proxyVerb = PROXY_VERBS.has(verb) ? verb : isProxyHeader(event) ? 'PROXY' : '';
  if (proxyVerb !== '' && isFromTrustedProxy(context)) return;
  reportUnknown(event, context, verb, {
    start: event.verbStart,
    end: event.verbEnd,
    detail: proxyVerb
      ? WORDS_OF.proxyVerb(proxyVerb)
      : KNOWN_VERBS.includes(verb)
        ? WORDS_OF.removedVerb(verb)
        : isExperimental
          ? 'The command is an experimental one, which is unallowed here.'
          : 'The word behind the tag is no IMAP command.',
  });
}

/** `PROXY TCP4 ...`, the header of haproxy's protocol in version 1, stands where a tag should. */
function isProxyHeader({ buffer, tagStart, tagEnd }: CommandEvent): boolean {
  return containsWord(buffer, tagStart, tagEnd, 'PROXY');
}

function judgeUid(event: CommandEvent, context: Context): void {
  const { buffer, argumentStart, end } = event;
  const start = skipBlanks(buffer, argumentStart, end);
  const stop = wordEnd(buffer, start, end);
  if (UID_VERBS.find(buffer, start, stop) !== -1) return;
  // A line that broke off inside the word does not tell it.
  if (event.terminator === 'none' && stop === end) return;
  reportUnknown(event, context, 'UID ?', {
    start: event.verbStart,
    end: Math.max(event.verbEnd, stop),
    detail: 'UID is followed by no command that takes unique identifiers.',
  });
}

/** An empty line, or the `*` that gives up an exchange which is over already. */
function isNothing(event: CommandEvent): boolean {
  const { buffer, tagStart, tagEnd, verbStart, verbEnd } = event;
  if (verbEnd > verbStart) return false;
  return tagEnd === tagStart || (tagEnd - tagStart === 1 && buffer[tagStart] === ASTERISK);
}

function hasNoTagOctet(event: CommandEvent): boolean {
  const { buffer, tagStart, tagEnd } = event;
  for (let i = tagStart; i < tagEnd; i++) if (IS_NO_TAG_OCTET[buffer[i] as number] === 1) return true;
  return false;
}
