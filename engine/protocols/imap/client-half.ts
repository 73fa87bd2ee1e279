/**
 * The client's half of an IMAP dialogue: lines, literals that must wait and
 * those that need not (RFC 7888), responses of an AUTHENTICATE exchange, and what
 * follows STARTTLS and COMPRESS. What the lines mean is in `commands.ts`.
 */
import { KNOWLEDGE, TO_CLIENT, TO_SERVER } from '../events.js';
import type { PacketPosition } from '../dialogue.js';
import type { ConnectionFacts } from '../facts.js';
import type { HeldOctets } from '../mailbox/held-octets.js';
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
  /** Made for the first literal. */
  private literal: ClientLiteral | null = null;
  private wait: number = WAIT.nothing;
  private answerLost = false;
  private waitSerial = 0;

  constructor(private readonly conversation: ImapConversation) {
    this.commands = new ImapCommands(conversation);
  }

  data(buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { conversation } = this;
    for (let at = start; at < end;) {
      const { tls } = conversation;
      at =
        this.wait !== WAIT.nothing || conversation.compressed || (tls !== null && tls.changesClient)
          ? this.readSlowly(buffer, at, end, offset + at - start)
          : this.step(buffer, at, end, offset + at - start);
    }
    if (conversation.client.hasBegun && this.wait === WAIT.nothing) this.reportPartial();
  }

  /** What comes when not all is lines and literals; returns the position behind what was consumed. */
  private readSlowly(buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { conversation } = this;
    const { handover, facts, position } = conversation;
    if (handover.isOpaque(TO_SERVER)) handover.push(TO_SERVER, buffer, start, end);
    else if (conversation.compressed || handover.overran) return end;
    else if (handover.isWaiting && (!this.isUnanswerable() || handover.isSamePacket))
      handover.hold(buffer, start, end, offset);
    else if (handover.isWaiting) {
      this.resolveHandover(buffer, start, offset);
      return start;
    } else if (this.wait === WAIT.nothing) return this.step(buffer, start, end, offset);
    else return this.holdBack(handover.held, buffer, start, end, offset, facts, position);
    return end;
  }

  /** Octets behind a literal's mark, or behind COMPRESS. */
  private holdBack(
    held: HeldOctets,
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    facts: ConnectionFacts,
    position: PacketPosition,
  ): number {
    let at = start;
    if (!this.isUnanswerable()) at = held.add(buffer, start, end, offset, facts, position);
    if (this.isUnanswerable() || (held.overflowed && this.wait === WAIT.literal)) this.assume();
    // Nobody compresses before the server agreed, so these are lines.
    else if (held.overflowed) this.settleWaiting();
    return at;
  }

  /** Client octets are missing: `lengthBytes` of them, up to stream offset `behind`. */
  gap(behind: number, lengthBytes: number): void {
    const { conversation } = this;
    if (conversation.tls?.awaitsHello) return conversation.tls.becomeOpaque(TO_SERVER, behind);
    this.settle();
    if (conversation.tls?.isOpaque(TO_SERVER) || conversation.compressed) return;
    const { literal } = this;
    if (literal !== null && literal.skip(lengthBytes)) {
      if (conversation.facts.knowledge > KNOWLEDGE.resynced) conversation.facts.knowledge = KNOWLEDGE.resynced;
      if (literal.left === 0) literal.finish();
      return;
    }
    this.goOnBehindLoss();
  }

  private goOnBehindLoss(): void {
    const { conversation } = this;
    this.literal?.cutOff();
    this.wait = WAIT.nothing;
    this.endPartial();
    conversation.client.abandon();
    conversation.client.afterGap = true;
    conversation.loseTrack();
  }

  /** No more octets. */
  end(): void {
    this.settle();
    this.literal?.cutOff();
    if (!this.conversation.tls?.isOpaque(TO_SERVER)) this.endPartial();
  }

  /** True while a literal was announced and the server has not said `+`. */
  get awaitsContinuation(): boolean {
    return this.wait === WAIT.literal;
  }

  /** Verb of the command being put together, -1 when there is none. */
  get openVerb(): number {
    return this.commands.open === null ? -1 : this.commands.open.verb;
  }

  /** Transcript number of that command's first line, 0 when there is none. */
  get openLine(): number {
    return this.commands.open === null ? 0 : this.commands.open.lineNumber(this.conversation.client);
  }

  /** The server sent `+`: the waiting literal may come. */
  continueLiteral(): void {
    this.stopWaiting();
    this.beginLiteral();
    this.resumeHeld();
  }

  /** Before a completion with this serial number is told: the command that waits for `+` is over with it. */
  beforeCompletion(serial: number): void {
    const { open } = this.commands;
    if (this.wait === WAIT.literal && open !== null && open.serial === serial) this.commands.refuse();
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
    this.conversation.tls?.loseAnswer();
  }

  /** Held octets are read at last; stops where one of them makes the rest wait again. */
  resumeHeld(): void {
    const { client, tls } = this.conversation;
    if (tls === null) return;
    while (!tls.isWaiting && this.wait === WAIT.nothing) {
      const line = tls.held.shift();
      if (line === undefined) break;
      if (this.literal !== null && this.literal.left > 0) this.literal.resume(line.line, line, line.offset);
      else if (!client.hasBegun) client.resume(line.line, line.timeUs, line.packet);
      for (let at = line.start; at < line.end;)
        at = this.step(tls.held.octets, at, line.end, line.offset + at - line.start);
    }
    if (tls.forgetOverrun()) this.goOnBehindLoss();
  }

  /** Reads one line or a piece of a literal; returns the position behind it. */
  private step(buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { conversation, literal } = this;
    if (literal !== null && literal.left > 0) {
      const at = literal.take(buffer, start, end, offset);
      if (literal.left === 0) literal.finish();
      return at;
    }
    const { client, tls } = conversation;
    if (tls !== null && tls.awaitsHello && !client.hasBegun && tls.startsTls(buffer[start] as number)) {
      tls.becomeOpaque(TO_SERVER, offset);
      return start;
    }
    const at = client.next(buffer, start, end, offset, conversation.facts, conversation.position);
    if (!client.current.isWhole) return at;
    this.takeLine();
    client.finish();
    return at;
  }

  private takeLine(): void {
    const { conversation, commands } = this;
    const { client, tls } = conversation;
    if (tls !== null && tls.awaitsHello) return tls.lateLine(client);
    if (conversation.inExchange && this.isResponse()) return commands.takeResponse();
    const mark = commands.takeFragment();
    if (mark !== null) this.openLiteral(mark.announced, mark.nonSynchronizing);
    else if (commands.lastVerb === VERB.COMPRESS) this.startWaiting(WAIT.compress, commands.lastSerial);
  }

  private openLiteral(bytes: number, nonSynchronizing: boolean): void {
    const { open } = this.commands;
    if (open === null) return;
    this.literal ??= new ClientLiteral(this.conversation, open);
    this.literal.announce(bytes, open);
    if (nonSynchronizing) this.beginLiteral();
    else this.startWaiting(WAIT.literal, open.serial);
  }

  private beginLiteral(): void {
    const { literal } = this;
    if (literal === null) return;
    literal.begin();
    if (literal.left === 0) literal.finish();
  }

  private startWaiting(what: number, serial: number): void {
    this.wait = what;
    this.waitSerial = serial;
    this.answerLost = false;
  }

  private stopWaiting(): void {
    this.wait = WAIT.nothing;
    const { tls } = this.conversation;
    if (tls !== null) tls.held.overflowed = false;
  }

  /** True when no answer can be waited for. */
  private isUnanswerable(): boolean {
    const { conversation } = this;
    const { tls } = conversation;
    return (tls?.isWaiting ? tls.answerLost : this.answerLost) || conversation.isMissing(TO_CLIENT);
  }

  /** Nobody says whether it may come: then a client that goes on was asked to. */
  private assume(): void {
    if (this.wait === WAIT.literal) return this.continueLiteral();
    this.stopWaiting();
    this.conversation.beginCompression();
  }

  private endPartial(): void {
    const isResponse = this.conversation.client.peekPartial() && this.isResponse();
    this.commands.endPartial(isResponse);
  }

  /** The conversation has a hole or ends: whatever waits is read as it is. */
  private settle(): void {
    const { tls } = this.conversation;
    if (tls === null) return;
    while (tls.isWaiting || (this.wait !== WAIT.nothing && !tls.held.isEmpty)) {
      if (tls.isWaiting) {
        tls.resolveUnknown();
        this.resumeHeld();
      } else this.settleWaiting();
    }
  }

  /** Octets behind a literal's mark that nobody ever asked for are commands (PROTECTIONS 1.3). */
  private settleWaiting(): void {
    if (this.wait === WAIT.literal) this.commands.refuse();
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
    const { buffer, start, end } = conversation.client.current;
    if (this.commands.isCommand(buffer, start, end)) return false;
    if (!conversation.exchange.attempted && !conversation.isMissing(TO_CLIENT)) return true;
    return (end - start === 1 && buffer[start] === STAR) || looksLikeBase64(buffer, start, end, 4);
  }

  private reportPartial(): void {
    const { conversation, commands } = this;
    const { client, tls } = conversation;
    if (conversation.compressed || (tls !== null && tls.changesClient)) return;
    const joined = commands.open === null ? 0 : commands.open.lengthBytes;
    if (!client.shouldReportPartial(PARTIAL_BYTES - joined) || !client.peekPartial()) return;
    // What nobody asked for is told apart only when it is whole.
    if (conversation.inExchange && !conversation.challenged) return;
    commands.reportPartial(conversation.inExchange);
  }
}
