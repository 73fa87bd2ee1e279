/** POP3: arguments of USER that are no user name (PROTECTIONS section 6, pop3-malformed-user, s1 to s8). */
import { latin1Text } from '../octets.js';
import type { CommandEvent } from '../protocols/events.js';
import { argumentBytes, trimmedEnd } from './command-argument.js';
import { utf8LengthAt } from './octet-classes.js';
import { PLAIN_LINE } from './event-shape.js';
import type { Complaint } from './pop3-answer-lines.js';
import { isControl, lineTooLong, reportGravest } from './pop3-malformed.js';
import { findConversions } from './printf-conversions.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';

/** Beyond this it is the shape of an overflow. */
const OVERFLOW_BYTES = 512;
/** Fewer reading conversions than this may stand in a name by chance. */
const CONVERSIONS = 3;
const LOOPS = 5;
/** Shapes are looked for in so many octets: whatever is longer is reported for its length. */
const SEARCHED_BYTES = 1024;

const TRAVERSAL = /^\/|\.\.[/\\]/;
/** A metacharacter of the shell and the word that it would run. */
const SHELL = /(?:`|\$\(|;|\||&&)[ \t]*[A-Za-z0-9/]/;
const SQL = /'\s*(?:or|and)\s+['"]?\w+['"]?\s*=|'\s*--|'\s*;\s*--/i;
const LOOP = /(?:\/localhost){6}/i;

export const pop3MalformedUser = protection({
  id: 'pop3-malformed-user',
  title: 'Malformed USER command',
  protocols: ['pop3'],
  attackName: 'POP3 Request with Malformed USER Command',
  attackInfo: 'malformed-user',
  why:
    'USER is the first thing that a stranger may send to a POP3 server. Overlong names, printf conversions, paths and ' +
    'shell characters in it have crashed servers, read files and run commands before anybody had logged in.',
  sources: ['SonicWALL IPS, category POP: POP3 Request with Malformed USER Command'],
  references: ['RFC 1939 7', 'RFC 2449 4', 'CVE-2003-0391', 'CVE-1999-0494', 'T1190'],
  severity: 'medium',
  confidence: 85,
  precedence: 'format',
  remedy:
    'Block the client: no mail program builds such a name. Update the POP3 server and whatever looks users up for it ' +
    '(LDAP, SQL, scripts), and see whether it crashed or ran anything at this time. If your own names are this long, ' +
    'raise `max_user`.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => verb === 'USER',
  hears: ({ isMild, hasArgument }, settings) =>
    isMild && hasArgument && settings.number('max_user') >= PLAIN_LINE ? 'never' : 'always',
  settings: [
    {
      kind: 'number',
      name: 'max_user',
      title: 'Longest user name',
      unit: 'bytes',
      default: 128,
      minimum: 16,
      maximum: 248,
      reason: 'Long enough for logins in the form of an e-mail address; RFC 2449 leaves at most 248 octets.',
    },
  ],
  on: {
    command: judge,
    partialCommand: judge,
  },
});

function judge(event: CommandEvent, context: CheckContext<undefined>): void {
  if (event.verb !== 'USER') return;
  const end = trimmedEnd(event);
  if (event.argumentStart >= end) {
    // A line that broke off may still get its argument.
    const isWhole = event.terminator !== 'none';
    return reportGravest(event, context, [isWhole ? missing(event) : null, lineTooLong(event, 's2')]);
  }
  reportGravest(event, context, [
    conversion(event, end),
    overlong(event, context),
    ...shapes(event, end),
    oddOctet(event, end),
  ]);
}

/** s1 */
function missing(event: CommandEvent): Complaint {
  return {
    id: 's1',
    words: 'no user name',
    start: event.verbStart,
    end: event.verbEnd,
    detail: 'USER has no argument.',
  };
}

/** s2 */
function overlong(event: CommandEvent, context: CheckContext<undefined>): Complaint | null {
  const limit = context.settings.number('max_user');
  const octets = argumentBytes(event);
  if (octets <= limit) return lineTooLong(event, 's2');
  return {
    id: 's2',
    words: 'user name too long',
    severity: octets > OVERFLOW_BYTES ? 'high' : 'medium',
    start: event.argumentStart,
    end: event.end,
    measured: octets,
    limit,
    unit: 'bytes',
    detail: `The user name is longer than ${limit} octets.`,
  };
}

/** s3: control octets, and octets above 127 that are no UTF-8. */
function oddOctet(event: CommandEvent, end: number): Complaint | null {
  for (let i = event.argumentStart; i < end;) {
    const octet = event.buffer[i] as number;
    const length = octet < 0x80 ? (isControl(octet) ? 0 : 1) : utf8LengthAt(event, i);
    if (length === 0) {
      const detail = 'The user name carries an octet that is no text.';
      return { id: 's3', words: 'control or invalid octet', start: i, end: i + 1, detail };
    }
    i += length;
  }
  return null;
}

/** s4: one that writes, or several that read. A single `%` is legal (`user%domain`). */
function conversion(event: CommandEvent, end: number): Complaint | null {
  const { reading, writing, first, last } = findConversions(event.buffer, event.argumentStart, end);
  if (writing === 0 && reading < CONVERSIONS) return null;
  const detail = 'The user name carries printf conversions.';
  return { id: 's4', words: 'printf conversions', severity: 'high', start: first, end: last, detail };
}

/** s5 to s8 */
function shapes(event: CommandEvent, end: number): (Complaint | null)[] {
  const { buffer, argumentStart: start } = event;
  if (!mayHaveShape(buffer, start, end)) return [];
  const text = latin1Text(buffer, start, Math.min(end, start + SEARCHED_BYTES));
  const shape = (pattern: RegExp, complaint: Omit<Complaint, 'start' | 'end'>): Complaint | null => {
    const found = pattern.exec(text);
    if (found === null) return null;
    return { ...complaint, start: start + found.index, end: start + found.index + found[0].length };
  };
  return [
    shape(SHELL, {
      id: 's6',
      words: 'shell metacharacter',
      severity: 'high',
      detail: 'The user name carries a metacharacter of the shell and a word to run.',
    }),
    shape(LOOP, {
      id: 's8',
      words: 'proxy loop',
      detail: `The user name sends a POP3 proxy back to itself more than ${LOOPS} times.`,
    }),
    shape(TRAVERSAL, { id: 's5', words: 'path traversal', detail: 'The user name is a path that leads elsewhere.' }),
    shape(SQL, {
      id: 's7',
      words: 'SQL in user name',
      severity: 'info',
      detail: 'The user name has the shape of an SQL injection.',
    }),
  ];
}

/** Ordinary names cost no text: none of the shapes is without one of these octets. */
function mayHaveShape(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (IS_SHAPE[buffer[i] as number] === 1) return true;
  return false;
}

const IS_SHAPE = new Uint8Array(256);
for (const character of "/\\`$;|&'") IS_SHAPE[character.charCodeAt(0)] = 1;
