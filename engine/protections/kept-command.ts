/**
 * Command events that outlive the call in which they were borrowed, for findings
 * that depend on the reply. In: an event. Out: a copy, bounded.
 */
import { copyOctets } from '../octets.js';
import type { CommandEvent } from '../protocols/events.js';

/** Octets of a line that are kept: as many as evidence can show. */
const KEPT_BYTES = 512;

/** The same command with octets of its own, in which all its places are valid. */
export function keptCommand(event: CommandEvent): CommandEvent {
  const { start } = event;
  const buffer = copyOctets(event.buffer, start, Math.min(event.end, start + KEPT_BYTES));
  const at = (index: number): number => Math.min(index - start, buffer.length);
  return {
    ...event,
    buffer,
    start: 0,
    end: buffer.length,
    verbStart: at(event.verbStart),
    verbEnd: at(event.verbEnd),
    argumentStart: at(event.argumentStart),
    tagStart: 0,
    tagEnd: 0,
    secretStart: at(event.secretStart),
    secretEnd: at(event.secretEnd),
  };
}
