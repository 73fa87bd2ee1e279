/**
 * Why a password is weak: the rules w1 to w9 of PROTECTIONS section 5. In: the
 * octets of a password and a user name as they crossed the wire. Out: the first
 * rule that it breaks, never any part of it. Nothing is kept.
 */
import { latin1Text } from '../octets.js';
import { COMMON_PASSWORDS, KEY_RUNS, SEASONS_AND_MONTHS } from './weak-password-list.js';

export const WEAK_PASSWORD_RULES = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8', 'w9'] as const;
export type WeakPasswordRule = (typeof WEAK_PASSWORD_RULES)[number];

/** What each rule says, to stand behind "the password is". */
export const RULE_WORDS: Readonly<Record<WeakPasswordRule, string>> = {
  w1: 'empty',
  w2: 'the user name, a part of it, or one of these reversed',
  w3: 'the user name with a few digits or an exclamation mark',
  w4: 'shorter than the policy allows',
  w5: 'on the list of the commonest passwords',
  w6: 'one repeated character or a run of neighbouring keys',
  w7: 'a common password with a few digits or a punctuation mark',
  w8: 'a season or month with a year',
  w9: 'a date',
};

/** Longer passwords are none of these shapes. */
const LONGEST_JUDGED = 128;
/** The general rule last, so that the reason given is the most telling one. */
const ORDER: readonly WeakPasswordRule[] = ['w1', 'w2', 'w3', 'w5', 'w6', 'w7', 'w8', 'w9', 'w4'];

/**
 * The rule that the password breaks, null when it breaks none of `rules`. `user` null when it is not known;
 * `words` (lower case) stand beside the built-in list.
 */
export function weakPasswordRule(
  password: Uint8Array,
  user: Uint8Array | null,
  rules: ReadonlySet<string>,
  minimumLength: number,
  words: ReadonlySet<string> = NO_WORDS,
): WeakPasswordRule | null {
  if (password.length > LONGEST_JUDGED * 4) return null;
  const text = textOf(password);
  const lower = text.toLowerCase();
  // Characters outside the basic plane count once.
  const length = text.length === password.length ? text.length : Array.from(text).length;
  const names = user === null ? [] : namesOf(textOf(user).toLowerCase());
  for (const rule of ORDER) {
    if (!rules.has(rule)) continue;
    if (rule === 'w4' ? length < minimumLength : length <= LONGEST_JUDGED && breaks(rule, lower, names, words))
      return rule;
  }
  return null;
}

const NO_WORDS: ReadonlySet<string> = new Set();

function breaks(
  rule: Exclude<WeakPasswordRule, 'w4'>,
  text: string,
  names: readonly string[],
  words: ReadonlySet<string>,
): boolean {
  switch (rule) {
    case 'w1':
      return text === '';
    case 'w2':
      return names.some((name) => text.length === name.length && (text === name || text === reversed(name)));
    case 'w3':
      return names.some((name) => text.startsWith(name) && /^(?:\d{1,4}|!)$/.test(text.slice(name.length)));
    case 'w5':
      return isCommon(text, words);
    case 'w6':
      return isRun(text);
    case 'w7':
      return isDecoratedWord(text, words);
    case 'w8':
      return SEASONS_AND_MONTHS.some(
        (name) => text.startsWith(name) && /^(?:\d{2}|(?:19|20)\d{2})$/.test(text.slice(name.length)),
      );
    case 'w9':
      return isDate(text);
  }
}

/** User name, its local part (also behind a Windows domain), and the first label of its domain. */
function namesOf(user: string): string[] {
  const at = user.lastIndexOf('@');
  const local = at === -1 ? user : user.slice(0, at);
  const label = at === -1 ? '' : (user.slice(at + 1).split('.')[0] as string);
  const backslash = local.lastIndexOf('\\');
  return [user, local, label, local.slice(backslash + 1)].filter((name) => name !== '');
}

function isCommon(text: string, words: ReadonlySet<string>): boolean {
  if (isListed(text, words)) return true;
  if (!/[0134@5$7]/.test(text)) return false;
  // Letters for characters, one for one: what is longer stays longer.
  if (text.length > LONGEST_COMMON && words.size === 0) return false;
  const plain = text.replace(/[034@5$7]/g, (character) => SUBSTITUTES[character] ?? character);
  return isListed(plain.replaceAll('1', 'l'), words) || isListed(plain.replaceAll('1', 'i'), words);
}

function isListed(text: string, words: ReadonlySet<string>): boolean {
  return (text.length <= LONGEST_COMMON && COMMON_PASSWORDS.has(text)) || (words.size > 0 && words.has(text));
}

const LONGEST_COMMON = Math.max(...Array.from(COMMON_PASSWORDS, (word) => word.length));

const SUBSTITUTES: Readonly<Record<string, string>> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
};

function isRun(text: string): boolean {
  if (text.length >= 2 && text[1] === text[0] && text === (text[0] as string).repeat(text.length)) return true;
  if (text.length < 3 || text.length > LONGEST_RUN || !RUN_PAIRS.has(text.slice(0, 2))) return false;
  return RUNS_BOTH_WAYS.some((run) => run.includes(text));
}

const RUNS_BOTH_WAYS: readonly string[] = [...KEY_RUNS, ...KEY_RUNS.map(reversed)];
/** Every two neighbours: a password that does not begin with some is no run. */
const RUN_PAIRS: ReadonlySet<string> = new Set(
  RUNS_BOTH_WAYS.flatMap((run) => Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2))),
);
const LONGEST_RUN = Math.max(...KEY_RUNS.map((run) => run.length));

/** Up to four digits, or a mark, or both, behind a common word. */
function isDecoratedWord(text: string, words: ReadonlySet<string>): boolean {
  if (!/[!.?@#\d]$/.test(text)) return false;
  const mark = /[!.?@#]$/.test(text) ? 1 : 0;
  for (const cut of mark === 1 ? [0, 1] : [0]) {
    const rest = text.slice(0, text.length - cut);
    if (cut === 1 && isCommon(rest, words)) return true;
    for (let digits = 1; digits <= 4 && /\d/.test(rest.at(-digits) ?? ''); digits++) {
      const word = rest.slice(0, rest.length - digits);
      if (isCommon(word, words) || (cut === 0 && /[!.?@#]$/.test(word) && isCommon(word.slice(0, -1), words)))
        return true;
    }
  }
  return false;
}

/** ddmmyy, mmddyy, yymmdd, ddmmyyyy, yyyymmdd; nothing but digits. */
function isDate(text: string): boolean {
  if (!/^(?:\d{6}|\d{8})$/.test(text)) return false;
  const pair = (at: number): number => Number(text.slice(at, at + 2));
  if (text.length === 6)
    return isDayMonth(pair(0), pair(2)) || isDayMonth(pair(2), pair(0)) || isDayMonth(pair(4), pair(2));
  const century = /^(?:19|20)/;
  const dayFirst = isDayMonth(pair(0), pair(2)) && century.test(text.slice(4));
  return dayFirst || (century.test(text) && isDayMonth(pair(6), pair(4)));
}

function isDayMonth(day: number, month: number): boolean {
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}

/** UTF-8 where it is well formed, else each octet a character. */
function textOf(octets: Uint8Array): string {
  const length = Math.min(octets.length, LONGEST_JUDGED * 4);
  let isAscii = true;
  for (let i = 0; i < length && isAscii; i++) isAscii = (octets[i] as number) < 0x80;
  if (isAscii) return latin1Text(octets, 0, length);
  const bounded = octets.subarray(0, length);
  try {
    return STRICT_UTF8.decode(bounded);
  } catch {
    return String.fromCharCode(...bounded);
  }
}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
