/**
 * Lines of POP3's multi-line answers: scan listings and unique-id listings
 * (RFC 1939 5 and 7). In: a line event. Out: what is wrong with it, or null.
 */
import type { Severity } from '../../shared/severity.js';
import type { OctetsEvent } from '../protocols/events.js';

/** What a sub-rule says: its number, fixed words for the log, and the finding. */
export interface Complaint {
  readonly id: string;
  readonly words: string;
  readonly detail: string;
  readonly severity?: Severity;
  readonly start?: number;
  readonly end?: number;
  readonly measured?: number;
  readonly limit?: number;
  readonly unit?: string;
}

export const LONGEST_ANSWER_LINE = 16_384;
/** 2^31-1: what a client's signed 32-bit number holds. */
export const GREATEST = 2_147_483_647;
const LONGEST_UNIQUE_ID = 70;
export const SPACE = 0x20;
const MINUS = 0x2d;

/** r5 and r8: `1*10DIGIT SP 1*10DIGIT`, and whatever a server adds behind a further space. */
export function judgeListLine(event: OctetsEvent): Complaint | null {
  const { buffer, end } = event;
  const number = numberAt(buffer, event.start, end);
  const sizeStart = number.end + 1;
  if (number.digits === 0 || buffer[number.end] !== SPACE || number.end >= end) return notAListing(event);
  if (buffer[sizeStart] === MINUS && sizeStart < end)
    return badSize('The size of a listed message is negative.', sizeStart, end);
  const size = numberAt(buffer, sizeStart, end);
  if (size.digits === 0 || (size.end < end && buffer[size.end] !== SPACE) || number.digits > 10)
    return notAListing(event);
  if (size.value <= GREATEST) return null;
  const complaint = badSize('The size of a listed message does not fit into 31 bits.', sizeStart, size.end);
  return { ...complaint, measured: Math.min(size.value, Number.MAX_SAFE_INTEGER), limit: GREATEST, unit: 'bytes' };
}

function notAListing(event: OctetsEvent): Complaint {
  const detail = 'A line of the answer to LIST is not a message number and a size.';
  return { id: 'r5', words: 'malformed scan listing', detail, start: event.start, end: event.end };
}

function badSize(detail: string, start: number, end: number): Complaint {
  return { id: 'r8', words: 'size of a listed message out of range', detail, start, end };
}

/** r6: a unique-id has 1 to 70 octets from 0x21 to 0x7E (RFC 1939 7). */
export function judgeUidlLine(event: OctetsEvent): Complaint | null {
  const { buffer, start } = event;
  let { end } = event;
  // Some servers leave spaces at the end of the line.
  while (end > start && buffer[end - 1] === SPACE) end--;
  const number = numberAt(buffer, start, end);
  if (number.digits === 0 || (number.end < end && buffer[number.end] !== SPACE)) {
    const detail = 'A line of the answer to UIDL does not begin with a message number.';
    return { id: 'r6', words: 'malformed unique-id listing', detail, start, end };
  }
  const idStart = Math.min(end, number.end + 1);
  if (idStart === end) return { ...BAD_UNIQUE_ID, detail: 'A line of the answer to UIDL has no unique-id.' };
  if (end - idStart > LONGEST_UNIQUE_ID) return longUniqueId(idStart, end);
  for (let i = idStart; i < end; i++) {
    const octet = buffer[i] as number;
    if (octet <= SPACE || octet > 0x7e) {
      return { ...BAD_UNIQUE_ID, start: i, end: i + 1, detail: 'A unique-id carries an octet that it must not.' };
    }
  }
  return null;
}

/**
 * r6 and r8 in the answer about one message, `+OK 2 whqtswO00WBw418f9t5JxYwZ`, whose number and word begin at
 * `start`. The same line may introduce a listing in words, so only what no words look like is wrong.
 */
export function judgeOneMessage({ buffer, end }: OctetsEvent, start: number, isUidl: boolean): Complaint | null {
  const number = numberAt(buffer, start, end);
  const wordStart = number.end + 1;
  if (number.digits === 0 || buffer[number.end] !== SPACE || wordStart >= end) return null;
  if (!isUidl) {
    const isNegative = buffer[wordStart] === MINUS && numberAt(buffer, wordStart + 1, end).digits > 0;
    return isNegative ? badSize('The size of a listed message is negative.', wordStart, end) : null;
  }
  let wordEnd = wordStart;
  while (wordEnd < end && buffer[wordEnd] !== SPACE) wordEnd++;
  return wordEnd - wordStart > LONGEST_UNIQUE_ID ? longUniqueId(wordStart, wordEnd) : null;
}

function longUniqueId(start: number, end: number): Complaint {
  return {
    ...BAD_UNIQUE_ID,
    start,
    end,
    measured: end - start,
    limit: LONGEST_UNIQUE_ID,
    unit: 'bytes',
    detail: `A unique-id is longer than ${LONGEST_UNIQUE_ID} octets.`,
  };
}

const BAD_UNIQUE_ID = { id: 'r6', words: 'malformed unique-id', severity: 'high' } as const;

export interface NumberRange {
  readonly digits: number;
  readonly value: number;
  /** Behind its last digit. */
  readonly end: number;
}

/** Decimal digits from `start`; the value of very many digits is only known to be large. */
export function numberAt(buffer: Uint8Array, start: number, end: number): NumberRange {
  let value = 0;
  let i = start;
  for (; i < end; i++) {
    const digit = (buffer[i] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return { digits: i - start, value, end: i };
}
