/**
 * SMTP: octets that are no text in a command line. What counts, and what is
 * known to be harmless (UTF-8 under SMTPUTF8, telnet and ISO-2022 sequences),
 * is in PROTECTIONS section 3, smtp-binary-in-command.
 */
import type { ConnectionFacts } from '../protocols/facts.js';
import type { CommandEvent } from '../protocols/events.js';
import {
  controlTable,
  countOdd,
  firstUnusual,
  MANY_OCTETS,
  noOddOctets,
  startsTlsRecord,
  utf8LengthAt,
  type OddOctets,
} from './octet-classes.js';
import { KNOWLEDGE, protection, type CheckContext, type ResolvedSettings } from './protection.js';
import { containsWord } from './word-search.js';

const ESC = 0x1b;
const IAC = 0xff;
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
  hears: ({ isPrintable }) => (isPrintable ? 'never' : 'always'),
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
  sharesState: true,
  on: {
    command: judge,
    partialCommand: judge,
  },
});

function octetsOf(settings: ResolvedSettings): Octets {
  const allowed = Array.from(settings.set('allowed_controls'), (octet) => Number.parseInt(octet, 16));
  return { isForbidden: controlTable(allowed), high: settings.choice('allow_high') };
}

function judge(event: CommandEvent, context: CheckContext<Octets>): void {
  const octets = context.state;
  const at = firstUnusual(event, octets.isForbidden);
  if (at === event.end || startsTlsRecord(event)) return;
  const { facts } = context.connection;
  const scan = scanBinary(event, at, octets, facts);
  if (scan.count > 0) reportBinary(event, context, scan, lacksOnlyParameter(event, scan, octets, facts));
}

function reportBinary(
  event: CommandEvent,
  context: CheckContext<Octets>,
  scan: OddOctets,
  lacksParameter: boolean,
): void {
  const counted = scan.count === 1 ? '1 octet that is' : `${scan.count} octets that are`;
  context.report({
    event,
    start: scan.first,
    end: scan.last,
    severity: lacksParameter ? 'low' : scan.count >= MANY_OCTETS || scan.hasNul ? 'high' : 'medium',
    measured: scan.count,
    limit: 0,
    unit: 'octets',
    detail: lacksParameter
      ? 'The address is UTF-8, but MAIL of this transaction did not carry SMTPUTF8.'
      : `The command line carries ${counted} not text.`,
  });
}

/** RFC 6531 3.4: UTF-8 where the server allows it, in a transaction that did not ask for it. */
function lacksOnlyParameter(event: CommandEvent, scan: OddOctets, octets: Octets, facts: ConnectionFacts): boolean {
  const isAddress = event.verb === 'MAIL' || event.verb === 'RCPT';
  return scan.onlyUtf8 && isAddress && octets.high === 'utf8' && mayCarryUtf8(event, facts);
}

function scanBinary(line: CommandEvent, from: number, octets: Octets, facts: ConnectionFacts): OddOctets {
  const found = noOddOctets();
  const utf8Allowed = octets.high === 'utf8' && isUtf8Allowed(line, facts);
  for (let i = from; i < line.end;) {
    const skipped = harmlessLength(line, i, octets.high, utf8Allowed);
    if (skipped === 0) {
      const octet = line.buffer[i] as number;
      if (octet >= 128 || octets.isForbidden[octet] === 1) countOdd(found, line, i);
    }
    i += Math.max(1, skipped);
  }
  return found;
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
  return utf8Allowed ? utf8LengthAt(line, at) : 0;
}

/** ESC and the designators of ISO-2022-JP (RFC 1468): `( B`, `( J`, `( I`, `$ @`, `$ B`, `$ ( D`. */
function iso2022Length(buffer: Uint8Array, at: number, end: number): number {
  const follows = at + 2 < end ? String.fromCharCode(buffer[at + 1] as number, buffer[at + 2] as number) : '';
  if (['(B', '(J', '(I', '$@', '$B'].includes(follows)) return 3;
  return follows === '$(' && at + 3 < end && buffer[at + 3] === 0x44 ? 4 : 0;
}

function isUtf8Allowed(event: CommandEvent, facts: ConnectionFacts): boolean {
  if (!mayCarryUtf8(event, facts)) return false;
  if (facts.capabilities === null) return true;
  if (event.verb === 'MAIL') return containsWord(event.buffer, event.argumentStart, event.end, 'SMTPUTF8');
  return event.verb !== 'RCPT' || facts.transactionUtf8 || facts.transaction === -1;
}

/** The server advertised SMTPUTF8, or its answer to EHLO was not captured. */
function mayCarryUtf8(event: CommandEvent, facts: ConnectionFacts): boolean {
  return UTF8_VERBS.has(event.verb) && (facts.capabilities === null || facts.capabilities.has('SMTPUTF8'));
}
