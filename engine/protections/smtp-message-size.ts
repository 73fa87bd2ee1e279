/**
 * SMTP: messages larger than a mail server takes. Judged when MAIL declares a
 * size (RFC 1870), when BDAT announces its octets (RFC 3030), while the message
 * grows, and at its end; once for each message.
 */
import { EVENT, type CommandEvent, type MessageEndEvent, type MessageGrowthEvent } from '../protocols/events.js';
import { beginsWith, chunkArgument, skipBlanks, wordEnd } from '../protocols/smtp/grammar.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { emptyPath, readPath } from './smtp-path.js';

/** RFC 1870 6.1: what MAIL declares is an estimate. */
const ESTIMATE_FACTOR = 1.05;
/** RFC 1870 3: size-value is 1*20DIGIT. */
const DIGITS = 20;

/** Where the growing message was reported. */
type Place = Pick<MessageGrowthEvent, 'direction' | 'line' | 'timeUs' | 'packet' | 'offset' | 'state' | 'knowledge'>;

interface SizeState {
  /** Octets that the chunks of this message announced so far. */
  announced: number;
  /** This message was reported because of what was declared. */
  isDeclared: boolean;
  /** It was reported while it grew: its end says the same with the final number. */
  grown: Place | null;
}

export const smtpEmailTooLarge = protection<SizeState>({
  id: 'smtp-email-too-large',
  title: 'Message too large',
  protocols: ['smtp'],
  attackName: 'SMTP Format Violation',
  attackInfo: 'Email is too long',
  why:
    'A message far larger than the mail server takes fills its queue and its disks, and those of every relay behind ' +
    'it; many of them are a way to make a mail service unusable. One that somebody sends outwards may be data on its ' +
    'way to where it does not belong.',
  sources: ['SBP-2010-06: Maximum Email Size Enforcement'],
  references: ['RFC 1870 6.1', 'RFC 3030 2', 'RFC 5321 4.5.3.1.7'],
  severity: 'medium',
  confidence: 95,
  precedence: 'format',
  remedy:
    'Let the mail server announce and enforce a limit (Postfix message_size_limit, Exim message_size_limit, Exchange ' +
    'MaxMessageSize on the receive connector), so that clients are refused at MAIL already. If your users do send ' +
    'such messages, raise `max_bytes`. If one client sends many of them, block it and free the queue.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => JUDGED_VERBS.has(verb),
  hears: ({ kind, word }) => (kind === EVENT.command && word !== 'MAIL' && word !== 'BDAT' ? 'noted' : 'always'),
  settings: [
    {
      kind: 'number',
      name: 'max_bytes',
      title: 'Largest message',
      unit: 'bytes',
      default: 52_428_800,
      minimum: 1024,
      maximum: 1_099_511_627_776,
      reason: 'The default of Exim (50 MiB); the source gives no number. Postfix takes 10,240,000 by default.',
    },
    {
      kind: 'flag',
      name: 'honour_server',
      title: "Hold clients to the server's own limit",
      default: true,
      reason: 'Where the server announced a lower SIZE, a larger message is one that it said it would not take.',
    },
  ],
  newState: () => ({ announced: 0, isDeclared: false, grown: null }),
  on: {
    command(event, context) {
      switch (event.verb) {
        case 'MAIL':
          forget(context);
          return judgeDeclared(event, context);
        case 'BDAT':
          return judgeChunk(event, context);
        case 'RSET':
        case 'EHLO':
        case 'HELO':
        case 'LHLO':
          forget(context);
      }
    },
    messageGrowth(event, context) {
      const limit = limitOf(context);
      if (event.lengthBytes <= limit) return;
      const { state } = context;
      if (state.isDeclared || state.grown !== null) return;
      const { direction, line, timeUs, packet, offset, knowledge } = event;
      state.grown = { direction, line, timeUs, packet, offset, state: event.state, knowledge };
      reportSize(event, context, limit, 'The message has grown beyond');
    },
    messageEnd(event, context) {
      const limit = limitOf(context);
      if (event.lengthBytes > limit && !context.state.isDeclared) {
        const lead = event.truncated ? 'The message is incomplete and yet larger than' : 'The message is larger than';
        reportSize({ ...event, ...context.state.grown }, context, limit, lead);
      }
      forget(context);
    },
  },
});

function forget(context: CheckContext<SizeState>): void {
  if (!context.hasState) return;
  const { state } = context;
  state.announced = 0;
  state.isDeclared = false;
  state.grown = null;
}

/** The administrator's limit, or the server's where that is lower; 0 of a server means that it has none. */
function limitOf({ settings, connection }: CheckContext<SizeState>): number {
  const limit = settings.number('max_bytes');
  const { sizeLimit } = connection.facts;
  return sizeLimit > 0 && sizeLimit < limit && settings.flag('honour_server') ? sizeLimit : limit;
}

function judgeDeclared(event: CommandEvent, context: CheckContext<SizeState>): void {
  const limit = limitOf(context);
  const declared = declaredSize(event);
  if (declared <= limit * ESTIMATE_FACTOR) return;
  context.state.isDeclared = true;
  reportSize(event, context, limit, `MAIL declares a message of ${numberText(declared)} octets, more than`, declared);
}

function judgeChunk(event: CommandEvent, context: CheckContext<SizeState>): void {
  const { state } = context;
  const { buffer, argumentStart } = event;
  let { end } = event;
  while (end > argumentStart && (buffer[end - 1] === 0x20 || buffer[end - 1] === 0x09)) end--;
  const { bytes } = chunkArgument(buffer, argumentStart, end);
  if (bytes === -1) return;
  state.announced += bytes;
  const limit = limitOf(context);
  if (state.announced <= limit || state.isDeclared) return;
  state.isDeclared = true;
  reportSize(event, context, limit, 'The chunks announced so far are together larger than', state.announced);
}

function reportSize(
  event: CommandEvent | MessageGrowthEvent | MessageEndEvent,
  context: CheckContext<SizeState>,
  limit: number,
  lead: string,
  measured: number = event.lengthBytes,
): void {
  const isServers = limit < context.settings.number('max_bytes');
  context.report({
    event,
    measured: Math.min(measured, Number.MAX_SAFE_INTEGER),
    limit,
    unit: 'bytes',
    detail: `${lead} the ${limit} octets that ${isServers ? 'the server announced as its limit' : 'are allowed'}.`,
  });
}

function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : 'more than 2^53';
}

/** Those that declare a size or begin anew. */
const JUDGED_VERBS: ReadonlySet<string> = new Set(['MAIL', 'BDAT', 'RSET', 'EHLO', 'HELO', 'LHLO']);

/** Used within one call only. */
const path = emptyPath();

/** The value of `SIZE=` behind the path of MAIL, Infinity beyond 2^53; -1 when there is none. */
function declaredSize({ buffer, argumentStart, end }: CommandEvent): number {
  if (!readPath(buffer, argumentStart, end, 'FROM', path)) return -1;
  let at = path.after;
  while (at < end) {
    at = skipBlanks(buffer, at, end);
    const after = wordEnd(buffer, at, end);
    if (beginsWith(buffer, at, after, 'SIZE=')) return digitsAt(buffer, at + 5, after);
    at = after;
  }
  return -1;
}

function digitsAt(buffer: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > DIGITS) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (buffer[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value > Number.MAX_SAFE_INTEGER ? Infinity : value;
}
