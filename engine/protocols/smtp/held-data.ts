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
import type { Line } from './lane.js';
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

export class HeldData {
  /** Octets between the held lines are missing. */
  hasGap = false;
  private readonly held = new HeldLines();
  private readonly parts: CommandParts = { verb: 0, verbStart: 0, verbEnd: 0, argumentStart: 0 };

  constructor(
    private readonly conversation: Conversation,
    private readonly message: Message,
    /** Gives a line back to whatever the mode says it is. */
    private readonly giveBack: (line: Line, provisional: boolean) => void,
  ) {}

  takeLine(line: Line): void {
    const { conversation } = this;
    if (conversation.isServerMissing() || conversation.stale) {
      this.infer(line);
      this.giveBack(line, false);
      return;
    }
    this.held.add(line);
    if (!this.held.isFull) return;
    conversation.lowerKnowledge(KNOWLEDGE.guessed);
    this.accepted(true);
  }

  /** The held lines are message text. */
  accepted(startsLine: boolean): void {
    const { conversation, message } = this;
    if (message.open) message.finish(conversation.client, message.chunkEnd, true);
    const { timeUs, packet } = conversation.context.position;
    const transaction = conversation.transaction ?? conversation.openTransaction(timeUs, packet);
    message.begin(transaction.txId, startsLine);
    message.hasGap = this.hasGap;
    conversation.mode = MODE.message;
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
    splitCommand(line.buffer, line.start, line.end, this.parts);
    return AFTER_REFUSAL.has(this.parts.verb) && isCompleteCommand(line.buffer, this.parts, line.end);
  }

  private giveAllBack(provisional: boolean): void {
    this.hasGap = false;
    for (const line of this.held.release()) this.giveBack(line, provisional);
  }
}
