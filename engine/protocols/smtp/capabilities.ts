/**
 * Keywords of an EHLO answer (RFC 5321 4.1.1.1). In: the joined reply. Out: the
 * first word of every line but the first, upper case; the value of SIZE. Bounded
 * in number and length.
 */
import { indexOfOctet } from '../../octets.js';
import { beginsWith, skipBlanks } from './grammar.js';

const KEYWORDS = 128;
const KEYWORD_BYTES = 64;
/** RFC 1870 4: size-value is 1*20DIGIT. */
const DIGITS = 20;

export function readCapabilities(buffer: Uint8Array, start: number, end: number): Set<string> {
  const keywords = new Set<string>();
  let at = lineAfter(buffer, start, end);
  while (at < end && keywords.size < KEYWORDS) {
    // "250-" or "250 " stands before the keyword.
    const from = at + 4;
    let to = from;
    while (to < end && to - from < KEYWORD_BYTES && isKeywordOctet(buffer[to] as number)) to++;
    if (to > from) keywords.add(upperText(buffer, from, to));
    at = lineAfter(buffer, at, end);
  }
  return keywords;
}

/** Octets that the keyword SIZE allows (RFC 1870 4): 0 no fixed limit, -1 without keyword or number. */
export function readSizeLimit(buffer: Uint8Array, start: number, end: number): number {
  for (let at = lineAfter(buffer, start, end); at < end; at = lineAfter(buffer, at, end)) {
    const name = at + 4;
    if (!beginsWith(buffer, name, end, 'SIZE')) continue;
    const value = skipBlanks(buffer, name + 4, end);
    if (value > name + 4) return decimal(buffer, value, end);
  }
  return -1;
}

/** The number at `start`, Infinity beyond 2^53; -1 when there is none. */
function decimal(buffer: Uint8Array, start: number, end: number): number {
  let value = 0;
  let at = start;
  for (; at < end && at - start < DIGITS; at++) {
    const digit = (buffer[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === start) return -1;
  return value > Number.MAX_SAFE_INTEGER ? Infinity : value;
}

function lineAfter(buffer: Uint8Array, start: number, end: number): number {
  const lineFeed = indexOfOctet(buffer, 10, start, end);
  return lineFeed === -1 ? end : lineFeed + 1;
}

/** Letters, digits, `-`, and what a careless server puts there; SP, `=` and controls end it. */
function isKeywordOctet(octet: number): boolean {
  return octet > 0x20 && octet < 0x7f && octet !== 0x3d;
}

function upperText(buffer: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    text += String.fromCharCode(octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet);
  }
  return text;
}
