/**
 * Makes captured octets fit to be shown anywhere: a terminal, a page, a log, a
 * file. In: octets. Out: a string of printable characters. Control octets,
 * octets that are no UTF-8, and characters that change the direction or hide
 * (bidirectional controls, zero-width, line separators) become `\xNN` or `\u{N}`.
 */
import { latin1Text } from '../octets.js';

const HEX = '0123456789ABCDEF';

/** At most `maximum` characters are made; a cut is shown by `…`. */
export function displayText(octets: Uint8Array, start = 0, end = octets.length, maximum = 4096): string {
  const cut = end - start > maximum;
  const limit = cut ? start + maximum : end;
  let plain = true;
  for (let i = start; i < limit; i++) {
    const octet = octets[i] as number;
    if (octet < 0x20 || octet > 0x7e) {
      plain = false;
      break;
    }
  }
  const text = plain ? latin1Text(octets, start, limit) : escapedText(octets, start, limit);
  return cut ? `${text}…` : text;
}

/** Makes a string that came from captured data (decoded words, names) display-safe. */
export function displayString(text: string, maximum = 4096): string {
  let out = '';
  let count = 0;
  for (const character of text) {
    if (++count > maximum) return `${out}…`;
    const code = character.codePointAt(0) as number;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) out += octetEscape(code);
    else if (isHiding(code) || isSurrogate(code)) out += `\\u{${code.toString(16)}}`;
    else out += character;
  }
  return out;
}

/** `\xNN`, the escape of one octet. */
export function octetEscape(octet: number): string {
  return `\\x${octetHex(octet)}`;
}

/** Two upper-case hex digits. */
export function octetHex(octet: number): string {
  return (HEX[octet >> 4] as string) + (HEX[octet & 15] as string);
}

/**
 * Length of the well-formed UTF-8 sequence at `at`, 0 when there is none
 * (RFC 3629: no overlong form, no surrogate, nothing beyond U+10FFFF).
 */
export function utf8SequenceLength(octets: Uint8Array, at: number, end: number): number {
  const lead = octets[at] as number;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + length > end) return 0;
  const second = octets[at + 1] as number;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  for (let i = 2; i < length; i++) if (((octets[at + i] as number) & 0xc0) !== 0x80) return 0;
  return length;
}

/** Code point of a sequence that `utf8SequenceLength` found well formed. */
export function utf8CodePoint(octets: Uint8Array, at: number, length: number): number {
  let code = length === 1 ? (octets[at] as number) : (octets[at] as number) & (0x7f >> length);
  for (let i = 1; i < length; i++) code = (code << 6) | ((octets[at + i] as number) & 0x3f);
  return code;
}

/** True for characters that must not be shown as themselves though they are no C0 or C1 control. */
export function isHiding(code: number): boolean {
  return (
    code === 0xad ||
    code === 0x34f ||
    code === 0x61c ||
    code === 0x115f ||
    code === 0x1160 ||
    code === 0x17b4 ||
    code === 0x17b5 ||
    (code >= 0x180b && code <= 0x180f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0x3164 ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff ||
    code === 0xffa0 ||
    (code >= 0xfff0 && code <= 0xfffb) ||
    (code >= 0x1bca0 && code <= 0x1bca3) ||
    (code >= 0x1d173 && code <= 0x1d17a) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  );
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

function escapedText(octets: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end;) {
    const length = utf8SequenceLength(octets, i, end);
    const code = length === 0 ? -1 : utf8CodePoint(octets, i, length);
    if (code === -1 || code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      for (const last = i + Math.max(1, length); i < last; i++) text += octetEscape(octets[i] as number);
      continue;
    }
    text += isHiding(code) ? `\\u{${code.toString(16)}}` : String.fromCodePoint(code);
    i += length;
  }
  return text;
}
