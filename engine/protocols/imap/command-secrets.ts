/**
 * Where credentials stand in a client line, so that no view shows them: the
 * password of LOGIN, the initial response of AUTHENTICATE.
 */
import { indexOfOctet } from '../../octets.js';
import type { CommandReader } from '../mailbox/tls-handover.js';
import { typedSecretStart } from '../typed-login.js';
import { CommandLine, IMAP_VERBS, skipBlanks, VERB, wordEnd } from './grammar.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Start of the secret in a command's first line, -1 when it has none: LOGIN's second argument,
 * AUTHENTICATE's response, also where somebody who types by hand forgot the tag or mistook the word.
 */
export function secretStart(line: CommandLine, buffer: Uint8Array, end: number): number {
  const { verb, argumentStart } = line;
  if (verb === -1) {
    const isTagless = hasCredentials(IMAP_VERBS.find(buffer, line.tagStart, line.tagEnd));
    return isTagless && argumentStart < end ? argumentStart : typedSecretStart(buffer, line.tagStart, end);
  }
  if (!hasCredentials(verb)) return -1;
  const first = skipBlanks(buffer, argumentStart, end);
  const closed = verb === VERB.LOGIN && buffer[first] === QUOTE ? quotedEnd(buffer, first, end) : -1;
  // Behind a quote that is never closed, too, the second word may be the password.
  const behind = closed === -1 ? wordEnd(buffer, first, end) : closed;
  const second = skipBlanks(buffer, behind, end);
  return second < end ? second : -1;
}

function hasCredentials(verb: number): boolean {
  return verb === VERB.LOGIN || verb === VERB.AUTHENTICATE;
}

/** Behind the closing quote; -1 when there is none. */
function quotedEnd(buffer: Uint8Array, start: number, end: number): number {
  for (let i = start + 1; i < end; i++) {
    if (buffer[i] === BACKSLASH) i++;
    else if (buffer[i] === QUOTE) return i + 1;
  }
  return -1;
}

/** Verbs and credentials of IMAP lines, for octets behind STARTTLS. */
export class ImapCommandReader implements CommandReader {
  private readonly line = new CommandLine();

  verbOf(buffer: Uint8Array, start: number, end: number): string {
    const lineFeed = indexOfOctet(buffer, 10, start, end);
    let stop = lineFeed === -1 ? end : lineFeed;
    if (stop > start && buffer[stop - 1] === 13) stop--;
    this.line.parse(buffer, start, stop);
    return this.line.verb === -1 ? '' : (IMAP_VERBS.names[this.line.verb] as string);
  }

  secretFrom(buffer: Uint8Array, start: number, end: number): number {
    this.line.parse(buffer, start, end);
    return secretStart(this.line, buffer, end);
  }
}
