/** POP3: arguments of PASS that are no password (PROTECTIONS section 6, pop3-malformed-pass, p1 to p5). */
import type { CommandEvent } from '../protocols/events.js';
import { utf8SequenceLength } from '../text/display.js';
import { argumentBytes } from './command-argument.js';
import { PLAIN_LINE } from './event-shape.js';
import { MANY_OCTETS } from './octet-classes.js';
import type { Complaint } from './pop3-answer-lines.js';
import { isControl, lineTooLong, LONGEST_LINE_ARGUMENT, reportGravest } from './pop3-malformed.js';
import { findConversions } from './printf-conversions.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { isWebToken, TREAT_JWT } from './web-token.js';

/** SLMail is overrun by 2600 octets and more; nobody types a thousand. */
const OVERFLOW_BYTES = 1024;
/** One octet again and again, as padding in front of an address. */
const OVERFLOW_RUN = 128;
/** Passwords may carry a `%` or two. */
const CONVERSIONS = 5;

export const pop3MalformedPass = protection({
  id: 'pop3-malformed-pass',
  title: 'Malformed PASS command',
  protocols: ['pop3'],
  attackName: 'POP3 Request with Malformed PASS Command',
  attackInfo: 'malformed-pass',
  why:
    'PASS may be sent to a POP3 server by any stranger. An overlong password, or one with machine code or printf ' +
    'conversions in it, has given the server to the sender without any account.',
  sources: ['SonicWALL IPS, category POP: POP3 Request with Malformed PASS Command'],
  references: ['RFC 1939 7', 'RFC 2449 4', 'CVE-2003-0264', 'CVE-1999-1511', 'T1190'],
  severity: 'medium',
  confidence: 85,
  precedence: 'format',
  remedy:
    'Block the client, update the POP3 server (Seattle Lab Mail 5.5 and its like are open to this), and look for a ' +
    'crash, a restart or new connections from the server at this time. If your own passwords or tokens are this long, ' +
    'raise `max_pass`.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => verb === 'PASS',
  hears: ({ isMild, hasArgument }, settings) =>
    isMild && hasArgument && settings.number('max_pass') >= PLAIN_LINE ? 'never' : 'always',
  settings: [
    {
      kind: 'number',
      name: 'max_pass',
      title: 'Longest password',
      unit: 'bytes',
      default: 128,
      minimum: 16,
      maximum: 1024,
      reason: 'Long enough for generated passwords and app passwords; RFC 2449 leaves at most 248 octets.',
    },
    TREAT_JWT,
  ],
  on: {
    command: judge,
    partialCommand: judge,
  },
});

function judge(event: CommandEvent, context: CheckContext<undefined>): void {
  if (event.verb !== 'PASS') return;
  if (event.verbEnd === event.end) {
    // A line that broke off may still get its argument.
    if (event.terminator === 'none') return;
    const detail = 'PASS has no argument, not even an empty one.';
    return reportGravest(event, context, [{ id: 'p1', words: 'no password', detail }]);
  }
  const isExcused = context.settings.flag(TREAT_JWT.name) && isToken(event);
  reportGravest(event, context, [
    isExcused ? null : overflow(event),
    repetition(event),
    conversion(event),
    oddOctet(event),
    overlong(event, context, isExcused),
  ]);
}

/** A token is long by nature; what has come of an unfinished line may become one. */
function isToken({ buffer, argumentStart, end, terminator }: CommandEvent): boolean {
  return isWebToken(buffer, argumentStart, end, terminator === 'none');
}

/** Where in a password something stands is part of it, so its whole range is marked. */
function passwordOf({ argumentStart: start, end }: CommandEvent): Pick<Complaint, 'start' | 'end'> {
  return { start, end };
}

/** p5: longer than anybody types. */
function overflow(event: CommandEvent): Complaint | null {
  const octets = argumentBytes(event);
  if (octets <= OVERFLOW_BYTES) return null;
  const detail = `The password is longer than ${OVERFLOW_BYTES} octets.`;
  return { ...OVERFLOW, ...passwordOf(event), measured: octets, limit: OVERFLOW_BYTES, detail };
}

/** p5: padding. */
function repetition(event: CommandEvent): Complaint | null {
  if (argumentBytes(event) <= OVERFLOW_RUN) return null;
  const run = longestRun(event);
  if (run <= OVERFLOW_RUN) return null;
  const detail = `The password repeats one octet more than ${OVERFLOW_RUN} times.`;
  return { ...OVERFLOW, ...passwordOf(event), measured: run, limit: OVERFLOW_RUN, detail };
}

const OVERFLOW = { id: 'p5', words: 'overflow', severity: 'critical', unit: 'bytes' } as const;

function longestRun(event: CommandEvent): number {
  const { buffer, argumentStart, end } = event;
  let longest = 0;
  for (let from = argumentStart, at = from; at <= end; at++) {
    if (at < end && buffer[at] === buffer[from]) continue;
    longest = Math.max(longest, at - from);
    from = at;
  }
  return longest;
}

/** p4 */
function conversion(event: CommandEvent): Complaint | null {
  const { reading, writing } = findConversions(event.buffer, event.argumentStart, event.end);
  if (writing === 0 && reading < CONVERSIONS) return null;
  const detail = 'The password carries printf conversions.';
  return { id: 'p4', words: 'printf conversions', ...passwordOf(event), detail };
}

/** p3: a control octet, or many above 127 that are no UTF-8. */
function oddOctet(event: CommandEvent): Complaint | null {
  const { buffer, end } = event;
  let high = 0;
  let hasControl = false;
  for (let i = event.argumentStart; i < end;) {
    const octet = buffer[i] as number;
    const length = octet < 0x80 ? 1 : utf8SequenceLength(buffer, i, end);
    hasControl ||= isControl(octet);
    if (length === 0) high++;
    i += Math.max(1, length);
  }
  if (!hasControl && high < MANY_OCTETS) return null;
  const detail = hasControl
    ? 'The password carries a control octet.'
    : `The password carries ${MANY_OCTETS} or more octets above 127 that are no UTF-8.`;
  return { id: 'p3', words: 'control or invalid octets', ...passwordOf(event), detail };
}

/** p2. Who lets longer passwords pass lets their lines pass, too. */
function overlong(event: CommandEvent, context: CheckContext<undefined>, isExcused: boolean): Complaint | null {
  const limit = context.settings.number('max_pass');
  const octets = argumentBytes(event);
  if (octets <= limit) return limit > LONGEST_LINE_ARGUMENT ? null : lineTooLong(event, 'p2');
  return {
    id: 'p2',
    words: 'password too long',
    ...(isExcused && { severity: 'info' }),
    ...passwordOf(event),
    measured: octets,
    limit,
    unit: 'bytes',
    detail: `The password is longer than ${limit} octets.`,
  };
}
