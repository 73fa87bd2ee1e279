/**
 * Machine code in what mail commands carry (Check Point's Malicious Code
 * Protector). In: command lines, unfinished ones too, decoded responses of AUTH
 * exchanges, IMAP literals; never message text. The examination itself is
 * `machine-code/`: ordinary printable arguments cost one pass over their octets.
 */
import {
  analyseCode,
  CRITICAL_SCORE,
  DEFAULT_SCORE,
  isMachineCode,
  isOrdinaryText,
  type CodeKind,
  type CodeOptions,
  type CodeVerdict,
} from '../machine-code/index.js';
import type { AuthStepEvent, CommandEvent, LiteralTextEvent, OctetsEvent } from '../protocols/events.js';
import { SHORT_ARGUMENT } from './event-shape.js';
import { startsTlsRecord } from './octet-classes.js';
import { KNOWLEDGE, protection, type CheckContext, type ConnectionView, type ResolvedSettings } from './protection.js';

/** No verb is this long; a line that begins with so long a word is examined from there on. */
const LONGEST_VERB = 16;
/** Text up to this length is looked through before anything else is asked. */
const ORDINARY_BYTES = 256;
const FEATURES = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'F11'];
const ARCHITECTURES = ['x86-32', 'x86-64'];

/** The settings as the examination wants them; one for all connections of a policy. */
interface Sternness {
  readonly options: CodeOptions;
  readonly score: number;
  readonly minimumBytes: number;
  readonly alsoPop3: boolean;
  readonly alsoImap: boolean;
}

export const smtpMaliciousCode = protection<Sternness>({
  id: 'smtp-malicious-code',
  title: 'Machine code in a command',
  protocols: ['smtp', 'pop3', 'imap'],
  attackName: 'SMTP Security Violation',
  attackNameFor: { pop3: 'POP3 Security Violation', imap: 'IMAP Security Violation' },
  attackInfo: 'Malicious Code Protector',
  why:
    'An argument, a user name or a login response that is built like a program for the processor is an attempt to ' +
    'overflow the mail server and to run code on it. No address and no password looks like that.',
  sources: ['SBP-2010-06: Use Malicious Code Protector for SMTP'],
  references: ['CVE-2003-0264', 'CVE-2007-4440', 'CVE-2000-0042', 'T1190'],
  severity: 'high',
  confidence: DEFAULT_SCORE,
  precedence: 'malicious-code',
  remedy:
    'Treat the server as attacked: look whether the mail service crashed or started again at this time, and for new ' +
    'processes, accounts and outgoing connections of the machine. Take it off the network when there are any. Update ' +
    'the mail server, block the client, and keep the capture as evidence. If a known client of yours sends binary ' +
    'arguments, raise `score` for that server or take the feature named in the detail out of `features`.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hears: ({ isPrintable, isShort, word }, settings) =>
    isPrintable && isShort && word.length <= LONGEST_VERB && settings.number('min_len') >= SHORT_ARGUMENT
      ? 'never'
      : 'always',
  settings: [
    {
      kind: 'number',
      name: 'score',
      title: 'Score from which on octets are code',
      unit: 'points',
      default: DEFAULT_SCORE,
      minimum: 40,
      maximum: 300,
      reason: 'Features weigh 25 to 80 points; 70 needs two of them, or one that leaves no doubt. Critical from 90 on.',
    },
    {
      kind: 'number',
      name: 'min_len',
      title: 'Shortest argument that is examined',
      unit: 'bytes',
      default: 24,
      minimum: 8,
      maximum: 4096,
      reason: 'The shortest useful shellcode has about 24 octets.',
    },
    {
      kind: 'number',
      name: 'max_scan',
      title: 'Octets of an argument that are examined',
      unit: 'bytes',
      default: 4096,
      minimum: 256,
      maximum: 65_536,
      reason: 'Bounds the work for one line; code that overflows a buffer of a mail server stands well before.',
    },
    {
      kind: 'list',
      name: 'arches',
      title: 'Processors whose code is looked for',
      of: 'architecture',
      default: ARCHITECTURES,
      reason: 'Take one out when no server of yours has such a processor.',
    },
    {
      kind: 'list',
      name: 'features',
      title: 'Features that count',
      of: 'feature F1..F11',
      default: FEATURES,
      reason:
        'F1 sled of no-operations, F2 sled that can be entered anywhere, F3 and F4 code that finds its own address, ' +
        'F5 process environment, F6 decoder loop, F7 system call, F8 alphanumeric decoder, F9 long chain of ' +
        'instructions, F10 row of return addresses, F11 egg hunter or exception handler.',
    },
    {
      kind: 'flag',
      name: 'also_pop3',
      title: 'Examine POP3 too',
      default: true,
      reason: 'The source names SMTP; the same attacks are known for USER and PASS of POP3 servers (CVE-2003-0264).',
    },
    {
      kind: 'flag',
      name: 'also_imap',
      title: 'Examine IMAP too',
      default: true,
      reason: 'The same attacks are known for LOGIN, SELECT and others, in literals too; messages are never examined.',
    },
  ],
  newState: sternnessOf,
  sharesState: true,
  on: {
    command: judgeLine,
    partialCommand: judgeLine,
    authStep: judgeResponse,
    literalText: judgeLiteral,
  },
});

function sternnessOf(settings: ResolvedSettings): Sternness {
  return {
    options: {
      arches: settings.set('arches'),
      features: settings.set('features'),
      maxScan: settings.number('max_scan'),
    },
    score: settings.number('score'),
    minimumBytes: settings.number('min_len'),
    alsoPop3: settings.flag('also_pop3'),
    alsoImap: settings.flag('also_imap'),
  };
}

function judgeLine(event: CommandEvent, context: CheckContext<Sternness>): void {
  const isLongVerb = event.verbEnd - event.verbStart > LONGEST_VERB;
  const start = isLongVerb ? event.verbStart : event.argumentStart;
  if (!isLongVerb && event.end - start < context.state.minimumBytes) return;
  if (event.end - start <= ORDINARY_BYTES && isOrdinaryText(event.buffer, start, event.end)) return;
  if (!isExamined(context) || startsTlsRecord(event)) return;
  examine(event, start, event.end, argumentKind(context.connection), context);
}

function judgeLiteral(event: LiteralTextEvent, context: CheckContext<Sternness>): void {
  if (event.end - event.start < context.state.minimumBytes || !isExamined(context)) return;
  examine(event, event.start, event.end, 'utf8-argument', context);
}

/** What is no base64 is examined as it crossed. */
function judgeResponse(event: AuthStepEvent, context: CheckContext<Sternness>): void {
  const { decoded, responseStart, responseEnd } = event;
  if (responseEnd - responseStart < context.state.minimumBytes || !isExamined(context)) return;
  if (decoded === null) examine(event, responseStart, responseEnd, 'argument', context);
  else if (decoded.length >= context.state.minimumBytes) {
    const verdict = verdictOn(decoded, 0, decoded.length, 'decoded-auth', context);
    if (verdict !== null) tell(event, responseStart, responseEnd, verdict, context);
  }
}

function isExamined({ connection, state }: CheckContext<Sternness>): boolean {
  return connection.protocol === 'smtp' || (connection.protocol === 'pop3' ? state.alsoPop3 : state.alsoImap);
}

/** UTF-8 is to be expected where the server allows it (RFC 6531), or was not heard; in POP3 and IMAP always. */
function argumentKind({ protocol, facts }: ConnectionView): CodeKind {
  if (protocol !== 'smtp') return 'utf8-argument';
  return facts.capabilities === null || facts.capabilities.has('SMTPUTF8') ? 'utf8-argument' : 'argument';
}

function examine(
  event: OctetsEvent,
  start: number,
  end: number,
  kind: CodeKind,
  context: CheckContext<Sternness>,
): void {
  const verdict = verdictOn(event.buffer, start, end, kind, context);
  if (verdict !== null) tell(event, verdict.start, verdict.end, verdict, context);
}

function verdictOn(
  buffer: Uint8Array,
  start: number,
  end: number,
  kind: CodeKind,
  { state }: CheckContext<Sternness>,
): CodeVerdict | null {
  const verdict = analyseCode(buffer, start, end, kind, state.options);
  return verdict !== null && isMachineCode(verdict, state.score) ? verdict : null;
}

function tell(
  event: OctetsEvent,
  start: number,
  end: number,
  verdict: CodeVerdict,
  context: CheckContext<Sternness>,
): void {
  const { score, confidence, threshold, features } = verdict;
  const names = features.map(({ name }) => name).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  context.report({
    event,
    start,
    end,
    severity: score >= CRITICAL_SCORE ? 'critical' : 'high',
    confidence,
    measured: score,
    limit: Math.max(context.state.score, threshold),
    unit: 'points',
    detail: `The octets are built like x86 machine code (${names.join(', ')}).`,
  });
}
