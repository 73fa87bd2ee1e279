/**
 * The events of a mail dialogue: what the protocol parsers say and the
 * protections hear. In: nothing; this module is only the vocabulary.
 *
 * Every event object is *borrowed*: one object of each kind is reused by its
 * dialogue, and its octets lie in the buffer of the packet, so both are valid
 * only until the call returns. Whoever keeps something copies it.
 */
import type { MailProtocol } from '../../shared/session.js';

/** 0 = client to server, 1 = server to client; an index into pairs. */
export const TO_SERVER = 0;
export const TO_CLIENT = 1;
export type Direction = typeof TO_SERVER | typeof TO_CLIENT;

/** PROTECTIONS 0.2; comparable numbers. */
export const KNOWLEDGE = { unknown: 0, guessed: 1, resynced: 2, synced: 3 } as const;
export type KnowledgeLevel = (typeof KNOWLEDGE)[keyof typeof KNOWLEDGE];

/** Kinds of events: small numbers, indexes of the dispatch table. */
export const EVENT = {
  /** A whole client command line (IMAP: the logical line, when its last fragment is complete). */
  command: 0,
  /** A client command line without its LF so far: it grew long, or its connection ended or has a gap. */
  partialCommand: 1,
  /** SMTP: a whole reply. POP3: a status line. IMAP: a tagged, untagged or continuation line. */
  reply: 2,
  /** A further line of a POP3 multi-line answer that is no message text (LIST, UIDL, CAPA, AUTH). */
  answerLine: 3,
  /** A client line, or an initial response, inside an AUTH exchange. */
  authStep: 4,
  /** A login attempt: when its credentials are known, and again with its outcome. */
  login: 5,
  /** A line of message text longer than `LONG_DATA_LINE`, complete or still growing; alone, or with what stands before it without CRLF. */
  longDataLine: 6,
  /** An IMAP literal was announced by the client. */
  literal: 7,
  /** A message ended (or was cut off). */
  messageEnd: 8,
  /** Client octets behind STARTTLS/STLS that are no TLS record. */
  injectedPlaintext: 9,
  /** Octets of one direction are missing. */
  gap: 10,
  /** The connection is over; the last event. */
  end: 11,
  /** The handshake of a connection, whatever it speaks: a SYN, or the answer to it. */
  handshake: 12,
  /** A message has grown by another `MESSAGE_STEP_BYTES`. */
  messageGrowth: 13,
  /** The octets of a client literal that is no message, once they are all there. */
  literalText: 14,
  /** IMAP: a further line of a client command, behind a literal; its first line is in `command`. */
  fragment: 15,
} as const;
export type EventKind = (typeof EVENT)[keyof typeof EVENT];
export const EVENT_KINDS = Object.keys(EVENT).length;

/** A growing message says so each time it passes a multiple of this. */
export const MESSAGE_STEP_BYTES = 1_048_576;

/** Octets of a client literal that are held for `literalText`. */
export const LITERAL_TEXT_BYTES = 4096;

/** Message text up to this length from one CRLF to the next (CRLF counted) is never an event of its own. */
export const LONG_DATA_LINE = 256;

interface EventBase {
  readonly direction: Direction;
  /** Packet time (µs since 1970) and number of the packet with the first octet concerned. */
  readonly timeUs: number;
  readonly packet: number;
  /** Transcript line number, from 1, given when the line's first octet is seen. */
  readonly line: number;
  readonly knowledge: KnowledgeLevel;
  /** Name of the dialogue's state before this event (`GREETED`, `AUTHORIZATION`, `SELECTED`, ...). */
  readonly state: string;
}

/** A line (or a stretch) of the stream and where its octets are. */
export interface OctetsEvent extends EventBase {
  /** Octets `start` to `end` of `buffer`: the line as far as it is held, without its terminator. */
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Stream offset of the octet at `start`. */
  readonly offset: number;
  /** Octets on the wire, terminator included, also those that are not held. */
  readonly lengthBytes: number;
  readonly terminator: 'crlf' | 'lf' | 'none';
  /** Part of [start, end) that is a credential: never shown, never in evidence. Empty when equal. */
  readonly secretStart: number;
  readonly secretEnd: number;
  /** What the secret is: `password`, `response`, `challenge`, `digest`, `token`. */
  readonly secretLabel: string;
}

export interface CommandEvent extends OctetsEvent {
  readonly kind: typeof EVENT.command | typeof EVENT.partialCommand;
  readonly protocol: MailProtocol;
  /** Upper case, interned, when the verb is in the protocol's table of all verbs; else empty. */
  readonly verb: string;
  /** A small number that stands for `verb` among the commands of its protocol; that of the empty name, or -1, for none. */
  readonly verbNumber: number;
  readonly verbStart: number;
  readonly verbEnd: number;
  /** After the one space behind the verb; equal to `end` without argument. */
  readonly argumentStart: number;
  /** IMAP tag; empty range elsewhere. */
  readonly tagStart: number;
  readonly tagEnd: number;
  /** True for a line that belongs to an injected or provisional stretch (never counted as a command). */
  readonly provisional: boolean;
}

export interface ReplyEvent extends OctetsEvent {
  readonly kind: typeof EVENT.reply;
  readonly protocol: MailProtocol;
  /** SMTP: 100..999, 0 when the octets are no reply line. POP3 and IMAP: 0. */
  readonly code: number;
  /**
   * `ok` SMTP 2yz/3yz, +OK, OK/PREAUTH; `no` 4yz/5yz, -ERR, NO/BAD/BYE; `continue` 334, `+`;
   * `untagged` any other IMAP `*` line; `malformed` none of these.
   */
  readonly outcome: 'ok' | 'no' | 'continue' | 'untagged' | 'malformed';
  /** Verb of the command it answers; `GREETING`, `EOD`, or empty when it answers none (or unknown). */
  readonly answers: string;
  /** A small number that stands for `answers` among the replies of its protocol; that of the empty name, or -1, for none. */
  readonly answersNumber: number;
  /** Line number of that command, 0 when none. */
  readonly answersLine: number;
  /** SMTP: lines of the reply, and whether their codes differ. */
  readonly lines: number;
  readonly codesDiffer: boolean;
}

export interface AnswerLineEvent extends OctetsEvent {
  readonly kind: typeof EVENT.answerLine;
  readonly protocol: MailProtocol;
  readonly answers: string;
  /** From 1 within its answer. */
  readonly index: number;
}

export interface AuthStepEvent extends OctetsEvent {
  readonly kind: typeof EVENT.authStep;
  readonly protocol: MailProtocol;
  /** Upper case: `PLAIN`, `LOGIN`, `CRAM-MD5`, ... as far as printable; at most 32 characters. */
  readonly mechanism: string;
  /** True for an initial response on the AUTH line itself; `responseStart` then lies inside that line. */
  readonly initial: boolean;
  /** From 1: which response of this exchange. */
  readonly step: number;
  /** The base64 text: [responseStart, responseEnd); its whole length on the wire without CRLF. */
  readonly responseStart: number;
  readonly responseEnd: number;
  readonly responseBytes: number;
  /** Decoded octets (first 16 KiB), or null when it is not base64. Secret: measure, never show. */
  readonly decoded: Uint8Array | null;
  /** True for a line that ended without LF. */
  readonly partial: boolean;
}

export interface LoginEvent extends OctetsEvent {
  readonly kind: typeof EVENT.login;
  readonly protocol: MailProtocol;
  /** `attempt`: credentials are known as sent; `outcome`: `accepted` is known now. One of each per login. */
  readonly phase: 'attempt' | 'outcome';
  /** `PASS`, `LOGIN` (IMAP command), or the SASL mechanism. */
  readonly mechanism: string;
  /** Decoded user name and password octets; null when they do not cross in clear. At most 16 KiB each. */
  readonly user: Uint8Array | null;
  readonly password: Uint8Array | null;
  /** Decoded lengths, also beyond what is held; -1 when unknown. */
  readonly userBytes: number;
  readonly passwordBytes: number;
  readonly accepted: 'yes' | 'no' | 'unknown';
  /** Failed attempts on this connection before this one. */
  readonly failedBefore: number;
  /** Where in [start, end) of this event's line user name and password stand; empty ranges elsewhere. */
  readonly userStart: number;
  readonly userEnd: number;
  readonly passwordStart: number;
  readonly passwordEnd: number;
}

export interface LongDataLineEvent extends OctetsEvent {
  readonly kind: typeof EVENT.longDataLine;
  readonly protocol: MailProtocol;
  /** Length that counts: CRLF included, a stuffed dot not. */
  readonly countedBytes: number;
  /** The same when nothing but CRLF ends a line: with the lines before it that ended in LF alone. */
  readonly strictBytes: number;
  readonly inHeader: boolean;
  /** `data` (DATA, LMTP) or `chunk` (BDAT). */
  readonly transfer: 'data' | 'chunk';
  /** Message number on this connection, from 0: the transaction it belongs to. */
  readonly message: number;
}

export interface LiteralEvent extends OctetsEvent {
  readonly kind: typeof EVENT.literal;
  readonly protocol: 'imap';
  readonly verb: string;
  /** Announced octets; Infinity when the digits overflow 2^53. */
  readonly announced: number;
  readonly nonSynchronizing: boolean;
  /** Which argument of the command it is, from 1. */
  readonly argument: number;
}

/** Its octets are an empty range at the place where the message ended. */
export interface MessageEndEvent extends OctetsEvent {
  readonly kind: typeof EVENT.messageEnd;
  readonly protocol: MailProtocol;
  readonly message: number;
  /** Octets of the message: unstuffed, line ends counted, the final dot not. */
  readonly lengthBytes: number;
  readonly lines: number;
  readonly truncated: boolean;
}

/** Its octets are an empty range at the place where the message passed the mark. */
export interface MessageGrowthEvent extends OctetsEvent {
  readonly kind: typeof EVENT.messageGrowth;
  readonly protocol: MailProtocol;
  readonly message: number;
  /** Octets of the message so far, counted as in `MessageEndEvent`. */
  readonly lengthBytes: number;
}

/** Told of no empty literal, and of none with missing octets. Its line is the literal's own; it has no terminator. */
export interface LiteralTextEvent extends OctetsEvent {
  readonly kind: typeof EVENT.literalText;
  readonly protocol: 'imap';
  readonly verb: string;
  /** Which argument of the command it is, from 1. */
  readonly argument: number;
  /** Announced octets; [start, end) holds the first `LITERAL_TEXT_BYTES` of them. */
  readonly announced: number;
}

export interface FragmentEvent extends OctetsEvent {
  readonly kind: typeof EVENT.fragment;
  readonly protocol: 'imap';
  readonly verb: string;
}

/** Its octets are an empty range; line 0: it is before the first line. It is told of the client, whoever spoke. */
export interface HandshakeEvent extends OctetsEvent {
  readonly kind: typeof EVENT.handshake;
  /** `asked`: a SYN of the client, repeated ones too. `answered`: the server agreed (SYN-ACK). `refused`: it did not (RST). */
  readonly phase: 'asked' | 'answered' | 'refused';
}

export interface InjectedPlaintextEvent extends OctetsEvent {
  readonly kind: typeof EVENT.injectedPlaintext;
  readonly protocol: MailProtocol;
  /** `STARTTLS` or `STLS`. */
  readonly verb: string;
  /** Verb that the injected octets begin with, when it is one that the protocol knows; else empty. */
  readonly injectedVerb: string;
  /** Injected octets other than CR, LF and SP. */
  readonly injectedBytes: number;
  /** What became of the STARTTLS: the injection is judged when that is known. */
  readonly outcome: 'accepted' | 'rejected' | 'unknown';
  /** True when the octets are a TLS record (16 03) that came before the server's answer. */
  readonly tlsRecord: boolean;
}

export interface GapEvent extends EventBase {
  readonly kind: typeof EVENT.gap;
  readonly protocol: MailProtocol;
  readonly lengthBytes: number;
}

export interface EndEvent extends EventBase {
  readonly kind: typeof EVENT.end;
  readonly protocol: MailProtocol;
}

export type ProtocolEvent =
  | CommandEvent
  | ReplyEvent
  | AnswerLineEvent
  | AuthStepEvent
  | LoginEvent
  | LongDataLineEvent
  | LiteralEvent
  | MessageEndEvent
  | InjectedPlaintextEvent
  | GapEvent
  | EndEvent
  | HandshakeEvent
  | MessageGrowthEvent
  | LiteralTextEvent
  | FragmentEvent;

/** Event type of each kind, by its name in `EVENT`. */
export interface EventByName {
  command: CommandEvent;
  partialCommand: CommandEvent;
  reply: ReplyEvent;
  answerLine: AnswerLineEvent;
  authStep: AuthStepEvent;
  login: LoginEvent;
  longDataLine: LongDataLineEvent;
  literal: LiteralEvent;
  messageEnd: MessageEndEvent;
  injectedPlaintext: InjectedPlaintextEvent;
  gap: GapEvent;
  end: EndEvent;
  handshake: HandshakeEvent;
  messageGrowth: MessageGrowthEvent;
  literalText: LiteralTextEvent;
  fragment: FragmentEvent;
}

/** Where a dialogue sends its events. */
export interface EventSink {
  emit(event: ProtocolEvent): void;
}
