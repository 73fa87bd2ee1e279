/**
 * POP3 status lines: length, characters, the numbers behind STAT and RETR, and
 * the greeting's timestamp. In: a reply event. Out: what is wrong, or a number.
 */
import { indexOfOctet } from '../octets.js';
import type { ReplyEvent } from '../protocols/events.js';
import { GREATEST, numberAt, SPACE, type Complaint } from './pop3-answer-lines.js';

/** RFC 1939 3, RFC 2449 4: CRLF included. */
const LONGEST_STATUS = 512;
const OVERFLOW_STATUS = 2048;
const MOST_DIGITS = 10;
const TAB = 9;
const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const AT = 0x40;

/** r2 and r3: length, and control octets. Octets above 127 are some servers' language and are not judged. */
export function judgeStatusLine(event: ReplyEvent): Complaint | null {
  const { buffer, start, end, lengthBytes } = event;
  if (lengthBytes > LONGEST_STATUS) {
    return {
      id: 'r2',
      words: 'status line too long',
      severity: lengthBytes > OVERFLOW_STATUS ? 'high' : 'medium',
      start: Math.min(start + LONGEST_STATUS, Math.max(start, end - 1)),
      measured: lengthBytes,
      limit: LONGEST_STATUS,
      unit: 'bytes',
      detail: `The status line is longer than ${LONGEST_STATUS} octets.`,
    };
  }
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    if ((octet < SPACE && octet !== TAB) || octet === 0x7f) {
      const detail = 'The status line carries a control octet.';
      return { id: 'r3', words: 'control octet in a status line', start: i, end: i + 1, detail };
    }
  }
  return null;
}

/**
 * r4: `+OK nn mm`, both up to 2^31-1. A mailbox of more octets is real on large servers, so a size
 * of ten digits alone is low: only clients that compute with 31 bits go wrong there.
 */
export function judgeStat(event: ReplyEvent): Complaint | null {
  const { buffer, end } = event;
  const start = textStart(event);
  const count = numberAt(buffer, start, end);
  const size = numberAt(buffer, skipSpaces(buffer, count.end, end), end);
  const wrong = {
    id: 'r4',
    words: 'answer to STAT out of range',
    severity: 'high' as const,
    start,
    end: Math.max(start, size.end),
  };
  const isPair = count.digits > 0 && buffer[count.end] === SPACE && count.end < end && size.digits > 0;
  if (!isPair || (size.end < end && buffer[size.end] !== SPACE)) {
    if (event.terminator === 'none') return null;
    return { ...wrong, end, words: 'malformed answer to STAT', detail: 'The answer to STAT is not two numbers.' };
  }
  if (count.value > GREATEST || count.digits > MOST_DIGITS || size.digits > MOST_DIGITS) {
    const value = count.value > GREATEST ? count.value : size.value;
    const measure = { measured: Math.min(value, Number.MAX_SAFE_INTEGER), limit: GREATEST, unit: '' };
    return { ...wrong, ...measure, detail: 'A number in the answer to STAT does not fit into 31 bits.' };
  }
  if (size.value <= GREATEST) return null;
  const measure = { measured: size.value, limit: GREATEST, unit: 'bytes' };
  return {
    ...wrong,
    ...measure,
    severity: 'low',
    detail: 'The mailbox is larger than a client that computes with 31 bits can hold.',
  };
}

/** Messages according to a well-formed answer to STAT, else -1. */
export function statCount(event: ReplyEvent): number {
  const count = numberAt(event.buffer, textStart(event), event.end);
  return count.digits > 0 && count.value <= GREATEST ? count.value : -1;
}

/** `+OK 120 octets`: the number, -1 when there is none. */
export function announcedOctets(event: ReplyEvent): number {
  const number = numberAt(event.buffer, textStart(event), event.end);
  if (number.digits === 0 || number.digits > MOST_DIGITS) return -1;
  const word = 'octets';
  for (let i = 0; i < word.length; i++) {
    if (((event.buffer[number.end + 1 + i] ?? 0) | 0x20) !== word.charCodeAt(i)) return -1;
  }
  return number.end + 1 + word.length <= event.end ? number.value : -1;
}

/** r10: the APOP timestamp is a message id (RFC 1939 7); anything else helps to find the password (CVE-2007-1558). */
export function judgeTimestamp(event: ReplyEvent): Complaint | null {
  const { buffer, start, end } = event;
  const open = lastIndexOf(buffer, LESS_THAN, start, end);
  const close = open === -1 ? -1 : indexOfOctet(buffer, GREATER_THAN, open, end);
  if (open === -1 || close === -1) return null;
  let hasAt = false;
  let isPrintable = true;
  let isText = true;
  for (let i = open + 1; i < close; i++) {
    const octet = buffer[i] as number;
    if (octet === AT) hasAt ||= i > open + 1 && i < close - 1;
    if (octet <= SPACE || octet > 0x7e) isPrintable = false;
    if (octet < SPACE || octet > 0x7e) isText = false;
  }
  if (hasAt && isPrintable) return null;
  const detail = 'The timestamp in the greeting, which APOP signs, has not the form of a message id.';
  // Words in angle brackets are a careless greeting rather than an attack.
  const isCareless = isText && !hasAt;
  return {
    id: 'r10',
    words: 'malformed APOP timestamp',
    severity: isCareless ? 'low' : 'medium',
    start: open,
    end: close + 1,
    detail,
  };
}

/** Behind `+OK` and the space; some servers set their numbers in columns. */
export function textStart({ buffer, start, end }: ReplyEvent): number {
  return skipSpaces(buffer, Math.min(end, start + 3), end);
}

function skipSpaces(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && buffer[at] === SPACE) at++;
  return at;
}

function lastIndexOf(buffer: Uint8Array, octet: number, start: number, end: number): number {
  for (let i = end - 1; i >= start; i--) if (buffer[i] === octet) return i;
  return -1;
}
