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

export const REUSED_EVENTS: Readonly<Record<MailProtocol, ReusedEvents>> = {
  smtp: eventsOf('smtp', 'STARTTLS'),
  pop3: eventsOf('pop3', 'STLS'),
  imap: eventsOf('imap', 'STARTTLS'),
};

/** The line as the wire listener is shown it; one for all dialogues, too. */
export const REUSED_WIRE_LINE: Mutable<WireLine> = {
  ...octetsFields(),
  role: 'unknown',
  secure: false,
  message: -1,
  omittedBytes: 0,
};

/** A handshake is no protocol's. */
export const REUSED_HANDSHAKE: Mutable<HandshakeEvent> = {
  ...eventObject(EVENT.handshake, 'smtp'),
  knowledge: KNOWLEDGE.synced,
  state: 'CONNECT',
  terminator: 'crlf',
  phase: 'asked',
};

function eventsOf(protocol: MailProtocol, tlsVerb: string): ReusedEvents {
  return {
    command: eventObject(EVENT.command, protocol),
    partialCommand: eventObject(EVENT.partialCommand, protocol),
    reply: eventObject(EVENT.reply, protocol),
    answerLine: eventObject(EVENT.answerLine, protocol),
    authStep: eventObject(EVENT.authStep, protocol),
    login: eventObject(EVENT.login, protocol),
    longDataLine: eventObject(EVENT.longDataLine, protocol),
    literal: eventObject(EVENT.literal, 'imap'),
    messageEnd: eventObject(EVENT.messageEnd, protocol),
    injectedPlaintext: { ...eventObject(EVENT.injectedPlaintext, protocol), verb: tlsVerb },
    gap: eventObject(EVENT.gap, protocol),
    end: eventObject(EVENT.end, protocol),
    messageGrowth: eventObject(EVENT.messageGrowth, protocol),
    literalText: eventObject(EVENT.literalText, 'imap'),
    fragment: eventObject(EVENT.fragment, 'imap'),
  };
}

function octetsFields() {
  return {
    direction: TO_SERVER as Direction,
    timeUs: 0,
    packet: 0,
    line: 0,
    knowledge: KNOWLEDGE.unknown as KnowledgeLevel,
    state: '',
    buffer: NO_OCTETS as Uint8Array,
    start: 0,
    end: 0,
    offset: 0,
    lengthBytes: 0,
    terminator: 'none' as OctetsEvent['terminator'],
    secretStart: 0,
    secretEnd: 0,
    secretLabel: '',
  };
}

/** The fields of every kind. `outcome` means something else in each kind that has it, so its first value has no type. */
function eventObject<K extends EventKind, P extends MailProtocol>(kind: K, protocol: P) {
  return {
    ...octetsFields(),
    kind,
    protocol,
    verb: '',
    verbStart: 0,
    verbEnd: 0,
    argumentStart: 0,
    tagStart: 0,
    tagEnd: 0,
    provisional: false,
    code: 0,
    outcome: (kind === EVENT.reply ? 'malformed' : 'unknown') as never,
    answers: '',
    answersLine: 0,
    lines: kind === EVENT.reply ? 1 : 0,
    codesDiffer: false,
    index: 0,
    mechanism: '',
    initial: false,
    step: 0,
    responseStart: 0,
    responseEnd: 0,
    responseBytes: 0,
    decoded: null,
    partial: false,
    phase: 'attempt' as const,
    user: null,
    password: null,
    userBytes: -1,
    passwordBytes: -1,
    accepted: 'unknown' as const,
    failedBefore: 0,
    userStart: 0,
    userEnd: 0,
    passwordStart: 0,
    passwordEnd: 0,
    countedBytes: 0,
    strictBytes: 0,
    inHeader: false,
    transfer: 'data' as const,
    message: 0,
    announced: 0,
    nonSynchronizing: false,
    argument: 0,
    truncated: false,
    injectedVerb: '',
    injectedBytes: 0,
    tlsRecord: false,
  };
}
