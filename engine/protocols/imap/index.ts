/** The IMAP dialogue's public face. */
import type { Dialogue, DialogueContext } from '../dialogue.js';
import { ImapDialogue } from './dialogue.js';

/** Makes the dialogue of one IMAP connection. */
export function createImapDialogue(context: DialogueContext): Dialogue {
  return new ImapDialogue(context);
}
