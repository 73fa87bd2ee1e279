/**
 * SMTP: characters in MAIL and RCPT paths that a shell or an old mail server
 * reads as more than a name (PROTECTIONS section 7, smtp-address-special-chars).
 * What else RFC 5321 allows in a name (`+`, `=`, `%`, `#`, `'`, `!`, ...) never fires.
 */
import type { Severity } from '../../shared/severity.js';
import type { CommandEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { emptyPath, isBlank, isOrdinaryPath, readPath, type SmtpPath } from './smtp-path.js';

const PIPE = 0x7c;
const BACKTICK = 0x60;
const SEMICOLON = 0x3b;
const DOLLAR = 0x24;
const OPEN_PARENTHESIS = 0x28;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LESS = 0x3c;
const GREATER = 0x3e;
const DELETE = 0x7f;

/** The worst thing found in a path; used within one call only. */
interface Found {
  at: number;
  length: number;
  detail: string;
  severity: Severity;
}
const path: SmtpPath = emptyPath();
const found: Found = { at: -1, length: 0, detail: '', severity: 'medium' };

export const smtpAddressSpecialChars = protection({
  id: 'smtp-address-special-chars',
  title: 'Special characters in a mail address',
  protocols: ['smtp'],
  attackName: 'Mail Guard',
  attackInfo: 'Invalid character in mail address',
  why:
    'A vertical bar, a backquote or a bracket out of place in an address is how commands were passed to the shell of ' +
    'mail servers and delivery programs. Ordinary addresses have none of them.',
  sources: ['The eMail Threat: PIX Mail Guard (fixup protocol smtp), special characters in MAIL and RCPT'],
  references: ['RFC 5321 4.1.2', 'CVE-1999-0203', 'T1190'],
  severity: 'medium',
  confidence: 85,
  precedence: 'format',
  remedy:
    'Look up in the log of the mail server whether the address was accepted, and what its delivery program did with ' +
    'it. Refuse such addresses (Exim: deny local parts that match ^[.] : ^.*[@%!/|`] in acl_check_rcpt; Postfix: leave ' +
    'allow_mail_to_commands as it is by default and match the characters in smtpd_recipient_restrictions with a pcre ' +
    'table), and block the client.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => keywordOf(verb) !== '',
  settings: [],
  on: { command: judge, partialCommand: judge },
});

function judge(event: CommandEvent, context: CheckContext<undefined>): void {
  const keyword = keywordOf(event.verb);
  if (keyword === '') return;
  const { buffer, argumentStart, end, terminator } = event;
  if (isOrdinaryPath(buffer, argumentStart, end, keyword)) return;
  if (!readPath(buffer, argumentStart, end, keyword, path)) return;
  found.at = -1;
  judgeCharacters(buffer);
  if (found.at === -1) judgeBrackets(buffer, end, terminator !== 'none');
  if (found.at === -1) return;
  const { at, length, detail, severity } = found;
  context.report({ event, start: at, end: at + length, severity, detail });
}

function keywordOf(verb: string): 'FROM' | 'TO' | '' {
  switch (verb) {
    case 'RCPT':
      return 'TO';
    case 'MAIL':
    case 'SEND':
    case 'SOML':
    case 'SAML':
      return 'FROM';
    default:
      return '';
  }
}

/** Characters inside the path; the first of the worst is kept. */
function judgeCharacters(buffer: Uint8Array): void {
  let inQuotes = false;
  for (let i = path.start; i < path.end; i++) {
    const octet = buffer[i] as number;
    if (octet === PIPE) notePipe(buffer, i);
    else if (octet === BACKTICK) note(i, 1, 'medium', 'The address contains a backquote, which a shell runs.');
    else if (octet < 0x20 || octet === DELETE) note(i, 1, 'medium', 'The address contains a control character.');
    else if (octet === QUOTE) inQuotes = !inQuotes;
    else if (inQuotes) {
      if (octet === BACKSLASH && isPlainPair(buffer, i)) i++;
    } else if (octet === SEMICOLON)
      note(i, 1, 'medium', 'The address contains a semicolon, which ends a shell command.');
    else if (octet === DOLLAR && i + 1 < path.end && buffer[i + 1] === OPEN_PARENTHESIS)
      note(i, 2, 'medium', 'The address contains $(, which a shell replaces by the output of a command.');
  }
}

/** A backslash and a character that is judged all the same are not skipped together. */
function isPlainPair(buffer: Uint8Array, at: number): boolean {
  const next = buffer[at + 1] as number;
  return at + 1 < path.end && next !== PIPE && next !== BACKTICK && next >= 0x20 && next !== DELETE;
}

function notePipe(buffer: Uint8Array, at: number): void {
  const isFirst = at === path.start || at === path.mailboxStart || buffer[at - 1] === QUOTE;
  if (isFirst) note(at, 1, 'high', 'The address begins with a vertical bar: old mail servers run what follows it.');
  else note(at, 1, 'medium', 'The address contains a vertical bar, which hands it to another program.');
}

/** `<` and `>` only delimit the address (ASA, ESMTP inspection). */
function judgeBrackets(buffer: Uint8Array, end: number, isWhole: boolean): void {
  let inQuotes = false;
  let isOpen = path.bracketed;
  for (let i = path.start; i < path.end; i++) {
    const octet = buffer[i] as number;
    if (octet === QUOTE) inQuotes = !inQuotes;
    else if (inQuotes) {
      if (octet === BACKSLASH) i++;
    } else if (octet === LESS) {
      if (isOpen) return note(i, 1, 'medium', 'The address contains a second <.');
      isOpen = true;
    } else if (octet === GREATER) {
      if (!isOpen) return note(i, 1, 'medium', 'The address contains a > without < before it.');
      isOpen = false;
    }
  }
  if (path.bracketed ? !path.closed : isOpen) {
    if (isWhole) note(path.start, path.end - path.start, 'medium', 'The address begins with < and has no >.');
    return;
  }
  if (path.bracketed) judgeBehind(buffer, end);
}

/** Behind the path come parameters, whose values may contain `<` and `>` (`AUTH=<>`), but none begins with these. */
function judgeBehind(buffer: Uint8Array, end: number): void {
  let isWordStart = true;
  for (let i = path.after; i < end; i++) {
    const octet = buffer[i] as number;
    if ((octet === LESS || octet === GREATER) && isWordStart) {
      return note(i, 1, 'medium', 'A further bracket follows the address.');
    }
    isWordStart = isBlank(octet);
  }
}

function note(at: number, length: number, severity: Severity, detail: string): void {
  if (found.at !== -1 && (found.severity === 'high' || severity !== 'high')) return;
  found.at = at;
  found.length = Math.max(1, length);
  found.detail = detail;
  found.severity = severity;
}
