/** Reads a line of the answer to CAPA (RFC 2449 5) into the facts. Bounded: 64 keywords of 32 characters. */
import type { ConnectionFacts } from '../facts.js';
import { VerbTable } from '../verb-table.js';

const CAPABILITIES = 64;
const CAPABILITY_CHARACTERS = 32;

/** Keywords of RFC 2449, 2595, 3206, 5034 and 6856; any other is spelled. */
const KEYWORDS = new VerbTable([
  'TOP',
  'USER',
  'SASL',
  'RESP-CODES',
  'LOGIN-DELAY',
  'PIPELINING',
  'EXPIRE',
  'UIDL',
  'IMPLEMENTATION',
  'STLS',
  'AUTH-RESP-CODE',
  'UTF8',
  'LANG',
]);

/** Octets [start, end) begin with a keyword, which goes to the list that is being read. */
export function noteCapability(
  facts: ConnectionFacts,
  capabilities: Set<string>,
  buffer: Uint8Array,
  start: number,
  end: number,
): void {
  if (capabilities.size >= CAPABILITIES) return;
  let stop = start;
  while (stop < end && stop - start < CAPABILITY_CHARACTERS && isPrintable(buffer[stop] as number)) stop++;
  if (stop === start) return;
  const known = KEYWORDS.find(buffer, start, stop);
  const keyword = known === -1 ? spell(buffer, start, stop) : (KEYWORDS.names[known] as string);
  capabilities.add(keyword);
  if (keyword === 'STLS' && facts.tls === 'none') facts.tls = 'offered';
}

function isPrintable(octet: number): boolean {
  return octet > 0x20 && octet <= 0x7e;
}

function spell(buffer: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    text += String.fromCharCode(octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet);
  }
  return text;
}
