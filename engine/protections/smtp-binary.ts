/**
 * SMTP: octets that are no text in a command line. What counts, and what is
 * known to be harmless (UTF-8 under SMTPUTF8, telnet and ISO-2022 sequences),
 * is in PROTECTIONS section 3, smtp-binary-in-command.
 */
import type { ConnectionFacts } from '../protocols/facts.js';
import type { CommandEvent } from '../protocols/events.js';
import { utf8SequenceLength } from '../text/display.js';
import { KNOWLEDGE, protection, type CheckContext, type ResolvedSettings } from './protection.js';

const NUL = 0;
const CR = 13;
const ESC = 0x1b;
const IAC = 0xff;
/** So many octets that it is no slip of a character set. */
const MANY = 8;
/** RFC 6531 3.1 and 3.6: where UTF-8 may stand once SMTPUTF8 was advertised. */
const UTF8_VERBS = new Set(['MAIL', 'RCPT', 'VRFY', 'EXPN', 'EHLO', 'HELO', 'NOOP', 'RSET']);

interface Octets {
  /** 1 for each octet below 128 that must not stand in a line. */
  readonly isForbidden: Uint8Array;
  readonly high: string;
}

export const smtpBinaryInCommand = protection<Octets>({
  id: 'smtp-binary-in-command',
  title: 'Binary data in SMTP command',
  protocols: ['smtp'],
  attackName: 'SMTP Format Violation',
  attackInfo: 'Binary data in command line detected',
  why:
    'SMTP commands are text. Control octets, or octets above 127 that are no UTF-8 which the server allowed, are ' +
    'typical of exploit code in an argument, and of parsers being probed.',
  sources: ['SBP-2010-06: Binary Data In SMTP Commands'],
  references: ['RFC 5321 2.4', 'RFC 5321 4.1.2', 'RFC 6531'],
  severity: 'medium',
  confidence: 90,
  precedence: 'format',
  remedy:
    'Look at the client: a known mail server or application that sends these octets has a character-set fault and ' +
    'should be corrected. From an unknown client treat it as an attack: block the address, and check that the mail ' +
    "server's version has no open vulnerability in the parsing of this command.",
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: [
    {
      kind: 'choice',
      name: 'allow_high',
      title: 'Octets above 127',
      default: 'utf8',
      choices: ['utf8', 'any', 'none'],
      reason:
        'RFC 6531 allows UTF-8 in addresses when the server advertised SMTPUTF8; `any` suits old Latin-1 clients.',
    },
    {
      kind: 'list',
      name: 'allowed_controls',
      title: 'Control octets that may stand in a line',
      of: 'octet',
      default: ['09'],
      reason: 'A tab separates arguments in some clients; it is harmless.',
    },
  ],
  newState: octetsOf,
  on: {
    command: judge,
    partialCommand: judge,
  },
});

function octetsOf(settings: ResolvedSettings): Octets {
  const isForbidden = new Uint8Array(128);
  isForbidden.fill(1, 0, 32);
  isForbidden[127] = 1;
  // CR and LF inside a line are another rule's matter (bare CR).
  isForbidden[CR] = isForbidden[10] = 0;
  for (const octet of settings.set('allowed_controls')) isForbidden[Number.parseInt(octet, 16)] = 0;
  return { isForbidden, high: settings.choice('allow_high') };
}

function judge(event: CommandEvent, context: CheckContext<Octets>): void {
  const octets = context.state;
  const { buffer, start, end } = event;
  let at = start;
  while (at < end && isPlain(buffer[at] as number, octets.isForbidden)) at++;
  if (at === end || startsTlsRecord(event)) return;
  const { facts } = context.connection;
  const scan = scanBinary(event, at, octets, facts);
  if (scan.count > 0) reportBinary(event, context, scan, lacksOnlyParameter(event, scan, octets, facts));
}

function reportBinary(event: CommandEvent, context: CheckContext<Octets>, scan: Scan, lacksParameter: boolean): void {
  const counted = scan.count === 1 ? '1 octet that is' : `${scan.count} octets that are`;
  context.report({
    event,
    start: scan.first,
    end: scan.last,
    severity: lacksParameter ? 'low' : scan.count >= MANY || scan.hasNul ? 'high' : 'medium',
    measured: scan.count,
    limit: 0,
    unit: 'octets',
    detail: lacksParameter
      ? 'The address is UTF-8, but MAIL of this transaction did not carry SMTPUTF8.'
      : `The command line carries ${counted} not text.`,
  });
}

/** RFC 6531 3.4: UTF-8 where the server allows it, in a transaction that did not ask for it. */
function lacksOnlyParameter(event: CommandEvent, scan: Scan, octets: Octets, facts: ConnectionFacts): boolean {
  const isAddress = event.verb === 'MAIL' || event.verb === 'RCPT';
  return scan.onlyUtf8 && isAddress && octets.high === 'utf8' && mayCarryUtf8(event, facts);
}

function scanBinary(line: CommandEvent, from: number, octets: Octets, facts: ConnectionFacts): Scan {
  const found: Scan = { count: 0, first: 0, last: 0, hasNul: false, onlyUtf8: true };
  const utf8Allowed = octets.high === 'utf8' && isUtf8Allowed(line, facts);
  for (let i = from; i < line.end;) {
    const skipped = harmlessLength(line, i, octets.high, utf8Allowed);
    if (skipped === 0) {
      const octet = line.buffer[i] as number;
      if (octet >= 128 || octets.isForbidden[octet] === 1) count(found, line, i, octet);
    }
    i += Math.max(1, skipped);
  }
  return found;
}

interface Scan {
  count: number;
  first: number;
  last: number;
  hasNul: boolean;
  /** All counted octets lie in well-formed UTF-8. */
  onlyUtf8: boolean;
}

function count(found: Scan, line: CommandEvent, at: number, octet: number): void {
  if (found.count++ === 0) found.first = at;
  found.last = at + 1;
  found.hasNul ||= octet === NUL;
  if (octet < 128) found.onlyUtf8 = false;
  else if ((octet & 0xc0) === 0x80) found.onlyUtf8 &&= found.count > 1 && (line.buffer[at - 1] as number) >= 128;
  else found.onlyUtf8 &&= utf8SequenceLength(line.buffer, at, line.end) > 0;
}

function isPlain(octet: number, isForbidden: Uint8Array): boolean {
  return octet < 128 && isForbidden[octet] === 0;
}

/** Octets at `at` that are no finding of this rule; 0 when the octet there is to be looked at. */
function harmlessLength(line: CommandEvent, at: number, high: string, utf8Allowed: boolean): number {
  const { buffer, end } = line;
  const octet = buffer[at] as number;
  if (octet === ESC) return iso2022Length(buffer, at, end);
  if (octet < 128) return 0;
  // Telnet negotiation (RFC 854) has a rule of its own.
  const option = at + 1 < end ? (buffer[at + 1] as number) : 0;
  if (octet === IAC && option >= 0xf0 && option < IAC) return option >= 0xfb ? Math.min(3, end - at) : 2;
  if (high === 'any') return 1;
  if (!utf8Allowed) return 0;
  const length = utf8SequenceLength(buffer, at, end);
  // A line that was cut off may end inside a character.
  return length === 0 && line.terminator === 'none' && end - at < 4 && isCutSequence(buffer, at, end)
    ? end - at
    : length;
}

/** ESC and the designators of ISO-2022-JP (RFC 1468): `( B`, `( J`, `( I`, `$ @`, `$ B`, `$ ( D`. */
function iso2022Length(buffer: Uint8Array, at: number, end: number): number {
  const follows = at + 2 < end ? String.fromCharCode(buffer[at + 1] as number, buffer[at + 2] as number) : '';
  if (['(B', '(J', '(I', '$@', '$B'].includes(follows)) return 3;
  return follows === '$(' && at + 3 < end && buffer[at + 3] === 0x44 ? 4 : 0;
}

function isCutSequence(buffer: Uint8Array, at: number, end: number): boolean {
  const lead = buffer[at] as number;
  const needed = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (lead > 0xf4 || needed <= end - at) return false;
  for (let i = at + 1; i < end; i++) if (((buffer[i] as number) & 0xc0) !== 0x80) return false;
  return true;
}

function isUtf8Allowed(event: CommandEvent, facts: ConnectionFacts): boolean {
  if (!mayCarryUtf8(event, facts)) return false;
  if (facts.capabilities === null) return true;
  if (event.verb === 'MAIL') return hasSmtpUtf8Parameter(event);
  return event.verb !== 'RCPT' || facts.transactionUtf8 || facts.transaction === -1;
}

/** The server advertised SMTPUTF8, or its answer to EHLO was not captured. */
function mayCarryUtf8(event: CommandEvent, facts: ConnectionFacts): boolean {
  return UTF8_VERBS.has(event.verb) && (facts.capabilities === null || facts.capabilities.has('SMTPUTF8'));
}

function hasSmtpUtf8Parameter(event: CommandEvent): boolean {
  const { buffer, argumentStart, end } = event;
  for (let i = argumentStart; i + 9 <= end; i++) {
    if (buffer[i] === 0x20 && matchesParameter(buffer, i + 1, end)) return true;
  }
  return false;
}

function matchesParameter(buffer: Uint8Array, start: number, end: number): boolean {
  const name = 'SMTPUTF8';
  for (let i = 0; i < name.length; i++) {
    const octet = buffer[start + i] ?? 0;
    if ((octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet) !== name.charCodeAt(i)) return false;
  }
  const after = start + name.length;
  return after === end || buffer[after] === 0x20;
}

/** 16 03 0x: TLS whose go-ahead was not captured. */
function startsTlsRecord(event: CommandEvent): boolean {
  const { buffer, start, end } = event;
  return end - start >= 3 && buffer[start] === 0x16 && buffer[start + 1] === 3 && (buffer[start + 2] as number) < 0x10;
}
