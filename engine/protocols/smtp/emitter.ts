/**
 * The one reused object of each kind of event, filled and sent. In: a line and
 * what was found about it. Out: calls of the sink. Nothing is allocated here.
 */
import type {
  CommandEvent,
  Direction,
  InjectedPlaintextEvent,
  LoginEvent,
  LongDataLineEvent,
  OctetsEvent,
  ReplyEvent,
} from '../events.js';
import { NO_OCTETS, REUSED_EVENTS, type Mutable } from '../reused-events.js';
import type { SaslExchange } from '../sasl/exchange.js';
import type { Conversation } from './conversation.js';
import type { CommandParts } from './grammar.js';
import type { Line, LinePlace } from './line.js';
import { verbName } from './verbs.js';

type Base = Pick<OctetsEvent, 'direction' | 'timeUs' | 'packet' | 'line' | 'knowledge' | 'state'>;

const EVENTS = REUSED_EVENTS.smtp;

/** Who speaks: whose state and knowledge the event carries, and where it goes. */
export type Speaker = Pick<Conversation, 'events' | 'speaking' | 'knowledge'>;

export function emitCommand(speaker: Speaker, line: Line, parts: CommandParts, provisional: boolean): void {
  const event = EVENTS.command;
  fillCommand(speaker, event, line, parts);
  event.provisional = provisional;
  speaker.events.emit(event);
}

export function emitPartialCommand(speaker: Speaker, line: Line, parts: CommandParts): void {
  fillCommand(speaker, EVENTS.partialCommand, line, parts);
  speaker.events.emit(EVENTS.partialCommand);
}

/** `answers`: a verb or `PENDING` number. */
export function emitReply(
  speaker: Speaker,
  line: Line,
  code: number,
  outcome: ReplyEvent['outcome'],
  answers: number,
  answersLine: number,
  lines: number,
  codesDiffer: boolean,
): void {
  const event = EVENTS.reply;
  fillOctets(speaker, event, line);
  event.code = code;
  event.outcome = outcome;
  event.answers = verbName(answers);
  event.answersNumber = answers;
  event.answersLine = answersLine;
  event.lines = lines;
  event.codesDiffer = codesDiffer;
  speaker.events.emit(event);
}

export function emitAuthStep(
  speaker: Speaker,
  line: Line,
  mechanism: string,
  initial: boolean,
  step: number,
  responseStart: number,
  responseBytes: number,
  decoded: Uint8Array | null,
  partial: boolean,
): void {
  const event = EVENTS.authStep;
  fillOctets(speaker, event, line);
  event.mechanism = mechanism;
  event.initial = initial;
  event.step = step;
  event.responseStart = responseStart;
  event.responseEnd = line.end;
  event.responseBytes = responseBytes;
  event.decoded = decoded;
  event.partial = partial;
  speaker.events.emit(event);
}

export function emitLogin(
  speaker: Speaker,
  line: Line,
  phase: LoginEvent['phase'],
  exchange: SaslExchange,
  accepted: LoginEvent['accepted'],
  failedBefore: number,
): void {
  const event = EVENTS.login;
  fillOctets(speaker, event, line);
  event.phase = phase;
  event.mechanism = exchange.mechanism;
  event.user = exchange.user;
  event.password = exchange.password;
  event.userBytes = exchange.userBytes;
  event.passwordBytes = exchange.passwordBytes;
  event.accepted = accepted;
  event.failedBefore = failedBefore;
  event.userStart = event.userEnd = event.passwordStart = event.passwordEnd = line.start;
  speaker.events.emit(event);
}

export function emitLongDataLine(
  speaker: Speaker,
  line: Line,
  countedBytes: number,
  strictBytes: number,
  inHeader: boolean,
  transfer: LongDataLineEvent['transfer'],
  message: number,
): void {
  const event = EVENTS.longDataLine;
  fillOctets(speaker, event, line);
  event.countedBytes = countedBytes;
  event.strictBytes = strictBytes;
  event.inHeader = inHeader;
  event.transfer = transfer;
  event.message = message;
  speaker.events.emit(event);
}

/** `offset`: where the message ended in its direction. */
export function emitMessageEnd(
  speaker: Speaker,
  direction: Direction,
  at: Readonly<LinePlace>,
  offset: number,
  message: number,
  lengthBytes: number,
  lines: number,
  truncated: boolean,
): void {
  const event = EVENTS.messageEnd;
  fillBase(speaker, event, direction, at.line, at.timeUs, at.packet);
  fillPlace(event, offset, lengthBytes);
  event.message = message;
  event.lines = lines;
  event.truncated = truncated;
  speaker.events.emit(event);
}

export function emitMessageGrowth(
  speaker: Speaker,
  line: Line,
  offset: number,
  message: number,
  lengthBytes: number,
): void {
  const event = EVENTS.messageGrowth;
  fillBase(speaker, event, line.direction, line.line, line.timeUs, line.packet);
  fillPlace(event, offset, lengthBytes);
  event.message = message;
  speaker.events.emit(event);
}

export function emitInjectedPlaintext(
  speaker: Speaker,
  line: Line,
  verb: string,
  injectedVerb: string,
  injectedBytes: number,
  outcome: InjectedPlaintextEvent['outcome'],
  tlsRecord: boolean,
): void {
  const event = EVENTS.injectedPlaintext;
  fillOctets(speaker, event, line);
  event.verb = verb;
  event.injectedVerb = injectedVerb;
  event.injectedBytes = injectedBytes;
  event.outcome = outcome;
  event.tlsRecord = tlsRecord;
  speaker.events.emit(event);
}

export function emitGap(
  speaker: Speaker,
  direction: Direction,
  line: number,
  timeUs: number,
  packet: number,
  lengthBytes: number,
): void {
  fillBase(speaker, EVENTS.gap, direction, line, timeUs, packet);
  EVENTS.gap.lengthBytes = lengthBytes;
  speaker.events.emit(EVENTS.gap);
}

export function emitEnd(speaker: Speaker, direction: Direction, line: number, timeUs: number, packet: number): void {
  fillBase(speaker, EVENTS.end, direction, line, timeUs, packet);
  speaker.events.emit(EVENTS.end);
}

function fillCommand(speaker: Speaker, event: Mutable<CommandEvent>, line: Line, parts: CommandParts): void {
  fillOctets(speaker, event, line);
  event.verb = verbName(parts.verb);
  event.verbNumber = parts.verb;
  event.verbStart = parts.verbStart;
  event.verbEnd = parts.verbEnd;
  event.argumentStart = parts.argumentStart;
  event.tagStart = event.tagEnd = line.start;
}

function fillOctets(speaker: Speaker, event: Mutable<OctetsEvent>, line: Line): void {
  event.direction = line.direction;
  event.timeUs = line.timeUs;
  event.packet = line.packet;
  event.line = line.line;
  event.knowledge = speaker.knowledge;
  event.state = speaker.speaking;
  // Nearly always the same: to store a young object in an old one takes the collector's notice.
  if (event.buffer !== line.buffer) event.buffer = line.buffer;
  event.start = line.start;
  event.end = line.end;
  event.offset = line.offset;
  event.lengthBytes = line.lengthBytes;
  event.terminator = line.terminator;
  event.secretStart = line.secretStart;
  event.secretEnd = line.secretEnd;
  event.secretLabel = line.secretLabel;
}

/** An empty range: the place itself. */
function fillPlace(event: Mutable<OctetsEvent>, offset: number, lengthBytes: number): void {
  event.buffer = NO_OCTETS;
  event.start = event.end = event.secretStart = event.secretEnd = 0;
  event.offset = offset;
  event.lengthBytes = lengthBytes;
  event.terminator = 'crlf';
}

function fillBase(
  speaker: Speaker,
  event: Mutable<Base>,
  direction: Direction,
  line: number,
  timeUs: number,
  packet: number,
): void {
  event.direction = direction;
  event.timeUs = timeUs;
  event.packet = packet;
  event.line = line;
  event.knowledge = speaker.knowledge;
  event.state = speaker.speaking;
}
