/**
 * The verb of an SMTP command line as several protections look at it. In: a
 * command. Out: whether its verb is well formed and whole, and its text where
 * the protocol's table does not know it.
 */
import { EVENT, type CommandEvent } from '../protocols/events.js';
import { displayText } from '../text/display.js';

const LONGEST_VERB_SHOWN = 32;
const HYPHEN = 0x2d;

/** A letter, then letters, digits and hyphens; anything else is no verb but another rule's matter. */
export function isWellFormedVerb(event: CommandEvent): boolean {
  const { buffer, verbStart, verbEnd } = event;
  if (verbEnd <= verbStart || !isLetter(buffer[verbStart] as number)) return false;
  for (let i = verbStart + 1; i < verbEnd; i++) {
    const octet = buffer[i] as number;
    if (!isLetter(octet) && octet !== HYPHEN && (octet < 0x30 || octet > 0x39)) return false;
  }
  return true;
}

/** A line that broke off inside its first word does not tell its verb. */
export function isVerbBrokenOff(event: CommandEvent): boolean {
  return event.kind === EVENT.partialCommand && event.verbEnd === event.end;
}

/**
 * The verb in upper case, display-safe and bounded; empty where a part of it may be a password. Makes a
 * string for words outside the protocol's table, so ask only where a list of the administrator's may name one.
 */
export function verbText(event: CommandEvent): string {
  if (event.verb !== '') return event.verb;
  if (event.secretStart < event.verbEnd && event.secretEnd > event.verbStart) return '';
  const end = Math.min(event.verbEnd, event.verbStart + LONGEST_VERB_SHOWN);
  return displayText(event.buffer, event.verbStart, end).toUpperCase();
}

function isLetter(octet: number): boolean {
  return (octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a;
}
