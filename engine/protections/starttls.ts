/** STARTTLS and STLS in all three protocols: what stands between the command and the TLS handshake. */
import type { Severity } from '../../shared/severity.js';
import { EVENT, type InjectedPlaintextEvent } from '../protocols/events.js';
import { copyOctets } from '../octets.js';
import { KNOWLEDGE, protection, type Finding } from './protection.js';

interface InjectionState {
  /** Line of the server's answer that agreed to TLS; 0 before. */
  goAheadLine: number;
  /** And its packet: lines that are numbered late may have been sent before it. */
  goAheadPacket: number;
  /** Plaintext behind the go-ahead, copied: whether TLS followed decides what it was. */
  late: InjectedPlaintextEvent | null;
}

export const starttlsCommandInjection = protection<InjectionState>({
  id: 'starttls-command-injection',
  title: 'Commands injected behind STARTTLS',
  protocols: ['smtp', 'pop3', 'imap'],
  family: 'starttls',
  attackName: 'SMTP Protocol Anomaly',
  attackNameFor: { pop3: 'POP3 Protocol Anomaly', imap: 'IMAP Protocol Violation' },
  attackInfo: 'Commands injected behind STARTTLS',
  why:
    "A server that keeps what arrived behind STARTTLS and reads it after the handshake takes an attacker's plaintext " +
    "for the victim's protected commands: mail can be redirected and passwords collected although TLS is in use.",
  sources: ['CVE-2011-0411', 'Poddebniak et al., USENIX Security 2021'],
  references: ['CVE-2011-0411', 'CVE-2021-33515', 'RFC 3207', 'RFC 2595', 'T1557'],
  severity: 'high',
  confidence: 95,
  precedence: 'injection',
  remedy:
    'Update the mail server: it must discard what it read before the handshake. Offer implicit TLS (465, 993, 995), ' +
    'where nothing can be injected. Look for who can change packets between this client and the server, unless the ' +
    'client itself tests for this fault.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsProvisional: true,
  hearsAnswer: (answers) => answers === 'STARTTLS' || answers === 'STLS',
  hears: ({ kind }) => (kind === EVENT.end ? 'noted' : 'always'),
  settings: [],
  newState: () => ({ goAheadLine: 0, goAheadPacket: 0, late: null }),
  on: {
    reply(event, { state }) {
      if ((event.answers !== 'STARTTLS' && event.answers !== 'STLS') || event.outcome !== 'ok') return;
      state.goAheadLine = event.line;
      state.goAheadPacket = event.packet;
    },
    injectedPlaintext(event, context) {
      const { state } = context;
      const isBehind = event.line > state.goAheadLine && event.packet >= state.goAheadPacket;
      const isLate = state.goAheadLine !== 0 && isBehind && !event.tlsRecord;
      const judged = isLate ? judgeLate(event) : judge(event);
      if (judged === null) return;
      const shown = withSecret(event);
      if (isLate) state.late = copyOf(shown);
      context.report({ event: shown, ...judged });
    },
    end(_event, context) {
      const { late } = context.state;
      const { tlsVersion, sni } = context.connection.facts;
      const hasHandshake = tlsVersion !== '' || sni !== null;
      const judged = late !== null && hasHandshake ? judge(late) : null;
      if (late !== null && judged !== null) context.report({ event: late, ...judged });
    },
  },
});

/**
 * Plaintext behind the go-ahead. Until a handshake follows, the likely reason is a capture from
 * which somebody took the TLS away.
 */
function judgeLate(event: InjectedPlaintextEvent): Omit<Finding, 'event'> | null {
  if (event.injectedBytes < 1) return null;
  return {
    severity: 'low',
    confidence: 50,
    attackInfo: 'plaintext-after-starttls',
    measured: event.injectedBytes,
    limit: 0,
    unit: 'bytes',
    detail: `The client went on in clear after the server had agreed to ${event.verb}; the capture may have been decrypted.`,
  };
}

function judge(event: InjectedPlaintextEvent): Omit<Finding, 'event'> | null {
  const { verb, outcome } = event;
  if (event.tlsRecord) {
    const detail = `The client began TLS without waiting for the answer to ${verb}: against the rules, but harmless.`;
    return { severity: 'low', confidence: 90, detail };
  }
  if (event.injectedBytes < 1) return null;
  const measure = { measured: event.injectedBytes, limit: 0, unit: 'bytes' };
  if (outcome === 'rejected') {
    const detail = `The client sent further input behind ${verb} without waiting; the server refused ${verb}, so it is ordinary input.`;
    return { ...measure, severity: 'low', confidence: 80, attackInfo: 'pipelined-after-starttls', detail };
  }
  const what = event.injectedVerb === '' ? 'Octets' : `A ${event.injectedVerb} command`;
  if (outcome === 'unknown') {
    const detail = `${what} in clear followed ${verb}; the server's answer was not captured.`;
    return { ...measure, severity: 'low', confidence: 40, detail };
  }
  const severity: Severity = event.injectedVerb === '' ? 'high' : 'critical';
  return {
    ...measure,
    severity,
    detail: `${what} in clear stood between ${verb} and the TLS handshake, and the server accepted ${verb}.`,
  };
}

/** Commands of the three protocols that carry credentials, or that credentials follow. */
const CREDENTIAL_VERBS = /(?:^|[\r\n])(?:[^\s]+ +)?(?:AUTH|AUTHENTICATE|PASS|LOGIN|APOP)\b/i;
/** Octets of the stretch that are looked through; more than evidence ever shows. */
const SEARCHED_BYTES = 1024;

/**
 * The injected lines were not read as commands, so nobody marked what is secret in them: everything
 * behind a command that carries credentials is, for the lines behind it may be responses.
 */
function withSecret(event: InjectedPlaintextEvent): InjectedPlaintextEvent {
  if (event.secretEnd > event.secretStart) return event;
  let text = '';
  for (let i = event.start; i < event.end && text.length < SEARCHED_BYTES; i++)
    text += String.fromCharCode(event.buffer[i] as number);
  const found = CREDENTIAL_VERBS.exec(text);
  if (found === null) return event;
  return {
    ...event,
    secretStart: event.start + found.index + found[0].length,
    secretEnd: event.end,
    secretLabel: 'credentials',
  };
}

/** Octets of a stretch that are kept: as many as evidence can show. */
const KEPT_BYTES = 512;

function copyOf(event: InjectedPlaintextEvent): InjectedPlaintextEvent {
  const { start } = event;
  const end = Math.min(event.end, start + KEPT_BYTES);
  const secretStart = Math.min(event.secretStart, end) - start;
  const secretEnd = Math.min(event.secretEnd, end) - start;
  return { ...event, buffer: copyOctets(event.buffer, start, end), start: 0, end: end - start, secretStart, secretEnd };
}
