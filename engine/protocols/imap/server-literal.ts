/**
 * A literal in server data: skipped by count (PROTECTIONS 1.3), told as a message
 * when it is one. Octets go to the wire listener as they come.
 */
import { TO_CLIENT } from '../events.js';
import { countDeliveredLineFeeds } from '../text-facts.js';
import type { ImapConversation } from './conversation.js';

const NO_OCTETS = new Uint8Array(0);

export class ServerLiteral {
  /** Octets still to come; 0 between literals. */
  left = 0;
  private announced = 0;
  private lines = 0;
  private line = 0;
  /** Stream offset behind what came of it. */
  private endOffset = 0;
  private isMessage = false;
  private message = -1;
  private isDamaged = false;

  constructor(private readonly conversation: ImapConversation) {}

  begin(bytes: number, isMessage: boolean): void {
    this.announced = this.left = bytes;
    this.lines = this.line = 0;
    this.isMessage = isMessage;
    this.isDamaged = false;
    const { current } = this.conversation.server;
    this.endOffset = current.offset + current.lengthBytes;
    if (isMessage) this.message = this.conversation.facts.messages++;
    if (bytes === 0) this.tell(false);
  }

  /** Takes what there is of it; returns the position behind. */
  take(buffer: Uint8Array, start: number, end: number, offset: number): number {
    const { facts, context } = this.conversation;
    const after = end - start > this.left ? start + this.left : end;
    if (this.line === 0) this.line = ++facts.lines;
    this.left -= after - start;
    this.endOffset = offset + after - start;
    if (this.isMessage) this.lines += countDeliveredLineFeeds(buffer, start, after);
    context.wire?.blob(TO_CLIENT, 'literal', this.line, buffer, start, after, offset, this.left === 0, '');
    if (this.left === 0) this.tell(this.isDamaged);
    return after;
  }

  /** Octets are missing: true when they all belong to the literal, which is then shorter by them. */
  skip(lengthBytes: number): boolean {
    if (this.left === 0) return false;
    this.isDamaged = true;
    if (lengthBytes > this.left) return false;
    this.left -= lengthBytes;
    this.endOffset += lengthBytes;
    if (this.left === 0) this.tell(true);
    return true;
  }

  /** The rest of it will not come. */
  cutOff(): void {
    if (this.left === 0) return;
    const { context } = this.conversation;
    if (this.line !== 0) context.wire?.blob(TO_CLIENT, 'literal', this.line, NO_OCTETS, 0, 0, 0, true, '');
    this.tell(true);
    this.left = 0;
  }

  private tell(truncated: boolean): void {
    if (!this.isMessage) return;
    this.isMessage = false;
    const { conversation, announced, left, lines } = this;
    conversation.endMessage(
      conversation.server,
      this.endOffset,
      this.message,
      announced - left,
      lines,
      truncated,
      this.line,
    );
  }
}
