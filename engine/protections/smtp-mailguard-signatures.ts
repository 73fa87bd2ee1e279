/**
 * SMTP: the remaining signatures of Cisco's ESMTP inspection, under names that
 * an administrator of a PIX or ASA looks for (PROTECTIONS section 7). Each has a
 * main protection that says more; both on, the main one fires and names these
 * in `also`.
 */
import { indexOfOctet } from '../octets.js';
import type { CommandEvent, ReplyEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { isVerbBrokenOff, isWellFormedVerb } from './smtp-verb.js';

const CR = 0x0d;
/** Every verb of RFC 821 has four letters. */
const SHORTEST_VERB = 4;

const COMMON = {
  protocols: ['smtp'],
  attackName: 'Mail Guard',
  severity: 'low',
  confidence: 80,
  precedence: 'policy',
  defaultAction: 'off',
  settings: [],
} as const;

export const smtpMailguardTruncated = protection({
  ...COMMON,
  id: 'smtp-mailguard-truncated',
  title: 'Mail Guard: truncated command',
  attackInfo: 'Truncated command',
  why:
    'A command of fewer than four letters is no SMTP command. It comes from a person who types, or from a program that ' +
    'tries how the server takes what is cut off. The main protection for it is smtp-unknown-command.',
  sources: ['The eMail Threat: PIX Mail Guard; ASA ESMTP inspection, truncated commands'],
  references: ['RFC 5321 4.1.1'],
  remedy:
    'Leave it to `smtp-unknown-command`, which says more, and use this name only to compare with the log of a PIX or ' +
    'ASA. If many come from one client, see what else it sent and block it.',
  minimumKnowledge: KNOWLEDGE.guessed,
  on: { command: judgeTruncated },
});

function judgeTruncated(event: CommandEvent, context: CheckContext<undefined>): void {
  const length = event.verbEnd - event.verbStart;
  if (length === 0 || length >= SHORTEST_VERB || isVerbBrokenOff(event) || !isWellFormedVerb(event)) return;
  context.report({
    event,
    start: event.verbStart,
    end: event.verbEnd,
    measured: length,
    limit: SHORTEST_VERB,
    unit: 'letters',
    detail: `The command has ${length} of at least ${SHORTEST_VERB} letters.`,
  });
}

export const smtpMailguardTermination = protection({
  ...COMMON,
  id: 'smtp-mailguard-termination',
  title: 'Mail Guard: command not ended by CRLF',
  attackInfo: 'Incorrect command termination',
  why:
    'Commands end in CR LF and nothing else. Where two servers disagree on what ends a line, one of them can be made to ' +
    'see commands that the other did not. The main protection for it is smtp-bare-cr-lf.',
  sources: ['The eMail Threat: PIX Mail Guard; ASA ESMTP inspection, incorrect command termination'],
  references: ['RFC 5321 2.3.8'],
  remedy:
    'Leave it to `smtp-bare-cr-lf`, and use this name only to compare with the log of a PIX or ASA. Have the mail server ' +
    'refuse bare line feeds (Postfix smtpd_forbid_bare_newline = normalize, Exim 4.97.1 and later) and correct clients of ' +
    'your own that send them.',
  minimumKnowledge: KNOWLEDGE.guessed,
  on: { command: judgeTermination },
});

function judgeTermination(event: CommandEvent, context: CheckContext<undefined>): void {
  const { buffer, start, end, terminator } = event;
  const bareCr = indexOfOctet(buffer, CR, start, end);
  if (bareCr !== -1) {
    context.report({
      event,
      start: bareCr,
      end: bareCr + 1,
      detail: 'A CR without LF stands inside the command line.',
    });
  } else if (terminator === 'lf') {
    context.report({ event, detail: 'The command line ends in LF without CR.' });
  }
}

export const smtpMailguardTransition = protection({
  ...COMMON,
  id: 'smtp-mailguard-transition',
  title: 'Mail Guard: unexpected reply of the server',
  attackInfo: 'Unexpected transition by the server',
  why:
    'The server replied although no command was waiting for a reply. Client and server then no longer speak of the same ' +
    'thing, or somebody between them adds replies. The main protection for it is smtp-unexpected-reply.',
  sources: ['The eMail Threat: PIX Mail Guard; ASA ESMTP inspection, unexpected transition by the SMTP server'],
  references: ['RFC 5321 4.2', 'RFC 5321 4.3.1'],
  remedy:
    'Leave it to `smtp-unexpected-reply`, and use this name only to compare with the log of a PIX or ASA. Look up the ' +
    'line in the log of the mail server: if the server did not send it, look for a proxy or a device between the two.',
  minimumKnowledge: KNOWLEDGE.synced,
  on: { reply: judgeTransition },
});

/** Where the server speaks unasked by right: it says farewell, or that it will not take the message. */
const LEAVING: ReadonlySet<string> = new Set(['REFUSED', 'CLOSING', 'CLOSED', 'UNINSPECTABLE']);

function judgeTransition(event: ReplyEvent, context: CheckContext<undefined>): void {
  if (event.answers !== '' || event.answersLine !== 0 || event.code === 0 || event.code === 421) return;
  if (LEAVING.has(event.state) || (event.state === 'DATA' && event.code >= 400)) return;
  context.report({ event, detail: `The server sent ${event.code} while no command was waiting for a reply.` });
}
