/**
 * POP3: answers of a server that a client may stumble over: attacks on mail
 * programs (PROTECTIONS section 6, pop3-malformed-response, r1 to r11).
 */
import type { AnswerLineEvent, MessageEndEvent, ReplyEvent } from '../protocols/events.js';
import { KNOWLEDGE as LEVEL } from '../protocols/events.js';
import {
  judgeListLine,
  judgeOneMessage,
  judgeUidlLine,
  LONGEST_ANSWER_LINE,
  type Complaint,
} from './pop3-answer-lines.js';
import {
  announcedOctets,
  judgeStat,
  judgeStatusLine,
  judgeTimestamp,
  statCount,
  textStart,
} from './pop3-status-lines.js';
import { KNOWLEDGE, protection, type CheckContext, type Finding } from './protection.js';
import { keptReply } from './kept-reply.js';

/** Lines of LIST or UIDL beyond what STAT said, until it is no race with a delivery. */
const SURPLUS_LINES = 1000;
/** Octets of the status line that are kept for r11. */
const KEPT_BYTES = 128;

interface ResponseState {
  /** Messages according to STAT; -1 before. */
  statCount: number;
  /** A `+OK` without text was seen: Redis answers so too. */
  sawBareOk: boolean;
  /** The status line to RETR or TOP that waits for its message's end; its octets are a copy. */
  retrieved: ReplyEvent | null;
  announced: number;
}
type Context = CheckContext<ResponseState>;

export const pop3MalformedResponse = protection<ResponseState>({
  id: 'pop3-malformed-response',
  title: 'Malformed POP3 response',
  protocols: ['pop3'],
  attackName: 'POP3 Malformed Response 1',
  attackInfo: 'malformed-response',
  why:
    "A mail program trusts its server's answers: numbers that overflow, identifiers of wrong form and overlong lines " +
    'have let servers, or whoever stood between, take over the programs that read them.',
  sources: ['SonicWALL IPS, category POP: POP3 Malformed Response 1'],
  references: ['RFC 1939', 'CVE-2010-0816', 'MS10-030', 'CVE-2005-2335', 'CVE-2004-0757', 'CVE-2007-1558', 'T1203'],
  severity: 'medium',
  confidence: 90,
  precedence: 'format',
  remedy:
    'If it is your own server, update it and see what stands between it and its clients. If it is a foreign one, do ' +
    'not let your clients fetch mail from there, update the mail program that did, and check that machine.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: [],
  newState: () => ({ statCount: -1, sawBareOk: false, retrieved: null, announced: -1 }),
  on: {
    reply: judgeReply,
    answerLine: judgeAnswerLine,
    messageEnd: judgeMessageEnd,
  },
});

function judgeReply(event: ReplyEvent, context: Context): void {
  const complaint = complaintOf(event, context);
  if (complaint !== null) report(event, context, complaint);
  if (event.outcome === 'ok') {
    if (event.answers === 'STAT') context.state.statCount = statCount(event);
    if (event.end - event.start === 3) context.state.sawBareOk = true;
  }
  if (event.answers === 'RETR' || event.answers === 'TOP') remember(event, context.state);
}

/** The gravest thing there is to say about a status line. */
function complaintOf(event: ReplyEvent, context: Context): Complaint | null {
  if (event.outcome === 'malformed' || isStrayContinuation(event)) {
    if (event.knowledge < LEVEL.resynced || (context.state.sawBareOk && looksLikeRedis(event))) return null;
    return {
      id: 'r1',
      words: 'status line without +OK or -ERR',
      detail: 'The answer begins with neither +OK nor -ERR.',
    };
  }
  if (event.outcome !== 'ok') return judgeStatusLine(event);
  switch (event.answers) {
    case 'STAT':
      return judgeStat(event) ?? judgeStatusLine(event);
    case 'LIST':
    case 'UIDL':
      return judgeOneMessage(event, textStart(event), event.answers === 'UIDL') ?? judgeStatusLine(event);
    case 'GREETING':
      return judgeStatusLine(event) ?? judgeTimestamp(event);
    default:
      return judgeStatusLine(event);
  }
}

/** `+ ` belongs into an AUTH exchange only. */
function isStrayContinuation(event: ReplyEvent): boolean {
  return event.outcome === 'continue' && event.answers !== 'AUTH' && event.answers !== '';
}

/** `$5`, `*1`, `:0`: a Redis server on the port. */
function looksLikeRedis(event: ReplyEvent): boolean {
  const first = event.buffer[event.start] ?? 0;
  const second = event.buffer[event.start + 1] ?? 0;
  return (first === 0x24 || first === 0x2a || first === 0x3a) && second >= 0x30 && second <= 0x39;
}

function judgeAnswerLine(event: AnswerLineEvent, context: Context): void {
  const { answers } = event;
  if (answers !== 'LIST' && answers !== 'UIDL' && answers !== 'CAPA') return;
  if (event.lengthBytes > LONGEST_ANSWER_LINE) {
    report(event, context, {
      id: 'r9',
      words: 'line of an answer too long',
      detail: `A line of the answer to ${answers} is longer than ${LONGEST_ANSWER_LINE} octets.`,
      measured: event.lengthBytes,
      limit: LONGEST_ANSWER_LINE,
      unit: 'bytes',
    });
    return;
  }
  if (event.terminator === 'none') return;
  const complaint = answers === 'LIST' ? judgeListLine(event) : answers === 'UIDL' ? judgeUidlLine(event) : null;
  if (complaint !== null) report(event, context, complaint);
  else if (answers !== 'CAPA') judgeCount(event, context);
}

/** r7, once per answer. */
function judgeCount(event: AnswerLineEvent, context: Context): void {
  const { statCount: count } = context.state;
  const limit = count + SURPLUS_LINES;
  if (count < 0 || event.index !== limit + 1) return;
  report(event, context, {
    id: 'r7',
    words: 'more messages listed than STAT announced',
    detail: `STAT announced ${count} messages, but ${event.answers} goes on beyond ${limit} lines.`,
    measured: event.index,
    limit,
    unit: 'lines',
  });
}

function remember(event: ReplyEvent, state: ResponseState): void {
  state.retrieved = null;
  state.announced = event.outcome === 'ok' ? announcedOctets(event) : -1;
  if (state.announced <= 0) return;
  state.retrieved = keptReply(event, KEPT_BYTES);
}

/** r11: the message is much longer or shorter than the server said. */
function judgeMessageEnd(event: MessageEndEvent, context: Context): void {
  const { retrieved, announced } = context.state;
  context.state.retrieved = null;
  if (retrieved === null || event.truncated) return;
  // TOP sends less than the message that it announces, by its nature.
  if (retrieved.answers === 'TOP' && event.lengthBytes < announced) return;
  if (Math.abs(event.lengthBytes - announced) * 2 <= announced) return;
  context.report({
    event: retrieved,
    severity: 'info',
    confidence: 70,
    attackInfo: 'message length differs from announced (r11)',
    measured: event.lengthBytes,
    limit: announced,
    unit: 'bytes',
    detail: `The server announced a message of ${announced} octets and sent ${event.lengthBytes}.`,
  });
}

function report(event: Finding['event'], context: Context, complaint: Complaint): void {
  const { id, words, ...finding } = complaint;
  context.report({ event, ...finding, attackInfo: `${words} (${id})` });
}
