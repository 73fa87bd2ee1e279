/**
 * Tells the passwords apart that break none of the rules for sure, by numbers
 * alone: nearly every login is judged here, and no text is made of its password.
 * In: octets of a password and a user name. Out: true only where
 * `weakPasswordRule` finds nothing, whichever rules it applies.
 */
import { COMMON_PASSWORDS, KEY_RUNS, SEASONS_AND_MONTHS } from './weak-password-list.js';

const SHORTEST = 8;
const LONGEST = 128;
/** Octets that a rule allows behind a word: four digits and a mark, before or behind them. */
const DECORATION = 5;
const AT = 0x40;
const DOT = 0x2e;
const BACKSLASH = 0x5c;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const WORD_BITS = 1 << 13;

/** Octets in lower case; and, folded, those that stand for a letter as that letter (`1` for both i and l). */
const LOWER = Uint8Array.from({ length: 128 }, (_, octet) => (octet >= 0x41 && octet <= 0x5a ? octet + 32 : octet));
const FOLDED = Uint8Array.from(LOWER);
for (const [character, letter] of ['0o', '3e', '4a', '@a', '5s', '$s', '7t', '1i', 'li', 'Li']) {
  FOLDED[(character as string).charCodeAt(0)] = (letter as string).charCodeAt(0);
}

const WORDS = [...COMMON_PASSWORDS, ...SEASONS_AND_MONTHS];
const LONGEST_WORD = Math.max(...WORDS.map((word) => word.length));
/** 1 at the hash of each folded word. */
const IS_WORD = new Uint8Array(WORD_BITS);
for (const word of WORDS) {
  let hash = FNV_OFFSET;
  for (let i = 0; i < word.length; i++) hash = step(hash, FOLDED[word.charCodeAt(i)] as number);
  IS_WORD[hash & (WORD_BITS - 1)] = 1;
}

/** 1 for each two octets, as `first * 128 + second`, that are neighbours in some run of keys. */
const IS_PAIR = new Uint8Array(128 * 128);
for (const run of KEY_RUNS) {
  for (let i = 1; i < run.length; i++) {
    const [first, second] = [run.charCodeAt(i - 1), run.charCodeAt(i)];
    IS_PAIR[first * 128 + second] = IS_PAIR[second * 128 + first] = 1;
  }
}

/** True when no rule with this least length can hold; the administrator's own words are not looked at. */
export function isSurelyStrong(password: Uint8Array, user: Uint8Array | null, minimumLength: number): boolean {
  const { length } = password;
  if (length < SHORTEST || length < minimumLength || length > LONGEST) return false;
  if (!isTextWithLetters(password) || mayBeRun(password) || beginsWithWord(password)) return false;
  return user === null || !mayBeOf(user, password);
}

/** ASCII, and not digits alone. */
function isTextWithLetters(octets: Uint8Array): boolean {
  let hasOther = false;
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    if (octet >= 0x80) return false;
    hasOther ||= octet < 0x30 || octet > 0x39;
  }
  return hasOther;
}

/** One character repeated, or neighbouring keys: the first three tell. */
function mayBeRun(password: Uint8Array): boolean {
  const [first, second, third] = [lower(password, 0), lower(password, 1), lower(password, 2)];
  return first === second || (IS_PAIR[first * 128 + second] === 1 && IS_PAIR[second * 128 + third] === 1);
}

/** Some word, or what has its hash, and no more behind it than a rule allows. */
function beginsWithWord(password: Uint8Array): boolean {
  const { length } = password;
  const last = length < LONGEST_WORD ? length : LONGEST_WORD;
  if (last < length - DECORATION) return false;
  let hash = FNV_OFFSET;
  for (let i = 0; i < last; i++) {
    hash = step(hash, FOLDED[password[i] as number] as number);
    if (i + 1 >= length - DECORATION && IS_WORD[hash & (WORD_BITS - 1)] === 1) return true;
  }
  return false;
}

function step(hash: number, octet: number): number {
  return Math.imul(hash ^ octet, FNV_PRIME);
}

/** The password may begin with the user name or a part of it, or end with one reversed; of a name beyond ASCII any may. */
function mayBeOf(user: Uint8Array, password: Uint8Array): boolean {
  for (let i = 0; i < user.length; i++) {
    const octet = user[i] as number;
    if (octet >= 0x80) return true;
    // What stands behind any of these is looked at: a part begins behind the last of its kind.
    if ((octet === AT || octet === BACKSLASH) && isLike(user, i + 1, password)) return true;
  }
  return isLike(user, 0, password);
}

/** Some beginning of the name at `start` that may be a part of its own begins the password, or ends it reversed. */
function isLike(user: Uint8Array, start: number, password: Uint8Array): boolean {
  return isLikeThisWay(user, start, password, 0, 1) || isLikeThisWay(user, start, password, password.length - 1, -1);
}

function isLikeThisWay(user: Uint8Array, start: number, password: Uint8Array, from: number, by: 1 | -1): boolean {
  for (let i = start, at = from; i < user.length; i++, at += by) {
    const octet = user[i] as number;
    if (i > start && (octet === AT || octet === DOT)) return true;
    if (at < 0 || at >= password.length || lower(user, i) !== lower(password, at)) return false;
  }
  return start < user.length;
}

function lower(octets: Uint8Array, at: number): number {
  return LOWER[octets[at] as number] as number;
}
