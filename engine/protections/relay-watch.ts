/**
 * Follows what an outside client asks a mail server to take for whom: recipients
 * until they are answered, accepted ones until their message is. In: the events
 * of one connection. Out: recipients with a copy of their line. Bounded: the
 * oldest of 64 is forgotten.
 */
import type { CommandEvent, MessageEndEvent, ReplyEvent } from '../protocols/events.js';
import { hasWord } from '../protocols/smtp/grammar.js';
import { keptCommand } from './kept-command.js';
import { relayRecipient, type RelayRecipient } from './relay-recipient.js';

const KEPT = 64;

/** A recipient that was asked for. */
export interface Asked {
  /** The RCPT line, with octets of its own. */
  readonly event: CommandEvent;
  readonly recipient: RelayRecipient;
  readonly transaction: number;
}

export class RelayWatch {
  private readonly waiting: Asked[] = [];
  private readonly taken: Asked[] = [];
  /** Lines whose reply is the verdict on a message. */
  private readonly ends: { readonly line: number; readonly transaction: number }[] = [];

  /** A RCPT, or the last BDAT of a message. */
  command(event: CommandEvent, transaction: number): void {
    if (event.verb === 'RCPT') {
      const recipient = relayRecipient(event);
      if (recipient !== null) keep(this.waiting, { event: keptCommand(event), recipient, transaction });
    } else if (event.verb === 'BDAT' && hasWord(event.buffer, event.argumentStart, event.end, 'LAST')) {
      keep(this.ends, { line: event.line, transaction });
    }
  }

  messageEnd(event: MessageEndEvent): void {
    keep(this.ends, { line: event.line, transaction: event.message });
  }

  /** The recipient that this reply to RCPT is about, remembered when it was accepted; null when it is not known. */
  answered(event: ReplyEvent): Asked | null {
    const index = this.waiting.findIndex((asked) => asked.event.line === event.answersLine);
    if (index === -1) return null;
    const asked = this.waiting[index] as Asked;
    this.waiting.splice(0, index + 1);
    if (isTaken(event)) keep(this.taken, asked);
    return asked;
  }

  /** The accepted recipients of the message that this reply is the verdict on; empty for any other reply. */
  judged(event: ReplyEvent): readonly Asked[] {
    const end = this.ends.find((known) => known.line === event.answersLine);
    if (end === undefined) return [];
    const recipients = this.taken.filter((asked) => asked.transaction === end.transaction);
    for (const asked of recipients) this.taken.splice(this.taken.indexOf(asked), 1);
    return recipients;
  }
}

/** 250 and 251; 252 promises nothing. */
export function isTaken(event: ReplyEvent): boolean {
  return event.code === 250 || event.code === 251;
}

function keep<T>(list: T[], entry: T): void {
  if (list.length === KEPT) list.shift();
  list.push(entry);
}
