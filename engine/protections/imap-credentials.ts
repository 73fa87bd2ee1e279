/**
 * IMAP: what a login reveals about its credentials: how long they are, also where
 * a literal only announces it, and whether the password is weak (PROTECTIONS section 5).
 */
import { EVENT, type CommandEvent, type LiteralEvent, type LoginEvent } from '../protocols/events.js';
import {
  CREDENTIAL_SETTINGS,
  credentialLimits,
  judgeResponse,
  mayBecomeToken,
  rangeIn,
  reportLonger,
  reportPassword,
  tooLong,
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

/** What JSON can carry of a literal whose digits overflow. */
const MOST = Number.MAX_SAFE_INTEGER;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

interface LoginState {
  /** Last line with a literal that was reported; the credentials of its LOGIN are not reported again. */
  literalLine: number;
}

export const imapCredentialTooLong = protection<LoginState>({
  id: 'imap-credential-too-long',
  title: 'IMAP user name or password too long',
  protocols: ['imap'],
  attackName: 'IMAP policy violation',
  attackInfo: 'Username or password too long',
  why:
    'User names and passwords are short. Servers have been taken over, before anybody logged in, by ones of a few ' +
    'hundred or thousand octets.',
  sources: ['SBP-2006-18: IMAP, length of user name and password'],
  references: ['CVE-2005-1255', 'CVE-2005-1014', 'RFC 3501 6.2.3', 'RFC 9051 6.2.3', 'T1190'],
  severity: 'medium',
  confidence: 90,
  precedence: 'format',
  remedy:
    'Update the IMAP server, and look for a crash or restart at this time. If your own users have names or tokens this ' +
    'long, raise `max_user` or `max_pass`. Otherwise block the client: no mail program sends this by itself.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => verb === 'LOGIN',
  hears: ({ kind, word, isPrintable }, settings) => {
    if (kind === EVENT.login) return word === 'attempt' ? 'always' : 'never';
    return isPrintable && settings.number('max_user') >= PLAIN_LINE ? 'never' : 'always';
  },
  settings: CREDENTIAL_SETTINGS,
  newState: () => ({ literalLine: 0 }),
  on: {
    login: judgeLogin,
    literal: judgeLiteral,
    command: judgeLoneName,
    partialCommand: judgeUnfinished,
    authStep: judgeResponse,
  },
});

export const imapWeakPassword = protection<JudgedPassword>({
  id: 'imap-weak-password',
  title: 'Weak password in an IMAP login',
  protocols: ['imap'],
  attackName: 'IMAP policy violation',
  attackInfo: 'Found a weak password',
  why:
    'A password that stands on every guessing list opens the mailbox to whoever tries it, with all the mail that lies ' +
    'on the server and the password resets of every other account.',
  sources: ['SBP-2006-18: IMAP, weak passwords'],
  references: ['NIST SP 800-63B 5.1.1.2', 'RFC 9051 6.2.3', 'T1078'],
  severity: 'low',
  confidence: 95,
  precedence: 'policy',
  remedy:
    'Have the owner of the mailbox choose a new password that is on no list and at least twelve characters long, and ' +
    'let the mail server refuse weak ones when they are set. If the login succeeded from an unknown address, treat ' +
    'the mailbox as opened by a stranger. Set LOGINDISABLED until TLS has begun (Dovecot ' +
    'auth_allow_cleartext=no): this password crossed the network in clear.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: WEAK_PASSWORD_SETTINGS,
  newState: newJudgedPassword,
  on: { login: judgePassword },
  across: releaseOncePerDay,
});

type Context = CheckContext<LoginState>;

/** The command LOGIN. What crosses in an AUTHENTICATE exchange is measured there. */
function judgeLogin(event: LoginEvent, context: Context): void {
  if (event.phase !== 'attempt' || event.secretLabel === 'response') return;
  const { user: limit, password } = credentialLimits(context);
  if (event.userBytes <= limit && event.passwordBytes <= password) return;
  // A literal's line is the first of its command or a later one.
  if (context.hasState && context.state.literalLine >= event.line) return;
  if (event.passwordBytes - password >= event.userBytes - limit && reportPassword(context, event)) return;
  reportLonger(context, event, event.userBytes, -1, rangeIn(event.userStart, event.userEnd));
}

/** `{n}` announces the length before an octet of it was sent. */
function judgeLiteral(event: LiteralEvent, context: Context): void {
  if (event.verb !== 'LOGIN' || event.argument < 1 || event.argument > 2) return;
  const limits = credentialLimits(context);
  const limit = event.argument === 1 ? limits.user : limits.password;
  if (event.announced <= limit) return;
  context.state.literalLine = event.line;
  context.report(
    tooLong(
      event,
      event.argument === 1 ? 'user name' : 'password',
      Math.min(event.announced, MOST),
      limit,
      'was announced to be',
    ),
  );
}

/** A LOGIN without password is no login, but its one argument may be the overflow. */
function judgeLoneName(event: CommandEvent, context: Context): void {
  if (event.verb !== 'LOGIN' || event.provisional) return;
  const user = argumentAt(event, event.argumentStart);
  if (user.next >= event.end) reportLonger(context, event, user.octets, -1, {});
}

/** A LOGIN line that has not ended, or never will: its arguments as far as they came. */
function judgeUnfinished(event: CommandEvent, context: Context): void {
  if (event.kind !== EVENT.partialCommand || event.verb !== 'LOGIN' || event.provisional) return;
  const user = argumentAt(event, event.argumentStart);
  const omitted = event.lengthBytes - (event.end - event.start);
  const isLast = user.next >= event.end;
  const password = isLast ? null : argumentAt(event, user.next);
  const passwordBytes = password === null ? -1 : password.octets + omitted;
  if (password !== null && mayBecomeToken(event, context, password.start)) return;
  reportLonger(context, event, user.octets + (isLast ? omitted : 0), passwordBytes, {});
}

interface Argument {
  /** Its first octet, behind a quote. */
  readonly start: number;
  /** Without escapes. */
  readonly octets: number;
  /** Where the next argument begins. */
  readonly next: number;
}

/** The atom or quoted string at `from`. */
function argumentAt({ buffer, end }: CommandEvent, from: number): Argument {
  let at = from;
  while (at < end && buffer[at] === SPACE) at++;
  const isQuoted = buffer[at] === QUOTE && at < end;
  const start = isQuoted ? at + 1 : at;
  let octets = 0;
  let i = start;
  for (; i < end; i++) {
    const octet = buffer[i] as number;
    if (octet === (isQuoted ? QUOTE : SPACE)) break;
    if (isQuoted && octet === BACKSLASH && i + 1 < end) i++;
    octets++;
  }
  return { start, octets, next: isQuoted ? i + 2 : i + 1 };
}
