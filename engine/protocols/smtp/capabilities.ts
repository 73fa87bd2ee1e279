/**
 * Keywords of an EHLO answer (RFC 5321 4.1.1.1). In: the joined reply. Out, in
 * the facts: the first word of every line but the first, upper case; the value of
 * SIZE. Bounded in number and length.
 */
import { copyOctets, indexOfOctet } from '../../octets.js';
import type { ConnectionFacts } from '../facts.js';
import { NO_OCTETS } from '../reused-events.js';
import { beginsWith, skipBlanks } from './grammar.js';

const KEYWORDS = 128;
const KEYWORD_BYTES = 64;
/** RFC 1870 4: size-value is 1*20DIGIT. */
const DIGITS = 20;

/** An answer that was read lately, without its first line, which may name the client. */
interface KnownAnswer {
  readonly octets: Uint8Array;
  readonly keywords: ReadonlySet<string>;
  readonly sizeLimit: number;
}

const ANSWERS = 64;
const ANSWER_BYTES = 1024;
const answers: (KnownAnswer | null)[] = new Array<KnownAnswer | null>(ANSWERS).fill(null);

/**
 * Reads the joined answer into the facts. A server says the same to all: reading it costs more than
 * comparing it, and connections whose answers are the same have the same set, which nobody changes.
 */
export function noteCapabilities(facts: ConnectionFacts, buffer: Uint8Array, start: number, end: number): void {
  const from = lineAfter(buffer, start, end);
  const slot = end > from ? ((end - from) * 7 + (buffer[end - 1] as number)) % ANSWERS : 0;
  let answer = answers[slot] as KnownAnswer | null;
  if (answer === null || !equals(answer.octets, buffer, from, end)) {
    const keywords = readCapabilities(buffer, from, end);
    const sizeLimit = keywords.has('SIZE') ? readSizeLimit(buffer, from, end) : -1;
    const isKept = end - from <= ANSWER_BYTES;
    answer = { octets: isKept ? copyOctets(buffer, from, end) : NO_OCTETS, keywords, sizeLimit };
    if (isKept) answers[slot] = answer;
  }
  facts.capabilities = answer.keywords;
  facts.sizeLimit = answer.sizeLimit;
  if (facts.tls === 'none' && answer.keywords.has('STARTTLS')) facts.tls = 'offered';
}

function equals(octets: Uint8Array, buffer: Uint8Array, start: number, end: number): boolean {
  if (octets.length !== end - start) return false;
  for (let i = 0; i < octets.length; i++) if (octets[i] !== buffer[start + i]) return false;
  return true;
}

/** From the second line on. */
function readCapabilities(buffer: Uint8Array, start: number, end: number): ReadonlySet<string> {
  const keywords = new Set<string>();
  let at = start;
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
function readSizeLimit(buffer: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at = lineAfter(buffer, at, end)) {
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
