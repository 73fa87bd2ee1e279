/**
 * IMAP: octets that are no text in the lines of a command (PROTECTIONS section 5,
 * imap-binary-in-command). Literals may hold any octet and are never judged;
 * quoted strings may hold UTF-8 once it was enabled (RFC 6855, RFC 9051).
 */
import type { CommandEvent, FragmentEvent, OctetsEvent, ReplyEvent } from '../protocols/events.js';
import { countAll, letterLengthAt, noLineOctets, reportOctets, type LineOctets } from './mailbox-binary.js';
import { controlTable, countOdd, firstUnusual, MANY_OCTETS, startsTlsRecord, utf8LengthAt } from './octet-classes.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { containsWord } from './word-search.js';

const TAB = 9;
const NUL = 0;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const IS_FORBIDDEN = controlTable([TAB]);
/** What ENABLE switches UTF-8 on with (RFC 6855 3, RFC 9051 6.3.1). */
const UTF8_CAPABILITIES: readonly string[] = ['UTF8=ACCEPT', 'UTF8=ONLY', 'IMAP4REV2'];

interface Agreement {
  /** Line of an ENABLE that asks for UTF-8 and has no answer yet; 0 when there is none. */
  askedLine: number;
  isEnabled: boolean;
}
type Context = CheckContext<Agreement>;

export const imapBinaryInCommand = protection<Agreement>({
  id: 'imap-binary-in-command',
  title: 'Binary data in IMAP command',
  protocols: ['imap'],
  attackName: 'IMAP Format violation',
  attackInfo: 'Binary data in command line',
  why:
    'IMAP carries binary data in literals only. Control octets, or octets above 127 outside of them, are typical of ' +
    'exploit code in an argument of LOGIN, SELECT or LIST, and of parsers being probed.',
  sources: ['SBP-2006-18: IMAP, binary data in commands'],
  references: ['RFC 3501 9', 'RFC 9051 9', 'RFC 6855'],
  severity: 'medium',
  confidence: 90,
  precedence: 'format',
  remedy:
    'Look at the client: a mail program of your own that sends letters beyond ASCII in mailbox names (low) has a ' +
    'character-set fault and should be updated. From a foreign client, or with control octets, treat it as an attack: ' +
    'block the address, and update the IMAP server.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsAnswer: (answers) => answers === 'ENABLE',
  hears: ({ isPrintable, word }) => (isPrintable && word !== 'ENABLE' ? 'never' : 'always'),
  settings: [
    {
      kind: 'choice',
      name: 'quoted_high',
      title: 'Octets above 127 in quoted strings, and UTF-8 elsewhere, without UTF8=ACCEPT',
      default: 'warn',
      choices: ['warn', 'allow', 'report'],
      reason: '`warn` is low, because many clients send mailbox names in raw UTF-8 or Latin-1.',
    },
  ],
  newState: () => ({ askedLine: 0, isEnabled: false }),
  on: {
    command: judgeCommand,
    partialCommand: judge,
    fragment: judge,
    reply: noteAgreement,
  },
});

function noteAgreement(event: ReplyEvent, context: Context): void {
  if (event.answers !== 'ENABLE' || event.answersLine !== context.state.askedLine) return;
  context.state.isEnabled ||= event.outcome === 'ok';
}

function judgeCommand(event: CommandEvent, context: Context): void {
  if (event.verb === 'ENABLE' && asksForUtf8(event)) {
    context.state.askedLine = event.line;
    // Nobody can say that the server did not agree.
    context.state.isEnabled ||= context.connection.isOneSided();
  }
  judge(event, context);
}

function asksForUtf8(event: CommandEvent): boolean {
  const { buffer, argumentStart, end } = event;
  return UTF8_CAPABILITIES.some((name) => containsWord(buffer, argumentStart, end, name));
}

function judge(event: CommandEvent | FragmentEvent, context: Context): void {
  const at = firstUnusual(event, IS_FORBIDDEN);
  if (at === event.end || startsTlsRecord(event)) return;
  const found = scan(event, context.state.isEnabled, context.settings.choice('quoted_high'));
  const isMany = found.outside >= MANY_OCTETS && !found.odd.onlyUtf8;
  reportOctets(event, context, found, found.hasQuotedNul || isMany ? 'high' : 'medium');
}

interface Scan extends LineOctets {
  /** Octets above 127 that are no letters where they may stand. */
  outside: number;
  hasQuotedNul: boolean;
}

/** A line behind a literal begins outside of quotes, because a literal cannot stand inside. */
function scan(event: OctetsEvent, isUtf8Text: boolean, quotedHigh: string): Scan {
  const found: Scan = { ...noLineOctets(), outside: 0, hasQuotedNul: false };
  const { buffer, end } = event;
  let isQuoted = false;
  for (let i = event.start; i < end;) {
    const octet = buffer[i] as number;
    let length = 1;
    if (octet >= 128) length = scanHigh(event, i, isQuoted, isUtf8Text, quotedHigh, found);
    else if (IS_FORBIDDEN[octet] === 1) {
      countOdd(found.odd, event, i);
      found.hasQuotedNul ||= isQuoted && octet === NUL;
    } else if (octet === QUOTE) isQuoted = !isQuoted;
    // What a backslash quotes is text when it is, and judged when it is not.
    else if (octet === BACKSLASH && isQuoted && (buffer[i + 1] === QUOTE || buffer[i + 1] === BACKSLASH)) length = 2;
    i += length;
  }
  return found;
}

/** Takes the octet or the letter at `at`; returns how many octets that was. */
function scanHigh(
  event: OctetsEvent,
  at: number,
  isQuoted: boolean,
  isUtf8Text: boolean,
  quotedHigh: string,
  found: Scan,
): number {
  const text = isQuoted && isUtf8Text ? utf8LengthAt(event, at) : 0;
  if (text > 0) return text;
  const letter = isLoginPassword(event, at) ? letterLengthAt(event, at) : isQuoted ? 0 : utf8LengthAt(event, at);
  const isLow = letter > 0 || isQuoted;
  const length = Math.max(1, letter);
  if (!isLow || quotedHigh === 'report') {
    countAll(found.odd, event, at, length);
    found.outside += length;
  } else if (quotedHigh === 'warn') countAll(found.national, event, at, length);
  return length;
}

/** National letters in a password are what mail programs send, quoted or not. */
function isLoginPassword(event: OctetsEvent, at: number): boolean {
  return event.secretLabel === 'password' && at >= event.secretStart && at < event.secretEnd;
}
