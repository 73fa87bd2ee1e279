/**
 * The literal that a client sends: counted, never collected, but for LOGIN's two
 * short arguments. Octets go to the wire listener as they come.
 */
import { TO_SERVER } from '../events.js';
import { countLineFeeds } from '../framing.js';
import type { CommandAssembly } from './assembly.js';
import type { ImapConversation } from './conversation.js';
import { VERB } from './grammar.js';

export class ClientLiteral {
  /** Octets still to come; 0 between literals. */
  left = 0;
  private announced = 0;
  private lines = 0;
  private line = 0;
  private secretLabel = '';
  private isMessage = false;
  private message = -1;
  private isDamaged = false;

  constructor(
    private readonly conversation: ImapConversation,
    private readonly assembly: CommandAssembly,
  ) {}

  /** A mark announced so many octets; `begin` follows when they may come. */
  announce(bytes: number): void {
    this.announced = bytes;
  }

  begin(): void {
    const { assembly } = this;
    this.left = this.announced;
    this.lines = this.line = 0;
    this.isDamaged = false;
    const argument = assembly.verb === VERB.LOGIN ? assembly.login.literal() : assembly.arguments;
    this.secretLabel =
      assembly.verb === VERB.LOGIN && argument === 2
        ? 'password'
        : assembly.verb === VERB.AUTHENTICATE
          ? 'response'
          : '';
    // APPEND mailbox message: the mailbox itself may be a literal (RFC 9051 6.3.12).
    this.isMessage =
      (assembly.verb === VERB.APPEND && argument > 1) || (assembly.verb === VERB.REPLACE && argument > 2);
    if (this.isMessage) this.message = this.conversation.facts.messages++;
  }

  /** Its first octet was numbered when it was held back. */
  resume(line: number): void {
    if (this.line === 0) this.line = line;
  }

  /** Takes what there is of it; returns the position behind. */
  take(buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { facts, context } = this.conversation;
    const after = end - start > this.left ? start + this.left : end;
    if (this.line === 0) this.line = ++facts.lines;
    this.left -= after - start;
    if (this.assembly.verb === VERB.LOGIN) this.assembly.login.literalOctets(buffer, start, after);
    if (this.isMessage) this.lines += countLineFeeds(buffer, start, after);
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
    return true;
  }

  /** Its last octet came. */
  finish(): void {
    this.tell(this.isDamaged);
  }

  /** The rest of it will not come. */
  cutOff(): void {
    if (this.left === 0) return;
    const { context } = this.conversation;
    if (this.line !== 0)
      context.wire?.blob(TO_SERVER, 'literal', this.line, NO_OCTETS, 0, 0, 0, true, this.secretLabel);
    this.tell(true);
    this.left = 0;
  }

  private tell(truncated: boolean): void {
    if (!this.isMessage) return;
    this.isMessage = false;
    const { speaker, client } = this.conversation;
    speaker.endMessage(client, this.message, this.announced - this.left, this.lines, truncated, this.line);
  }
}

const NO_OCTETS = new Uint8Array(0);
