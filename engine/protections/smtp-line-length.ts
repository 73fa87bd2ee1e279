/** SMTP: lines that are longer than a server has to take, commands and message text (RFC 5321 4.5.3.1). */
import { indexOfOctet } from '../octets.js';
import { LONG_DATA_LINE, type CommandEvent } from '../protocols/events.js';
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
  const own = settings.set('verb_limits').size === 0 ? null : ownLimit(event, settings);
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

function ownLimit(event: CommandEvent, settings: ResolvedSettings): number | null {
  const prefix = `${event.verb}=`;
  if (event.verb === '') return null;
  for (const entry of settings.set('verb_limits'))
    if (entry.startsWith(prefix)) return Number(entry.slice(prefix.length));
  return null;
}

interface DataState {
  /** MAIL of the current transaction said BODY=BINARYMIME: its chunks are not lines (RFC 3030). */
  isBinary: boolean;
}
/** A header line this long has the shape of an overflow. */
const OVERFLOW_HEADER = 4096;

export const smtpDataLineTooLong = protection<DataState>({
  id: 'smtp-data-line-too-long',
  title: 'Line of a message too long',
  protocols: ['smtp'],
  attackName: 'SMTP Format Violation',
  attackInfo: 'Data line is too long',
  why:
    'A line of message text has at most 1000 octets. Longer ones are cut or folded somewhere on their way, which ' +
    'breaks signatures, and in header fields they are how mail programs are overflowed.',
  sources: ['SBP-2010-06: Maximum Data Line Length Enforcement'],
  references: ['RFC 5321 4.5.3.1.6', 'RFC 5321 4.5.2', 'RFC 3030'],
  severity: 'low',
  confidence: 95,
  precedence: 'format',
  remedy:
    'Usually a program that sends HTML or base64 without line breaks: have it encode its messages as quoted-printable ' +
    'or base64 with lines of 76 characters. A very long header line from an unknown sender is suspicious: keep the ' +
    'message from being opened and see that the mail programs are up to date.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: [
    {
      kind: 'number',
      name: 'limit',
      title: 'Longest line of text',
      unit: 'bytes',
      default: 1000,
      minimum: LONG_DATA_LINE,
      maximum: 1_048_576,
      reason: 'RFC 5321 4.5.3.1.6: 1000 octets with CRLF; the dot that was stuffed is not counted.',
    },
    {
      kind: 'number',
      name: 'header_limit',
      title: 'Longest header line',
      unit: 'bytes',
      default: 1000,
      minimum: LONG_DATA_LINE,
      maximum: 1_048_576,
      reason: 'The same bound holds in the header section; some header fields of other products are longer.',
    },
    {
      kind: 'flag',
      name: 'check_bdat',
      title: 'Judge BDAT chunks too',
      default: false,
      reason: 'Chunks need no lines at all when the message is binary; text sent in chunks is judged only on request.',
    },
  ],
  newState: () => ({ isBinary: false }),
  on: {
    command(event, { state }) {
      if (event.verb === 'MAIL') state.isBinary = saysBinaryMime(event);
    },
    longDataLine(event, context) {
      const { settings } = context;
      if (event.transfer === 'chunk' && (!settings.flag('check_bdat') || context.state.isBinary)) return;
      const limit = settings.number(event.inHeader ? 'header_limit' : 'limit');
      if (event.countedBytes <= limit) return;
      const where = event.inHeader ? 'header line' : 'line of message text';
      // The stuffed dot is on the wire but not counted.
      const stuffed = event.lengthBytes - event.countedBytes;
      context.report({
        event,
        start: Math.min(event.start + limit + stuffed, Math.max(event.start, event.end - 1)),
        severity: event.inHeader && event.countedBytes > OVERFLOW_HEADER ? 'medium' : 'low',
        measured: event.countedBytes,
        limit,
        unit: 'bytes',
        detail: `A ${where} is longer than ${limit} octets.`,
      });
    },
  },
});

function saysBinaryMime(event: CommandEvent): boolean {
  const wanted = 'BODY=BINARYMIME';
  for (let i = event.argumentStart; i + wanted.length <= event.end; i++) {
    let matched = 0;
    while (matched < wanted.length && upper(event.buffer[i + matched] as number) === wanted.charCodeAt(matched))
      matched++;
    if (matched === wanted.length) return true;
  }
  return false;
}

function upper(octet: number): number {
  return octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet;
}
