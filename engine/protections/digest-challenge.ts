/**
 * Takes a DIGEST-MD5 challenge apart (RFC 2831 2.1.1: `name=value`, separated by
 * commas, values quoted or not). In: the decoded octets. Out: lengths and counts
 * only. One pass; an open quote ends with the challenge.
 */
const COMMA = 0x2c;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Longest values and how often names occur. */
export interface DigestChallenge {
  realmBytes: number;
  nonceBytes: number;
  algorithmBytes: number;
  /** Of any value without quotes. */
  tokenBytes: number;
  realms: number;
  nonces: number;
}

export function readDigestChallenge(octets: Uint8Array): DigestChallenge {
  const challenge = { realmBytes: 0, nonceBytes: 0, algorithmBytes: 0, tokenBytes: 0, realms: 0, nonces: 0 };
  for (let at = 0; at < octets.length;) {
    at = skipSeparators(octets, at);
    const nameEnd = endOfName(octets, at);
    const name = nameOf(octets, at, nameEnd);
    at = nameEnd;
    if (octets[at] === EQUALS) at = readValue(octets, at + 1, name, challenge);
  }
  return challenge;
}

function readValue(octets: Uint8Array, start: number, name: string, challenge: DigestChallenge): number {
  let at = start;
  while (at < octets.length && (octets[at] as number) <= SPACE) at++;
  const isQuoted = octets[at] === QUOTE;
  if (isQuoted) at++;
  let bytes = 0;
  for (; at < octets.length; at++, bytes++) {
    const octet = octets[at] as number;
    if (isQuoted ? octet === QUOTE : octet === COMMA) break;
    if (isQuoted && octet === BACKSLASH && at + 1 < octets.length) at++;
  }
  note(challenge, name, bytes, isQuoted);
  return isQuoted && at < octets.length ? at + 1 : at;
}

function note(challenge: DigestChallenge, name: string, bytes: number, isQuoted: boolean): void {
  if (!isQuoted) challenge.tokenBytes = Math.max(challenge.tokenBytes, bytes);
  switch (name) {
    case 'realm':
      challenge.realms++;
      challenge.realmBytes = Math.max(challenge.realmBytes, bytes);
      return;
    case 'nonce':
      challenge.nonces++;
      challenge.nonceBytes = Math.max(challenge.nonceBytes, bytes);
      return;
    case 'algorithm':
      challenge.algorithmBytes = Math.max(challenge.algorithmBytes, bytes);
  }
}

function skipSeparators(octets: Uint8Array, start: number): number {
  let at = start;
  while (at < octets.length && (octets[at] === COMMA || (octets[at] as number) <= SPACE)) at++;
  return at;
}

/** A name that never ends takes the rest with it. */
function endOfName(octets: Uint8Array, start: number): number {
  let at = start;
  while (at < octets.length && octets[at] !== EQUALS && octets[at] !== COMMA) at++;
  return at;
}

/** Lower case; longer ones than any that count are not read. */
function nameOf(octets: Uint8Array, start: number, end: number): string {
  let stop = end;
  while (stop > start && (octets[stop - 1] as number) <= SPACE) stop--;
  if (stop - start > 'algorithm'.length) return '';
  let name = '';
  for (let i = start; i < stop; i++) {
    const octet = octets[i] as number;
    name += String.fromCharCode(octet >= 0x41 && octet <= 0x5a ? octet + 32 : octet);
  }
  return name;
}
