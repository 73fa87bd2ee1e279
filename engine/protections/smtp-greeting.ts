/** SMTP: the server's first words. Sub-cases as in PROTECTIONS section 3, smtp-bad-greeting. */
import type { Severity } from '../../shared/severity.js';
import type { ReplyEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type Finding } from './protection.js';

/** First octet of a TLS record: implicit TLS is not judged. */
const TLS_HANDSHAKE = 0x16;

export const smtpBadGreeting = protection({
  id: 'smtp-bad-greeting',
  title: 'Bad SMTP server greeting',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Server reply out of expected SMTP state',
  why:
    'A mail server opens every connection with reply 220. Another first reply means that the server is not an SMTP ' +
    'server, is misconfigured, or that something between client and server answers in its place.',
  sources: ['SBP-2010-06: Bad SMTP Server Greeting'],
  references: ['RFC 5321 3.1', 'RFC 5321 4.2', 'RFC 5321 4.3.1'],
  severity: 'medium',
  confidence: 95,
  precedence: 'sequence',
  remedy:
    'Find out what answers on this address and port: a mail server must greet with 220. When the greeting is a ' +
    "refusal (421, 521, 554 or another 4yz), look in the server's log for why it refuses this client. When it is no " +
    'SMTP at all, correct the port forwarding or the DNS record that leads clients here.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.synced,
  settings: [
    {
      kind: 'choice',
      name: 'refusal',
      title: 'A greeting that refuses (421, 521, 554, 4yz)',
      default: 'info',
      choices: ['info', 'alert', 'off'],
      reason: 'RFC 5321 3.1 lets a server refuse with 554 instead of greeting with 220, so it is reported apart.',
    },
  ],
  on: {
    reply(event, context) {
      if (event.answers !== 'GREETING') return;
      const judged = judgeGreeting(event, context.settings.choice('refusal'));
      if (judged !== null) context.report({ event, ...judged });
    },
  },
});

function judgeGreeting(event: ReplyEvent, refusal: string): Omit<Finding, 'event'> | null {
  if (event.outcome === 'malformed' || event.code === 0) {
    if (event.start < event.end && event.buffer[event.start] === TLS_HANDSHAKE) return null;
    return { severity: 'high', detail: 'The first octets from the server are no SMTP reply.' };
  }
  if (event.codesDiffer) {
    return { severity: 'medium', detail: 'The lines of the greeting carry different reply codes.' };
  }
  if (event.code === 220) return null;
  if (isRefusal(event.code)) {
    if (refusal === 'off') return null;
    const severity: Severity = refusal === 'info' ? 'info' : 'medium';
    return { severity, detail: `The server refused the connection in its greeting with ${event.code}.` };
  }
  return { severity: 'medium', detail: `The server greeted with ${event.code}; a greeting is 220.` };
}

/** RFC 5321 3.1 and 4.2.1, RFC 7504: temporary failures, 521 and 554. */
function isRefusal(code: number): boolean {
  return code === 554 || code === 521 || (code >= 400 && code < 500);
}
