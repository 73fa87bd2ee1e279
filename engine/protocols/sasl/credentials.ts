/**
 * Where user name and password stand in a decoded SASL response. In: one
 * decoded response and its mechanism. Out: ranges. Sources: RFC 4616 (PLAIN),
 * RFC 2195 (CRAM-MD5), RFC 2831 (DIGEST-MD5), RFC 5802 (SCRAM), RFC 7628
 * (OAUTHBEARER), and the LOGIN and XOAUTH2 mechanisms as deployed.
 */

/** Ranges inside one decoded response; -1 where it has none. */
export interface CredentialRanges {
  userStart: number;
  userEnd: number;
  passwordStart: number;
  passwordEnd: number;
}

/**
 * How many client responses it takes until the credentials were sent. A
 * mechanism that is not listed is done with its first.
 */
export function responsesNeeded(mechanism: string): number {
  return mechanism === 'LOGIN' || mechanism === 'NTLM' || mechanism.startsWith('SCRAM-') ? 2 : 1;
}

/** Finds the credentials in response number `step` (from 1). Fills `ranges`. */
export function findCredentials(mechanism: string, step: number, decoded: Uint8Array, ranges: CredentialRanges): void {
  ranges.userStart = ranges.userEnd = ranges.passwordStart = ranges.passwordEnd = -1;
  if (mechanism === 'PLAIN') plain(decoded, ranges);
  else if (mechanism === 'LOGIN') login(step, decoded, ranges);
  else if (mechanism === 'CRAM-MD5') cramMd5(decoded, ranges);
  else if (mechanism === 'EXTERNAL' || mechanism === 'ANONYMOUS') user(ranges, 0, decoded.length);
  else if (step === 1) named(mechanism, decoded, ranges);
}

/** authzid NUL authcid NUL passwd. With one NUL only, as people type it by hand, what stands behind it is the password. */
function plain(decoded: Uint8Array, ranges: CredentialRanges): void {
  const first = decoded.indexOf(0);
  if (first === -1) return;
  const second = decoded.indexOf(0, first + 1);
  if (second === -1) user(ranges, 0, first);
  else user(ranges, first + 1, second);
  ranges.passwordStart = (second === -1 ? first : second) + 1;
  ranges.passwordEnd = decoded.length;
}

function login(step: number, decoded: Uint8Array, ranges: CredentialRanges): void {
  if (step === 1) user(ranges, 0, decoded.length);
  else if (step === 2) {
    ranges.passwordStart = 0;
    ranges.passwordEnd = decoded.length;
  }
}

const BLANK = 0x20;

/** user SP digest: the name may contain spaces, the digest cannot. Without a space nothing says that it is a name. */
function cramMd5(decoded: Uint8Array, ranges: CredentialRanges): void {
  let end = decoded.length;
  while (end > 0 && (decoded[end - 1] as number) <= BLANK) end--;
  const space = end === 0 ? -1 : decoded.lastIndexOf(BLANK, end - 1);
  if (space !== -1) user(ranges, 0, space);
}

/** The names of both OAuth mechanisms hold no blanks, and behind one the token may follow. */
function named(mechanism: string, decoded: Uint8Array, ranges: CredentialRanges): void {
  if (mechanism === 'XOAUTH2') attribute(decoded, 'user=', 0x01, ranges, true);
  else if (mechanism === 'OAUTHBEARER') attribute(decoded, 'a=', 0x2c, ranges, true);
  else if (mechanism === 'DIGEST-MD5') attribute(decoded, 'username="', 0x22, ranges);
  else if (mechanism.startsWith('SCRAM-')) attribute(decoded, ',n=', 0x2c, ranges);
}

/** The value behind the first `name`, up to `until`; where that is missing (or `isWord`), to the first blank at most. */
function attribute(decoded: Uint8Array, name: string, until: number, ranges: CredentialRanges, isWord = false): void {
  const last = decoded.length - name.length;
  for (let at = 0; at <= last; at++) {
    let matched = 0;
    while (matched < name.length && decoded[at + matched] === name.charCodeAt(matched)) matched++;
    if (matched < name.length) continue;
    const start = at + name.length;
    const stop = decoded.indexOf(until, start);
    user(ranges, start, stop === -1 || isWord ? firstBlank(decoded, start, stop) : stop);
    return;
  }
}

/** First octet from `start` on that is blank or a control, else `stop`, else the end. */
function firstBlank(decoded: Uint8Array, start: number, stop: number): number {
  const end = stop === -1 ? decoded.length : stop;
  for (let at = start; at < end; at++) if ((decoded[at] as number) <= BLANK) return at;
  return end;
}

function user(ranges: CredentialRanges, start: number, end: number): void {
  ranges.userStart = start;
  ranges.userEnd = end;
}
