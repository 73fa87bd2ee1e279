/**
 * RFC 5322 3.4 address lists to display-safe strings: `Name <addr>` or `addr`.
 * In: octets of an unfolded From, To or Cc field. Lenient as mail readers are:
 * groups are opened, comments become the name when there is no other, whatever
 * cannot be understood is shown as it stands. One pass, at most 100 addresses.
 */
import { Buffer } from 'node:buffer';
import { displayText } from '../../text/display.js';
import { decodeHeaderText } from './encoded-word.js';
import { isBlank } from './field-names.js';

const ADDRESSES = 100;
const NAME_CHARACTERS = 200;
const ADDRESS_CHARACTERS = 320;
const QUOTE = 0x22;
const OPEN_COMMENT = 0x28;
const CLOSE_COMMENT = 0x29;
const BACKSLASH = 0x5c;
const LESS = 0x3c;
const GREATER = 0x3e;
const COMMA = 0x2c;
const COLON = 0x3a;
const SEMICOLON = 0x3b;

/** The stretches of one mailbox while the list is walked. */
class Mailbox {
  start = 0;
  angleStart = -1;
  angleEnd = -1;
  commentStart = -1;
  commentEnd = -1;

  begin(start: number): void {
    this.start = start;
    this.angleStart = this.angleEnd = this.commentStart = this.commentEnd = -1;
  }
}

/** One for all lists. */
const box = new Mailbox();

/** Addresses of [start, end), at most 100. */
export function parseAddressList(octets: Uint8Array, start: number, end: number): string[] {
  const addresses: string[] = [];
  box.begin(start);
  for (let at = start; at <= end && addresses.length < ADDRESSES;) {
    const octet = at === end ? COMMA : (octets[at] as number);
    if (octet === QUOTE) at = skipQuoted(octets, at, end);
    else if (octet === OPEN_COMMENT) at = takeComment(octets, at, end, box);
    else if (octet === LESS && box.angleStart === -1) at = takeAngle(octets, at, end, box);
    else if (octet === COMMA || octet === SEMICOLON) {
      finishMailbox(octets, box, at, addresses);
      box.begin(++at);
    } else if (octet === COLON && box.angleStart === -1) {
      // The name of a group (RFC 5322 3.4): its members follow.
      box.begin(++at);
    } else at++;
  }
  return addresses;
}

/** Position behind the quoted string that begins at `at`; behind the quote alone when it never ends. */
function skipQuoted(octets: Uint8Array, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    if (octets[i] === BACKSLASH) i++;
    else if (octets[i] === QUOTE) return i + 1;
  }
  return end;
}

function takeComment(octets: Uint8Array, at: number, end: number, box: Mailbox): number {
  let depth = 0;
  for (let i = at; i < end; i++) {
    const octet = octets[i] as number;
    if (octet === BACKSLASH) i++;
    else if (octet === OPEN_COMMENT) depth++;
    else if (octet === CLOSE_COMMENT && --depth === 0) {
      box.commentStart = at + 1;
      box.commentEnd = i;
      return i + 1;
    }
  }
  return end;
}

function takeAngle(octets: Uint8Array, at: number, end: number, box: Mailbox): number {
  box.angleStart = at + 1;
  for (let i = at + 1; i < end; i++) {
    const octet = octets[i] as number;
    if (octet === QUOTE) i = skipQuoted(octets, i, end) - 1;
    else if (octet === GREATER) {
      box.angleEnd = i;
      return i + 1;
    }
  }
  box.angleEnd = end;
  return end;
}

function finishMailbox(octets: Uint8Array, box: Mailbox, end: number, addresses: string[]): void {
  const text =
    box.angleStart === -1
      ? shown(bareAddress(octets, box, end), commentText(octets, box))
      : shown(
          addressText(octets, box.angleStart, box.angleEnd),
          nameText(octets, box.start, box.angleStart - 1) || commentText(octets, box),
        );
  if (text !== '') addresses.push(text);
}

function shown(address: string, name: string): string {
  if (name === '') return address;
  return address === '' ? name : `${name} <${address}>`;
}

/** The address of `addr (comment)`: all of it without the comment. */
function bareAddress(octets: Uint8Array, box: Mailbox, end: number): string {
  if (box.commentStart === -1) return addressText(octets, box.start, end);
  const before = addressText(octets, box.start, box.commentStart - 1);
  return before === '' ? addressText(octets, Math.min(end, box.commentEnd + 1), end) : before;
}

function addressText(octets: Uint8Array, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(octets[from] as number)) from++;
  while (to > from && isBlank(octets[to - 1] as number)) to--;
  return displayText(octets, from, to, ADDRESS_CHARACTERS);
}

function commentText(octets: Uint8Array, box: Mailbox): string {
  return box.commentStart === -1 ? '' : nameText(octets, box.commentStart, box.commentEnd);
}

/** A display name: quotes and their backslashes removed, encoded words decoded. */
function nameText(octets: Uint8Array, start: number, end: number): string {
  if (!isQuoted(octets, start, end)) return decodeHeaderText(octets, start, end, NAME_CHARACTERS).trim();
  const unquoted = Buffer.alloc(Math.max(0, end - start));
  let length = 0;
  let quoted = false;
  for (let i = start; i < end; i++) {
    const octet = octets[i] as number;
    if (octet === QUOTE) quoted = !quoted;
    else if (octet === BACKSLASH && quoted && i + 1 < end) unquoted[length++] = octets[++i] as number;
    else unquoted[length++] = octet;
  }
  return decodeHeaderText(unquoted, 0, length, NAME_CHARACTERS).trim();
}

/** Is there a quote in it? Backslashes outside quotes stand for themselves. */
function isQuoted(octets: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (octets[i] === QUOTE) return true;
  return false;
}
