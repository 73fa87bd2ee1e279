/** Reads a capability list (RFC 9051 7.2.2) into the facts. Bounded: 64 keywords of 32 characters. */
import { copyOctets } from '../../octets.js';
import type { ConnectionFacts } from '../facts.js';
import { skipBlanks, wordEnd } from './grammar.js';

const CAPABILITIES = 64;
const CAPABILITY_CHARACTERS = 32;
const CLOSE_BRACKET = 0x5d;

/** A list that was read lately. A server says the same to all: reading it costs more than comparing it. */
interface KnownList {
  readonly octets: Uint8Array;
  readonly keywords: ReadonlySet<string>;
}

const LISTS = 64;
const LIST_BYTES = 1024;
const lists: (KnownList | null)[] = new Array<KnownList | null>(LISTS).fill(null);

/**
 * Octets `start`..`end` are keywords and blanks, up to the end or a closing bracket. Connections whose
 * lists are the same have the same set, which nobody changes.
 */
export function noteCapabilities(facts: ConnectionFacts, buffer: Uint8Array, start: number, end: number): void {
  const slot = end > start ? ((end - start) * 7 + (buffer[end - 1] as number)) % LISTS : 0;
  const list = lists[slot] as KnownList | null;
  if (list !== null && equals(list.octets, buffer, start, end)) facts.capabilities = list.keywords;
  else {
    facts.capabilities = readKeywords(buffer, start, end);
    if (end - start <= LIST_BYTES)
      lists[slot] = { octets: copyOctets(buffer, start, end), keywords: facts.capabilities };
  }
  if (facts.tls === 'none' && facts.capabilities.has('STARTTLS')) facts.tls = 'offered';
}

function equals(octets: Uint8Array, buffer: Uint8Array, start: number, end: number): boolean {
  if (octets.length !== end - start) return false;
  for (let i = 0; i < octets.length; i++) if (octets[i] !== buffer[start + i]) return false;
  return true;
}

function readKeywords(buffer: Uint8Array, start: number, end: number): ReadonlySet<string> {
  const keywords = new Set<string>();
  let at = skipBlanks(buffer, start, end);
  while (at < end && buffer[at] !== CLOSE_BRACKET && keywords.size < CAPABILITIES) {
    const stop = wordEnd(buffer, at, end);
    const keyword = keywordText(buffer, at, stop);
    if (keyword !== '') keywords.add(keyword);
    if (buffer[stop - 1] === CLOSE_BRACKET) break;
    at = skipBlanks(buffer, stop, end);
  }
  return keywords;
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
