/**
 * A login in a line that is no command of its protocol, because somebody typed it
 * wrong or took the port for another protocol's: `PASSWORD secret`, `pass:secret`,
 * `a1 LOGON bob secret`, `PASS secret` to an IMAP server. In: a line whose verb is
 * unknown. Out: where what may be a credential begins.
 */

/** Upper case. A word with one of these in it says that a credential follows. */
const LOGIN_WORDS: readonly string[] = ['AUTH', 'PASS', 'LOGIN', 'LOGON'];
/** A tag, one too many, and the word itself. */
const WORDS_READ = 3;

/** Index of the first octet behind the word about a login; -1 when there is no such word, or nothing behind it. */
export function typedSecretStart(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let words = 0; words < WORDS_READ; words++) {
    while (at < end && !isWordOctet(buffer[at] as number)) at++;
    const wordStart = at;
    while (at < end && isWordOctet(buffer[at] as number)) at++;
    if (!isAboutLogin(buffer, wordStart, at)) continue;
    while (at < end && isBlank(buffer[at] as number)) at++;
    return at < end ? at : -1;
  }
  return -1;
}

/** Looks at each octet once: a word may be as long as a line, and lines are looked at again while they grow. */
function isAboutLogin(buffer: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const first = (buffer[at] as number) & 0xdf;
    if (first !== A && first !== P && first !== L) continue;
    for (const word of LOGIN_WORDS) if (at + word.length <= end && spells(buffer, at, word)) return true;
  }
  return false;
}

/** What a login word begins with. */
const [A, P, L] = [0x41, 0x50, 0x4c];

function spells(buffer: Uint8Array, start: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const octet = buffer[start + i] as number;
    if ((isLetter(octet) ? octet & 0xdf : octet) !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** Letters, digits and hyphen: what verbs and tags are made of. */
function isWordOctet(octet: number): boolean {
  return isLetter(octet) || (octet >= 0x30 && octet <= 0x39) || octet === 0x2d;
}

function isLetter(octet: number): boolean {
  return (octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x7a;
}

function isBlank(octet: number): boolean {
  return octet === 0x20 || octet === 9;
}
