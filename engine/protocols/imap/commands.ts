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

const STAR = 0x2a;
/** Of the line being read; needed no longer than that. */
const mark = new LiteralMark();
const probe = new CommandLine();

export class ImapCommands {
  /** The command being put together; null between commands. */
  open: CommandAssembly | null = null;
  /** Verb and serial number of the command that was completed by the last fragment; -1 and 0 when none was. */
  lastVerb = -1;
  lastSerial = 0;
  /** A literal with a credential was refused; its octets may come all the same. Until the next command. */
  private literalRefused = false;

  constructor(private readonly conversation: ImapConversation) {}

  /** Is the line certainly a command: a tag and a known verb, or DONE? */
  isCommand(buffer: Uint8Array, start: number, end: number): boolean {
    probe.parse(buffer, start, end);
    return probe.verb !== -1;
  }

  /** Takes a line of a command. Returns the mark when literal octets follow, null when the command is complete. */
  takeFragment(): LiteralMark | null {
    const { client } = this.conversation;
    const { buffer, start, end } = client.current;
    this.lastVerb = -1;
    this.lastSerial = 0;
    const isFirst = this.open === null;
    const assembly = this.open ?? this.begin();
    if (!isFirst) assembly.addFragment(client);
    const from = isFirst ? assembly.line.argumentStart : start;
    const marked =
      (!isFirst || assembly.line.verbEnd > assembly.line.verbStart) &&
      mark.read(buffer, from, end) &&
      !isInsideQuotes(buffer, from, mark.start);
    this.readArguments(assembly, isFirst, from, marked ? mark.start : end);
    this.showFragment(assembly, isFirst);
    if (!isFirst) this.tellFragment(assembly);
    if (marked) {
      this.tellLiteral(assembly);
      if (mark.isUsable) {
        assembly.keepFirst(client);
        return mark;
      }
    }
    this.complete(assembly, true);
    return null;
  }

  /** The open command is over because the server refused a literal of it. */
  refuse(): void {
    if (this.open !== null) this.complete(this.open, false);
  }

  /** The command is over: with its last fragment, or because the server refused a literal. */
  private complete(assembly: CommandAssembly, whole: boolean): void {
    const { conversation } = this;
    const { facts } = conversation;
    const { verb } = assembly;
    this.emitCommand(assembly, false);
    if (!whole) this.literalRefused = verb === VERB.LOGIN || verb === VERB.AUTHENTICATE;
    const counts = verb !== -1 || facts.knowledge !== KNOWLEDGE.unknown;
    if (counts && verb !== VERB.DONE) facts.commands++;
    if (counts && whole) this.actOn(assembly, verb);
    if (verb === VERB.DONE) conversation.stopIdling();
    else if (counts && whole) conversation.noteSent(verb);
    this.lastVerb = verb;
    this.lastSerial = assembly.serial;
    this.close(assembly);
  }

  private close(assembly: CommandAssembly): void {
    assembly.close();
    this.open = null;
    CommandAssembly.giveBack(assembly);
  }

  /** A response line of AUTHENTICATE. */
  takeResponse(): void {
    const { conversation } = this;
    const { exchange, ledger, client, outstanding } = conversation;
    const { buffer, start, end } = client.current;
    conversation.challenged = false;
    this.lastVerb = -1;
    const isCancel = end - start === 1 && buffer[start] === STAR;
    conversation.wire(client, 'auth', start, end, isCancel ? '' : 'response');
    const attempted = exchange.respond(buffer, start, end, false, textBytes(client) - (end - start));
    if (exchange.cancelled) return;
    this.emitStep(false, exchange.step, start, end, exchange.decoded, false);
    if (!attempted) return;
    const login = ledger.attemptSasl(client, exchange, start, end);
    const slot = outstanding.findVerb(VERB.AUTHENTICATE);
    if (slot !== null) slot.login = login;
  }

  /** A line without its end, at the end of a chunk: the side shows what there is. */
  reportPartial(isResponse: boolean): void {
    if (isResponse) this.reportPartialResponse();
    else this.emitPartial();
  }

  /** What has begun will not be completed: says what there is of it. */
  endPartial(isResponse: boolean): void {
    const { conversation } = this;
    const { client, tls } = conversation;
    const hasLine = client.peekPartial();
    if (!hasLine && this.open === null) return;
    if (hasLine && tls?.awaitsHello) tls.lateLine(client);
    else if (hasLine && isResponse) {
      conversation.wire(client, 'auth', client.current.start, client.current.end, 'response');
      this.reportPartialResponse();
    } else this.endCommand(hasLine);
    if (this.open !== null) this.close(this.open);
    client.abandon();
  }

  private endCommand(hasLine: boolean): void {
    const { open, conversation } = this;
    if (open === null) return this.tellBegun(true);
    if (hasLine) {
      const { start, end } = conversation.client.current;
      this.readArguments(open, false, start, end);
      this.showFragment(open, false);
      this.tellFragment(open);
    }
    this.tellGrowing(open);
  }

  private begin(): CommandAssembly {
    const { conversation } = this;
    const { client, outstanding, facts } = conversation;
    const assembly = (this.open = CommandAssembly.spare());
    assembly.begin(client);
    const { buffer, start, end } = client.current;
    const { line } = assembly;
    const known = line.verb !== -1;
    if (known && outstanding.size > 0 && conversation.isMissing(TO_CLIENT) && line.verb !== VERB.DONE)
      conversation.inferAcceptance(line.verb);
    if (known) conversation.noteVerb(line.verb);
    const from = secretStart(line, buffer, end);
    if (from !== -1) assembly.markSecret(from, end, line.verb === VERB.LOGIN ? 'password' : 'response');
    else if (!known && this.mayBeSecret()) assembly.markSecret(start, end, 'response');
    if (known) this.literalRefused = false;
    assembly.serial = 0;
    if (line.verb !== VERB.DONE && (known || facts.knowledge !== KNOWLEDGE.unknown))
      assembly.serial = outstanding.add(buffer, line.tagStart, line.tagEnd, line.verb, client.current.line).serial;
    return assembly;
  }

  /**
   * What is no command may be the rest of a credential: of a literal that the server refused, of an
   * exchange that it ended, or of a line that began in a gap.
   */
  private mayBeSecret(): boolean {
    const { client, facts, mechanism } = this.conversation;
    const { buffer, start, end } = client.current;
    if (this.literalRefused) return true;
    if (mechanism !== '' && mayBeStrayResponse(buffer, start, end)) return true;
    return facts.knowledge === KNOWLEDGE.unknown && (client.afterGap || looksLikeBase64(buffer, start, end, 4));
  }

  /** Counts arguments up to `end`; LOGIN's are collected. */
  private readArguments(assembly: CommandAssembly, isFirst: boolean, start: number, end: number): void {
    const { client } = this.conversation;
    const { current } = client;
    if (assembly.verb === VERB.LOGIN) {
      const { login } = assembly;
      login.fragment(current.buffer, start, end, textBytes(client) - (current.end - current.start));
      if (isFirst) assembly.placeCredentials();
      return;
    }
    if (end < current.end) assembly.arguments += countArguments(current.buffer, start, end) + 1;
  }

  private showFragment(assembly: CommandAssembly, isFirst: boolean): void {
    const { conversation } = this;
    const { client } = conversation;
    if (!conversation.isShown) return;
    if (isFirst)
      return conversation.wire(client, 'command', assembly.secretStart, assembly.secretEnd, assembly.secretLabel);
    const from = this.fragmentSecret(assembly);
    conversation.wire(client, 'command', from, client.current.end, from === -1 ? '' : fragmentLabel(assembly));
  }

  /** Where the credential in a further line begins; -1 when there is none. */
  private fragmentSecret(assembly: CommandAssembly): number {
    const { start } = this.conversation.client.current;
    // What belongs to a command that nobody knows may be credentials, too.
    if (assembly.verb !== VERB.LOGIN) return assembly.secretLabel === '' ? -1 : start;
    const { password, count } = assembly.login;
    if (password.start !== -1) return password.start;
    // Behind the password there may be more of it: a literal of wrong length, or a password with blanks.
    return count < 2 ? -1 : start;
  }

  private tellFragment(assembly: CommandAssembly): void {
    const { conversation } = this;
    const { fragment } = conversation.events;
    conversation.fill(fragment, conversation.client);
    const from = this.fragmentSecret(assembly);
    if (from !== -1) {
      fragment.secretStart = from;
      fragment.secretEnd = fragment.end;
      fragment.secretLabel = fragmentLabel(assembly);
    }
    fragment.verb = assembly.verb === -1 ? '' : (IMAP_VERBS.names[assembly.verb] as string);
    conversation.emit(fragment);
  }

  private tellLiteral(assembly: CommandAssembly): void {
    const { conversation } = this;
    const { literal } = conversation.events;
    conversation.fill(literal, conversation.client);
    if (assembly.fragments === 1) {
      literal.secretStart = assembly.secretStart;
      literal.secretEnd = assembly.secretEnd;
      literal.secretLabel = assembly.secretLabel;
    }
    literal.verb = assembly.verb === -1 ? '' : (IMAP_VERBS.names[assembly.verb] as string);
    literal.announced = mark.announced;
    literal.nonSynchronizing = mark.nonSynchronizing;
    literal.argument = assembly.verb === VERB.LOGIN ? assembly.login.count + 1 : assembly.arguments;
    conversation.emit(literal);
  }

  private emitCommand(assembly: CommandAssembly, partial: boolean): void {
    const { conversation } = this;
    const event = conversation.events.command;
    conversation.fill(event, conversation.client);
    assembly.fill(event);
    event.kind = partial ? EVENT.partialCommand : EVENT.command;
    event.verb = IMAP_VERBS.wordOf(assembly.line.verb);
    event.verbNumber = IMAP_VERBS.numberOf(assembly.line.verb);
    conversation.emit(event);
  }

  private actOn(assembly: CommandAssembly, verb: number): void {
    const { conversation } = this;
    switch (verb) {
      case VERB.LOGIN:
        return this.tryLogin(assembly);
      case VERB.AUTHENTICATE:
        if (assembly.fragments === 1) this.beginExchange(assembly);
        return;
      case VERB.STARTTLS:
        conversation.handover.begin(conversation.client);
    }
  }

  private tryLogin(assembly: CommandAssembly): void {
    const { conversation } = this;
    const { user, password, count } = assembly.login;
    if (count < 2) return;
    const { ledger, client, outstanding } = conversation;
    const event = ledger.prepare(client, 'LOGIN');
    assembly.place(event);
    event.lengthBytes = assembly.lengthBytes;
    event.user = user.copy();
    event.userBytes = user.bytes;
    event.password = password.copy();
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

  private beginExchange(assembly: CommandAssembly): void {
    const { conversation } = this;
    const { exchange, ledger, client, outstanding } = conversation;
    const { buffer, start, end } = client.current;
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
    const { conversation } = this;
    const { exchange, client } = conversation;
    const event = conversation.events.authStep;
    conversation.fill(event, client);
    event.mechanism = exchange.mechanism;
    event.initial = initial;
    event.step = step;
    event.responseStart = event.secretStart = start;
    event.responseEnd = event.secretEnd = end;
    event.secretLabel = 'response';
    event.responseBytes = event.lengthBytes - terminatorBytes(event.terminator) - (start - event.start);
    event.decoded = decoded;
    event.partial = partial;
    conversation.emit(event);
    event.decoded = null;
  }

  /** Measures a growing response without counting it as one. */
  private reportPartialResponse(): void {
    const { buffer, start, end } = this.conversation.client.current;
    const decoded = decodeBase64(buffer, start, end - ((end - start) % 4));
    this.emitStep(false, this.conversation.exchange.step + 1, start, end, decoded, true);
  }

  /** A command without its end: its first line, and the length so far. */
  private emitPartial(): void {
    if (this.open === null) this.tellBegun(false);
    else this.tellGrowing(this.open);
  }

  private tellGrowing(assembly: CommandAssembly): void {
    const before = assembly.lengthBytes;
    assembly.lengthBytes += this.conversation.client.partialBytes;
    this.emitCommand(assembly, true);
    assembly.lengthBytes = before;
  }

  /** A first line without its end; shown when no more of it will come. */
  private tellBegun(isOver: boolean): void {
    const { conversation } = this;
    const { client, facts } = conversation;
    const { buffer, start, end } = client.current;
    const assembly = CommandAssembly.spare();
    assembly.begin(client);
    const { line } = assembly;
    const from = secretStart(line, buffer, end);
    if (from !== -1) assembly.markSecret(from, end, line.verb === VERB.LOGIN ? 'password' : 'response');
    else if (line.verb === -1 && (facts.knowledge === KNOWLEDGE.unknown || this.mayBeSecret()))
      assembly.markSecret(start, end, 'response');
    this.emitCommand(assembly, true);
    if (isOver) this.showFragment(assembly, true);
    assembly.close();
    CommandAssembly.giveBack(assembly);
  }
}

function fragmentLabel(assembly: CommandAssembly): string {
  return assembly.verb === VERB.LOGIN ? 'password' : assembly.secretLabel;
}
