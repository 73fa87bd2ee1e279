/** SMTP: command lines that are longer than a server has to take (RFC 5321 4.5.3.1.4). */
import { indexOfOctet } from '../octets.js';
import type { CommandEvent } from '../protocols/events.js';
import { PLAIN_LINE } from './event-shape.js';
import { KNOWLEDGE, protection, type CheckContext, type ResolvedSettings } from './protection.js';
import { commandLineLimit, type IncrementMode } from './smtp-line-limit.js';

/** Verbs that may carry an initial SASL response (RFC 4954 4; XAUTH and X-EXPS are its forerunners). */
const AUTH_VERBS = new Set(['AUTH', 'X-EXPS', 'XAUTH']);
/** One octet so often in a row, or a line so many times its limit, is the shape of an overflow. */
const REPEATED_OCTETS = 256;
const OVERFLOW_FACTOR = 4;
const RFC_LIMIT = 512;

export const smtpCommandLineTooLong = protection({
  id: 'smtp-command-line-too-long',
  title: 'SMTP command line too long',
  protocols: ['smtp'],
  attackName: 'SMTP Format Violation',
  attackInfo: 'Command line is too long',
  why:
    'A server has to take command lines of 512 octets, and longer ones only where it announced an extension that ' +
    'needs them. Longer lines are how buffers are overflowed.',
  sources: ['SBP-2010-06: Maximum SMTP Command Line Length Enforcement'],
  references: ['RFC 5321 4.5.3.1.4', 'RFC 1870 3', 'RFC 4954 3', 'RFC 3461', 'RFC 6531 3.1'],
  severity: 'medium',
  confidence: 90,
  precedence: 'format',
  remedy:
    'Make sure that the mail server limits the length of a line (Postfix line_length_limit, Exim and Sendmail do so by ' +
    'themselves) and is up to date. If the client is a known application that sends long addresses or parameters, ' +
    'correct it or raise `base` for this server; otherwise block the client.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hears: ({ isPrintable }, settings) =>
    isPrintable && settings.number('base') >= PLAIN_LINE && settings.set('verb_limits').size === 0 ? 'never' : 'always',
  settings: [
    {
      kind: 'number',
      name: 'base',
      title: 'Longest line without extensions',
      unit: 'bytes',
      default: RFC_LIMIT,
      minimum: 64,
      maximum: 65_536,
      reason: 'RFC 5321 4.5.3.1.4: 512 octets, CRLF included.',
    },
    {
      kind: 'choice',
      name: 'increments',
      title: 'What extensions add',
      default: 'advertised',
      choices: ['advertised', 'present', 'none'],
      reason: 'An extension that the server advertised lengthens MAIL and RCPT; `present` asks that the line uses it.',
    },
    {
      kind: 'number',
      name: 'auth_ir_limit',
      title: 'Longest AUTH line with initial response',
      unit: 'bytes',
      default: 12_288,
      minimum: RFC_LIMIT,
      maximum: 65_536,
      reason: 'RFC 4954 keeps the line at 512, yet OAuth and Kerberos clients exceed it: reported as info from 513 on.',
    },
    {
      kind: 'list',
      name: 'verb_limits',
      title: 'Other limits for single verbs',
      of: 'verb-limit',
      default: [],
      reason: 'For example `HELO=500`: takes the place of the limit above for lines with that verb.',
    },
  ],
  on: {
    command: judgeCommandLine,
    partialCommand: judgeCommandLine,
  },
});

function judgeCommandLine(event: CommandEvent, context: CheckContext<undefined>): void {
  const { settings } = context;
  const base = settings.number('base');
  const own = ownLimit(event, settings);
  if (event.lengthBytes <= (own ?? base)) return;
  if (own === null && AUTH_VERBS.has(event.verb) && event.argumentStart < event.end && hasInitialResponse(event)) {
    reportAuthLine(event, context, base);
    return;
  }
  const mode = settings.choice('increments') as IncrementMode;
  const limit = own ?? commandLineLimit(event, context.connection.facts, base, mode);
  if (event.lengthBytes > limit) reportLong(event, context, limit);
}

function reportAuthLine(event: CommandEvent, context: CheckContext<undefined>, base: number): void {
  const limit = context.settings.number('auth_ir_limit');
  if (event.lengthBytes > limit) {
    reportLong(event, context, limit);
    return;
  }
  context.report({
    event,
    severity: 'info',
    measured: event.lengthBytes,
    limit: base,
    unit: 'bytes',
    detail: 'The AUTH line is so long that RFC 4954 asks clients to send the response in a line of its own.',
  });
}

function reportLong(event: CommandEvent, context: CheckContext<undefined>, limit: number): void {
  const isOverflow = event.lengthBytes > OVERFLOW_FACTOR * limit || hasRun(event, REPEATED_OCTETS);
  context.report({
    event,
    start: Math.min(event.start + limit, Math.max(event.start, event.end - 1)),
    severity: isOverflow ? 'high' : 'medium',
    measured: event.lengthBytes,
    limit,
    unit: 'bytes',
    detail: `The command line is longer than the ${limit} octets that this server has to take${isOverflow ? ', and has the shape of an overflow' : ''}.`,
  });
}

/** A second word behind the mechanism's name. */
function hasInitialResponse(event: CommandEvent): boolean {
  const space = indexOfOctet(event.buffer, 0x20, event.argumentStart, event.end);
  return space !== -1 && space + 1 < event.end;
}

function hasRun(event: CommandEvent, octets: number): boolean {
  let run = 0;
  let last = -1;
  for (let i = event.argumentStart; i < event.end; i++) {
    const octet = event.buffer[i] as number;
    run = octet === last ? run + 1 : 1;
    if (run >= octets) return true;
    last = octet;
  }
  return false;
}

/** `verb_limits` by verb; one for all connections of a policy. */
const known = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, number>>();

function ownLimit(event: CommandEvent, settings: ResolvedSettings): number | null {
  const entries = settings.set('verb_limits');
  if (entries.size === 0 || event.verb === '') return null;
  let limits = known.get(entries);
  if (limits === undefined) known.set(entries, (limits = limitsByVerb(entries)));
  return limits.get(event.verb) ?? null;
}

/** The first of a verb holds. */
function limitsByVerb(entries: ReadonlySet<string>): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const verb = entry.slice(0, equals);
    if (!limits.has(verb)) limits.set(verb, Number(entry.slice(equals + 1)));
  }
  return limits;
}
