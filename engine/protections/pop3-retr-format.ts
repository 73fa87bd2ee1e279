/** POP3: printf conversions where a message number belongs (PROTECTIONS section 6, pop3-retr-format-string). */
import { indexOfOctet } from '../octets.js';
import type { CommandEvent } from '../protocols/events.js';
import { findConversions } from './printf-conversions.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';

const PERCENT = 0x25;

export const pop3RetrFormatString = protection({
  id: 'pop3-retr-format-string',
  title: 'Printf conversion in a RETR command',
  protocols: ['pop3'],
  attackName: 'Inetserv POP3 Server RETR Format String Attack',
  attackInfo: 'format-string',
  why:
    'A message number is nothing but digits. A server that hands the argument of RETR to printf lets a logged-in user ' +
    'read its memory, crash it, and with %n write to it.',
  sources: ['SonicWALL IPS, category POP: Inetserv POP3 Server RETR Format String Attack'],
  references: ['RFC 1939 5', 'T1190', 'T1499.004'],
  severity: 'high',
  confidence: 97,
  precedence: 'signature',
  remedy:
    'Find out who was logged in: the account is the attacker or was taken over, so change its password. Update or ' +
    'replace the server (A-V Tronics InetServ 3.23 is open to this), and look for a crash or restart at this time.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb, settings) => settings.set('verbs').has(verb),
  settings: [
    {
      kind: 'list',
      name: 'verbs',
      title: 'Commands whose argument is judged',
      of: 'verb',
      default: ['RETR'],
      reason: 'The source names RETR; DELE, TOP, LIST, STAT and UIDL take message numbers too.',
    },
  ],
  on: {
    command: judge,
    partialCommand: judge,
  },
});

function judge(event: CommandEvent, context: CheckContext<undefined>): void {
  const { buffer, argumentStart, end } = event;
  if (argumentStart >= end || event.verb === '' || !context.settings.set('verbs').has(event.verb)) return;
  if (indexOfOctet(buffer, PERCENT, argumentStart, end) === -1) return;
  const { all, first, last } = findConversions(buffer, argumentStart, end);
  if (all === 0) return;
  context.report({
    event,
    start: first,
    end: last,
    measured: all,
    limit: 0,
    unit: 'conversions',
    detail: `The argument of ${event.verb} carries ${all === 1 ? 'a printf conversion' : `${all} printf conversions`}.`,
  });
}
