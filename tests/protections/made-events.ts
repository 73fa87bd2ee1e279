/**
 * Events made by hand, for tests of the runner and of single checks. In: a line
 * as text (one character an octet) and what differs. Out: an event as a
 * dialogue would send it.
 */
import {
  EVENT,
  KNOWLEDGE,
  TO_CLIENT,
  TO_SERVER,
  type AuthStepEvent,
  type CommandEvent,
  type EndEvent,
  type HandshakeEvent,
  type LoginEvent,
  type OctetsEvent,
  type ReplyEvent,
} from '../../engine/protocols/events.js';
import { ConnectionFacts } from '../../engine/protocols/facts.js';
import type { ConnectionView } from '../../engine/protections/protection.js';
import type { MailProtocol } from '../../shared/session.js';

export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Octets that lie somewhere in a larger buffer, as they do in a packet. */
function line(text: string, number: number): OctetsEvent {
  const padding = 5;
  const buffer = new Uint8Array(text.length + 2 * padding).fill(0x7e);
  buffer.set(octets(text), padding);
  const end = padding + text.length;
  return {
    direction: TO_SERVER,
    timeUs: 1_000_000 + number,
    packet: 10 + number,
    line: number,
    knowledge: KNOWLEDGE.synced,
    state: 'READY',
    buffer,
    start: padding,
    end,
    offset: number * 1000,
    lengthBytes: text.length + 2,
    terminator: 'crlf',
    secretStart: padding,
    secretEnd: padding,
    secretLabel: '',
  };
}

type Differing<T> = Partial<Omit<T, 'kind' | 'buffer' | 'start' | 'end'>>;

export function command(text: string, number: number, differing: Differing<CommandEvent> = {}): CommandEvent {
  const base = line(text, number);
  const space = text.indexOf(' ');
  const verbEnd = base.start + (space === -1 ? text.length : space);
  return {
    ...base,
    kind: EVENT.command,
    protocol: 'smtp',
    verb: text.slice(0, space === -1 ? undefined : space).toUpperCase(),
    verbNumber: -1,
    verbStart: base.start,
    verbEnd,
    argumentStart: Math.min(verbEnd + 1, base.end),
    tagStart: base.start,
    tagEnd: base.start,
    provisional: false,
    ...differing,
  };
}

export function partialCommand(text: string, number: number, differing: Differing<CommandEvent> = {}): CommandEvent {
  const whole = command(text, number, differing);
  return { ...whole, kind: EVENT.partialCommand, terminator: 'none', lengthBytes: text.length };
}

export function reply(text: string, number: number, differing: Differing<ReplyEvent> = {}): ReplyEvent {
  const code = /^\d{3}/.test(text) ? Number(text.slice(0, 3)) : 0;
  const isGood = (code >= 200 && code < 400) || text.startsWith('+OK');
  const isBad = code >= 400 || text.startsWith('-ERR');
  return {
    ...line(text, number),
    direction: TO_CLIENT,
    kind: EVENT.reply,
    protocol: 'smtp',
    code,
    outcome: isGood ? 'ok' : isBad ? 'no' : 'malformed',
    answers: '',
    answersNumber: -1,
    answersLine: number - 1,
    lines: 1,
    codesDiffer: false,
    ...differing,
  };
}

export function authStep(text: string, number: number, differing: Differing<AuthStepEvent> = {}): AuthStepEvent {
  const base = line(text, number);
  return {
    ...base,
    secretEnd: base.end,
    secretLabel: 'response',
    kind: EVENT.authStep,
    protocol: 'smtp',
    mechanism: 'CRAM-MD5',
    initial: false,
    step: 1,
    responseStart: base.start,
    responseEnd: base.end,
    responseBytes: text.length,
    decoded: octets(Buffer.from(text, 'base64').toString('latin1')),
    partial: false,
    ...differing,
  };
}

/** A POP3 login whose event is its PASS line. */
export function login(
  user: string,
  password: string,
  number: number,
  differing: Differing<LoginEvent> = {},
): LoginEvent {
  const base = line(`PASS ${password}`, number);
  return {
    ...base,
    secretStart: base.start + 5,
    secretEnd: base.end,
    secretLabel: 'password',
    kind: EVENT.login,
    protocol: 'pop3',
    phase: 'attempt',
    mechanism: 'PASS',
    user: octets(user),
    password: octets(password),
    userBytes: user.length,
    passwordBytes: password.length,
    accepted: 'unknown',
    failedBefore: 0,
    userStart: base.start,
    userEnd: base.start,
    passwordStart: base.start + 5,
    passwordEnd: base.end,
    ...differing,
  };
}

function place(number: number, protocol: MailProtocol) {
  const { timeUs, packet, knowledge, state } = line('', number);
  return { direction: TO_SERVER, timeUs, packet, line: number, knowledge, state, protocol } as const;
}

export function end(number: number): EndEvent {
  return { ...place(number, 'smtp'), kind: EVENT.end };
}

/** The client's SYN, or the server's answer to it. */
export function handshake(phase: HandshakeEvent['phase'], timeUs: number): HandshakeEvent {
  return { ...line('', 0), kind: EVENT.handshake, phase, timeUs, packet: 1, state: 'CONNECT' };
}

export function connectionView(protocol: MailProtocol, differing: Partial<ConnectionView> = {}): ConnectionView {
  return {
    id: 1,
    startUs: 1_000_000,
    facts: new ConnectionFacts(protocol),
    protocol,
    clientAddress: '198.51.100.7',
    clientPort: 40_000,
    serverAddress: '10.0.0.25',
    serverPort: 25,
    fromStart: true,
    isOneSided: () => false,
    isServerSilent: () => false,
    ...differing,
  };
}
