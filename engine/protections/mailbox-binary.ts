/**
 * Octets that are no text in POP3 and IMAP command lines. In: what a protocol
 * counted in a line, the letters of national character sets apart. Out: one
 * finding; a credential in the line is marked as a whole.
 */
import type { OctetsEvent } from '../protocols/events.js';
import type { Severity } from '../../shared/severity.js';
import { countOdd, noOddOctets, utf8LengthAt, type OddOctets } from './octet-classes.js';
import type { CheckContext } from './protection.js';

/** What a line holds: octets that are no text, and letters that only stand where none are agreed upon. */
export interface LineOctets {
  readonly odd: OddOctets;
  readonly national: OddOctets;
}

export function noLineOctets(): LineOctets {
  return { odd: noOddOctets(), national: noOddOctets() };
}

/** First octet of Latin-1's upper half that is a letter or a mark. */
const FIRST_LATIN1 = 0xa0;

/** Octets of a letter at `at`, in UTF-8 or Latin-1; 0 for anything else. */
export function letterLengthAt(line: OctetsEvent, at: number): number {
  return utf8LengthAt(line, at) || ((line.buffer[at] as number) >= FIRST_LATIN1 ? 1 : 0);
}

/** Counts `length` octets from `at`. */
export function countAll(found: OddOctets, line: OctetsEvent, at: number, length: number): void {
  for (let i = at; i < at + length; i++) countOdd(found, line, i);
}

/** Reports the line; `severity` is that of its odd octets, letters alone are low. */
export function reportOctets(
  event: OctetsEvent,
  context: CheckContext<unknown>,
  { odd, national }: LineOctets,
  severity: Severity,
): void {
  const found = odd.count > 0 ? odd : national;
  if (found.count === 0) return;
  // Which octets of a credential are which is part of it.
  const isSecret = found.first < event.secretEnd && found.last > event.secretStart;
  context.report({
    event,
    start: isSecret ? Math.min(found.first, event.secretStart) : found.first,
    end: isSecret ? Math.max(found.last, event.secretEnd) : found.last,
    severity: odd.count > 0 ? severity : 'low',
    measured: found.count,
    limit: 0,
    unit: 'octets',
    detail: detailOf(found, odd.count > 0 && !odd.onlyUtf8),
  });
}

function detailOf({ count }: OddOctets, isNoText: boolean): string {
  if (isNoText)
    return `The command line carries ${count === 1 ? '1 octet that is' : `${count} octets that are`} no text.`;
  const octets = count === 1 ? '1 octet' : `${count} octets`;
  return `The command line carries ${octets} of letters beyond ASCII, which server and client have not agreed upon.`;
}
