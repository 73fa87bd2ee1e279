/**
 * User names and passwords longer than any real one, for POP3 and IMAP alike
 * (PROTECTIONS section 5, pop3-credential-too-long). In: lengths as a protocol's
 * commands and SASL responses give them. Out: findings with a length, nothing of
 * the credential.
 */
import type { SettingDeclaration } from '../../shared/protection.js';
import type { AuthStepEvent, CommandEvent, LoginEvent, OctetsEvent } from '../protocols/events.js';
import type { CheckContext, Finding } from './protection.js';
import { responseLengths } from './sasl-user-names.js';
import { isWebToken, LONGEST_TOKEN, TREAT_JWT } from './web-token.js';

/** Beyond this it is no credential but the shape of an overflow. */
const OVERFLOW_BYTES = 512;

export const CREDENTIAL_SETTINGS: readonly SettingDeclaration[] = [
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
    reason: 'A token takes the place of the password there and is long by nature: up to 12288 octets.',
  },
  TREAT_JWT,
];

export interface CredentialLimits {
  readonly user: number;
  readonly password: number;
}

export function credentialLimits(context: CheckContext<unknown>): CredentialLimits {
  return { user: context.settings.number('max_user'), password: context.settings.number('max_pass') };
}

/** What is too long. */
export type Credential = 'user name' | 'password' | 'token';

/** The finding for a credential of `octets` octets. */
export function tooLong(event: OctetsEvent, what: Credential, octets: number, limit: number, how = 'is'): Finding {
  return {
    event,
    severity: what !== 'token' && octets > OVERFLOW_BYTES ? 'critical' : 'medium',
    measured: octets,
    limit,
    unit: 'bytes',
    detail: `The ${what} ${how} longer than ${limit} octets.`,
  };
}

/** Reports whichever of the two is further beyond its limit; true when one is. */
export function reportLonger(
  context: CheckContext<unknown>,
  event: OctetsEvent,
  user: number,
  password: number,
  place: Pick<Finding, 'start' | 'end'>,
): boolean {
  const limits = credentialLimits(context);
  const isPassword = password > limits.password && password - limits.password >= user - limits.user;
  if (!isPassword && user <= limits.user) return false;
  const finding = isPassword
    ? tooLong(event, 'password', password, limits.password)
    : tooLong(event, 'user name', user, limits.user);
  context.report({ ...finding, ...place });
  return true;
}

/** The password of a login in clear; a web token in its place is information. */
export function reportPassword(context: CheckContext<unknown>, event: LoginEvent): boolean {
  const limit = credentialLimits(context).password;
  if (event.passwordBytes <= limit) return false;
  const { passwordStart: start, passwordEnd: end } = event;
  const finding = { ...tooLong(event, 'password', event.passwordBytes, limit), ...rangeIn(start, end) };
  const { password } = event;
  const isToken =
    event.passwordBytes <= LONGEST_TOKEN &&
    context.settings.flag(TREAT_JWT.name) &&
    password !== null &&
    isWebToken(password, 0, password.length);
  context.report(isToken ? { ...finding, severity: 'info', confidence: 60 } : finding);
  return true;
}

/** True when the unfinished line has, from `start` on, what may become a web token: what it is tells its end. */
export function mayBecomeToken(event: CommandEvent, context: CheckContext<unknown>, start: number): boolean {
  return context.settings.flag(TREAT_JWT.name) && isWebToken(event.buffer, start, event.end, true);
}

/** A response of an AUTH or AUTHENTICATE exchange, whole or growing; its decoded form is measured. */
export function judgeResponse(event: AuthStepEvent, context: CheckContext<unknown>): void {
  const place = rangeIn(event.responseStart, event.responseEnd);
  if (context.settings.set('token_mechs').has(event.mechanism)) {
    const octets = event.responseBytes;
    if (octets > LONGEST_TOKEN) context.report({ ...tooLong(event, 'token', octets, LONGEST_TOKEN), ...place });
    return;
  }
  const { user, password } = responseLengths(event);
  reportLonger(context, event, user, password, place);
}

/** The mark of a finding; the whole line when the range is empty. */
export function rangeIn(start: number, end: number): Pick<Finding, 'start' | 'end'> {
  return end > start ? { start, end } : {};
}
