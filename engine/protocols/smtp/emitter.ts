/**
 * The one reused object of each kind of event, filled and sent. In: a line and
 * what was found about it. Out: calls of the sink. Nothing is allocated here.
 */
import {
  KNOWLEDGE,
  type CommandEvent,
  type Direction,
  type EventSink,
  type InjectedPlaintextEvent,
  type KnowledgeLevel,
  type LoginEvent,
  type LongDataLineEvent,
  type OctetsEvent,
  type ReplyEvent,
} from '../events.js';
import { NO_OCTETS, REUSED_EVENTS, type Mutable } from '../reused-events.js';
import type { SaslExchange } from '../sasl/exchange.js';
import type { CommandParts } from './grammar.js';
import type { Line } from './lane.js';

type Base = Pick<OctetsEvent, 'direction' | 'timeUs' | 'packet' | 'line' | 'knowledge' | 'state'>;

/** When a message ended: with a line, or with the first octet of a chunk. */
export interface MessageEndPosition {
  readonly line: number;
  readonly timeUs: number;
  readonly packet: number;
}

const EVENTS = REUSED_EVENTS.smtp;

export class Emitter {
  /** Of the event to come; the conversation keeps them up to date. */
  state = 'CONNECT';
  knowledge: KnowledgeLevel = KNOWLEDGE.unknown;

  constructor(private readonly sink: EventSink) {}

  command(line: Line, parts: CommandParts, verb: string, provisional: boolean): void {
    const event = EVENTS.command;
    this.fillCommand(event, line, parts, verb);
    event.provisional = provisional;
    this.sink.emit(event);
  }

  partialCommand(line: Line, parts: CommandParts, verb: string): void {
    this.fillCommand(EVENTS.partialCommand, line, parts, verb);
    this.sink.emit(EVENTS.partialCommand);
  }

  reply(
    line: Line,
    code: number,
    outcome: ReplyEvent['outcome'],
    answers: string,
    answersLine: number,
    lines: number,
    codesDiffer: boolean,
  ): void {
    const event = EVENTS.reply;
    this.fillOctets(event, line);
    event.code = code;
    event.outcome = outcome;
    event.answers = answers;
    event.answersLine = answersLine;
    event.lines = lines;
    event.codesDiffer = codesDiffer;
    this.sink.emit(event);
  }

  authStep(
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
    this.fillOctets(event, line);
    event.mechanism = mechanism;
    event.initial = initial;
    event.step = step;
    event.responseStart = responseStart;
    event.responseEnd = line.end;
    event.responseBytes = responseBytes;
    event.decoded = decoded;
    event.partial = partial;
    this.sink.emit(event);
  }

  login(
    line: Line,
    phase: LoginEvent['phase'],
    exchange: SaslExchange,
    accepted: LoginEvent['accepted'],
    failedBefore: number,
  ): void {
    const event = EVENTS.login;
    this.fillOctets(event, line);
    event.phase = phase;
    event.mechanism = exchange.mechanism;
    event.user = exchange.user;
    event.password = exchange.password;
    event.userBytes = exchange.userBytes;
    event.passwordBytes = exchange.passwordBytes;
    event.accepted = accepted;
    event.failedBefore = failedBefore;
    event.userStart = event.userEnd = event.passwordStart = event.passwordEnd = line.start;
    this.sink.emit(event);
  }

  longDataLine(
    line: Line,
    countedBytes: number,
    strictBytes: number,
    inHeader: boolean,
    transfer: LongDataLineEvent['transfer'],
    message: number,
  ): void {
    const event = EVENTS.longDataLine;
    this.fillOctets(event, line);
    event.countedBytes = countedBytes;
    event.strictBytes = strictBytes;
    event.inHeader = inHeader;
    event.transfer = transfer;
    event.message = message;
    this.sink.emit(event);
  }

  /** `offset`: where the message ended in its direction. */
  messageEnd(
    direction: Direction,
    at: MessageEndPosition,
    offset: number,
    message: number,
    lengthBytes: number,
    lines: number,
    truncated: boolean,
  ): void {
    const event = EVENTS.messageEnd;
    this.fillBase(event, direction, at.line, at.timeUs, at.packet);
    this.fillPlace(event, offset, lengthBytes);
    event.message = message;
    event.lines = lines;
    event.truncated = truncated;
    this.sink.emit(event);
  }

  messageGrowth(line: Line, offset: number, message: number, lengthBytes: number): void {
    const event = EVENTS.messageGrowth;
    this.fillBase(event, line.direction, line.line, line.timeUs, line.packet);
    this.fillPlace(event, offset, lengthBytes);
    event.message = message;
    this.sink.emit(event);
  }

  injectedPlaintext(
    line: Line,
    verb: string,
    injectedVerb: string,
    injectedBytes: number,
    outcome: InjectedPlaintextEvent['outcome'],
    tlsRecord: boolean,
  ): void {
    const event = EVENTS.injectedPlaintext;
    this.fillOctets(event, line);
    event.verb = verb;
    event.injectedVerb = injectedVerb;
    event.injectedBytes = injectedBytes;
    event.outcome = outcome;
    event.tlsRecord = tlsRecord;
    this.sink.emit(event);
  }

  gap(direction: Direction, line: number, timeUs: number, packet: number, lengthBytes: number): void {
    this.fillBase(EVENTS.gap, direction, line, timeUs, packet);
    EVENTS.gap.lengthBytes = lengthBytes;
    this.sink.emit(EVENTS.gap);
  }

  end(direction: Direction, line: number, timeUs: number, packet: number): void {
    this.fillBase(EVENTS.end, direction, line, timeUs, packet);
    this.sink.emit(EVENTS.end);
  }

  private fillCommand(event: Mutable<CommandEvent>, line: Line, parts: CommandParts, verb: string): void {
    this.fillOctets(event, line);
    event.verb = verb;
    event.verbStart = parts.verbStart;
    event.verbEnd = parts.verbEnd;
    event.argumentStart = parts.argumentStart;
    event.tagStart = event.tagEnd = line.start;
  }

  private fillOctets(event: Mutable<OctetsEvent>, line: Line): void {
    event.direction = line.direction;
    event.timeUs = line.timeUs;
    event.packet = line.packet;
    event.line = line.line;
    event.knowledge = this.knowledge;
    event.state = this.state;
    event.buffer = line.buffer;
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
  private fillPlace(event: Mutable<OctetsEvent>, offset: number, lengthBytes: number): void {
    event.buffer = NO_OCTETS;
    event.start = event.end = event.secretStart = event.secretEnd = 0;
    event.offset = offset;
    event.lengthBytes = lengthBytes;
    event.terminator = 'crlf';
  }

  private fillBase(event: Mutable<Base>, direction: Direction, line: number, timeUs: number, packet: number): void {
    event.direction = direction;
    event.timeUs = timeUs;
    event.packet = packet;
    event.line = line;
    event.knowledge = this.knowledge;
    event.state = this.state;
  }
}
