/**
 * What client lines mean in IMAP: commands put together from their fragments,
 * the literals they announce, credentials (RFC 9051 6.2, RFC 4959).
 */
import { EVENT, KNOWLEDGE, TO_CLIENT } from '../events.js';
import { terminatorBytes, textBytes } from '../mailbox/speaker.js';
import { decodeBase64, looksLikeBase64, mayBeStrayResponse } from '../sasl/base64.js';
import { CommandAssembly } from './assembly.js';
import { secretStart } from './command-secrets.js';
import type { ImapConversation } from './conversation.js';
import { CommandLine, IMAP_VERBS, skipBlanks, VERB, wordEnd } from './grammar.js';
import { countArguments, isInsideQuotes, LiteralMark } from './literal.js';
import { copyOctets } from '../../octets.js';

const STAR = 0x2a;

export class ImapCommands {
  readonly assembly = new CommandAssembly();
  /** Verb and serial number of the command that was completed by the last fragment; -1 and 0 when none was. */
  lastVerb = -1;
  lastSerial = 0;
  /** A literal with a credential was refused; its octets may come all the same. Until the next command. */
  private literalRefused = false;
  private readonly mark = new LiteralMark();
  private readonly probe = new CommandLine();

  constructor(private readonly conversation: ImapConversation) {}

  /** Is the line certainly a command: a tag and a known verb, or DONE? */
  isCommand(buffer: Uint8Array, start: number, end: number): boolean {
    this.probe.parse(buffer, start, end);
    return this.probe.verb !== -1;
  }

  /** Takes a line of a command. Returns the mark when literal octets follow, null when the command is complete. */
  takeFragment(): LiteralMark | null {
    const { assembly, conversation, mark } = this;
    const { client } = conversation;
    const { buffer, start, end } = client.framer;
    this.lastVerb = -1;
    this.lastSerial = 0;
    const isFirst = !assembly.isOpen;
    if (isFirst) this.open();
    else assembly.addFragment(client);
    const from = isFirst ? assembly.line.argumentStart : start;
    const marked =
      (!isFirst || assembly.line.verbEnd > assembly.line.verbStart) &&
      mark.read(buffer, from, end) &&
      !isInsideQuotes(buffer, from, mark.start);
    this.readArguments(isFirst, from, marked ? mark.start : end);
    this.showFragment(isFirst);
    if (!isFirst) this.tellFragment();
    if (marked) {
      this.tellLiteral();
      if (mark.isUsable) {
        assembly.keepFirst(client);
        return mark;
      }
    }
    this.complete(true);
    return null;
  }

  /** The open command is over: with its last fragment, or because the server refused a literal. */
  complete(whole: boolean): void {
    const { assembly, conversation } = this;
    const { facts } = conversation;
    const { verb } = assembly;
    this.emitCommand(false);
    if (!whole) this.literalRefused = verb === VERB.LOGIN || verb === VERB.AUTHENTICATE;
    const counts = verb !== -1 || facts.knowledge !== KNOWLEDGE.unknown;
    if (counts && verb !== VERB.DONE) facts.commands++;
    if (counts && whole) this.actOn(verb);
    if (verb === VERB.DONE) conversation.stopIdling();
    else if (counts && whole) conversation.noteSent(verb);
    this.lastVerb = verb;
    this.lastSerial = assembly.serial;
    assembly.close();
  }

  /** A response line of AUTHENTICATE. */
  takeResponse(): void {
    const { conversation } = this;
    const { exchange, speaker, ledger, client, outstanding } = conversation;
    const { buffer, start, end } = client.framer;
    conversation.challenged = false;
    this.lastVerb = -1;
    const isCancel = end - start === 1 && buffer[start] === STAR;
    speaker.wire(client, 'auth', start, end, isCancel ? '' : 'response');
    const attempted = exchange.respond(buffer, start, end, false, textBytes(client) - (end - start));
    if (exchange.cancelled) return;
    this.emitStep(false, exchange.step, start, end, exchange.decoded, false);
    if (!attempted) return;
    const login = ledger.attemptSasl(client, exchange, start, end);
    const slot = outstanding.findVerb(VERB.AUTHENTICATE);
    if (slot !== null) slot.login = login;
  }

  /** A line without its end, at the end of a chunk: the framer shows what there is. */
  reportPartial(isResponse: boolean): void {
    if (isResponse) this.reportPartialResponse();
    else this.emitPartial();
  }

  /** What has begun will not be completed: says what there is of it. */
  endPartial(isResponse: boolean): void {
    const { conversation, assembly } = this;
    const { client, speaker, handover } = conversation;
    const hasLine = client.framer.peekPartial();
    if (!hasLine && !assembly.isOpen) return;
    if (hasLine && handover.awaitsHello) handover.lateLine(client);
    else if (hasLine && isResponse) {
      speaker.wire(client, 'auth', client.framer.start, client.framer.end, 'response');
      this.reportPartialResponse();
    } else this.endCommand(hasLine);
    assembly.close();
    client.abandon();
  }

  private endCommand(hasLine: boolean): void {
    const { assembly, conversation } = this;
    const { start, end } = conversation.client.framer;
    const isFirst = !assembly.isOpen;
    if (hasLine && !isFirst) {
      this.readArguments(false, start, end);
      this.showFragment(false);
      this.tellFragment();
    }
    this.emitPartial();
    if (isFirst) this.showFragment(true);
  }

  private open(): void {
    const { assembly, conversation } = this;
    const { client, outstanding, facts, context } = conversation;
    assembly.begin(client);
    const { buffer, start, end } = client.framer;
    const { line } = assembly;
    const known = line.verb !== -1;
    if (known && outstanding.size > 0 && context.isMissing(TO_CLIENT) && line.verb !== VERB.DONE)
      conversation.inferAcceptance(line.verb);
    if (known) conversation.noteVerb(line.verb);
    const from = secretStart(line, buffer, end);
    if (from !== -1) this.markSecret(from, end, line.verb === VERB.LOGIN ? 'password' : 'response');
    else if (!known && this.mayBeSecret()) this.markSecret(start, end, 'response');
    if (known) this.literalRefused = false;
    assembly.serial = 0;
    if (line.verb === VERB.DONE || (!known && facts.knowledge === KNOWLEDGE.unknown)) return;
    assembly.serial = outstanding.add(buffer, line.tagStart, line.tagEnd, line.verb, client.line).serial;
  }

  /**
   * What is no command may be the rest of a credential: of a literal that the server refused, of an
   * exchange that it ended, or of a line that began in a gap.
   */
  private mayBeSecret(): boolean {
    const { client, facts, exchange } = this.conversation;
    const { buffer, start, end } = client.framer;
    if (this.literalRefused) return true;
    if (exchange.mechanism !== '' && mayBeStrayResponse(buffer, start, end)) return true;
    return facts.knowledge === KNOWLEDGE.unknown && (client.afterGap || looksLikeBase64(buffer, start, end, 4));
  }

  private markSecret(start: number, end: number, label: string): void {
    const { assembly } = this;
    assembly.secretStart = start;
    assembly.secretEnd = end;
    assembly.secretLabel = label;
  }

  /** Counts arguments up to `end`; LOGIN's are collected. */
  private readArguments(isFirst: boolean, start: number, end: number): void {
    const { assembly, conversation } = this;
    const { buffer } = conversation.client.framer;
    if (assembly.verb === VERB.LOGIN) {
      const { login } = assembly;
      const omitted =
        textBytes(conversation.client) - (conversation.client.framer.end - conversation.client.framer.start);
      login.fragment(buffer, start, end, omitted);
      if (isFirst) {
        assembly.userStart = login.user.start;
        assembly.userEnd = login.user.end;
        assembly.passwordStart = login.password.start;
        assembly.passwordEnd = login.password.end;
      }
      return;
    }
    if (end < conversation.client.framer.end) assembly.arguments += countArguments(buffer, start, end) + 1;
  }

  private showFragment(isFirst: boolean): void {
    const { assembly, conversation } = this;
    const { speaker, client } = conversation;
    if (conversation.context.wire === null) return;
    if (isFirst) return speaker.wire(client, 'command', assembly.secretStart, assembly.secretEnd, assembly.secretLabel);
    const from = this.fragmentSecret();
    speaker.wire(client, 'command', from, client.framer.end, from === -1 ? '' : this.fragmentLabel);
  }

  /** Where the credential in a further line begins; -1 when there is none. */
  private fragmentSecret(): number {
    const { assembly, conversation } = this;
    // What belongs to a command that nobody knows may be credentials, too.
    if (assembly.verb !== VERB.LOGIN) return assembly.secretLabel === '' ? -1 : conversation.client.framer.start;
    const { password, count } = assembly.login;
    if (password.start !== -1) return password.start;
    // Behind the password there may be more of it: a literal of wrong length, or a password with blanks.
    return count < 2 ? -1 : conversation.client.framer.start;
  }

  private get fragmentLabel(): string {
    return this.assembly.verb === VERB.LOGIN ? 'password' : this.assembly.secretLabel;
  }

  private tellFragment(): void {
    const { assembly, conversation } = this;
    const { fragment } = conversation.speaker.events;
    conversation.speaker.fill(fragment, conversation.client);
    const from = this.fragmentSecret();
    if (from !== -1) {
      fragment.secretStart = from;
      fragment.secretEnd = fragment.end;
      fragment.secretLabel = this.fragmentLabel;
    }
    fragment.verb = assembly.verb === -1 ? '' : (IMAP_VERBS.names[assembly.verb] as string);
    conversation.speaker.emit(fragment);
  }

  private tellLiteral(): void {
    const { assembly, conversation, mark } = this;
    const { literal } = conversation.speaker.events;
    conversation.speaker.fill(literal, conversation.client);
    if (assembly.fragments === 1) {
      literal.secretStart = assembly.secretStart;
      literal.secretEnd = assembly.secretEnd;
      literal.secretLabel = assembly.secretLabel;
    }
    literal.verb = assembly.verb === -1 ? '' : (IMAP_VERBS.names[assembly.verb] as string);
    literal.announced = mark.announced;
    literal.nonSynchronizing = mark.nonSynchronizing;
    literal.argument = assembly.verb === VERB.LOGIN ? assembly.login.count + 1 : assembly.arguments;
    conversation.speaker.emit(literal);
  }

  private emitCommand(partial: boolean): void {
    const { assembly, conversation } = this;
    const { speaker, client } = conversation;
    const event = speaker.events.command;
    speaker.fill(event, client);
    assembly.fill(event);
    event.kind = partial ? EVENT.partialCommand : EVENT.command;
    event.verb = assembly.line.verb === -1 ? '' : (IMAP_VERBS.names[assembly.line.verb] as string);
    speaker.emit(event);
  }

  private actOn(verb: number): void {
    const { conversation, assembly } = this;
    switch (verb) {
      case VERB.LOGIN:
        return this.tryLogin();
      case VERB.AUTHENTICATE:
        if (assembly.fragments === 1) this.beginExchange();
        return;
      case VERB.STARTTLS:
        conversation.handover.begin(conversation.client);
    }
  }

  private tryLogin(): void {
    const { conversation, assembly } = this;
    const { user, password, count } = assembly.login;
    if (count < 2) return;
    const { ledger, client, outstanding } = conversation;
    const event = ledger.prepare(client, 'LOGIN');
    assembly.place(event);
    event.lengthBytes = assembly.lengthBytes;
    event.user = copyOctets(user.value);
    event.userBytes = user.bytes;
    event.password = copyOctets(password.value);
    event.passwordBytes = password.bytes;
    event.userStart = assembly.userStart === -1 ? event.start : assembly.userStart;
    event.userEnd = assembly.userStart === -1 ? event.start : assembly.userEnd;
    event.passwordStart = assembly.passwordStart === -1 ? event.start : assembly.passwordStart;
    event.passwordEnd = assembly.passwordStart === -1 ? event.start : assembly.passwordEnd;
    event.secretStart = assembly.secretStart;
    event.secretEnd = assembly.secretEnd;
    event.secretLabel = assembly.secretLabel;
    const login = ledger.attempt(event);
    const slot = outstanding.bySerial(assembly.serial);
    if (slot !== null) slot.login = login;
  }

  private beginExchange(): void {
    const { conversation, assembly } = this;
    const { exchange, ledger, client, outstanding } = conversation;
    const { buffer, start, end } = client.framer;
    const name = skipBlanks(buffer, assembly.line.argumentStart, end);
    const nameEnd = wordEnd(buffer, name, end);
    const response = skipBlanks(buffer, nameEnd, end);
    conversation.inExchange = true;
    conversation.challenged = false;
    exchange.begin(buffer, name, nameEnd);
    if (response >= end) return;
    const attempted = exchange.respond(buffer, response, end, true, textBytes(client) - (end - start));
    this.emitStep(true, exchange.step, response, end, exchange.decoded, false);
    const slot = outstanding.bySerial(assembly.serial);
    if (attempted && slot !== null) slot.login = ledger.attemptSasl(client, exchange, response, end);
  }

  private emitStep(
    initial: boolean,
    step: number,
    start: number,
    end: number,
    decoded: Uint8Array | null,
    partial: boolean,
  ): void {
    const { exchange, speaker, client } = this.conversation;
    const event = speaker.events.authStep;
    speaker.fill(event, client);
    event.mechanism = exchange.mechanism;
    event.initial = initial;
    event.step = step;
    event.responseStart = event.secretStart = start;
    event.responseEnd = event.secretEnd = end;
    event.secretLabel = 'response';
    event.responseBytes = event.lengthBytes - terminatorBytes(event.terminator) - (start - event.start);
    event.decoded = decoded;
    event.partial = partial;
    speaker.emit(event);
    event.decoded = null;
  }

  /** Measures a growing response without counting it as one. */
  private reportPartialResponse(): void {
    const { buffer, start, end } = this.conversation.client.framer;
    const decoded = decodeBase64(buffer, start, end - ((end - start) % 4));
    this.emitStep(false, this.conversation.exchange.step + 1, start, end, decoded, true);
  }

  /** A command without its end: its first line, and the length so far. */
  private emitPartial(): void {
    const { assembly, conversation } = this;
    const { client } = conversation;
    if (assembly.isOpen) {
      const before = assembly.lengthBytes;
      assembly.lengthBytes += client.framer.partialBytes;
      this.emitCommand(true);
      assembly.lengthBytes = before;
      return;
    }
    const { buffer, end } = client.framer;
    assembly.begin(client);
    const { line } = assembly;
    const from = secretStart(line, buffer, end);
    if (from !== -1) this.markSecret(from, end, line.verb === VERB.LOGIN ? 'password' : 'response');
    else if (line.verb === -1 && (conversation.facts.knowledge === KNOWLEDGE.unknown || this.mayBeSecret()))
      this.markSecret(client.framer.start, end, 'response');
    this.emitCommand(true);
    assembly.close();
  }
}
