/** The POP3 dialogue's public face. */
import type { Dialogue, DialogueContext } from '../dialogue.js';
import { Pop3Dialogue } from './dialogue.js';

/** Makes the dialogue of one POP3 connection. */
export function createPop3Dialogue(context: DialogueContext): Dialogue {
  return new Pop3Dialogue(context);
}
