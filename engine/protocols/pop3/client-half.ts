/**
 * The client's half of a POP3 dialogue: command lines, responses of an AUTH
 * exchange (RFC 5034), credentials, and what follows STLS.
 */
import { EVENT, KNOWLEDGE, TO_CLIENT, TO_SERVER } from '../events.js';
import { copyCredential } from '../mailbox/login-ledger.js';
import type { TlsHandover } from '../mailbox/tls-handover.js';
import { textBytes } from '../mailbox/speaker.js';
import { decodeBase64, looksLikeBase64, mayBeStrayResponse } from '../sasl/base64.js';
import type { Pop3Conversation } from './conversation.js';
import { answerForm, CommandLine, lastToken, POP3_VERBS, VERB } from './grammar.js';

/** A growing command line is reported beyond this length (RFC 2449 4). */
const PARTIAL_BYTES = 255;
const STAR = 0x2a;

/** The line being read, taken apart; needed no longer than that. */
const parsed = new CommandLine();

export class Pop3Client {
  constructor(private readonly conversation: Pop3Conversation) {}

  data(buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { conversation } = this;
    for (let at = start; at < end;) {
      const { tls } = conversation;
      at =
        tls !== null && tls.changesClient
          ? this.readBehindStls(tls, buffer, at, end, offset + at - start)
          : this.readLine(buffer, at, end, offset + at - start);
    }
    const { client, tls } = conversation;
    if (client.hasBegun && !tls?.changesClient && client.shouldReportPartial(PARTIAL_BYTES)) this.reportPartial();
  }

  /** What comes once STLS was sent; returns the position behind what was consumed. */
  private readBehindStls(tls: TlsHandover, buffer: Uint8Array, start: number, end: number, offset: number): number {
    if (tls.isOpaque(TO_SERVER)) tls.push(TO_SERVER, buffer, start, end);
    else if (tls.isWaiting && !tls.overran && this.isUnanswerable(tls) && !tls.isSamePacket) {
      this.resolveHandover(tls, buffer, start, offset);
      return start;
    } else if (tls.isWaiting && !tls.overran) tls.hold(buffer, start, end, offset);
    else if (!tls.overran) return this.readLine(buffer, start, end, offset);
    return end;
  }

  /** Client octets are missing up to stream offset `behind`. */
  gap(behind: number): void {
    const { tls } = this.conversation;
    if (tls?.awaitsHello) return tls.becomeOpaque(TO_SERVER, behind);
    if (tls?.isWaiting) this.giveUpHandover();
    this.goOnBehindLoss();
  }

  private goOnBehindLoss(): void {
    const { client, conversation } = this;
    this.endPartial();
    client.abandon();
    client.afterGap = true;
    conversation.challenged = conversation.inExchange = false;
    conversation.loseTrack();
  }

  /** No more octets. */
  end(): void {
    while (this.conversation.tls?.isWaiting) this.giveUpHandover();
    this.endPartial();
  }

  /** Held lines are ordinary commands after all; stops where one of them is STLS again. */
  resumeHeld(): void {
    const { client, handover } = this.conversation;
    while (!handover.isWaiting && !handover.held.isEmpty) {
      const line = handover.held.shift();
      if (line === undefined) return;
      client.resume(line.line, line.timeUs, line.packet);
      this.readLine(handover.held.octets, line.start, line.end, line.offset);
    }
    if (handover.forgetOverrun()) this.goOnBehindLoss();
  }

  private get client() {
    return this.conversation.client;
  }

  private readLine(buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { conversation } = this;
    const { client, tls } = conversation;
    if (tls !== null && tls.awaitsHello && !client.hasBegun && tls.startsTls(buffer[start] as number)) {
      tls.becomeOpaque(TO_SERVER, offset);
      return start;
    }
    const at = client.next(buffer, start, end, offset, conversation.facts, conversation.position);
    if (!client.current.isWhole) return at;
    if (tls !== null && tls.awaitsHello) tls.lateLine(client);
    else if (conversation.inExchange && this.isResponse()) this.takeResponse();
    else this.takeCommand();
    client.finish();
    return at;
  }

  /** True when no answer to STLS can be waited for. */
  private isUnanswerable(tls: TlsHandover): boolean {
    return tls.answerLost || this.conversation.isMissing(TO_CLIENT);
  }

  /** The server will not answer STLS: a TLS record is its own proof, anything else an ordinary line. */
  private resolveHandover(tls: TlsHandover, buffer: Uint8Array, start: number, offset: number): void {
    if (tls.held.isEmpty && tls.startsTls(buffer[start] as number)) tls.acceptUnseen(TO_SERVER, offset);
    else this.giveUpHandover();
  }

  private giveUpHandover(): void {
    this.conversation.handover.resolveUnknown();
    this.resumeHeld();
  }

  /** Within an AUTH exchange: a response, unless the client goes on without having been asked. */
  private isResponse(): boolean {
    const { conversation } = this;
    if (!conversation.inExchange) return false;
    if (conversation.challenged) return true;
    const { buffer, start, end } = this.client.current;
    parsed.parse(buffer, start, end);
    if (parsed.verb !== -1) return false;
    if (!conversation.exchange.attempted && !conversation.isMissing(TO_CLIENT)) return true;
    return (end - start === 1 && buffer[start] === STAR) || looksLikeBase64(buffer, start, end, 4);
  }

  private takeResponse(): void {
    const { conversation, client } = this;
    const { exchange, ledger } = conversation;
    const { buffer, start, end } = client.current;
    conversation.challenged = false;
    const isCancel = end - start === 1 && buffer[start] === STAR;
    conversation.wire(client, 'auth', start, end, isCancel ? '' : 'response');
    const attempted = exchange.respond(buffer, start, end, false, textBytes(client) - (end - start));
    if (exchange.cancelled) return;
    this.emitStep(false, exchange.step, start, end, exchange.decoded, false);
    if (attempted) conversation.pending.setLastLogin(ledger.attemptSasl(client, exchange, start, end));
  }

  private emitStep(
    initial: boolean,
    step: number,
    start: number,
    end: number,
    decoded: Uint8Array | null,
    partial: boolean,
  ): void {
    const { conversation, client } = this;
    const { exchange } = conversation;
    const event = conversation.events.authStep;
    conversation.fill(event, client);
    event.mechanism = exchange.mechanism;
    event.initial = initial;
    event.step = step;
    event.responseStart = event.secretStart = start;
    event.responseEnd = event.secretEnd = end;
    event.secretLabel = 'response';
    event.responseBytes = textBytes(client) - (start - event.start);
    event.decoded = decoded;
    event.partial = partial;
    conversation.emit(event);
    event.decoded = null;
  }

  private takeCommand(): void {
    const { conversation, client } = this;
    const { facts, pending } = conversation;
    if (conversation.headUnanswerable) conversation.dropUnanswerable();
    this.parse();
    const known = parsed.verb !== -1;
    if (known && pending.size > 0 && conversation.isMissing(TO_CLIENT)) conversation.inferAcceptance(parsed.verb);
    if (known) conversation.noteVerb(parsed.verb);
    const { end } = client.current;
    const isExchange = parsed.verb === VERB.AUTH && parsed.argumentStart < end;
    const counts = known || facts.knowledge !== KNOWLEDGE.unknown;
    conversation.wire(client, 'command', parsed.secretStart, parsed.secretEnd, parsed.secretLabel);
    if (counts) facts.commands++;
    this.emitCommand(false);
    if (!counts) return;
    pending.push(parsed.verb, client.current.line, answerForm(parsed.verb, parsed.argumentStart < end));
    this.actOn(isExchange);
    conversation.noteSent(parsed.verb, isExchange);
  }

  /** Takes the line apart; a line that may be the tail of something lost, or a late response, is hidden when it is no command. */
  private parse(): void {
    const { conversation, client } = this;
    const { buffer, start, end } = client.current;
    parsed.parse(buffer, start, end);
    if (parsed.verb !== -1) return;
    const isStray = conversation.mechanism !== '' && mayBeStrayResponse(buffer, start, end);
    const isLost = conversation.facts.knowledge === KNOWLEDGE.unknown;
    if (isStray || (isLost && (client.afterGap || looksLikeBase64(buffer, start, end, 4))))
      parsed.mark(start, end, 'response');
  }

  private emitCommand(partial: boolean): void {
    const { conversation, client } = this;
    const event = conversation.events.command;
    conversation.fill(event, client);
    event.kind = partial ? EVENT.partialCommand : EVENT.command;
    event.verb = POP3_VERBS.wordOf(parsed.verb);
    event.verbNumber = POP3_VERBS.numberOf(parsed.verb);
    event.verbStart = parsed.verbStart;
    event.verbEnd = parsed.verbEnd;
    event.argumentStart = parsed.argumentStart;
    event.tagStart = event.tagEnd = event.start;
    event.secretStart = parsed.secretStart;
    event.secretEnd = parsed.secretEnd;
    event.secretLabel = parsed.secretLabel;
    conversation.emit(event);
  }

  private actOn(isExchange: boolean): void {
    const { conversation, client } = this;
    const { buffer, end } = client.current;
    switch (parsed.verb) {
      case VERB.USER:
        conversation.userName = copyCredential(buffer, parsed.argumentStart, end);
        conversation.userBytes = textBytes(client) - (parsed.argumentStart - client.current.start);
        return;
      case VERB.PASS:
        return this.tryPassword();
      case VERB.APOP:
        return this.tryDigest();
      case VERB.STLS:
        conversation.handover.begin(client);
        return;
      case VERB.AUTH:
        if (isExchange) this.beginExchange();
    }
  }

  private tryPassword(): void {
    const { conversation, client } = this;
    const { buffer, start, end } = client.current;
    const login = conversation.ledger.prepare(client, 'PASS');
    login.user = conversation.userName;
    login.userBytes = conversation.userBytes;
    login.password = copyCredential(buffer, parsed.argumentStart, end);
    login.passwordBytes = textBytes(client) - (parsed.argumentStart - start);
    login.passwordStart = login.secretStart = parsed.argumentStart;
    login.passwordEnd = login.secretEnd = end;
    login.secretLabel = 'password';
    conversation.pending.setLastLogin(conversation.ledger.attempt(login));
  }

  /** `APOP name digest`: the name may hold blanks, the digest cannot (RFC 1939 7). */
  private tryDigest(): void {
    const { conversation, client } = this;
    const { buffer, end } = client.current;
    const digest = lastToken(buffer, parsed.argumentStart, end);
    const nameEnd = Math.max(parsed.argumentStart, digest - 1);
    const login = conversation.ledger.prepare(client, 'APOP');
    login.user = copyCredential(buffer, parsed.argumentStart, nameEnd);
    login.userBytes = nameEnd - parsed.argumentStart;
    login.userStart = parsed.argumentStart;
    login.userEnd = nameEnd;
    login.secretStart = parsed.secretStart;
    login.secretEnd = parsed.secretEnd;
    login.secretLabel = parsed.secretLabel;
    conversation.pending.setLastLogin(conversation.ledger.attempt(login));
  }

  private beginExchange(): void {
    const { conversation, client } = this;
    const { exchange, ledger, pending } = conversation;
    const { buffer, end } = client.current;
    conversation.inExchange = true;
    conversation.challenged = false;
    exchange.begin(buffer, parsed.argumentStart, end);
    const { responseStart, responseEnd } = parsed;
    if (responseStart >= responseEnd) return;
    const omitted = textBytes(client) - (end - client.current.start);
    const attempted = exchange.respond(buffer, responseStart, responseEnd, true, omitted);
    this.emitStep(true, exchange.step, responseStart, responseEnd, exchange.decoded, false);
    if (attempted) pending.setLastLogin(ledger.attemptSasl(client, exchange, responseStart, responseEnd));
  }

  private reportPartial(): void {
    const { conversation, client } = this;
    if (!client.peekPartial()) return;
    if (conversation.tls?.awaitsHello) return;
    // What nobody asked for is told apart only when it is whole.
    if (conversation.inExchange && !conversation.challenged) return;
    if (conversation.inExchange) return this.reportPartialResponse();
    this.parse();
    this.emitCommand(true);
  }

  /** Measures a growing response without counting it as one. */
  private reportPartialResponse(): void {
    const { buffer, start, end } = this.client.current;
    const decoded = decodeBase64(buffer, start, end - ((end - start) % 4));
    this.emitStep(false, this.conversation.exchange.step + 1, start, end, decoded, true);
  }

  /** The line will not be completed: says what there is of it. */
  private endPartial(): void {
    const { conversation, client } = this;
    const { tls } = conversation;
    if (tls?.isOpaque(TO_SERVER) || !client.peekPartial()) return;
    const { start, end } = client.current;
    if (tls?.awaitsHello) tls.lateLine(client);
    else if (this.isResponse()) {
      conversation.wire(client, 'auth', start, end, 'response');
      this.reportPartialResponse();
    } else {
      this.parse();
      conversation.wire(client, 'command', parsed.secretStart, parsed.secretEnd, parsed.secretLabel);
      this.emitCommand(true);
    }
    client.finish();
  }
}
