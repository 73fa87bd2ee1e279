/**
 * The client's half of an IMAP dialogue: lines, literals that must wait and
 * those that need not (RFC 7888), responses of an AUTHENTICATE exchange, and what
 * follows STARTTLS and COMPRESS. What the lines mean is in `commands.ts`.
 */
import { KNOWLEDGE, TO_CLIENT, TO_SERVER } from '../events.js';
import { looksLikeBase64 } from '../sasl/base64.js';
import { ImapCommands } from './commands.js';
import type { ImapConversation } from './conversation.js';
import { ClientLiteral } from './client-literal.js';
import { VERB } from './grammar.js';

/** A growing command is reported beyond this length (RFC 2683 3.2.1.5). */
const PARTIAL_BYTES = 1000;
const STAR = 0x2a;

/** What client octets wait for before they can be read; STARTTLS has its own. */
const WAIT = { nothing: 0, literal: 1, compress: 2 } as const;

export class ImapClient {
  private readonly commands: ImapCommands;
  private readonly literal: ClientLiteral;
  private wait: number = WAIT.nothing;
  private answerLost = false;
  private waitSerial = 0;

  constructor(private readonly conversation: ImapConversation) {
    this.commands = new ImapCommands(conversation);
    this.literal = new ClientLiteral(conversation, this.commands.assembly);
  }

  data(buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { conversation } = this;
    const { handover, context, facts } = conversation;
    for (let at = start; at < end;) {
      if (handover.isOpaque(TO_SERVER)) return handover.push(TO_SERVER, buffer, at, end);
      if (conversation.compressed || handover.overran) return;
      if (handover.isWaiting) {
        if (!this.isUnanswerable() || handover.isSamePacket) return handover.hold(buffer, at, end, offset + at - start);
        this.resolveHandover(buffer, at, offset + at - start);
      } else if (this.wait === WAIT.nothing) at = this.step(buffer, at, end, offset + at - start);
      else {
        if (!this.isUnanswerable())
          at = handover.held.add(buffer, at, end, offset + at - start, facts, context.position);
        if (this.isUnanswerable() || (handover.held.overflowed && this.wait === WAIT.literal)) this.assume();
        // Nobody compresses before the server agreed, so these are lines.
        else if (handover.held.overflowed) this.settleWaiting();
      }
    }
    if (!handover.isWaiting && this.wait === WAIT.nothing) this.reportPartial();
  }

  /** Client octets are missing: `lengthBytes` of them, up to stream offset `behind`. */
  gap(behind: number, lengthBytes: number): void {
    const { conversation } = this;
    const { handover } = conversation;
    if (handover.awaitsHello) return handover.becomeOpaque(TO_SERVER, behind);
    this.settle();
    if (handover.isOpaque(TO_SERVER) || conversation.compressed) return;
    const literalOnly = this.literal.skip(lengthBytes);
    if (literalOnly) {
      if (conversation.facts.knowledge > KNOWLEDGE.resynced) conversation.facts.knowledge = KNOWLEDGE.resynced;
      if (this.literal.left === 0) this.finishLiteral();
      return;
    }
    this.goOnBehindLoss();
  }

  private goOnBehindLoss(): void {
    const { conversation } = this;
    this.literal.cutOff();
    this.wait = WAIT.nothing;
    this.endPartial();
    conversation.client.abandon();
    conversation.client.afterGap = true;
    conversation.loseTrack();
  }

  /** No more octets. */
  end(): void {
    this.settle();
    this.literal.cutOff();
    if (!this.conversation.handover.isOpaque(TO_SERVER)) this.endPartial();
  }

  /** True while a literal was announced and the server has not said `+`. */
  get awaitsContinuation(): boolean {
    return this.wait === WAIT.literal;
  }

  /** Verb of the command being put together, -1 when there is none. */
  get openVerb(): number {
    return this.commands.assembly.verb;
  }

  /** Transcript number of that command's first line. */
  get openLine(): number {
    return this.commands.assembly.lineNumber(this.conversation.client);
  }

  /** The server sent `+`: the waiting literal may come. */
  continueLiteral(): void {
    this.stopWaiting();
    this.literal.begin();
    if (this.literal.left === 0) this.finishLiteral();
    this.resumeHeld();
  }

  /** Before a completion with this serial number is told: the command that waits for `+` is over with it. */
  beforeCompletion(serial: number): void {
    if (this.wait === WAIT.literal && this.commands.assembly.serial === serial) this.commands.complete(false);
  }

  /** Afterwards: what was held back are ordinary lines, or compressed octets. */
  afterCompletion(serial: number): void {
    if (this.wait === WAIT.nothing || serial !== this.waitSerial) return;
    this.stopWaiting();
    if (!this.conversation.compressed) this.resumeHeld();
  }

  /** The answer that the client waits for may be among missing octets. */
  loseAnswer(): void {
    this.answerLost = this.wait !== WAIT.nothing;
    this.conversation.handover.answerLost = this.conversation.handover.isWaiting;
  }

  /** Held octets are read at last; stops where one of them makes the rest wait again. */
  resumeHeld(): void {
    const { client, handover } = this.conversation;
    while (!handover.isWaiting && this.wait === WAIT.nothing) {
      const line = handover.held.shift();
      if (line === undefined) break;
      if (this.literal.left > 0) this.literal.resume(line.line, line, line.offset);
      else if (client.line === 0) client.resume(line.line, line.timeUs, line.packet);
      for (let at = line.start; at < line.end;)
        at = this.step(handover.held.octets, at, line.end, line.offset + at - line.start);
    }
    if (handover.forgetOverrun()) this.goOnBehindLoss();
  }

  /** Reads one line or a piece of a literal; returns the position behind it. */
  private step(buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { conversation } = this;
    const { client, handover } = conversation;
    if (this.literal.left > 0) {
      const at = this.literal.take(buffer, start, end, offset);
      if (this.literal.left === 0) this.finishLiteral();
      return at;
    }
    if (handover.awaitsHello && client.line === 0 && handover.startsTls(buffer[start] as number)) {
      handover.becomeOpaque(TO_SERVER, offset);
      return start;
    }
    client.begin(conversation.facts, conversation.context.position);
    const at = client.framer.next(buffer, start, end, offset);
    if (!client.framer.ready) return at;
    this.takeLine();
    client.finish();
    return at;
  }

  private takeLine(): void {
    const { conversation, commands } = this;
    const { client, handover } = conversation;
    if (handover.awaitsHello) return handover.lateLine(client);
    if (this.isResponse()) return commands.takeResponse();
    const mark = commands.takeFragment();
    if (mark !== null) this.openLiteral(mark.announced, mark.nonSynchronizing);
    else if (commands.lastVerb === VERB.COMPRESS) this.startWaiting(WAIT.compress, commands.lastSerial);
  }

  private openLiteral(bytes: number, nonSynchronizing: boolean): void {
    this.literal.announce(bytes);
    if (!nonSynchronizing) return this.startWaiting(WAIT.literal, this.commands.assembly.serial);
    this.literal.begin();
    if (this.literal.left === 0) this.finishLiteral();
  }

  private finishLiteral(): void {
    this.literal.finish();
  }

  private startWaiting(what: number, serial: number): void {
    this.wait = what;
    this.waitSerial = serial;
    this.answerLost = false;
  }

  private stopWaiting(): void {
    this.wait = WAIT.nothing;
    this.conversation.handover.held.overflowed = false;
  }

  /** True when no answer can be waited for. */
  private isUnanswerable(): boolean {
    const { handover, context } = this.conversation;
    return (handover.isWaiting ? handover.answerLost : this.answerLost) || context.isMissing(TO_CLIENT);
  }

  /** Nobody says whether it may come: then a client that goes on was asked to. */
  private assume(): void {
    if (this.wait === WAIT.literal) return this.continueLiteral();
    this.stopWaiting();
    this.conversation.beginCompression();
  }

  private endPartial(): void {
    const isResponse = this.conversation.client.framer.peekPartial() && this.isResponse();
    this.commands.endPartial(isResponse);
  }

  /** The conversation has a hole or ends: whatever waits is read as it is. */
  private settle(): void {
    const { handover } = this.conversation;
    while (handover.isWaiting || (this.wait !== WAIT.nothing && !handover.held.isEmpty)) {
      if (handover.isWaiting) {
        handover.resolveUnknown();
        this.resumeHeld();
      } else this.settleWaiting();
    }
  }

  /** Octets behind a literal's mark that nobody ever asked for are commands (PROTECTIONS 1.3). */
  private settleWaiting(): void {
    if (this.wait === WAIT.literal && this.commands.assembly.isOpen) this.commands.complete(false);
    this.stopWaiting();
    this.resumeHeld();
  }

  private resolveHandover(buffer: Uint8Array, start: number, offset: number): void {
    const { handover } = this.conversation;
    if (handover.held.isEmpty && handover.startsTls(buffer[start] as number)) {
      handover.acceptUnseen(TO_SERVER, offset);
      return;
    }
    handover.resolveUnknown();
    this.resumeHeld();
  }

  /** Within AUTHENTICATE: a response, unless the client goes on without having been asked. */
  private isResponse(): boolean {
    const { conversation } = this;
    if (!conversation.inExchange) return false;
    if (conversation.challenged) return true;
    const { buffer, start, end } = conversation.client.framer;
    if (this.commands.isCommand(buffer, start, end)) return false;
    if (!conversation.exchange.attempted && !conversation.context.isMissing(TO_CLIENT)) return true;
    return (end - start === 1 && buffer[start] === STAR) || looksLikeBase64(buffer, start, end, 4);
  }

  private reportPartial(): void {
    const { conversation, commands } = this;
    const { client, handover } = conversation;
    if (handover.awaitsHello || client.line === 0) return;
    const joined = commands.assembly.isOpen ? commands.assembly.lengthBytes : 0;
    if (!client.shouldReportPartial(PARTIAL_BYTES - joined) || !client.framer.peekPartial()) return;
    // What nobody asked for is told apart only when it is whole.
    if (conversation.inExchange && !conversation.challenged) return;
    commands.reportPartial(conversation.inExchange);
  }
}
