/**
 * Keywords of an EHLO answer (RFC 5321 4.1.1.1). In: the joined reply. Out: the
 * first word of every line but the first, upper case. Bounded in number and length.
 */
import { indexOfOctet } from '../../octets.js';
const KEYWORDS = 128;
const KEYWORD_BYTES = 64;

export function readCapabilities(buffer: Uint8Array, start: number, end: number): Set<string> {
  const keywords = new Set<string>();
  let at = lineAfter(buffer, start, end);
  while (at < end && keywords.size < KEYWORDS) {
    // "250-" or "250 " stands before the keyword.
    const from = at + 4;
    let to = from;
    while (to < end && to - from < KEYWORD_BYTES && isKeywordOctet(buffer[to] as number)) to++;
    if (to > from) keywords.add(upperText(buffer, from, to));
    at = lineAfter(buffer, at, end);
  }
  return keywords;
}

function lineAfter(buffer: Uint8Array, start: number, end: number): number {
  const lineFeed = indexOfOctet(buffer, 10, start, end);
  return lineFeed === -1 ? end : lineFeed + 1;
}

/** Letters, digits, `-`, and what a careless server puts there; SP, `=` and controls end it. */
function isKeywordOctet(octet: number): boolean {
  return octet > 0x20 && octet < 0x7f && octet !== 0x3d;
}

function upperText(buffer: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    text += String.fromCharCode(octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet);
  }
  return text;
}
