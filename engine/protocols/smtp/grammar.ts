/**
 * The grammar of SMTP lines (RFC 5321 4.1.1, 4.2): the parts of a command line,
 * reply codes, paths, BDAT arguments. In: octets. Out: numbers and ranges; no
 * strings. Nothing here refuses a line, it only says what it is.
 */
import { PENDING, VERB, findVerb, isName } from './verbs.js';

const SP = 0x20;
const HT = 0x09;

/** Parts of a command line, as indexes of its buffer. One object is reused. */
export interface CommandParts {
  verb: number;
  verbStart: number;
  verbEnd: number;
  /** Behind the one space after the verb; `end` without argument. */
  argumentStart: number;
}

/** Takes a line apart. Leading SP and HT are no part of the verb. */
export function splitCommand(buffer: Uint8Array, start: number, end: number, parts: CommandParts): void {
  let at = start;
  while (at < end && isBlank(buffer[at] as number)) at++;
  parts.verbStart = at;
  while (at < end && !isBlank(buffer[at] as number)) at++;
  parts.verbEnd = at;
  parts.argumentStart = at < end ? at + 1 : end;
  parts.verb = findVerb(buffer, parts.verbStart, at);
}

/** Code 100..999 of a line `3DIGIT`, `3DIGIT SP text` or `3DIGIT - text`; 0 when it is none (RFC 5321 4.2). */
export function replyCode(buffer: Uint8Array, start: number, end: number): number {
  if (end - start < 3) return 0;
  const hundreds = (buffer[start] as number) - 0x30;
  const tens = (buffer[start + 1] as number) - 0x30;
  const ones = (buffer[start + 2] as number) - 0x30;
  if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return 0;
  if (end - start > 3) {
    const separator = buffer[start + 3] as number;
    if (separator !== SP && separator !== 0x2d) return 0;
  }
  return hundreds * 100 + tens * 10 + ones;
}

/**
 * True when a line is beyond doubt the command that its verb says: used where message text may
 * come instead, so `HELP me with this` or `Data follows` must not pass.
 */
export function isCompleteCommand(buffer: Uint8Array, parts: CommandParts, lineEnd: number): boolean {
  const start = parts.argumentStart;
  let end = lineEnd;
  while (end > start && isBlank(buffer[end - 1] as number)) end--;
  switch (parts.verb) {
    case VERB.none:
      return false;
    case VERB.EHLO:
    case VERB.HELO:
    case VERB.LHLO:
    case VERB.VRFY:
    case VERB.EXPN:
    case VERB.ETRN:
      return isOneWord(buffer, start, end);
    case VERB.MAIL:
    case VERB.SEND:
    case VERB.SOML:
    case VERB.SAML:
      return beginsWith(buffer, start, end, 'FROM:');
    case VERB.RCPT:
      return beginsWith(buffer, start, end, 'TO:');
    case VERB.BDAT:
      return chunkArgument(buffer, start, end).bytes !== -1;
    case VERB.AUTH:
    case VERB['X-EXPS']:
    case VERB.XAUTH:
      return isAuthArgument(buffer, start, end);
    case VERB.XCLIENT:
    case VERB.XFORWARD:
      return buffer.subarray(start, end).includes(0x3d);
    case VERB['X-LINK2STATE']:
    case VERB.XEXCH50:
    case VERB.BURL:
      return end > start;
    default:
      return start === end || parts.verbEnd === lineEnd;
  }
}

/** Range of the path behind `FROM:` or `TO:`, without `<>`; false when the keyword is not there. */
export function findPath(buffer: Uint8Array, start: number, end: number, keyword: string, range: PathRange): boolean {
  if (!beginsWith(buffer, start, end, keyword)) return false;
  let at = start + keyword.length;
  while (at < end && isBlank(buffer[at] as number)) at++;
  const bracketed = at < end && buffer[at] === 0x3c;
  if (bracketed) at++;
  range.start = at;
  let quoted = false;
  for (; at < end; at++) {
    const octet = buffer[at] as number;
    if (octet === 0x5c && quoted) at++;
    else if (octet === 0x22) quoted = !quoted;
    else if (!quoted && (bracketed ? octet === 0x3e : isBlank(octet))) break;
  }
  range.end = Math.min(at, end);
  return true;
}

export interface PathRange {
  start: number;
  end: number;
}

/** True when a word of the argument is `name`, alone (`SMTPUTF8`). */
export function hasWord(buffer: Uint8Array, start: number, end: number, name: string): boolean {
  for (let at = start; at + name.length <= end; at++) {
    const before = at === start || isBlank(buffer[at - 1] as number);
    const after = at + name.length === end || isBlank(buffer[at + name.length] as number);
    if (before && after && isName(buffer, at, name)) return true;
  }
  return false;
}

const chunk = { bytes: -1, verb: VERB.BDAT as number };

/**
 * `1*20DIGIT [SP LAST]` (RFC 3030 2): octets announced (Infinity beyond 2^53), -1 when it is something
 * else; and whether it is the last. The result is one object, valid until the next call.
 */
export function chunkArgument(buffer: Uint8Array, start: number, end: number): { bytes: number; verb: number } {
  chunk.bytes = -1;
  chunk.verb = VERB.BDAT;
  let at = start;
  let value = 0;
  for (; at < end && at - start < 20; at++) {
    const digit = (buffer[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === start) return chunk;
  const digitsEnd = at;
  while (at < end && isBlank(buffer[at] as number)) at++;
  if (at < end) {
    if (at === digitsEnd || end - at < 4 || !isName(buffer, at, 'LAST')) return chunk;
    for (let i = at + 4; i < end; i++) if (!isBlank(buffer[i] as number)) return chunk;
    chunk.verb = PENDING.lastChunk;
  }
  chunk.bytes = value > Number.MAX_SAFE_INTEGER ? Infinity : value;
  return chunk;
}

/** Octets that `XEXCH50 len num` announces; -1 when it is no number. */
export function xexch50Bytes(buffer: Uint8Array, start: number, end: number): number {
  let value = 0;
  let at = start;
  for (; at < end; at++) {
    const digit = (buffer[at] as number) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at === start || (at < end && !isBlank(buffer[at] as number))) return -1;
  return value > Number.MAX_SAFE_INTEGER ? Infinity : value;
}

/** First index in [start, end) that is neither SP nor HT. */
export function skipBlanks(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(buffer[at] as number)) at++;
  return at;
}

/** First index in [start, end) that is SP or HT, or `end`. */
export function wordEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && !isBlank(buffer[at] as number)) at++;
  return at;
}

/** True when the octets begin with `name` (upper case ASCII), in any case. */
export function beginsWith(buffer: Uint8Array, start: number, end: number, name: string): boolean {
  return end - start >= name.length && isName(buffer, start, name);
}

function isOneWord(buffer: Uint8Array, start: number, end: number): boolean {
  const word = skipBlanks(buffer, start, end);
  return word < end && wordEnd(buffer, word, end) === end;
}

/** A mechanism name, and at most one more word. */
function isAuthArgument(buffer: Uint8Array, start: number, end: number): boolean {
  const mechanism = skipBlanks(buffer, start, end);
  const mechanismEnd = wordEnd(buffer, mechanism, end);
  if (mechanismEnd === mechanism || mechanismEnd - mechanism > 20) return false;
  for (let i = mechanism; i < mechanismEnd; i++) {
    const octet = (buffer[i] as number) | 0x20;
    const isLetter = octet >= 0x61 && octet <= 0x7a;
    const isDigit = octet >= 0x30 && octet <= 0x39;
    if (!isLetter && !isDigit && octet !== 0x2d && octet !== 0x7f) return false;
  }
  const response = skipBlanks(buffer, mechanismEnd, end);
  return wordEnd(buffer, response, end) === end;
}

function isBlank(octet: number): boolean {
  return octet === SP || octet === HT;
}
