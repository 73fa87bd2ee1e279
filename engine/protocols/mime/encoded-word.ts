/**
 * Header text with encoded words (RFC 2047) to display-safe text. In: octets of
 * an unfolded field value. Out: a string without control octets. What is no
 * well-formed encoded word is shown as it stands. Neighbouring words of the same
 * character set are joined before decoding, as senders split characters.
 */
import { Buffer } from 'node:buffer';
import { displayString, displayText } from '../../text/display.js';
import { decodeCharset } from './charset.js';
import { isBlank } from './field-names.js';

const EQUALS = 0x3d;
const QUESTION = 0x3f;
const UNDERSCORE = 0x5f;
const TEXT_CHARACTERS = 2000;

/** One encoded word: its octets decoded from B or Q, its character set, and where it ended. */
interface EncodedWord {
  readonly charset: string;
  readonly octets: Uint8Array;
  readonly end: number;
}

/** Display-safe text of [start, end), at most `maximum` characters. */
export function decodeHeaderText(octets: Uint8Array, start: number, end: number, maximum = TEXT_CHARACTERS): string {
  let text = '';
  let plainStart = start;
  let at = start;
  while (at < end && text.length <= maximum) {
    const word = octets[at] === EQUALS ? readEncodedWord(octets, at, end) : null;
    if (word === null) {
      at++;
      continue;
    }
    text += displayText(octets, plainStart, at);
    at = word.end;
    const words = [word];
    for (let next = followingWord(octets, at, end); next !== null; next = followingWord(octets, at, end)) {
      words.push(next);
      at = next.end;
    }
    text += decodeWords(words);
    plainStart = at;
  }
  text += displayText(octets, plainStart, end);
  return text.length > maximum ? `${cutText(text, maximum)}…` : text;
}

/** The next encoded word when only blanks stand between (they are not shown, RFC 2047 6.2). */
function followingWord(octets: Uint8Array, start: number, end: number): EncodedWord | null {
  let at = start;
  while (at < end && isBlank(octets[at] as number)) at++;
  return at > start && octets[at] === EQUALS ? readEncodedWord(octets, at, end) : null;
}

function decodeWords(words: readonly EncodedWord[]): string {
  let text = '';
  for (let i = 0; i < words.length;) {
    const charset = (words[i] as EncodedWord).charset;
    const pieces: Uint8Array[] = [];
    for (; i < words.length && (words[i] as EncodedWord).charset === charset; i++)
      pieces.push((words[i] as EncodedWord).octets);
    const joined = pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
    const decoded = decodeCharset(charset, joined);
    text += decoded === null ? displayText(joined) : displayString(decoded);
  }
  return text;
}

/** `=?charset[*language]?encoding?text?=` at `start`, or null. */
function readEncodedWord(octets: Uint8Array, start: number, end: number): EncodedWord | null {
  if (octets[start + 1] !== QUESTION || start + 8 > end) return null;
  const charsetEnd = findQuestion(octets, start + 2, end, 60);
  if (charsetEnd === -1 || octets[charsetEnd + 2] !== QUESTION) return null;
  const encoding = (octets[charsetEnd + 1] as number) | 0x20;
  const textStart = charsetEnd + 3;
  const textEnd = findQuestion(octets, textStart, end, 4096);
  if (textEnd === -1 || textEnd + 1 >= end || octets[textEnd + 1] !== EQUALS) return null;
  const decoded =
    encoding === 0x62
      ? fromBase64(octets, textStart, textEnd)
      : encoding === 0x71
        ? fromQ(octets, textStart, textEnd)
        : null;
  if (decoded === null) return null;
  const name = Buffer.from(octets.subarray(start + 2, charsetEnd)).toString('latin1');
  const star = name.indexOf('*');
  return { charset: (star === -1 ? name : name.slice(0, star)).toLowerCase(), octets: decoded, end: textEnd + 2 };
}

function findQuestion(octets: Uint8Array, start: number, end: number, maximum: number): number {
  const limit = Math.min(end, start + maximum);
  for (let i = start; i < limit; i++) {
    const octet = octets[i] as number;
    if (octet === QUESTION) return i;
    if (octet < 0x20) return -1;
  }
  return -1;
}

function fromBase64(octets: Uint8Array, start: number, end: number): Uint8Array {
  return Buffer.from(Buffer.from(octets.subarray(start, end)).toString('latin1'), 'base64');
}

/** The Q encoding: `_` is a space, `=XX` an octet (RFC 2047 4.2). */
function fromQ(octets: Uint8Array, start: number, end: number): Uint8Array {
  const out = new Uint8Array(end - start);
  let length = 0;
  for (let i = start; i < end; i++) {
    const octet = octets[i] as number;
    const value = octet === EQUALS && i + 2 < end ? hexPair(octets[i + 1] as number, octets[i + 2] as number) : -1;
    if (value !== -1) i += 2;
    out[length++] = value !== -1 ? value : octet === UNDERSCORE ? 0x20 : octet;
  }
  return out.subarray(0, length);
}

/** Value of two hex digits, -1 when they are none. */
export function hexPair(high: number, low: number): number {
  const a = hexDigit(high);
  const b = hexDigit(low);
  return a === -1 || b === -1 ? -1 : a * 16 + b;
}

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Cuts without halving a surrogate pair. */
function cutText(text: string, maximum: number): string {
  const code = text.charCodeAt(maximum - 1);
  return text.slice(0, code >= 0xd800 && code < 0xdc00 ? maximum - 1 : maximum);
}
