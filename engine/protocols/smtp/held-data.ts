/**
 * Lines behind DATA before its reply (PROTECTIONS 1.1.5). In: the lines, then
 * the verdict: 354 makes them message text, a refusal makes them commands,
 * because that is what the server does. Without the server's side the first line
 * itself decides.
 */
import { KNOWLEDGE } from '../events.js';
import { MODE, type Conversation } from './conversation.js';
import { isCompleteCommand, splitCommand, type CommandParts } from './grammar.js';
import { HeldLines } from './held-lines.js';
import type { Line } from './line.js';
import type { Message } from './message.js';
import { STATE } from './state.js';
import { VERB } from './verbs.js';

/** What a client that was refused goes on with. */
const AFTER_REFUSAL: ReadonlySet<number> = new Set([
  VERB.RCPT,
  VERB.RSET,
  VERB.QUIT,
  VERB.MAIL,
  VERB.NOOP,
  VERB.EHLO,
  VERB.HELO,
  VERB.BDAT,
]);

const parts: CommandParts = { verb: 0, verbStart: 0, verbEnd: 0, argumentStart: 0 };

/** What follows is message text. `startsLine`: a lone dot may follow at once. */
export function beginText(conversation: Conversation, message: Message, startsLine: boolean, hasGap: boolean): void {
  if (message.open) message.finish(conversation.client.place, message.chunkEnd, true);
  const { timeUs, packet } = conversation.position;
  const transaction = conversation.transaction ?? conversation.openTransaction(timeUs, packet);
  message.begin(transaction.txId, startsLine);
  message.hasGap = hasGap;
  conversation.mode = MODE.message;
}

export class HeldData {
  /** Octets between the held lines are missing. */
  hasGap = false;
  private readonly held = new HeldLines();

  constructor(
    private readonly conversation: Conversation,
    private readonly message: Message,
  ) {}

  takeLine(line: Line): void {
    const { conversation } = this;
    conversation.client.keepPlace(line);
    if (conversation.isServerMissing() || conversation.stale) {
      this.infer(line);
      conversation.giveBack(line, false);
      return;
    }
    this.held.add(line);
    if (!this.held.isFull) return;
    conversation.lowerKnowledge(KNOWLEDGE.guessed);
    this.accepted(true);
  }

  /** The held lines are message text. */
  accepted(startsLine: boolean): void {
    beginText(this.conversation, this.message, startsLine, this.hasGap);
    this.giveAllBack(false);
  }

  /** The held lines are commands. */
  rejected(provisional: boolean): void {
    this.conversation.mode = MODE.command;
    this.giveAllBack(provisional);
  }

  /** The reply is lost, or the connection is over: the first line decides. */
  infer(next: Line | null): void {
    const first = this.held.first ?? next;
    if (first && this.isAfterRefusal(first)) this.rejected(false);
    else {
      this.conversation.confirm(STATE.data);
      this.accepted(true);
    }
  }

  /** Number of the first line that waits for the verdict; Infinity when there is none. */
  get firstHeldLine(): number {
    return this.held.first?.line ?? Infinity;
  }

  get isEmpty(): boolean {
    return this.held.isEmpty;
  }

  private isAfterRefusal(line: Line): boolean {
    splitCommand(line.buffer, line.start, line.end, parts);
    return AFTER_REFUSAL.has(parts.verb) && isCompleteCommand(line.buffer, parts, line.end);
  }

  private giveAllBack(provisional: boolean): void {
    this.hasGap = false;
    for (const line of this.held.release()) this.conversation.giveBack(line, provisional);
  }
}
