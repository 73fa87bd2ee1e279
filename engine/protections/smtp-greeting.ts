/** SMTP: the server's first words, or none. Sub-cases as in PROTECTIONS section 3, smtp-bad-greeting. */
import type { Severity } from '../../shared/severity.js';
import { EVENT, KNOWLEDGE as LEVEL, type CommandEvent, type EndEvent, type ReplyEvent } from '../protocols/events.js';
import { NO_OCTETS } from '../protocols/reused-events.js';
import { KNOWLEDGE, protection, type CheckContext, type Finding } from './protection.js';

/** First octet of a TLS record: implicit TLS is not judged. */
const TLS_HANDSHAKE = 0x16;

const SECOND_US = 1_000_000;

interface GreetingState {
  /** The absence of the greeting was reported. */
  isReported: boolean;
}

export const smtpBadGreeting = protection<GreetingState>({
  id: 'smtp-bad-greeting',
  title: 'Bad SMTP server greeting',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Server reply out of expected SMTP state',
  why:
    'A mail server opens every connection with reply 220. Another first reply means that the server is not an SMTP ' +
    'server, is misconfigured, or that something between client and server answers in its place.',
  sources: ['SBP-2010-06: Bad SMTP Server Greeting'],
  references: ['RFC 5321 3.1', 'RFC 5321 4.2', 'RFC 5321 4.3.1'],
  severity: 'medium',
  confidence: 95,
  precedence: 'sequence',
  remedy:
    'Find out what answers on this address and port: a mail server must greet with 220. When the greeting is a ' +
    "refusal (421, 521, 554 or another 4yz), look in the server's log for why it refuses this client. When it is no " +
    'SMTP at all, correct the port forwarding or the DNS record that leads clients here.',
  defaultAction: 'detect',
  // The greeting itself is judged when the start was seen; its absence shows in the packets.
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsAnswer: (answers) => answers === 'GREETING',
  hears: ({ kind }) => (kind === EVENT.reply ? 'always' : 'before-reply'),
  settings: [
    {
      kind: 'choice',
      name: 'refusal',
      title: 'A greeting that refuses (421, 521, 554, 4yz)',
      default: 'info',
      choices: ['info', 'alert', 'off'],
      reason: 'RFC 5321 3.1 lets a server refuse with 554 instead of greeting with 220, so it is reported apart.',
    },
    {
      kind: 'number',
      name: 'max_wait',
      title: 'Wait for the greeting',
      unit: 'seconds',
      default: 300,
      minimum: 1,
      maximum: 86_400,
      reason: 'RFC 5321 4.5.3.2.1: clients wait five minutes for the 220; a later or missing one is told as info.',
    },
  ],
  newState: () => ({ isReported: false }),
  on: {
    reply(event, context) {
      const { settings } = context;
      const isFirst = context.isBeforeReply && !isReported(context);
      if (event.answers !== 'GREETING' || event.knowledge < LEVEL.synced) return;
      const judged = judgeGreeting(event, settings.choice('refusal'));
      if (judged !== null) context.report({ event, ...judged });
      else if (isFirst && hasWaited(event.timeUs, context)) context.report({ event, ...late(event, context) });
    },
    command: judgeSilence,
    partialCommand: judgeSilence,
    end(event, context) {
      if (!isSilent(event.timeUs, context)) return;
      context.state.isReported = true;
      context.report({ event: withoutOctets(event), ...absent(event, context) });
    },
  },
});

/** A client that speaks at last: up to here the server did not greet. */
function judgeSilence(event: CommandEvent, context: CheckContext<GreetingState>): void {
  if (!isSilent(event.timeUs, context)) return;
  // A line without its end comes again.
  context.state.isReported = event.terminator !== 'none';
  context.report({ event, ...absent(event, context) });
}

function isSilent(timeUs: number, context: CheckContext<GreetingState>): boolean {
  const mayBeSilent = context.isBeforeReply && hasWaited(timeUs, context);
  return mayBeSilent && context.connection.isServerSilent() && !isReported(context);
}

function isReported(context: CheckContext<GreetingState>): boolean {
  return context.hasState && context.state.isReported;
}

function hasWaited(timeUs: number, { connection, settings }: CheckContext<GreetingState>): boolean {
  return connection.fromStart && timeUs - connection.startUs > settings.number('max_wait') * SECOND_US;
}

function absent(event: CommandEvent | EndEvent, context: CheckContext<GreetingState>): Omit<Finding, 'event'> {
  return { ...waited(event.timeUs, context), detail: 'The server was connected and did not greet.' };
}

function late(event: ReplyEvent, context: CheckContext<GreetingState>): Omit<Finding, 'event'> {
  return { ...waited(event.timeUs, context), detail: 'The server greeted late.' };
}

function waited(
  timeUs: number,
  { connection, settings }: CheckContext<GreetingState>,
): Omit<Finding, 'event' | 'detail'> {
  return {
    severity: 'info',
    attackInfo: 'No greeting',
    measured: Math.floor((timeUs - connection.startUs) / SECOND_US),
    limit: settings.number('max_wait'),
    unit: 'seconds',
  };
}

/** The end is no line: the place behind the last one stands for it. */
function withoutOctets(event: EndEvent): Finding['event'] {
  return {
    ...event,
    buffer: NO_OCTETS,
    start: 0,
    end: 0,
    offset: 0,
    lengthBytes: 0,
    terminator: 'none',
    secretStart: 0,
    secretEnd: 0,
    secretLabel: '',
  };
}

function judgeGreeting(event: ReplyEvent, refusal: string): Omit<Finding, 'event'> | null {
  if (event.outcome === 'malformed' || event.code === 0) {
    if (event.start < event.end && event.buffer[event.start] === TLS_HANDSHAKE) return null;
    return { severity: 'high', detail: 'The first octets from the server are no SMTP reply.' };
  }
  if (event.codesDiffer) {
    return { severity: 'medium', detail: 'The lines of the greeting carry different reply codes.' };
  }
  if (event.code === 220) return null;
  if (isRefusal(event.code)) {
    if (refusal === 'off') return null;
    const severity: Severity = refusal === 'info' ? 'info' : 'medium';
    return { severity, detail: `The server refused the connection in its greeting with ${event.code}.` };
  }
  return { severity: 'medium', detail: `The server greeted with ${event.code}; a greeting is 220.` };
}

/** RFC 5321 3.1 and 4.2.1, RFC 7504: temporary failures, 521 and 554. */
function isRefusal(code: number): boolean {
  return code === 554 || code === 521 || (code >= 400 && code < 500);
}
