/**
 * Notices that the server took a message: the reply to its last octet (EOD, or
 * BDAT with LAST) is positive; where replies are not to be seen, its end stands
 * for that (PROTECTIONS 1.4). In: the events of one connection.
 */
import { KNOWLEDGE, type CommandEvent, type MessageEndEvent, type ReplyEvent } from '../protocols/events.js';
import { hasWord } from '../protocols/smtp/grammar.js';
import type { ConnectionView } from './protection.js';

export class AcceptedMessages {
  private lastChunkLine = 0;
  private countedLine = 0;

  /** `answers` of the replies that `isAcceptedBy` may be true for. */
  static mayBeAcceptedBy(answers: string): boolean {
    return answers === 'EOD' || answers === 'BDAT';
  }

  /** A command whose reply may be the one to a message. */
  noteCommand(event: CommandEvent): void {
    if (event.verb !== 'BDAT') return;
    if (hasWord(event.buffer, event.argumentStart, event.end, 'LAST')) this.lastChunkLine = event.line;
  }

  /** True when this reply accepts a message; once for each, also where every recipient gets one (RFC 2033). */
  isAcceptedBy(event: ReplyEvent): boolean {
    if (event.outcome !== 'ok' || !this.answersMessage(event)) return false;
    const isFurther = event.answersLine !== 0 && event.answersLine === this.countedLine;
    this.countedLine = event.answersLine;
    return !isFurther;
  }

  /** `isAcceptedBy` for messages without replies: true when the message that ended must be taken for accepted, because replies may be missing. */
  isAssumedBy(event: MessageEndEvent, connection: ConnectionView): boolean {
    return event.knowledge < KNOWLEDGE.synced || connection.isOneSided();
  }

  private answersMessage(event: ReplyEvent): boolean {
    if (event.answers === 'EOD') return true;
    return event.answers === 'BDAT' && event.answersLine === this.lastChunkLine;
  }
}
