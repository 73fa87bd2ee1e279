/**
 * The words of POP3: verbs, what form their answers have (RFC 1939, 2449, 5034,
 * 2595, 6856), and the kinds of status lines. Everything is read from octets.
 */
import { typedSecretStart } from '../typed-login.js';
import { VerbTable } from '../verb-table.js';

/** Every verb that POP3 servers have known, standard or not; numbers are indexes of `POP3_VERBS.names`. */
export const VERB = {
  USER: 0,
  PASS: 1,
  APOP: 2,
  AUTH: 3,
  STLS: 4,
  UTF8: 5,
  CAPA: 6,
  LANG: 7,
  STAT: 8,
  LIST: 9,
  RETR: 10,
  DELE: 11,
  NOOP: 12,
  RSET: 13,
  LAST: 14,
  TOP: 15,
  UIDL: 16,
  QUIT: 17,
  XSENDER: 18,
  XTND: 19,
  RPOP: 20,
  EUIDL: 21,
  XLST: 22,
  HELP: 23,
  GURL: 24,
  FOLD: 25,
  HELO: 26,
  READ: 27,
  XADR: 28,
  XMIT: 29,
  XTEXT: 30,
  XCLIENT: 31,
  ID: 32,
} as const;
export const POP3_VERBS = new VerbTable(Object.keys(VERB));

/** What an accepted command is answered with behind the status line. */
export const FORM = { single: 0, text: 1, message: 2, auth: 3 } as const;
export type Form = (typeof FORM)[keyof typeof FORM];

/** PROTECTIONS 1.2, last column of the table. */
export function answerForm(verb: number, hasArgument: boolean): Form {
  switch (verb) {
    case VERB.RETR:
    case VERB.TOP:
      return FORM.message;
    case VERB.CAPA:
    case VERB.HELP:
      return FORM.text;
    case VERB.LIST:
    case VERB.UIDL:
    case VERB.EUIDL:
    case VERB.LANG:
      return hasArgument ? FORM.single : FORM.text;
    case VERB.AUTH:
      return hasArgument ? FORM.auth : FORM.text;
    default:
      return FORM.single;
  }
}

/** True for verbs that are legal only after login. */
export function needsLogin(verb: number): boolean {
  switch (verb) {
    case VERB.STAT:
    case VERB.LIST:
    case VERB.RETR:
    case VERB.DELE:
    case VERB.NOOP:
    case VERB.RSET:
    case VERB.LAST:
    case VERB.TOP:
    case VERB.UIDL:
    case VERB.EUIDL:
    case VERB.XSENDER:
      return true;
    default:
      return false;
  }
}

export const STATUS = { none: 0, ok: 1, error: 2, challenge: 3 } as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** `+OK`, `-ERR` in any case followed by a blank or the end; `+` alone or `+ ` is a challenge (RFC 5034 4). */
export function statusOf(buffer: Uint8Array, start: number, end: number): Status {
  const length = end - start;
  if (length === 0) return STATUS.none;
  if (buffer[start] === 0x2b) {
    if (length === 1 || buffer[start + 1] === 0x20) return STATUS.challenge;
    return isWord(buffer, start + 1, end, 0x4f, 0x4b, 0) ? STATUS.ok : STATUS.none;
  }
  return buffer[start] === 0x2d && isWord(buffer, start + 1, end, 0x45, 0x52, 0x52) ? STATUS.error : STATUS.none;
}

/** Two or three letters (the third 0 when there is none), then no further letter or digit. */
function isWord(buffer: Uint8Array, start: number, end: number, first: number, second: number, third: number): boolean {
  const length = third === 0 ? 2 : 3;
  if (end - start < length) return false;
  if (upper(buffer[start] as number) !== first || upper(buffer[start + 1] as number) !== second) return false;
  if (third !== 0 && upper(buffer[start + 2] as number) !== third) return false;
  return end - start === length || !isAlphanumeric(buffer[start + length] as number);
}

function upper(octet: number): number {
  return octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet;
}

function isAlphanumeric(octet: number): boolean {
  return (octet >= 0x30 && octet <= 0x39) || ((octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a);
}

/** A command line taken apart; indexes of the line's buffer. Reused: borrowed until the next `parse`. */
export class CommandLine {
  /** Index of `POP3_VERBS.names`, -1 when unknown. */
  verb = -1;
  verbStart = 0;
  verbEnd = 0;
  argumentStart = 0;
  /** The credential in it; empty range and label when there is none. */
  secretStart = 0;
  secretEnd = 0;
  secretLabel = '';
  /** AUTH: the initial response; empty range when absent. */
  responseStart = 0;
  responseEnd = 0;

  parse(buffer: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end && isBlank(buffer[at] as number)) at++;
    this.verbStart = at;
    while (at < end && !isBlank(buffer[at] as number)) at++;
    this.verbEnd = at;
    this.argumentStart = at < end ? at + 1 : end;
    this.verb = POP3_VERBS.find(buffer, this.verbStart, this.verbEnd);
    this.secretStart = this.secretEnd = start;
    this.secretLabel = '';
    this.responseStart = this.responseEnd = end;
    if (this.verb === -1) this.findTypedLogin(buffer, start, end);
    else if (this.verb === VERB.PASS) this.mark(this.argumentStart, end, 'password');
    else if (this.verb === VERB.APOP) this.mark(lastToken(buffer, this.argumentStart, end), end, 'digest');
    else if (this.verb === VERB.AUTH) this.findResponse(buffer, end);
  }

  mark(start: number, end: number, label: string): void {
    if (end <= start) return;
    this.secretStart = start;
    this.secretEnd = end;
    this.secretLabel = label;
  }

  private findTypedLogin(buffer: Uint8Array, start: number, end: number): void {
    const from = typedSecretStart(buffer, start, end);
    if (from !== -1) this.mark(from, end, 'password');
  }

  /** `AUTH mechanism response` (RFC 5034 4). */
  private findResponse(buffer: Uint8Array, end: number): void {
    let at = this.argumentStart;
    while (at < end && isBlank(buffer[at] as number)) at++;
    while (at < end && !isBlank(buffer[at] as number)) at++;
    while (at < end && isBlank(buffer[at] as number)) at++;
    this.responseStart = at;
    this.mark(at, end, 'response');
  }
}

/** The digest of APOP: the last word, with the blanks behind it; all of it when there is only one word. */
export function lastToken(buffer: Uint8Array, start: number, end: number): number {
  let i = end;
  while (i > start && isBlank(buffer[i - 1] as number)) i--;
  while (i > start && !isBlank(buffer[i - 1] as number)) i--;
  return i;
}

function isBlank(octet: number): boolean {
  return octet === 0x20 || octet === 9;
}
