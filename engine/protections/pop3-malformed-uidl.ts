/** POP3: arguments of UIDL that are no message number (PROTECTIONS section 6, pop3-malformed-uidl, u1 to u7). */
import type { CommandEvent } from '../protocols/events.js';
import { isBlank, trimmedEnd } from './command-argument.js';
import { GREATEST, numberAt, type Complaint } from './pop3-answer-lines.js';
import { isControl, lineTooLong, reportGravest } from './pop3-malformed.js';
import { findConversions } from './printf-conversions.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';

const LONGEST_ARGUMENT = 10;
/** Beyond this it is the shape of an overflow. */
const OVERFLOW_ARGUMENT = 64;
const MINUS = 0x2d;

export const pop3MalformedUidl = protection({
  id: 'pop3-malformed-uidl',
  title: 'Malformed UIDL command',
  protocols: ['pop3'],
  attackName: 'POP3 Request with Malformed UIDL Command',
  attackInfo: 'malformed-uidl',
  why:
    'UIDL takes one message number. A negative one, a long one or one with other characters in it has crashed POP3 ' +
    'servers and run code on them, and no mail program sends it.',
  sources: ['SonicWALL IPS, category POP: POP3 Request with Malformed UIDL Command'],
  references: ['RFC 1939 7', 'RFC 2449 4', 'CVE-2002-1539', 'T1190'],
  severity: 'medium',
  confidence: 90,
  precedence: 'format',
  remedy:
    'Find out who the client is: it was logged in, or tries commands before login. Update the POP3 server, look for a ' +
    'crash or restart at this time, and let the owner of the mailbox change the password when the client is a stranger.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => verb === 'UIDL' || verb === 'EUIDL',
  settings: [],
  on: {
    command: judge,
    partialCommand: judge,
  },
});

function judge(event: CommandEvent, context: CheckContext<undefined>): void {
  if (event.verb === 'EUIDL') {
    if (event.lengthBytes > LONGEST_ARGUMENT) reportGravest(event, context, [lineTooLong(event, 'u7')]);
    return;
  }
  if (event.verb !== 'UIDL') return;
  const end = trimmedEnd(event);
  let start = event.argumentStart;
  while (start < end && isBlank(event.buffer[start] as number)) start++;
  if (start >= end && event.lengthBytes <= LONGEST_ARGUMENT) return;
  reportGravest(event, context, [
    conversion(event, start, end),
    overlong(event, start, end),
    oddOctet(event, start, end),
    severalArguments(event, start, end),
    noNumber(event, start, end),
    outOfRange(event, start, end),
    lineTooLong(event, 'u7'),
  ]);
}

/** u6 */
function conversion(event: CommandEvent, start: number, end: number): Complaint | null {
  const { reading, writing, first, last } = findConversions(event.buffer, start, end);
  if (reading + writing === 0) return null;
  const detail = 'The argument of UIDL carries a printf conversion.';
  return { id: 'u6', words: 'printf conversion', severity: 'high', start: first, end: last, detail };
}

/** u4, for the first word of the argument. */
function overlong(event: CommandEvent, start: number, end: number): Complaint | null {
  const wordStop = wordStopAt(event, start, end);
  const length = wordStop - start;
  if (length <= LONGEST_ARGUMENT) return null;
  return {
    id: 'u4',
    words: 'argument too long',
    severity: length > OVERFLOW_ARGUMENT ? 'high' : 'medium',
    start,
    end,
    measured: length,
    limit: LONGEST_ARGUMENT,
    unit: 'bytes',
    detail: `The argument of UIDL is longer than ${LONGEST_ARGUMENT} octets.`,
  };
}

/** u5 */
function oddOctet(event: CommandEvent, start: number, end: number): Complaint | null {
  for (let i = start; i < end; i++) {
    const octet = event.buffer[i] as number;
    if (!isControl(octet) && octet < 0x80) continue;
    const detail = 'The argument of UIDL carries an octet that is no text.';
    return { id: 'u5', words: 'control or high octet', start: i, end: i + 1, detail };
  }
  return null;
}

/** u3 */
function severalArguments(event: CommandEvent, start: number, end: number): Complaint | null {
  if (start >= end || wordStopAt(event, start, end) === end) return null;
  return { id: 'u3', words: 'more than one argument', start, end, detail: 'UIDL has more than one argument.' };
}

/** u1 */
function noNumber(event: CommandEvent, start: number, end: number): Complaint | null {
  const { buffer } = event;
  if (start >= end || numberAt(buffer, start, end).end === end) return null;
  const isNegative = buffer[start] === MINUS && numberAt(buffer, start + 1, end).digits > 0;
  return {
    id: 'u1',
    words: isNegative ? 'negative message number' : 'message number not numeric',
    severity: isNegative ? 'high' : 'medium',
    start,
    end,
    detail: isNegative ? 'The message number of UIDL is negative.' : 'The argument of UIDL is no message number.',
  };
}

/** u2 */
function outOfRange(event: CommandEvent, start: number, end: number): Complaint | null {
  const { buffer } = event;
  const number = numberAt(buffer, start, end);
  if (number.digits === 0 || number.end !== end || (number.value > 0 && number.value <= GREATEST)) return null;
  return {
    id: 'u2',
    words: 'message number out of range',
    start,
    end,
    measured: Math.min(number.value, Number.MAX_SAFE_INTEGER),
    limit: GREATEST,
    unit: '',
    detail:
      number.value === 0
        ? 'The message number of UIDL is 0; messages are counted from 1.'
        : 'The message number of UIDL does not fit into 31 bits.',
  };
}

/** Behind the argument's first word. */
function wordStopAt(event: CommandEvent, start: number, end: number): number {
  let at = start;
  while (at < end && !isBlank(event.buffer[at] as number)) at++;
  return at;
}
