/**
 * The path of MAIL and RCPT (RFC 5321 4.1.2), read as leniently as servers read
 * it. In: a command's argument. Out: where the path, its mailbox, local part
 * and domain stand, and what is left open. No strings, one pass, never throws.
 *
 * Known here: `<>`, paths without `<>`, source routes (`@a,@b:user@c`), quoted
 * strings with backslash pairs, domain literals (`[IPv6:2001:db8::1]`).
 */
import { beginsWith } from '../protocols/smtp/grammar.js';

const SP = 0x20;
const HT = 0x09;
const QUOTE = 0x22;
const COLON = 0x3a;
const LESS = 0x3c;
const GREATER = 0x3e;
const AT = 0x40;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;

/** Places of a path, as indexes of the buffer it was read from. One object is reused by its owner. */
export interface SmtpPath {
  /** The path's octets, its `<` and `>` not among them, blanks at both ends neither. */
  start: number;
  end: number;
  /** It begins with `<`. */
  bracketed: boolean;
  /** It is whole: its `>` was found where it has a `<`, and no quoted string is open. */
  closed: boolean;
  /** Where the mailbox begins: behind a source route, else `start`. */
  mailboxStart: number;
  /** The last `@` outside quotes and literals; -1 when there is none. */
  at: number;
  /** Behind the path and its `>`: parameters. */
  after: number;
}

export function emptyPath(): SmtpPath {
  return { start: 0, end: 0, bracketed: false, closed: false, mailboxStart: 0, at: -1, after: 0 };
}

/** Reads the path behind `keyword` (`FROM`, `TO`) and a colon; false when these are not there. Fills `path`. */
export function readPath(buffer: Uint8Array, start: number, end: number, keyword: string, path: SmtpPath): boolean {
  let at = skipBlanks(buffer, start, end);
  if (!beginsWith(buffer, at, end, keyword)) return false;
  at = skipBlanks(buffer, at + keyword.length, end);
  if (at >= end || buffer[at] !== COLON) return false;
  at = skipBlanks(buffer, at + 1, end);
  path.bracketed = at < end && buffer[at] === LESS;
  if (path.bracketed) at = skipBlanks(buffer, at + 1, end);
  path.start = at;
  path.mailboxStart = mailboxStart(buffer, at, end);
  readMailbox(buffer, end, path);
  return true;
}

/**
 * True for `FROM:<local@domain>` with what may follow, as nearly all are written: nothing but letters, digits and
 * the few signs of ordinary names. `readPath` finds such a path closed, bracketed and with a domain.
 */
export function isOrdinaryPath(buffer: Uint8Array, start: number, end: number, keyword: string): boolean {
  const from = start + keyword.length + 2;
  if (from >= end || buffer[from - 2] !== COLON || buffer[from - 1] !== LESS) return false;
  if (!beginsWith(buffer, start, end, keyword)) return false;
  let sign = -1;
  let at = from;
  for (; at < end && IS_ORDINARY[buffer[at] as number] === 1; at++) if (buffer[at] === AT) sign = at;
  if (at >= end || buffer[at] !== GREATER || sign <= from || sign + 1 === at) return false;
  for (at++; at < end; at++) if (IS_ORDINARY[buffer[at] as number] !== 1 && buffer[at] !== SP) return false;
  return true;
}

const IS_ORDINARY = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+=@') {
  IS_ORDINARY[character.charCodeAt(0)] = 1;
}

/** True for octets that end a word: SP and HT. */
export function isBlank(octet: number): boolean {
  return octet === SP || octet === HT;
}

/** Behind the colon of a source route; the path's own start without one. */
function mailboxStart(buffer: Uint8Array, start: number, end: number): number {
  if (start >= end || buffer[start] !== AT) return start;
  let inLiteral = false;
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    if (octet === OPEN_BRACKET) inLiteral = true;
    else if (octet === CLOSE_BRACKET) inLiteral = false;
    else if (octet === GREATER || isBlank(octet)) return start;
    else if (octet === COLON && !inLiteral) return i + 1;
  }
  return start;
}

/** Finds the end of the path and the `@` before its domain. */
function readMailbox(buffer: Uint8Array, end: number, path: SmtpPath): void {
  const { bracketed } = path;
  let inQuotes = false;
  let inLiteral = false;
  let i = path.mailboxStart;
  path.at = -1;
  for (; i < end; i++) {
    const octet = buffer[i] as number;
    if (inQuotes) {
      if (octet === BACKSLASH) i++;
      else if (octet === QUOTE) inQuotes = false;
    } else if (octet === (bracketed ? GREATER : SP) || (!bracketed && octet === HT)) break;
    else if (inLiteral) inLiteral = octet !== CLOSE_BRACKET;
    else if (octet === QUOTE) inQuotes = true;
    else if (octet === AT) path.at = i;
    else if (octet === OPEN_BRACKET && path.at === i - 1) inLiteral = true;
  }
  const stop = i < end ? i : end;
  path.closed = !inQuotes && (!bracketed || stop < end);
  path.after = bracketed && stop < end ? stop + 1 : stop;
  path.end = stop;
  while (path.end > path.mailboxStart && isBlank(buffer[path.end - 1] as number)) path.end--;
}

function skipBlanks(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(buffer[at] as number)) at++;
  return at;
}
