/**
 * Signed web tokens (JWT, RFC 7519) in the place of a password, as some providers
 * have their clients send them. In: the octets of a password. Out: whether they
 * are a token, and the setting that says what to make of one.
 */
import type { SettingDeclaration } from '../../shared/protection.js';

/** Postfix, Dovecot and Exim take tokens up to here. */
export const LONGEST_TOKEN = 12_288;

export const TREAT_JWT: SettingDeclaration = {
  kind: 'flag',
  name: 'treat_jwt',
  title: 'Report a signed web token sent as password as info only',
  default: true,
  reason: 'Some providers have clients send an OAuth token as the password of an ordinary login.',
};

/** What every token begins with: `{"` in base64. */
const START: readonly number[] = [0x65, 0x79, 0x4a];
const DOT = 0x2e;
/** Header, payload and signature have two dots between them (RFC 7515 7.1). */
const DOTS = 2;

const IS_BASE64URL = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
  IS_BASE64URL[character.charCodeAt(0)] = 1;

/**
 * `eyJ`, three parts in base64url, and nothing else: machine code cannot pass for a token. `isUnfinished`
 * for one that may still go on.
 */
export function isWebToken(buffer: Uint8Array, start: number, end: number, isUnfinished = false): boolean {
  if (end - start < START.length || end - start > LONGEST_TOKEN) return false;
  if (START.some((octet, i) => buffer[start + i] !== octet)) return false;
  let dots = 0;
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    if (octet === DOT) dots++;
    else if (IS_BASE64URL[octet] === 0) return false;
  }
  return dots === DOTS || (isUnfinished && dots < DOTS);
}
