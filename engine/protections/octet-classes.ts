/**
 * Octets that are no text, as the command lines of all mail protocols count
 * them. In: a line. Out: where the first unusual octet stands, how long a
 * character is, and what was counted. What is harmless each protocol says itself.
 */
import type { OctetsEvent } from '../protocols/events.js';
import { utf8SequenceLength } from '../text/display.js';

/** So many octets that it is no slip of a character set. */
export const MANY_OCTETS = 8;
const NUL = 0;
const LF = 10;
const CR = 13;
const DELETE = 0x7f;

/** 1 for each octet below 128 that must not stand in a line: controls other than CR, LF and `allowed`. */
export function controlTable(allowed: Iterable<number>): Uint8Array {
  const isForbidden = new Uint8Array(128);
  isForbidden.fill(1, 0, 32);
  isForbidden[DELETE] = 1;
  // CR and LF inside a line are another rule's matter (bare CR).
  isForbidden[CR] = isForbidden[LF] = 0;
  for (const octet of allowed) isForbidden[octet] = 0;
  return isForbidden;
}

/** Index of the first octet of the line that is above 127 or forbidden; the line's end when there is none. */
export function firstUnusual(line: OctetsEvent, isForbidden: Uint8Array): number {
  const { buffer, start, end } = line;
  let at = start;
  while (at < end && isPlain(buffer[at] as number, isForbidden)) at++;
  return at;
}

function isPlain(octet: number, isForbidden: Uint8Array): boolean {
  return octet < 128 && isForbidden[octet] === 0;
}

/** What was counted in one line. */
export interface OddOctets {
  count: number;
  /** Indexes of the line's buffer: the first counted octet, and behind the last. */
  first: number;
  last: number;
  hasNul: boolean;
  /** All counted octets lie in well-formed UTF-8. */
  onlyUtf8: boolean;
}

export function noOddOctets(): OddOctets {
  return { count: 0, first: 0, last: 0, hasNul: false, onlyUtf8: true };
}

/** Counts the octet at `at`; octets are counted from left to right. */
export function countOdd(found: OddOctets, line: OctetsEvent, at: number): void {
  const octet = line.buffer[at] as number;
  if (found.count++ === 0) found.first = at;
  found.last = at + 1;
  found.hasNul ||= octet === NUL;
  if (octet < 128) found.onlyUtf8 = false;
  else if ((octet & 0xc0) === 0x80) found.onlyUtf8 &&= found.count > 1 && (line.buffer[at - 1] as number) >= 128;
  else found.onlyUtf8 &&= utf8SequenceLength(line.buffer, at, line.end) > 0;
}

/**
 * Octets of the well-formed UTF-8 character at `at`, 0 when there is none. A line that was cut off may
 * end inside a character.
 */
export function utf8LengthAt(line: OctetsEvent, at: number): number {
  const { buffer, end } = line;
  const length = utf8SequenceLength(buffer, at, end);
  return length === 0 && line.terminator === 'none' && end - at < 4 && isCutSequence(buffer, at, end)
    ? end - at
    : length;
}

function isCutSequence(buffer: Uint8Array, at: number, end: number): boolean {
  const lead = buffer[at] as number;
  const needed = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (lead > 0xf4 || needed <= end - at) return false;
  for (let i = at + 1; i < end; i++) if (((buffer[i] as number) & 0xc0) !== 0x80) return false;
  return true;
}

/** A record of TLS (RFC 8446 5.1), whose go-ahead was not captured: what follows is ciphertext. */
export function startsTlsRecord(line: OctetsEvent): boolean {
  const { buffer, start, end } = line;
  const type = buffer[start] as number;
  return (
    end - start >= 3 && type >= 0x14 && type <= 0x17 && buffer[start + 1] === 3 && (buffer[start + 2] as number) <= 4
  );
}
