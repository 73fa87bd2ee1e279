/** The argument of a command line as checks of several protections measure it. Indexes of the event's buffer. */
import type { CommandEvent } from '../protocols/events.js';
import { terminatorBytes } from '../protocols/mailbox/speaker.js';

const SPACE = 0x20;
const TAB = 9;

/** Octets of the argument on the wire, also those that are not held. */
export function argumentBytes(event: CommandEvent): number {
  return event.lengthBytes - terminatorBytes(event.terminator) - (event.argumentStart - event.start);
}

/** Behind the argument's last octet that is no blank. */
export function trimmedEnd(event: CommandEvent): number {
  let { end } = event;
  while (end > event.argumentStart && isBlank(event.buffer[end - 1] as number)) end--;
  return end;
}

/** A space or a tab. */
export function isBlank(octet: number): boolean {
  return octet === SPACE || octet === TAB;
}
