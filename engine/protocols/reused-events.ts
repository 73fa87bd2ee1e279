/**
 * One event object of each kind and protocol for all dialogues of a thread, to be
 * filled and sent again and again: neither a line nor a connection makes garbage.
 * Whoever is told of an event is done with it when the call returns.
 *
 * All have the same fields, those of other kinds unused: to the engine that runs
 * this they are one type of object, and reading or writing a field of any event
 * takes one instruction instead of a look-up.
 */
import type { MailProtocol } from '../../shared/session.js';
import type { WireLine } from './dialogue.js';
import {
  EVENT,
  KNOWLEDGE,
  TO_SERVER,
  type AnswerLineEvent,
  type AuthStepEvent,
  type CommandEvent,
  type Direction,
  type EndEvent,
  type EventKind,
  type FragmentEvent,
  type GapEvent,
  type HandshakeEvent,
  type InjectedPlaintextEvent,
  type KnowledgeLevel,
  type LiteralEvent,
  type LoginEvent,
  type LongDataLineEvent,
  type LiteralTextEvent,
  type MessageEndEvent,
  type MessageGrowthEvent,
  type OctetsEvent,
  type ReplyEvent,
} from './events.js';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const NO_OCTETS = new Uint8Array(0);

export interface ReusedEvents {
  readonly command: Mutable<CommandEvent>;
  readonly partialCommand: Mutable<CommandEvent>;
  readonly reply: Mutable<ReplyEvent>;
  readonly answerLine: Mutable<AnswerLineEvent>;
  readonly authStep: Mutable<AuthStepEvent>;
  readonly login: Mutable<LoginEvent>;
  readonly longDataLine: Mutable<LongDataLineEvent>;
  readonly literal: Mutable<LiteralEvent>;
  readonly messageEnd: Mutable<MessageEndEvent>;
  readonly injectedPlaintext: Mutable<InjectedPlaintextEvent>;
  readonly gap: Mutable<GapEvent>;
  readonly end: Mutable<EndEvent>;
  readonly messageGrowth: Mutable<MessageGrowthEvent>;
  readonly literalText: Mutable<LiteralTextEvent>;
  readonly fragment: Mutable<FragmentEvent>;
}

/**
 * The fields of every kind. One class, and no spread literals: those gave every object a hidden class
 * of its own. `outcome` and `phase` mean something else in each kind that has them, so their first
 * value has no type.
 */
class ReusedEvent<K extends EventKind, P extends MailProtocol> {
  direction: Direction = TO_SERVER;
  timeUs = 0;
  packet = 0;
  line = 0;
  knowledge: KnowledgeLevel = KNOWLEDGE.unknown;
  state = '';
  buffer: Uint8Array = NO_OCTETS;
  start = 0;
  end = 0;
  offset = 0;
  lengthBytes = 0;
  terminator: OctetsEvent['terminator'] = 'none';
  secretStart = 0;
  secretEnd = 0;
  secretLabel = '';
  verb = '';
  verbNumber = -1;
  verbStart = 0;
  verbEnd = 0;
  argumentStart = 0;
  tagStart = 0;
  tagEnd = 0;
  provisional = false;
  code = 0;
  outcome: never;
  answers = '';
  answersNumber = -1;
  answersLine = 0;
  lines = 0;
  codesDiffer = false;
  index = 0;
  mechanism = '';
  initial = false;
  step = 0;
  responseStart = 0;
  responseEnd = 0;
  responseBytes = 0;
  decoded = null;
  partial = false;
  phase = 'attempt' as never;
  user = null;
  password = null;
  userBytes = -1;
  passwordBytes = -1;
  accepted = 'unknown' as const;
  failedBefore = 0;
  userStart = 0;
  userEnd = 0;
  passwordStart = 0;
  passwordEnd = 0;
  countedBytes = 0;
  strictBytes = 0;
  inHeader = false;
  transfer = 'data' as const;
  message = 0;
  announced = 0;
  nonSynchronizing = false;
  argument = 0;
  truncated = false;
  injectedVerb = '';
  injectedBytes = 0;
  tlsRecord = false;
  /** Of lines shown to a wire listener. */
  role = 'unknown' as const;
  secure = false;
  omittedBytes = 0;

  constructor(
    readonly kind: K,
    readonly protocol: P,
  ) {
    this.outcome = (kind === EVENT.reply ? 'malformed' : 'unknown') as never;
  }
}

export const REUSED_EVENTS: Readonly<Record<MailProtocol, ReusedEvents>> = {
  smtp: eventsOf('smtp', 'STARTTLS'),
  pop3: eventsOf('pop3', 'STLS'),
  imap: eventsOf('imap', 'STARTTLS'),
};

/** The line as the wire listener is shown it; one for all dialogues, too. */
export const REUSED_WIRE_LINE: Mutable<WireLine> = newWireLine();

/** A handshake is no protocol's. */
export const REUSED_HANDSHAKE: Mutable<HandshakeEvent> = newHandshake();

function eventsOf(protocol: MailProtocol, tlsVerb: string): ReusedEvents {
  const injectedPlaintext = new ReusedEvent(EVENT.injectedPlaintext, protocol);
  injectedPlaintext.verb = tlsVerb;
  const reply = new ReusedEvent(EVENT.reply, protocol);
  reply.lines = 1;
  return {
    command: new ReusedEvent(EVENT.command, protocol),
    partialCommand: new ReusedEvent(EVENT.partialCommand, protocol),
    reply,
    answerLine: new ReusedEvent(EVENT.answerLine, protocol),
    authStep: new ReusedEvent(EVENT.authStep, protocol),
    login: new ReusedEvent(EVENT.login, protocol),
    longDataLine: new ReusedEvent(EVENT.longDataLine, protocol),
    literal: new ReusedEvent(EVENT.literal, 'imap'),
    messageEnd: new ReusedEvent(EVENT.messageEnd, protocol),
    injectedPlaintext,
    gap: new ReusedEvent(EVENT.gap, protocol),
    end: new ReusedEvent(EVENT.end, protocol),
    messageGrowth: new ReusedEvent(EVENT.messageGrowth, protocol),
    literalText: new ReusedEvent(EVENT.literalText, 'imap'),
    fragment: new ReusedEvent(EVENT.fragment, 'imap'),
  };
}

function newHandshake(): Mutable<HandshakeEvent> {
  const event = new ReusedEvent(EVENT.handshake, 'smtp');
  event.knowledge = KNOWLEDGE.synced;
  event.state = 'CONNECT';
  event.terminator = 'crlf';
  const handshake: Mutable<HandshakeEvent> = event;
  handshake.phase = 'asked';
  return handshake;
}

function newWireLine(): Mutable<WireLine> {
  const line = new ReusedEvent(EVENT.command, 'smtp');
  line.message = -1;
  return line;
}
