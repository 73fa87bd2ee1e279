/**
 * SASL CRAM-MD5 (RFC 2195): responses that overflow the servers that copy them.
 * SMTP here; the same check for POP3 and IMAP belongs into this file too.
 */
import type { AuthStepEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';

const ASTERISK = 0x2a;
const SPACE = 0x20;
const DIGEST_DIGITS = 32;

export const smtpCramMd5Overflow = protection({
  id: 'smtp-cram-md5-overflow',
  title: 'CRAM-MD5 response long enough to overflow',
  protocols: ['smtp'],
  family: 'sasl',
  attackName: 'smtp2_compliance',
  attackInfo: 'cve_2007_4440_alert',
  why:
    'A CRAM-MD5 response is a user name and 32 hexadecimal digits. Mercury Mail Transport copied it into a buffer of ' +
    'fixed size, so that a long one runs code on the server before anybody has logged in; other servers had the same fault.',
  sources: ['CPAI-2007-103', 'IPS-1: smtp2_compliance'],
  references: ['CVE-2007-4440', 'RFC 2195', 'RFC 4954', 'T1190'],
  severity: 'critical',
  confidence: 98,
  precedence: 'signature',
  remedy:
    'Find out whether the server is Mercury Mail Transport up to 4.51 and update it, or take CRAM-MD5 out of the ' +
    'mechanisms it offers. Treat the server as attacked: look for a crash or restart at this time, and block the client.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: [
    {
      kind: 'number',
      name: 'max_b64',
      title: 'Longest response as sent',
      unit: 'bytes',
      default: 512,
      minimum: 64,
      maximum: 65_536,
      reason: 'A legal response has at most 472 octets of base64: a user name of 320, a space, 32 digits.',
    },
    {
      kind: 'number',
      name: 'max_dec',
      title: 'Longest response decoded',
      unit: 'bytes',
      default: 384,
      minimum: 48,
      maximum: 16_384,
      reason: 'A legal response has at most 353 octets.',
    },
  ],
  on: {
    authStep(event, context) {
      if (event.mechanism !== 'CRAM-MD5' || isCancel(event)) return;
      if (!reportOverflow(event, context)) reportMalformed(event, context);
    },
  },
});

function isCancel(event: AuthStepEvent): boolean {
  return event.responseBytes === 1 && event.buffer[event.responseStart] === ASTERISK;
}

function reportOverflow(event: AuthStepEvent, context: CheckContext<undefined>): boolean {
  const sent = context.settings.number('max_b64');
  const decoded = context.settings.number('max_dec');
  const decodedBytes = event.decoded?.length ?? 0;
  const isSentTooLong = event.responseBytes > sent;
  if (!isSentTooLong && (event.initial || decodedBytes <= decoded)) return false;
  context.report({
    event,
    start: event.responseStart,
    end: event.responseEnd,
    measured: isSentTooLong ? event.responseBytes : decodedBytes,
    limit: isSentTooLong ? sent : decoded,
    unit: 'bytes',
    detail: event.initial
      ? 'The AUTH line carries a long initial response, which CRAM-MD5 does not have.'
      : 'The response is longer than any user name and digest can be.',
  });
  return true;
}

/** Sub-finding: of legal length, but not `user SP 32HEX`. A line that broke off is not judged. */
function reportMalformed(event: AuthStepEvent, context: CheckContext<undefined>): void {
  const { decoded } = event;
  if (event.initial || event.partial || decoded === null || decoded.length === 0 || isWellFormed(decoded)) return;
  context.report({
    event,
    start: event.responseStart,
    end: event.responseEnd,
    severity: 'low',
    confidence: 80,
    attackInfo: 'smtp-cram-md5-malformed',
    detail: 'The response is not a user name, a space and 32 hexadecimal digits.',
  });
}

function isWellFormed(decoded: Uint8Array): boolean {
  const space = decoded.length - DIGEST_DIGITS - 1;
  if (space < 1 || decoded[space] !== SPACE) return false;
  for (let i = space + 1; i < decoded.length; i++) if (!isHexDigit(decoded[i] as number)) return false;
  return true;
}

function isHexDigit(octet: number): boolean {
  return (octet >= 0x30 && octet <= 0x39) || ((octet | 0x20) >= 0x61 && (octet | 0x20) <= 0x66);
}
