/**
 * POP3: what a login reveals about its credentials. Where a password does not
 * cross in clear (APOP, CRAM-MD5, SCRAM, NTLM, OAuth, TLS) there is none to judge.
 */
import type { LoginEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { RULE_WORDS, WEAK_PASSWORD_RULES, weakPasswordRule } from './weak-password-rules.js';

/** After so many failed attempts it is guessing, which is another rule's matter. */
const FAILED_STOP = 3;
const ASTERISK = 0x2a;
/** Mechanisms whose secret is a token, not a password. */
const TOKEN_MECHANISMS = new Set(['XOAUTH2', 'OAUTHBEARER']);

export const pop3WeakPassword = protection({
  id: 'pop3-weak-password',
  title: 'Weak password in a POP3 login',
  protocols: ['pop3'],
  attackName: 'POP3 policy violation',
  attackInfo: 'Found a weak password',
  why:
    'A password that stands on every guessing list opens the mailbox to whoever tries it, and with the mailbox the ' +
    'password resets of every other account.',
  sources: ['SBP-2006-18: POP3, weak passwords'],
  references: ['NIST SP 800-63B 5.1.1.2'],
  severity: 'low',
  confidence: 95,
  precedence: 'policy',
  remedy:
    'Have the owner of the mailbox choose a new password that is on no list and at least twelve characters long, and ' +
    'let the mail server refuse weak ones when they are set. If the login succeeded from an unknown address, treat ' +
    'the mailbox as opened by a stranger. Offer POP3 under TLS only: this password crossed the network in clear.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: [
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
      kind: 'choice',
      name: 'when',
      title: 'Which logins are judged',
      default: 'attempt',
      choices: ['attempt', 'accepted'],
      reason: 'Like an inline gateway at the attempt; `accepted` leaves out the guesses of strangers.',
    },
  ],
  on: { login: judge },
});

function judge(event: LoginEvent, context: CheckContext<undefined>): void {
  const { password, mechanism } = event;
  if (password === null || event.failedBefore >= FAILED_STOP || TOKEN_MECHANISMS.has(mechanism)) return;
  const isAccepted = event.phase === 'outcome' && event.accepted === 'yes';
  if (context.settings.choice('when') === 'accepted' && !isAccepted) return;
  if (isMaskedCapture(password)) return;
  const { settings } = context;
  const rule = weakPasswordRule(password, event.user, settings.set('rules'), settings.number('min_len'));
  if (rule === null) return;
  // A SASL response carries the password somewhere inside.
  const isInLine = event.passwordEnd > event.passwordStart;
  context.report({
    event,
    start: isInLine ? event.passwordStart : event.secretStart,
    end: isInLine ? event.passwordEnd : event.secretEnd,
    severity: isAccepted ? 'high' : 'low',
    detail: `The password is ${RULE_WORDS[rule]} (rule ${rule}); ${OUTCOME_WORDS[outcomeOf(event)]}.`,
  });
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

/** Whoever captured wrote asterisks over the password. */
function isMaskedCapture(password: Uint8Array): boolean {
  return password.length > 0 && password.length < 4 && password.every((octet) => octet === ASTERISK);
}
