/**
 * AUTH as it happens on the line (RFC 4954, PROTECTIONS 1.1.7). In: the AUTH
 * command, the lines that may be responses, the replies. Out: authStep and login
 * events, and the facts about the user. The exchange itself is `sasl/`.
 */
import { KNOWLEDGE, type LoginEvent } from '../events.js';
import { ConnectionFacts } from '../facts.js';
import { typedSecretStart } from '../typed-login.js';
import { base64DecodedLength, decodeBase64, looksLikeBase64, mayBeStrayResponse } from '../sasl/base64.js';
import { SaslExchange } from '../sasl/exchange.js';
import type { Conversation } from './conversation.js';
import { emitAuthStep, emitLogin } from './emitter.js';
import { isCompleteCommand, skipBlanks, wordEnd, type CommandParts } from './grammar.js';
import type { Line } from './line.js';
import { STATE } from './state.js';
import { VERB } from './verbs.js';

/** A response that nobody asked for, and that is short, may as well be a word. */
const LIKELY_RESPONSE_BYTES = 8;

export function isAuthVerb(verb: number): boolean {
  return verb === VERB.AUTH || verb === VERB['X-EXPS'] || verb === VERB.XAUTH;
}

/** Start of the initial response of an AUTH line, or -1. Also marks it as secret. */
export function markInitialResponse(line: Line, parts: CommandParts): number {
  const mechanism = skipBlanks(line.buffer, parts.argumentStart, line.end);
  const start = skipBlanks(line.buffer, wordEnd(line.buffer, mechanism, line.end), line.end);
  if (start >= line.end) return -1;
  line.markSecret(start, line.end, 'response');
  return start;
}

export class Authentication {
  readonly exchange = new SaslExchange();
  /** From the AUTH command to its final reply. */
  pending = false;
  /** Challenges (334) that the client has not answered; below 0, answers that came before their challenge. */
  private due = 0;
  private outcomeDue = false;

  constructor(private readonly conversation: Conversation) {}

  /** An AUTH command was sent; its event is out already. */
  begin(line: Line, parts: CommandParts, responseStart: number): void {
    this.outcomeUnknown(line);
    const { buffer, end } = line;
    const mechanism = skipBlanks(buffer, parts.argumentStart, end);
    this.exchange.begin(buffer, mechanism, wordEnd(buffer, mechanism, end));
    this.pending = true;
    this.due = 0;
    if (responseStart !== -1) this.respond(line, responseStart, true);
  }

  /** A challenge came whose AUTH command was not seen. */
  beginUnseen(line: Line): void {
    this.exchange.begin(line.buffer, line.start, line.start);
    this.pending = true;
    this.due = 0;
  }

  challenged(): void {
    this.due++;
  }

  /**
   * Is this client line a response? After a challenge always. Before one (sent too early, or the
   * server's side is missing) unless it is certainly a command.
   */
  expects(line: Line, parts: CommandParts): boolean {
    if (!this.pending) return false;
    if (this.due > 0) return true;
    if (isCompleteCommand(line.buffer, parts, line.end)) return false;
    if (!this.conversation.oneSided) return true;
    // Of an unfinished line, whole groups of four can be judged.
    const end = line.terminator === 'none' ? line.end - ((line.end - line.start) % 4) : line.end;
    return parts.verb === VERB.none && base64DecodedLength(line.buffer, line.start, end) !== -1;
  }

  /** Takes a response line. */
  takeResponse(line: Line): void {
    this.due--;
    const isCancel = line.end - line.start === 1 && line.buffer[line.start] === 0x2a;
    if (!isCancel) line.markSecret(line.start, line.end, 'response');
    this.conversation.showLine(line, 'auth');
    this.respond(line, line.start, false);
    // Without the server's side nobody says when it is over: PLAIN and LOGIN are when their words are said.
    const { mechanism, attempted } = this.exchange;
    if (this.conversation.oneSided && attempted && (mechanism === 'PLAIN' || mechanism === 'LOGIN'))
      this.outcomeUnknown(line);
  }

  /** A response that has no line end so far. */
  reportPartial(line: Line, responseStart: number, initial: boolean): void {
    const { buffer, end } = line;
    line.markSecret(responseStart, end, 'response');
    const usable = end - ((end - responseStart) % 4);
    const responseBytes = line.lengthBytes - (responseStart - line.start);
    const decoded = decodeBase64(buffer, responseStart, usable);
    const step = initial ? 1 : this.exchange.step + 1;
    const { mechanism } = this.exchange;
    emitAuthStep(this.conversation, line, mechanism, initial, step, responseStart, responseBytes, decoded, true);
  }

  /** The final reply; its own event is out already. */
  answered(line: Line, code: number): void {
    const { facts } = this.conversation;
    const accepted = code >= 200 && code < 300;
    this.pending = false;
    if (accepted) {
      facts.authenticated = 'yes';
      this.rememberUser();
    }
    if (this.outcomeDue) this.outcome(line, accepted ? 'yes' : 'no');
    if (!accepted && this.exchange.attempted) facts.failedLogins++;
  }

  /** Nobody will say how it ended: the conversation went on, or is over. */
  outcomeUnknown(line: Line): void {
    this.pending = false;
    if (this.conversation.oneSided && this.conversation.confirmed === STATE.auth) {
      this.conversation.confirm(STATE.ready);
      this.conversation.sent = STATE.ready;
    }
    if (!this.outcomeDue) return;
    if (this.conversation.facts.authenticated !== 'yes') this.conversation.facts.authenticated = 'unknown';
    this.conversation.speakFor(STATE.auth);
    this.outcome(line, 'unknown');
    this.conversation.speakFor(this.conversation.sent);
  }

  /** Client octets are missing: where the exchange stands is not known. */
  forget(): void {
    this.pending = false;
  }

  private respond(line: Line, start: number, initial: boolean): void {
    const { conversation, exchange } = this;
    if (!initial) conversation.speakFor(STATE.auth);
    const attempted = exchange.respond(line.buffer, start, line.end, initial, line.omittedBytes);
    const responseBytes = line.end - start + line.omittedBytes;
    const step = exchange.step;
    emitAuthStep(conversation, line, exchange.mechanism, initial, step, start, responseBytes, exchange.decoded, false);
    if (!attempted) return;
    if (conversation.facts.authenticated !== 'yes') this.rememberUser();
    this.outcomeDue = true;
    emitLogin(conversation, line, 'attempt', exchange, 'unknown', conversation.facts.failedLogins);
  }

  private outcome(line: Line, accepted: LoginEvent['accepted']): void {
    const { conversation } = this;
    this.outcomeDue = false;
    emitLogin(conversation, line, 'outcome', this.exchange, accepted, conversation.facts.failedLogins);
  }

  private rememberUser(): void {
    const { facts } = this.conversation;
    const { user, mechanism } = this.exchange;
    facts.authMechanism = mechanism;
    if (user !== null) facts.user = ConnectionFacts.keep(user, 0, user.length);
  }
}

/** `PASS secret`, `AUTH=PLAIN ...` and the like: lines of other protocols, and of people who type. */
function maskTypedLogin(line: Line): void {
  const start = typedSecretStart(line.buffer, line.start, line.end);
  if (start !== -1) line.markSecret(start, line.end, 'password');
}

/** In an unknown state, a line that is nothing but base64 may be a password: it is masked, and so is a login that is typed. */
export function maskLoneResponse(line: Line, knowledge: number): void {
  maskTypedLogin(line);
  if (knowledge >= KNOWLEDGE.resynced) return;
  if (looksLikeBase64(line.buffer, line.start, line.end, LIKELY_RESPONSE_BYTES)) {
    line.markSecret(line.start, line.end, 'response');
  }
}

/** Masks a line that is no command and may be a login, or a response to a challenge that the server took back. */
export function maskStraySecret(auth: Authentication | null, line: Line): void {
  maskTypedLogin(line);
  if (auth === null || auth.exchange.mechanism === '') return;
  if (mayBeStrayResponse(line.buffer, line.start, line.end)) line.markSecret(line.start, line.end, 'response');
}
