/**
 * The literal that a client sends: a message is counted and never collected; of
 * any other the first octets are told when it is complete. Octets go to the wire
 * listener as they come.
 */
import type { PacketPosition } from '../dialogue.js';
import { TO_SERVER } from '../events.js';
import { NO_OCTETS } from '../reused-events.js';
import { countDeliveredLineFeeds } from '../text-facts.js';
import type { CommandAssembly } from './assembly.js';
import type { ImapConversation } from './conversation.js';
import { IMAP_VERBS, VERB } from './grammar.js';
import { LiteralText } from './literal-text.js';

export class ClientLiteral {
  /** Octets still to come; 0 between literals. */
  left = 0;
  private announced = 0;
  private lines = 0;
  private line = 0;
  private argument = 0;
  private secretLabel = '';
  private isMessage = false;
  private message = -1;
  private isDamaged = false;
  /** Stream offset behind what came of it. */
  private endOffset = 0;
  private readonly text = new LiteralText();

  constructor(
    private readonly conversation: ImapConversation,
    /** The command that it belongs to, until the literal is over. */
    private assembly: CommandAssembly,
  ) {}

  /** A mark at the end of the client's line announced so many octets; `begin` follows when they may come. */
  announce(bytes: number, assembly: CommandAssembly): void {
    const { current } = this.conversation.client;
    this.assembly = assembly;
    this.announced = bytes;
    this.endOffset = current.offset + current.lengthBytes;
  }

  begin(): void {
    const { assembly } = this;
    this.left = this.announced;
    this.lines = this.line = 0;
    this.isDamaged = false;
    this.argument = assembly.verb === VERB.LOGIN ? assembly.login.literal() : assembly.arguments;
    this.secretLabel = this.labelOfSecret();
    // APPEND mailbox message: the mailbox itself may be a literal (RFC 9051 6.3.12).
    this.isMessage =
      (assembly.verb === VERB.APPEND && this.argument > 1) || (assembly.verb === VERB.REPLACE && this.argument > 2);
    if (this.isMessage) this.message = this.conversation.facts.messages++;
    else this.text.begin();
  }

  /** Its first octet was numbered when it was held back. */
  resume(line: number, position: PacketPosition, offset: number): void {
    if (this.line !== 0) return;
    this.line = line;
    this.text.place(offset, position);
  }

  /** Takes what there is of it; returns the position behind. */
  take(buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { facts, context } = this.conversation;
    const after = end - start > this.left ? start + this.left : end;
    if (this.line === 0) {
      this.line = ++facts.lines;
      this.text.place(offset, context.position);
    }
    this.left -= after - start;
    this.endOffset = offset + after - start;
    if (this.assembly.verb === VERB.LOGIN) this.assembly.login.literalOctets(buffer, start, after);
    if (this.isMessage) this.lines += countDeliveredLineFeeds(buffer, start, after);
    else this.text.push(buffer, start, after, this.left === 0);
    context.wire?.blob(
      TO_SERVER,
      'literal',
      this.line,
      buffer,
      start,
      after,
      offset,
      this.left === 0,
      this.secretLabel,
    );
    return after;
  }

  /** Octets are missing: true when they all belong to the literal, which is then shorter by them. */
  skip(lengthBytes: number): boolean {
    if (this.left === 0) return false;
    this.isDamaged = true;
    if (lengthBytes > this.left) return false;
    this.left -= lengthBytes;
    this.endOffset += lengthBytes;
    return true;
  }

  /** Its last octet came. */
  finish(): void {
    if (this.isMessage) this.tellMessage(this.isDamaged);
    else if (this.line !== 0 && !this.isDamaged) this.tellText();
    this.text.forget();
  }

  /** The rest of it will not come. */
  cutOff(): void {
    if (this.left === 0) return;
    const { context } = this.conversation;
    if (this.line !== 0)
      context.wire?.blob(TO_SERVER, 'literal', this.line, NO_OCTETS, 0, 0, 0, true, this.secretLabel);
    if (this.isMessage) this.tellMessage(true);
    this.text.forget();
    this.left = 0;
  }

  /** LOGIN's password and whatever stands behind it; a response; anything where the tag was forgotten. */
  private labelOfSecret(): string {
    const { assembly, argument } = this;
    if (assembly.verb === VERB.LOGIN) return argument > 1 ? 'password' : '';
    if (assembly.verb === VERB.AUTHENTICATE) return 'response';
    return assembly.verb === -1 ? assembly.secretLabel : '';
  }

  private tellMessage(truncated: boolean): void {
    this.isMessage = false;
    const { conversation, announced, left, lines } = this;
    conversation.endMessage(
      conversation.client,
      this.endOffset,
      this.message,
      announced - left,
      lines,
      truncated,
      this.line,
    );
  }

  private tellText(): void {
    const { text, assembly, conversation } = this;
    const { facts } = conversation;
    const event = conversation.events.literalText;
    event.direction = TO_SERVER;
    event.timeUs = text.timeUs;
    event.packet = text.packet;
    event.line = this.line;
    event.knowledge = facts.knowledge;
    event.state = conversation.sentState;
    event.buffer = text.buffer;
    event.start = text.start;
    event.end = text.end;
    event.offset = text.offset;
    event.lengthBytes = event.announced = this.announced;
    event.terminator = 'none';
    event.secretStart = text.start;
    event.secretEnd = this.secretLabel === '' ? text.start : text.end;
    event.secretLabel = this.secretLabel;
    event.verb = assembly.verb === -1 ? '' : (IMAP_VERBS.names[assembly.verb] as string);
    event.argument = this.argument;
    conversation.emit(event);
    event.buffer = NO_OCTETS;
    event.start = event.end = event.secretStart = event.secretEnd = 0;
  }
}
