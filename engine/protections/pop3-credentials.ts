/**
 * POP3: what a login reveals about its credentials: how long they are, and
 * whether the password is weak. Where a password does not cross in clear (APOP,
 * CRAM-MD5, SCRAM, NTLM, OAuth, TLS) there is none to judge.
 */
import { EVENT, type CommandEvent, type LoginEvent } from '../protocols/events.js';
import { lastToken } from '../protocols/pop3/grammar.js';
import { argumentBytes } from './command-argument.js';
import {
  CREDENTIAL_SETTINGS,
  credentialLimits,
  judgeResponse,
  mayBecomeToken,
  rangeIn,
  reportPassword,
  tooLong,
  type Credential,
} from './credential-length.js';
import { PLAIN_LINE } from './event-shape.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import {
  judgePassword,
  newJudgedPassword,
  releaseOncePerDay,
  WEAK_PASSWORD_SETTINGS,
  type JudgedPassword,
} from './weak-password.js';

export const pop3CredentialTooLong = protection({
  id: 'pop3-credential-too-long',
  title: 'POP3 user name or password too long',
  protocols: ['pop3'],
  attackName: 'POP3 policy violation',
  attackInfo: 'Username or password too long',
  why:
    'User names and passwords are short. POP3 servers have been taken over, before anybody logged in, by a USER or ' +
    'PASS of a few hundred or thousand octets.',
  sources: ['SBP-2006-18: POP3, length of user name and password'],
  references: ['CVE-2003-0264', 'CVE-1999-0494', 'CVE-1999-1511', 'RFC 1939 3', 'RFC 2449 4', 'T1190'],
  severity: 'medium',
  confidence: 90,
  precedence: 'format',
  remedy:
    'Update the POP3 server, and look for a crash or restart at this time. If your own users have names or tokens this ' +
    'long, raise `max_user` or `max_pass`. Otherwise block the client: no mail program sends this by itself.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => verb === 'USER' || verb === 'APOP' || verb === 'PASS',
  hears: ({ kind, word, isPrintable }, settings) => {
    if (kind === EVENT.login) return word === 'attempt' ? 'always' : 'never';
    // The password of a whole line is told as a login.
    return isPrintable && settings.number('max_user') >= PLAIN_LINE ? 'never' : 'always';
  },
  settings: CREDENTIAL_SETTINGS,
  on: {
    command: judgeName,
    partialCommand: judgeUnfinished,
    login: judgeLogin,
    authStep: judgeResponse,
  },
});

export const pop3WeakPassword = protection<JudgedPassword>({
  id: 'pop3-weak-password',
  title: 'Weak password in a POP3 login',
  protocols: ['pop3'],
  attackName: 'POP3 policy violation',
  attackInfo: 'Found a weak password',
  why:
    'A password that stands on every guessing list opens the mailbox to whoever tries it, and with the mailbox the ' +
    'password resets of every other account.',
  sources: ['SBP-2006-18: POP3, weak passwords'],
  references: ['NIST SP 800-63B 5.1.1.2', 'T1078'],
  severity: 'low',
  confidence: 95,
  precedence: 'policy',
  remedy:
    'Have the owner of the mailbox choose a new password that is on no list and at least twelve characters long, and ' +
    'let the mail server refuse weak ones when they are set. If the login succeeded from an unknown address, treat ' +
    'the mailbox as opened by a stranger. Offer POP3 under TLS only: this password crossed the network in clear.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: WEAK_PASSWORD_SETTINGS,
  newState: newJudgedPassword,
  on: { login: judgePassword },
  across: releaseOncePerDay,
});

type Context = CheckContext<unknown>;

/** USER, and APOP without a digest: the other credentials are told as logins. */
function judgeName(event: CommandEvent, context: Context): void {
  if (event.verb === 'USER' || (event.verb === 'APOP' && isOneWord(event)))
    judgeArgument(event, context, 'user name', argumentBytes(event));
}

function isOneWord({ buffer, argumentStart, end }: CommandEvent): boolean {
  return lastToken(buffer, argumentStart, end) === argumentStart;
}

/** A line that has not ended, or never will. */
function judgeUnfinished(event: CommandEvent, context: Context): void {
  if (event.kind !== EVENT.partialCommand || event.provisional) return;
  if (event.verb === 'PASS') {
    if (mayBecomeToken(event, context, event.argumentStart)) return;
    judgeArgument(event, context, 'password', argumentBytes(event));
  } else if (event.verb === 'APOP') judgeArgument(event, context, 'user name', unfinishedName(event));
  else judgeName(event, context);
}

/** `APOP name digest`: while there is no second word, everything is name. */
function unfinishedName(event: CommandEvent): number {
  const { buffer, argumentStart, end } = event;
  const digest = lastToken(buffer, argumentStart, end);
  return digest > argumentStart ? digest - 1 - argumentStart : argumentBytes(event);
}

function judgeArgument(event: CommandEvent, context: Context, what: Credential, octets: number): void {
  const limits = credentialLimits(context);
  const limit = what === 'password' ? limits.password : limits.user;
  if (octets <= limit) return;
  context.report({ ...tooLong(event, what, octets, limit), ...rangeIn(event.argumentStart, event.end) });
}

/** PASS and APOP. What crosses in an exchange is measured there, and the name at USER. */
function judgeLogin(event: LoginEvent, context: Context): void {
  if (event.phase !== 'attempt') return;
  if (event.mechanism === 'PASS') reportPassword(context, event);
  else if (event.mechanism === 'APOP') {
    const limit = credentialLimits(context).user;
    if (event.userBytes <= limit) return;
    const finding = tooLong(event, 'user name', event.userBytes, limit);
    context.report({ ...finding, ...rangeIn(event.userStart, event.userEnd) });
  }
}
