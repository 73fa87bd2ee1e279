/** Reads a capability list (RFC 9051 7.2.2) into the facts. Bounded: 64 keywords of 32 characters. */
import type { ConnectionFacts } from '../facts.js';
import { skipBlanks, wordEnd } from './grammar.js';

const CAPABILITIES = 64;
const CAPABILITY_CHARACTERS = 32;
const CLOSE_BRACKET = 0x5d;

/** Octets `start`..`end` are keywords and blanks, up to the end or a closing bracket. */
export function noteCapabilities(facts: ConnectionFacts, buffer: Uint8Array, start: number, end: number): void {
  const keywords = new Set<string>();
  let at = skipBlanks(buffer, start, end);
  while (at < end && buffer[at] !== CLOSE_BRACKET && keywords.size < CAPABILITIES) {
    const stop = wordEnd(buffer, at, end);
    const keyword = keywordText(buffer, at, stop);
    if (keyword !== '') keywords.add(keyword);
    if (buffer[stop - 1] === CLOSE_BRACKET) break;
    at = skipBlanks(buffer, stop, end);
  }
  facts.capabilities = keywords;
  if (keywords.has('STARTTLS') && facts.tls === 'none') facts.tls = 'offered';
}

function keywordText(buffer: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end && text.length < CAPABILITY_CHARACTERS; i++) {
    const octet = buffer[i] as number;
    if (octet < 0x21 || octet > 0x7e || octet === CLOSE_BRACKET) break;
    text += String.fromCharCode(octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet);
  }
  return text;
}
