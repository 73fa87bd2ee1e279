/** IMAP: user names and passwords longer than any real one (PROTECTIONS section 5, imap-credential-too-long). */
import { EVENT, type CommandEvent, type LiteralEvent, type LoginEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext, type Finding } from './protection.js';

/** Beyond this it is no credential but the shape of an overflow. */
const OVERFLOW_BYTES = 512;
/** What JSON can carry of a literal whose digits overflow. */
const MOST = Number.MAX_SAFE_INTEGER;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

interface LoginState {
  /** Line of the LOGIN whose announced literal was reported; its credentials are not reported again. */
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
  settings: [
    {
      kind: 'number',
      name: 'max_user',
      title: 'Longest user name',
      unit: 'bytes',
      default: 128,
      minimum: 16,
      maximum: 16_384,
      reason: 'Long enough for logins in the form of an e-mail address, short of every known overflow.',
    },
    {
      kind: 'number',
      name: 'max_pass',
      title: 'Longest password',
      unit: 'bytes',
      default: 128,
      minimum: 16,
      maximum: 16_384,
      reason: 'Long enough for generated passwords and app passwords.',
    },
    {
      kind: 'list',
      name: 'token_mechs',
      title: 'Mechanisms that carry tokens',
      of: 'mechanism',
      default: ['XOAUTH2', 'OAUTHBEARER'],
      reason: 'A token takes the place of the password there and is long by nature.',
    },
    {
      kind: 'flag',
      name: 'treat_jwt',
      title: 'Report a signed web token sent as password as info only',
      default: true,
      reason: 'Some providers have clients send an OAuth token as the password of LOGIN.',
    },
  ],
  newState: () => ({ literalLine: 0 }),
  on: {
    login: judgeLogin,
    literal: judgeLiteral,
    partialCommand: judgeUnfinished,
  },
});

type Context = CheckContext<LoginState>;

function judgeLogin(event: LoginEvent, context: Context): void {
  if (event.phase !== 'attempt' || context.settings.set('token_mechs').has(event.mechanism)) return;
  if (context.state.literalLine !== 0 && context.state.literalLine === event.line) return;
  const { maxUser, maxPass } = limitsOf(context);
  if (event.passwordBytes > maxPass && event.passwordBytes - maxPass >= event.userBytes - maxUser) {
    const isToken = context.settings.flag('treat_jwt') && event.password !== null && isWebToken(event.password);
    const finding = tooLong(event, 'password', event.passwordBytes, maxPass);
    const place = rangeIn(event.passwordStart, event.passwordEnd);
    context.report(isToken ? { ...finding, ...place, severity: 'info', confidence: 60 } : { ...finding, ...place });
  } else if (event.userBytes > maxUser) {
    context.report({
      ...tooLong(event, 'user name', event.userBytes, maxUser),
      ...rangeIn(event.userStart, event.userEnd),
    });
  }
}

/** `{n}` announces the length before an octet of it was sent. */
function judgeLiteral(event: LiteralEvent, context: Context): void {
  if (event.verb !== 'LOGIN' || event.argument < 1 || event.argument > 2) return;
  const { maxUser, maxPass } = limitsOf(context);
  const limit = event.argument === 1 ? maxUser : maxPass;
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

/** A LOGIN line that has not ended, or never will: its arguments as far as they came. */
function judgeUnfinished(event: CommandEvent, context: Context): void {
  if (event.kind !== EVENT.partialCommand || event.verb !== 'LOGIN' || event.provisional) return;
  const { maxUser, maxPass } = limitsOf(context);
  const user = argumentAt(event, event.argumentStart);
  const omitted = event.lengthBytes - (event.end - event.start);
  const isLast = user.next >= event.end;
  if (user.octets + (isLast ? omitted : 0) > maxUser) {
    context.report(tooLong(event, 'user name', user.octets + (isLast ? omitted : 0), maxUser));
    return;
  }
  if (isLast) return;
  const octets = argumentAt(event, user.next).octets + omitted;
  if (octets > maxPass) context.report(tooLong(event, 'password', octets, maxPass));
}

/** Octets of an atom or quoted string, escapes resolved, and where the next argument begins. */
function argumentAt(event: CommandEvent, start: number): { octets: number; next: number } {
  const { buffer, end } = event;
  const isQuoted = buffer[start] === QUOTE && start < end;
  let octets = 0;
  let i = isQuoted ? start + 1 : start;
  for (; i < end; i++) {
    const octet = buffer[i] as number;
    if (octet === (isQuoted ? QUOTE : SPACE)) break;
    if (isQuoted && octet === BACKSLASH && i + 1 < end) i++;
    octets++;
  }
  return { octets, next: isQuoted ? i + 2 : i + 1 };
}

function tooLong(event: Finding['event'], what: string, octets: number, limit: number, how = 'is'): Finding {
  return {
    event,
    severity: octets > OVERFLOW_BYTES ? 'critical' : 'medium',
    measured: octets,
    limit,
    unit: 'bytes',
    detail: `The ${what} ${how} longer than ${limit} octets.`,
  };
}

function rangeIn(start: number, end: number): { start?: number; end?: number } {
  return end > start ? { start, end } : {};
}

function limitsOf(context: Context): { maxUser: number; maxPass: number } {
  return { maxUser: context.settings.number('max_user'), maxPass: context.settings.number('max_pass') };
}

/** `eyJ`, and two dots: RFC 7519 3. */
function isWebToken(password: Uint8Array): boolean {
  if (password[0] !== 0x65 || password[1] !== 0x79 || password[2] !== 0x4a) return false;
  let dots = 0;
  for (const octet of password) if (octet === 0x2e) dots++;
  return dots === 2;
}
