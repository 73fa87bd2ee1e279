/**
 * What the three SonicWALL rules about malformed POP3 commands share: how a
 * sub-rule says what is wrong, and the octets of an argument. In: a command
 * event. Out: complaints; the gravest is reported.
 */
import { SEVERITY_RANK } from '../../shared/severity.js';
import type { CommandEvent } from '../protocols/events.js';
import type { Complaint } from './pop3-answer-lines.js';
import type { CheckContext } from './protection.js';

/** RFC 2449 4: a command line, CRLF included. */
const LONGEST_LINE = 255;
/** What a verb of four letters, a space and CRLF leave of it. */
export const LONGEST_LINE_ARGUMENT = 248;
const TAB = 9;
const DELETE = 0x7f;

/** Reports the gravest of what is wrong, of equals the first; null stands for nothing. */
export function reportGravest(
  event: CommandEvent,
  context: CheckContext<unknown>,
  complaints: readonly (Complaint | null)[],
): void {
  let gravest: Complaint | null = null;
  for (const complaint of complaints) {
    if (complaint === null) continue;
    if (gravest === null || rankOf(complaint) > rankOf(gravest)) gravest = complaint;
  }
  if (gravest === null) return;
  const { id, words, ...finding } = gravest;
  context.report({ event, ...finding, attackInfo: `${words} (${id})` });
}

/** The rules' own severity is medium. */
function rankOf({ severity }: Complaint): number {
  return SEVERITY_RANK[severity ?? 'medium'];
}

/** A line longer than any POP3 command may be. */
export function lineTooLong(event: CommandEvent, id: string): Complaint | null {
  if (event.lengthBytes <= LONGEST_LINE) return null;
  return {
    id,
    words: 'command line too long',
    measured: event.lengthBytes,
    limit: LONGEST_LINE,
    unit: 'bytes',
    detail: `The command line is longer than ${LONGEST_LINE} octets.`,
  };
}

/** A control octet; a tab is none. */
export function isControl(octet: number): boolean {
  return (octet < 0x20 && octet !== TAB) || octet === DELETE;
}
