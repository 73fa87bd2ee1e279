/**
 * SASL DIGEST-MD5 (RFC 2831): challenges that overflow the clients that copy
 * them (PROTECTIONS section 6, pop3-digest-md5-overflow, d1 to d6). The server
 * is the attacker here, in POP3, SMTP and IMAP alike.
 */
import type { Severity } from '../../shared/severity.js';
import { EVENT, type CommandEvent, type ReplyEvent } from '../protocols/events.js';
import { base64DecodedLength, decodeBase64, DECODED_BYTES } from '../protocols/sasl/base64.js';
import { mechanismName } from '../protocols/sasl/exchange.js';
import { readDigestChallenge, type DigestChallenge } from './digest-challenge.js';
import { KNOWLEDGE, protection, type CheckContext, type ResolvedSettings } from './protection.js';

/** RFC 2831 2.1.1: with RFC 2831's own numbers and those of the buffers in libcurl 7.26.0 to 7.28.1. */
const LONGEST_NONCE = 128;
const LONGEST_ALGORITHM = 32;
const LONGEST_TOKEN = 64;
const MOST_REALMS = 4;
const STRICT_REALM = 100;

const AUTH_VERBS = new Set(['AUTH', 'AUTHENTICATE', 'X-EXPS', 'XAUTH']);

interface ExchangeState {
  /** Line of the command that began a DIGEST-MD5 exchange; 0 before. */
  line: number;
}

interface Excess {
  readonly severity: Severity;
  readonly measured: number;
  readonly limit: number;
  readonly unit: 'bytes' | 'occurrences';
  readonly detail: string;
}

export const pop3DigestMd5Overflow = protection<ExchangeState>({
  id: 'pop3-digest-md5-overflow',
  title: 'DIGEST-MD5 challenge that overflows the client',
  protocols: ['pop3', 'smtp', 'imap'],
  family: 'sasl',
  attackName: 'cURL POP DIGEST-MD5 Buffer Overflow',
  attackInfo: 'digest-md5-overflow',
  why:
    'A DIGEST-MD5 challenge is short. libcurl copied what the server sent into buffers of fixed size, so that a ' +
    'hostile server, or somebody between client and server, could run code in every program that fetched mail with it.',
  sources: ['SonicWALL IPS, category POP: cURL POP DIGEST-MD5 Buffer Overflow'],
  references: ['CVE-2013-0249', 'RFC 2831 2.1.1', 'RFC 6331', 'T1203'],
  severity: 'high',
  confidence: 95,
  precedence: 'signature',
  remedy:
    'Find out which program on the client speaks here and which version of libcurl it uses; 7.26.0 to 7.28.1 must be ' +
    'replaced. Do not let clients reach this server until it is clear who runs it. Take DIGEST-MD5 out of use: RFC ' +
    '6331 made it historic, SCRAM or a password under TLS takes its place.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => AUTH_VERBS.has(verb),
  hears: ({ kind, outcome }) => (kind !== EVENT.reply ? 'always' : outcome === 'continue' ? 'noted' : 'never'),
  settings: [
    {
      kind: 'number',
      name: 'max_challenge',
      title: 'Longest challenge, decoded',
      unit: 'bytes',
      default: 2048,
      minimum: 256,
      maximum: 12_288,
      reason: 'RFC 2831 2.1.1: the size of a challenge must be less than 2048 octets.',
    },
    {
      kind: 'number',
      name: 'max_realm',
      title: 'Longest realm',
      unit: 'bytes',
      default: 120,
      minimum: 16,
      maximum: 2048,
      reason: 'libcurl put "pop/" and the realm into 128 octets; realms of Active Directory are domain names below 80.',
    },
    {
      kind: 'flag',
      name: 'strict',
      title: 'Hold realms to 100 octets',
      default: false,
      reason: 'For networks whose realms are all known to be short.',
    },
  ],
  newState: () => ({ line: 0 }),
  on: {
    command(event, { state }) {
      if (AUTH_VERBS.has(event.verb) && isDigestMd5(event)) state.line = event.line;
    },
    reply(event, context) {
      if (event.outcome !== 'continue' || context.state.line === 0) return;
      if (event.answersLine === context.state.line) judgeChallenge(event, context);
    },
  },
});

function isDigestMd5({ buffer, argumentStart, end }: CommandEvent): boolean {
  let start = argumentStart;
  while (start < end && buffer[start] === 0x20) start++;
  return mechanismName(buffer, start, end) === 'DIGEST-MD5';
}

function judgeChallenge(event: ReplyEvent, context: CheckContext<ExchangeState>): void {
  const { buffer, secretStart, secretEnd } = event;
  // Of a challenge too long to be held, whole groups of four can be decoded.
  const end = base64DecodedLength(buffer, secretStart, secretEnd) === -1 ? wholeGroups(event) : secretEnd;
  const decoded = decodeBase64(buffer, secretStart, end);
  if (decoded === null) return;
  const bytes = base64DecodedLength(buffer, secretStart, end);
  const excess = excessOf(readDigestChallenge(decoded), bytes, context.settings);
  if (excess !== null) context.report({ event, start: secretStart, end: secretEnd, ...excess });
}

function wholeGroups({ secretStart, secretEnd }: ReplyEvent): number {
  return secretEnd - secretStart > DECODED_BYTES ? secretEnd - ((secretEnd - secretStart) % 4) : secretEnd;
}

/** The worst of what is too long or too many; null when all is as it should be. */
function excessOf(challenge: DigestChallenge, bytes: number, settings: ResolvedSettings): Excess | null {
  const challengeLimit = settings.number('max_challenge');
  const realmLimit = settings.flag('strict')
    ? Math.min(STRICT_REALM, settings.number('max_realm'))
    : settings.number('max_realm');
  const { realmBytes, nonceBytes, algorithmBytes, tokenBytes, nonces, realms } = challenge;
  if (bytes > challengeLimit)
    return tooLong('critical', bytes, challengeLimit, 'd1: The challenge is longer than any may be.');
  if (realmBytes > realmLimit)
    return tooLong('critical', realmBytes, realmLimit, 'd2: The realm is longer than a buffer that takes it.');
  if (nonceBytes > LONGEST_NONCE) return tooLong('high', nonceBytes, LONGEST_NONCE, 'd3: The nonce is far too long.');
  if (algorithmBytes > LONGEST_ALGORITHM) {
    return tooLong('high', algorithmBytes, LONGEST_ALGORITHM, "d4: The algorithm's name is far too long.");
  }
  if (nonces > 1) return tooMany(nonces, 1, 'd5: The challenge has several nonces.');
  if (realms > MOST_REALMS) return tooMany(realms, MOST_REALMS, 'd5: The challenge offers very many realms.');
  if (tokenBytes > LONGEST_TOKEN)
    return tooLong('high', tokenBytes, LONGEST_TOKEN, 'd6: A value without quotes is far too long.');
  return null;
}

function tooLong(severity: Severity, measured: number, limit: number, detail: string): Excess {
  return { severity, measured, limit, unit: 'bytes', detail };
}

function tooMany(measured: number, limit: number, detail: string): Excess {
  return { severity: 'high', measured, limit, unit: 'occurrences', detail };
}
