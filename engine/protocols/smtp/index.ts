/**
 * SMTP and LMTP. In: the ordered octets of a connection. Out: the events of
 * `events.ts` (see `dialogue.ts` beside this file). An event's `state` is the one
 * before it; the counters of the facts already include it.
 */
import type { Dialogue, DialogueContext } from '../dialogue.js';
import { SmtpDialogue } from './dialogue.js';

export function createSmtpDialogue(context: DialogueContext): Dialogue {
  return new SmtpDialogue(context);
}
