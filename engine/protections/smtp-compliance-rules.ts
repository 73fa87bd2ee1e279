/**
 * What a client line is when it is no SMTP command: tests of single lines for
 * smtp-non-compliant. In: a command event (borrowed). Out: numbers and indexes of
 * its buffer; no strings but the fixed names of protocols.
 */
import type { CommandEvent } from '../protocols/events.js';
import { findVerb, VERB } from '../protocols/smtp/verbs.js';
import { beginsWith, replyCode } from '../protocols/smtp/grammar.js';

/** Octets that Exim takes without a line end (SMTP_CMD_BUFFER_SIZE); what goes beyond cannot be delimited. */
export const LONGEST_LINE = 16_384;
/** Longer replies are no answer to a mail client any more. */
export const MOST_REPLY_LINES = 500;

const SHORTEST_VERB = 3;
const GLUED = ['MAILFROM:', 'RCPTTO:'];
const SPACE = 0x20;
const HYPHEN = 0x2d;
const LESS = 0x3c;
const BAR = 0x7c;
const IAC = 0xff;
const IMPLICIT_TLS_PORT = 465;

/** Octets of the line, or of what there is of it, before its LF. */
export function octetsBeforeLineFeed({ lengthBytes, terminator }: CommandEvent): number {
  return terminator === 'none' ? lengthBytes : lengthBytes - 1;
}

/** `[A-Za-z][A-Za-z0-9-]{2,}` before SP, HT or the line's end, telnet sequences before it passed over. */
export function hasVerb({ buffer, verbStart, verbEnd }: CommandEvent): boolean {
  let at = verbStart;
  while (isTelnet(buffer, at, verbEnd)) at += telnetBytes(buffer[at + 1] as number);
  if (verbEnd - at < SHORTEST_VERB || !isLetter(buffer[at] as number)) return false;
  for (let i = at + 1; i < verbEnd; i++) if (!isVerbOctet(buffer[i] as number)) return false;
  return true;
}

/** Index of the first octet of the verb that no verb has; -1 when there is none. Telnet sequences are another rule's. */
export function oddVerbOctet({ buffer, verbStart, verbEnd }: CommandEvent): number {
  // `MAILFROM:<a@b.example>`: a slip of the pen in a command, no other protocol.
  if (GLUED.some((verb) => beginsWith(buffer, verbStart, verbEnd, verb))) return -1;
  for (let i = verbStart; i < verbEnd; i++) {
    const octet = buffer[i] as number;
    if (isVerbOctet(octet)) continue;
    if (!isTelnet(buffer, i, verbEnd)) return i;
    i += telnetBytes(buffer[i + 1] as number) - 1;
  }
  return -1;
}

/**
 * End of what stands before the command and is none of it: a lone `<` or `|`, or control octets
 * before a known verb. -1 when there is no such thing.
 */
export function oddPrefixEnd({ buffer, verbStart, verbEnd }: CommandEvent): number {
  const first = buffer[verbStart] as number;
  if (verbEnd - verbStart === 1 && (first === LESS || first === BAR)) return verbEnd;
  let at = verbStart;
  while (at < verbEnd && isControl(buffer[at] as number)) at++;
  if (at === verbStart) return -1;
  return at === verbEnd || findVerb(buffer, at, verbEnd) !== VERB.none ? at : -1;
}

/** Index of the first telnet command (RFC 854: IAC and F0 to FE) in the line; -1 when there is none. */
export function telnetSequence({ buffer, start, end }: CommandEvent): number {
  for (let i = start; i + 1 < end; i++) if (isTelnet(buffer, i, end)) return i;
  return -1;
}

/** `2yz` to `5yz` and SP or `-`: a line of a server. */
export function isReplyLike({ buffer, start, end }: CommandEvent): boolean {
  if (end - start < 4) return false;
  const code = replyCode(buffer, start, end);
  return code >= 200 && code < 600;
}

/** What each protocol begins with; case matters. */
const OPENINGS: readonly (readonly [string, string])[] = [
  ['GET ', 'HTTP'],
  ['POST ', 'HTTP'],
  ['PUT ', 'HTTP'],
  ['HEAD ', 'HTTP'],
  ['OPTIONS ', 'HTTP'],
  ['CONNECT ', 'HTTP'],
  ['HTTP/', 'HTTP'],
  ['SSH-', 'SSH'],
  ['\x00\x00', 'SMB'],
];

/** Name of the protocol that the client's first octets are of; empty when none is recognised. */
export function foreignProtocol({ buffer, start, end }: CommandEvent, serverPort: number): string {
  for (const [opening, name] of OPENINGS) if (startsWith(buffer, start, end, opening)) return name;
  const length = end - start;
  const [first, second, third, fourth] = [buffer[start], buffer[start + 1], buffer[start + 2], buffer[start + 3]];
  const isTls = length >= 3 && first === 0x16 && second === 3;
  const isSsl2 = length >= 4 && first === 0x80 && third === 1 && fourth === 3;
  if (isTls || isSsl2) return serverPort === IMPLICIT_TLS_PORT ? '' : 'TLS';
  const isArray = length >= 2 && first === 0x2a && isDigits(buffer, start + 1, end);
  return isArray ? 'the Redis protocol' : '';
}

function startsWith(buffer: Uint8Array, start: number, end: number, opening: string): boolean {
  if (end - start < opening.length) return false;
  for (let i = 0; i < opening.length; i++) if (buffer[start + i] !== opening.charCodeAt(i)) return false;
  return true;
}

function isDigits(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(buffer[i] as number)) return false;
  return true;
}

function isTelnet(buffer: Uint8Array, at: number, end: number): boolean {
  if (buffer[at] !== IAC || at + 1 >= end) return false;
  const command = buffer[at + 1] as number;
  return command >= 0xf0 && command < IAC;
}

/** WILL, WONT, DO and DONT have an option behind them. */
function telnetBytes(command: number): number {
  return command >= 0xfb ? 3 : 2;
}

function isVerbOctet(octet: number): boolean {
  return isLetter(octet) || isDigit(octet) || octet === HYPHEN;
}

function isLetter(octet: number): boolean {
  return (octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a;
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

function isControl(octet: number): boolean {
  return octet < SPACE || octet === 0x7f;
}
