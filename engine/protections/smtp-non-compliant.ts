/**
 * SMTP: conversations that cannot be followed as SMTP (PROTECTIONS section 3,
 * smtp-non-compliant, n1 to n9), as opposed to legal but unwelcome commands.
 * Each sub-condition counts once for a connection; its number stands in the
 * detail. Reading goes on: one odd line must not blind the inspector.
 */
import { indexOfOctet } from '../octets.js';
import { EVENT, type CommandEvent, type OctetsEvent, type ReplyEvent } from '../protocols/events.js';
import { keptReply } from './kept-reply.js';
import { KNOWLEDGE, protection, type CheckContext, type Finding } from './protection.js';
import {
  foreignProtocol,
  hasVerb,
  isReplyLike,
  LONGEST_LINE,
  MOST_REPLY_LINES,
  octetsBeforeLineFeed,
  oddPrefixEnd,
  oddVerbOctet,
  telnetSequence,
} from './smtp-compliance-rules.js';

type Number = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
type Words = Omit<Finding, 'event'>;

interface ComplianceState {
  /** Line on which each sub-condition was reported, by its number; 0 before. */
  readonly reported: number[];
  /** The client's first line that is not empty; 0 before the first that is not plain. */
  firstLine: number;
  /** Client lines that are replies. */
  reversed: number;
  /** The server's go-ahead to STARTTLS, copied. */
  goAhead: ReplyEvent | null;
}

/** A response of an AUTH exchange may be long wherever it stands; another rule bounds it. */
const AUTH_VERBS = new Set(['AUTH', 'X-EXPS', 'XAUTH']);
/** Octets of a reply that are kept: as many as evidence can show. */
const KEPT_BYTES = 512;
const TLS_HANDSHAKE = 0x16;
const TLS_ALERT = 0x15;
const SSL2 = 0x80;

export const smtpNonCompliant = protection<ComplianceState>({
  id: 'smtp-non-compliant',
  title: 'Not an SMTP conversation',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Non protocol-compliant connection',
  why:
    'What cannot be followed as SMTP cannot be inspected. It comes from clients of other protocols that are made to ' +
    'speak to a mail server, from scanners, from attempts to slip past a filter, and from broken middleboxes.',
  sources: ['SBP-2010-06: Non Compliant SMTP'],
  references: ['RFC 5321 2.2', 'RFC 5321 4.1.1', 'RFC 5321 4.2', 'RFC 3207 4', 'RFC 854'],
  severity: 'medium',
  confidence: 90,
  precedence: 'sequence',
  remedy:
    'Read the first lines. Another protocol (HTTP, SSH, TLS without STARTTLS) means a scanner, or a web application ' +
    'that an attacker makes speak to the mail port: have the mail server drop such clients (Postfix ' +
    'smtpd_forbidden_commands and postscreen, Exim smtp_max_synprot_errors) and block the address. Where it is your ' +
    'own client or a server of yours, correct its port or its encryption setting.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.synced,
  // The end only tells what a go-ahead led to.
  hears: ({ kind, isPrintable }) => (isPrintable ? 'never' : kind === EVENT.end ? 'noted' : 'always'),
  settings: [],
  newState: () => ({ reported: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], firstLine: 0, reversed: 0, goAhead: null }),
  on: {
    command: judgeClientLine,
    partialCommand: judgeClientLine,
    reply: judgeReply,
    injectedPlaintext(event, context) {
      const { goAhead } = context.state;
      if (goAhead === null || event.outcome !== 'accepted' || event.tlsRecord || event.injectedBytes === 0) return;
      // What came before the go-ahead is injection and nothing else.
      if (event.line < goAhead.line || event.packet < goAhead.packet) return;
      tell(5, event, context, { detail: 'n5: The client went on in clear after the server had agreed to TLS.' });
    },
    end(_event, context) {
      const { goAhead } = context.state;
      const octet = context.connection.facts.tlsServerOctet;
      if (goAhead === null || octet === -1 || octet === TLS_HANDSHAKE || octet === TLS_ALERT || octet >= SSL2) return;
      tell(5, goAhead, context, { detail: 'n5: The server went on in clear after it had agreed to TLS.' });
    },
  },
});

/** Reports a sub-condition unless it was on an earlier line; false then. */
function tell(number: Number, event: OctetsEvent, context: CheckContext<ComplianceState>, words: Words): boolean {
  const { reported } = context.state;
  if (reported[number] !== 0 && reported[number] !== event.line) return false;
  reported[number] = event.line;
  context.report({ event, ...words });
  return true;
}

/** The first that holds and was not reported before stands for the line. */
function judgeClientLine(event: CommandEvent, context: CheckContext<ComplianceState>): void {
  const { state } = context;
  if (state.firstLine === 0 && event.verbEnd > event.verbStart) state.firstLine = context.firstPlainLine || event.line;
  const isReversed = event.verb === '' && isReplyLike(event);
  if (isReversed && event.kind === EVENT.command) state.reversed++;
  if (judgeLength(event, context)) return;
  if (event.verb === '' && event.line === state.firstLine && judgeFirst(event, context)) return;
  if (isReversed && state.reversed > 1 && tell(8, event, context, { detail: REVERSED })) return;
  if (judgeNul(event, context)) return;
  if (event.verb === '' && judgeVerb(event, context)) return;
  judgeTelnet(event, context);
}

const REVERSED = 'n8: The client sends replies as if it were the server.';

function judgeLength(event: CommandEvent, context: CheckContext<ComplianceState>): boolean {
  const measured = octetsBeforeLineFeed(event);
  if (measured <= LONGEST_LINE || AUTH_VERBS.has(event.verb)) return false;
  return tell(3, event, context, {
    start: Math.min(event.start + LONGEST_LINE, event.end - 1),
    severity: 'high',
    measured,
    limit: LONGEST_LINE,
    unit: 'bytes',
    detail: `n3: The client sent more than ${LONGEST_LINE} octets without a line end.`,
  });
}

function judgeFirst(event: CommandEvent, context: CheckContext<ComplianceState>): boolean {
  const foreign = foreignProtocol(event, context.connection.serverPort);
  if (foreign !== '')
    return tell(1, event, context, { detail: `n1: The client begins with ${foreign}, not with SMTP.` });
  // A line that broke off does not tell its verb.
  if (event.kind === EVENT.partialCommand || hasVerb(event)) return false;
  return tell(1, event, context, {
    confidence: 80,
    detail: "n1: The client's first line does not begin with a command.",
  });
}

function judgeNul(event: OctetsEvent, context: CheckContext<ComplianceState>): boolean {
  const at = indexOfOctet(event.buffer, 0, event.start, event.end);
  if (at === -1) return false;
  const what = event.direction === 0 ? 'A command line' : 'A reply';
  return tell(2, event, context, { start: at, end: at + 1, detail: `n2: ${what} carries a NUL octet.` });
}

function judgeVerb(event: CommandEvent, context: CheckContext<ComplianceState>): boolean {
  const { start, verbStart, verbEnd } = event;
  const prefixEnd = oddPrefixEnd(event);
  if (prefixEnd !== -1) {
    const detail = 'n9: Characters that belong to no command stand before it.';
    return tell(9, event, context, { start, end: prefixEnd, severity: 'low', detail });
  }
  if (event.kind === EVENT.partialCommand && verbEnd === event.end) return false;
  if (oddVerbOctet(event) === -1) return false;
  const detail = 'n6: The first word has octets that no command has.';
  return tell(6, event, context, { start: verbStart, end: verbEnd, detail });
}

function judgeTelnet(event: CommandEvent, context: CheckContext<ComplianceState>): void {
  const { reported } = context.state;
  if (reported[7] !== 0 && reported[7] !== event.line) return;
  const at = telnetSequence(event);
  if (at === -1) return;
  const detail = 'n7: The command line carries a telnet sequence.';
  tell(7, event, context, { start: at, end: at + 2, severity: 'low', detail });
}

function judgeReply(event: ReplyEvent, context: CheckContext<ComplianceState>): void {
  if (event.answers === 'STARTTLS' && event.code === 220) context.state.goAhead = keptReply(event, KEPT_BYTES);
  if (judgeNul(event, context)) return;
  if (event.outcome === 'malformed' && event.code === 0) {
    tell(4, event, context, { detail: 'n4: The server sent a line that is no reply where a reply is due.' });
  } else if (event.codesDiffer) {
    tell(4, event, context, { detail: 'n4: The lines of one reply carry different codes.' });
  } else if (event.lines > MOST_REPLY_LINES) {
    const detail = `n4: One reply has more than ${MOST_REPLY_LINES} lines.`;
    tell(4, event, context, { measured: event.lines, limit: MOST_REPLY_LINES, unit: 'lines', detail });
  }
}
