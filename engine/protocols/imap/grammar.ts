/**
 * The words of IMAP: verbs (RFC 3501, 9051 and the extensions that servers
 * have), the parts of a command line, and the kinds of server lines. Everything
 * is read from octets.
 */
import { VerbTable } from '../verb-table.js';

/** Verbs that the dialogue acts on; numbers are indexes of `IMAP_VERBS.names`. */
export const VERB = {
  LOGIN: 0,
  AUTHENTICATE: 1,
  STARTTLS: 2,
  COMPRESS: 3,
  IDLE: 4,
  DONE: 5,
  APPEND: 6,
  SELECT: 7,
  EXAMINE: 8,
  CLOSE: 9,
  UNSELECT: 10,
  LOGOUT: 11,
  UNAUTHENTICATE: 12,
  CAPABILITY: 13,
  REPLACE: 14,
  NOOP: 15,
  ID: 16,
} as const;

/** Legal in every state (RFC 9051 6.1), besides CAPABILITY, LOGOUT, NOOP and ID. */
const ANY_STATE = ['LANGUAGE', 'XCLIENT'];
const AFTER_LOGIN = [
  'ENABLE',
  'CREATE',
  'DELETE',
  'RENAME',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'LIST',
  'LSUB',
  'STATUS',
  'NAMESPACE',
  'GETQUOTA',
  'GETQUOTAROOT',
  'SETQUOTA',
  'DELETEQUOTA',
  'GETACL',
  'SETACL',
  'DELETEACL',
  'LISTRIGHTS',
  'MYRIGHTS',
  'GETMETADATA',
  'SETMETADATA',
  'GETANNOTATION',
  'SETANNOTATION',
  'NOTIFY',
  'XLIST',
  'RLIST',
  'RLSUB',
  'RESETKEY',
  'GENURLAUTH',
  'URLFETCH',
  'CHECK',
  'EXPUNGE',
  'SEARCH',
  'FETCH',
  'STORE',
  'COPY',
  'MOVE',
  'UID',
  'SORT',
  'THREAD',
  'PARTIAL',
  'ESEARCH',
  'CHILDREN',
  'COMPARATOR',
  'CONVERT',
  'CONVERSIONS',
  'CANCELUPDATE',
  'GETJMAPACCESS',
  'UIDBATCHES',
  'XAPPLEPUSHSERVICE',
  'BBOARD',
  'FIND',
  'PROXYAUTH',
  'SCAN',
  'XMOVE',
  'XATOM',
];
export const IMAP_VERBS = new VerbTable([...Object.keys(VERB), ...ANY_STATE, ...AFTER_LOGIN]);
const FIRST_AFTER_LOGIN = Object.keys(VERB).length + ANY_STATE.length;

/** True for verbs that are legal only after login: sent without an error, they prove it. */
export function needsLogin(verb: number): boolean {
  if (verb >= FIRST_AFTER_LOGIN) return true;
  switch (verb) {
    case VERB.COMPRESS:
    case VERB.IDLE:
    case VERB.APPEND:
    case VERB.SELECT:
    case VERB.EXAMINE:
    case VERB.CLOSE:
    case VERB.UNSELECT:
    case VERB.REPLACE:
    case VERB.UNAUTHENTICATE:
      return true;
    default:
      return false;
  }
}

/** The first line of a command taken apart; indexes of the line's buffer. Reused: borrowed until the next `parse`. */
export class CommandLine {
  /** Index of `IMAP_VERBS.names`, -1 when unknown. */
  verb = -1;
  tagStart = 0;
  tagEnd = 0;
  verbStart = 0;
  verbEnd = 0;
  argumentStart = 0;

  /** `tag SP verb [SP arguments]`; a line of one word is `DONE` or a tag without a verb. */
  parse(buffer: Uint8Array, start: number, end: number): void {
    this.tagStart = skipBlanks(buffer, start, end);
    this.tagEnd = wordEnd(buffer, this.tagStart, end);
    this.verbStart = skipBlanks(buffer, this.tagEnd, end);
    this.verbEnd = wordEnd(buffer, this.verbStart, end);
    this.argumentStart = this.verbEnd < end ? this.verbEnd + 1 : end;
    this.verb = IMAP_VERBS.find(buffer, this.verbStart, this.verbEnd);
    // DONE has no tag (RFC 2177), and nothing else has none.
    if (this.verb === VERB.DONE) this.verb = -1;
    if (this.verbStart < end || IMAP_VERBS.find(buffer, this.tagStart, this.tagEnd) !== VERB.DONE) return;
    this.verb = VERB.DONE;
    this.verbStart = this.tagStart;
    this.verbEnd = this.tagEnd;
    this.tagEnd = this.tagStart;
  }
}

export function skipBlanks(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (buffer[at] === 0x20 || buffer[at] === 9)) at++;
  return at;
}

export function wordEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && buffer[at] !== 0x20 && buffer[at] !== 9) at++;
  return at;
}

/** Words that end a command or say something of the session (RFC 9051 7.1). */
export const CONDITION = { none: -1, ok: 0, no: 1, bad: 2, bye: 3, preauth: 4 } as const;
const CONDITIONS = new VerbTable(['OK', 'NO', 'BAD', 'BYE', 'PREAUTH']);
const MAY_BEGIN_CONDITION = new Uint8Array(256);
for (const letter of 'ONBPonbp') MAY_BEGIN_CONDITION[letter.charCodeAt(0)] = 1;

/** Which condition the word at `start` is; `CONDITION.none` for any other. */
export function conditionAt(buffer: Uint8Array, start: number, end: number): number {
  // Most data begins with a digit, or with a letter that no condition begins with.
  if (start >= end || MAY_BEGIN_CONDITION[buffer[start] as number] === 0) return CONDITION.none;
  return CONDITIONS.find(buffer, start, wordEnd(buffer, start, end));
}

const OPEN_BRACKET = 0x5b;
const LETTER_C = 0x63;
const CAPABILITY_WORD = new VerbTable(['CAPABILITY', '[CAPABILITY']);

/** Start of the capability list in a response text, -1 when there is none (RFC 9051 7.2.2, 7.1). */
export function capabilityList(buffer: Uint8Array, start: number, end: number): number {
  if (start >= end) return -1;
  const first = buffer[start] as number;
  if (first !== OPEN_BRACKET && (first | 0x20) !== LETTER_C) return -1;
  const stop = wordEnd(buffer, start, end);
  return CAPABILITY_WORD.find(buffer, start, stop) === -1 ? -1 : stop;
}
