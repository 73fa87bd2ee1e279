/**
 * Weak passwords in logins, for POP3 and IMAP alike (PROTECTIONS section 5,
 * pop3-weak-password). In: logins whose password crosses in clear. Out: one
 * finding per server, user and reason in a day, ten per client in an hour.
 *
 * The password is judged where it is seen and goes nowhere from there, not even
 * as a digest; the user name is part of a key in memory and never shown.
 */
import type { SettingDeclaration } from '../../shared/protection.js';
import { latin1Text } from '../octets.js';
import type { LoginEvent } from '../protocols/events.js';
import type { AcrossContext, AcrossFact, CheckContext, ResolvedSettings } from './protection.js';
import { sourceKey } from './source-key.js';
import { isSurelyStrong } from './weak-password-sieve.js';
import { RULE_WORDS, WEAK_PASSWORD_RULES, weakPasswordRule, type WeakPasswordRule } from './weak-password-rules.js';

/** After so many failed attempts it is guessing, which is another rule's matter. */
const FAILED_STOP = 3;
const DAY_US = 86_400_000_000;
const HOUR_US = 3_600_000_000;
/** Findings of one client in an hour. */
const PER_HOUR = 10;
/** Octets of a user name that tell mailboxes apart. */
const KEY_BYTES = 128;
const ASTERISK = 0x2a;
const LETTER_X = 0x58;
const SHORTEST_ROW = 4;
/** Mechanisms whose secret is a token, not a password. */
const TOKEN_MECHANISMS = new Set(['XOAUTH2', 'OAUTHBEARER']);

export const WEAK_PASSWORD_SETTINGS: readonly SettingDeclaration[] = [
  {
    kind: 'number',
    name: 'min_len',
    title: 'Shortest password that is not weak',
    unit: 'characters',
    default: 8,
    minimum: 1,
    maximum: 128,
    reason: 'NIST SP 800-63B asks for at least eight characters.',
  },
  {
    kind: 'list',
    name: 'rules',
    title: 'Rules that are applied',
    of: 'rule w1..w9',
    default: WEAK_PASSWORD_RULES,
    reason: WEAK_PASSWORD_RULES.map((rule) => `${rule} ${RULE_WORDS[rule]}`).join('; '),
  },
  {
    kind: 'list',
    name: 'words',
    title: 'Further words that make a password weak',
    of: 'word',
    default: [],
    reason: 'The names of your company, product and town: they stand beside the built-in list in w5 and w7.',
  },
  {
    kind: 'choice',
    name: 'when',
    title: 'Which logins are judged',
    default: 'attempt',
    choices: ['attempt', 'accepted'],
    reason: 'Like an inline gateway at the attempt; `accepted` leaves out the guesses of strangers.',
  },
];

/** The login judged last: its outcome is judged by the same octets. */
export interface JudgedPassword {
  password: Uint8Array | null;
  rule: WeakPasswordRule | null;
}

export function newJudgedPassword(): JudgedPassword {
  return { password: null, rule: null };
}

/** The policies' words, in lower case as passwords are compared. */
const ownWords = new WeakMap<ResolvedSettings, ReadonlySet<string>>();

function ownWordsOf(settings: ResolvedSettings): ReadonlySet<string> {
  let words = ownWords.get(settings);
  if (words === undefined) {
    words = new Set(Array.from(settings.set('words'), (word) => word.toLowerCase()));
    ownWords.set(settings, words);
  }
  return words;
}

/** Tells of a login with a weak password, and again of its outcome. */
export function judgePassword(event: LoginEvent, context: CheckContext<JudgedPassword>): void {
  const { password, mechanism } = event;
  if (password === null || event.failedBefore >= FAILED_STOP) return;
  const { settings } = context;
  if (settings.set('words').size === 0 && isSurelyStrong(password, event.user, settings.number('min_len'))) return;
  if (TOKEN_MECHANISMS.has(mechanism)) return;
  const isAccepted = event.phase === 'outcome' && event.accepted === 'yes';
  if (settings.choice('when') === 'accepted' && !isAccepted) return;
  if (isMaskedCapture(password)) return;
  const rule = ruleOf(password, event.user, context);
  if (rule === null) return;
  // A SASL response carries the password somewhere inside.
  const isInLine = event.passwordEnd > event.passwordStart;
  context.tell({
    kind: isAccepted ? 'accepted' : 'attempt',
    values: { user: keyOf(event.user), rule },
    finding: {
      event,
      start: isInLine ? event.passwordStart : event.secretStart,
      end: isInLine ? event.passwordEnd : event.secretEnd,
      severity: isAccepted ? 'high' : 'low',
      detail: `The password is ${RULE_WORDS[rule]} (rule ${rule}); ${OUTCOME_WORDS[outcomeOf(event)]}.`,
    },
  });
}

function ruleOf(
  password: Uint8Array,
  user: Uint8Array | null,
  { settings, state }: CheckContext<JudgedPassword>,
): WeakPasswordRule | null {
  if (state.password !== password) {
    const words = ownWordsOf(settings);
    state.password = password;
    state.rule = weakPasswordRule(password, user, settings.set('rules'), settings.number('min_len'), words);
  }
  return state.rule;
}

/**
 * One finding per server, user and reason in a day. That somebody's guess was a weak password must not
 * hide that the mailbox really has it, so accepted logins are remembered by themselves.
 */
export function releaseOncePerDay(fact: AcrossFact, context: AcrossContext): void {
  const { past } = context;
  const login = `${fact.sessionId} ${fact.line}`;
  const { user, rule } = fact.values;
  const subject = `${fact.kind} ${fact.serverAddress} ${fact.serverPort} ${rule} ${user}`;
  if (!past.isFirst(subject, login, DAY_US)) return;
  const source = sourceKey(fact.clientAddress);
  // Each client has ten places, and a login keeps its place for an hour.
  for (let place = 0; place < PER_HOUR; place++) {
    if (past.isFirst(`place ${place} ${source}`, login, HOUR_US)) return context.report();
  }
}

type Outcome = 'yes' | 'no' | 'unknown';
const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  yes: 'the server accepted it',
  no: 'the server refused it',
  unknown: 'whether the server accepted it is not known',
};

function outcomeOf(event: LoginEvent): Outcome {
  return event.phase === 'attempt' ? 'unknown' : event.accepted;
}

function keyOf(user: Uint8Array | null): string {
  return user === null ? '' : latin1Text(user, 0, Math.min(user.length, KEY_BYTES)).toLowerCase();
}

/**
 * Whoever captured wrote asterisks over the password, as many as it had or three; or a row of X, which
 * leaves the lengths in the packets as they were.
 */
function isMaskedCapture(password: Uint8Array): boolean {
  const first = password[0];
  if (first !== ASTERISK && (first !== LETTER_X || password.length < SHORTEST_ROW)) return false;
  return password.every((octet) => octet === first);
}
