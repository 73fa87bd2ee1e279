/**
 * IMAP: NOOP and CHECK faster than any program polls (PROTECTIONS section 5,
 * imap-max-no-effect). NOOP is IMAP's poll (RFC 3501 6.1.2), so what counts is
 * the rate, not the number.
 */
import type { CommandEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext, type Finding } from './protection.js';

const RATE_WINDOW_US = 60_000_000;
/** Average distance of consecutive polls from which on they are no poll. */
const QUICK_US = 10_000_000;
const BEFORE_LOGIN = 'NOTAUTH';
const IDLING = 'IDLING';

interface Polls {
  /** Packet times of the last ones, as many as `rate` allows; used in turn. Null before the first. */
  times: number[] | null;
  seen: number;
  /** Since any other command, and the time of the first of these. */
  consecutive: number;
  firstUs: number;
  beforeLogin: number;
}
type Context = CheckContext<Polls>;

export const imapMaxNoEffect = protection<Polls>({
  id: 'imap-max-no-effect',
  title: 'Too many IMAP commands without effect',
  protocols: ['imap'],
  attackName: 'IMAP policy violation',
  attackInfo: 'Too many no-effect commands',
  why:
    'Mail programs poll with NOOP every ten seconds at most. Many more hold a server process busy for nothing; before ' +
    'login they keep one of the few slots for strangers, and have been used to exhaust servers.',
  sources: ['SBP-2006-18: IMAP, no-effect commands'],
  references: ['RFC 3501 6.1.2', 'RFC 9051 6.1.2', 'CVE-2026-27857', 'T1499.002'],
  severity: 'low',
  confidence: 85,
  precedence: 'policy',
  remedy:
    'Find the program: one of your own should use IDLE or poll once a minute. Limit the connections of one address ' +
    '(Dovecot mail_max_userip_connections) and let the server end connections that do not log in (login_proxy_timeout, ' +
    'Exchange MaxConnectionFromSingleSource). Block foreign clients that do this before login.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: [
    {
      kind: 'number',
      name: 'rate',
      title: 'NOOP and CHECK in sixty seconds',
      unit: 'commands',
      default: 30,
      minimum: 1,
      maximum: 10_000,
      reason: 'Clients without IDLE poll every ten to sixty seconds, that is six times a minute at most.',
    },
    {
      kind: 'number',
      name: 'consecutive',
      title: 'NOOP and CHECK in a row, less than ten seconds apart on average',
      unit: 'commands',
      default: 100,
      minimum: 2,
      maximum: 1_000_000,
      reason: 'A program that polls this often for so long and does nothing else is broken or hostile.',
    },
    {
      kind: 'number',
      name: 'preauth',
      title: 'NOOP and CHECK before login',
      unit: 'commands',
      default: 10,
      minimum: 1,
      maximum: 10_000,
      reason: 'Before login there is nothing to poll; some programs send one or two while they ask for a password.',
    },
  ],
  // Any other command only ends a row.
  hears: ({ word }) => (word === 'NOOP' || word === 'CHECK' ? 'always' : 'noted'),
  newState: () => ({ times: null, seen: 0, consecutive: 0, firstUs: 0, beforeLogin: 0 }),
  on: { command: judge },
});

function judge(event: CommandEvent, context: Context): void {
  // Within IDLE no line is a poll.
  if (event.state === IDLING) return;
  const { state } = context;
  if (event.verb !== 'NOOP' && event.verb !== 'CHECK') {
    state.consecutive = 0;
    return;
  }
  const isAtRate = entersFullWindow(event.timeUs, state, context.settings.number('rate'));
  if (state.consecutive++ === 0) state.firstUs = event.timeUs;
  const finding = beforeLogin(event, context) ?? (isAtRate ? tooFast(event, context) : tooManyInARow(event, context));
  if (finding !== null) context.report(finding);
}

/** Remembers the time; true when as many as `rate` allows came within the sixty seconds before it. */
function entersFullWindow(timeUs: number, state: Polls, rate: number): boolean {
  if (state.times === null) {
    state.times = [timeUs];
    state.seen = 1;
    return false;
  }
  const { times } = state;
  const place = state.seen % rate;
  const isFull = state.seen >= rate && timeUs - (times[place] as number) < RATE_WINDOW_US;
  times[place] = timeUs;
  state.seen++;
  return isFull;
}

function beforeLogin(event: CommandEvent, { state, settings, connection }: Context): Finding | null {
  if (event.state !== BEFORE_LOGIN || connection.facts.authenticated === 'yes') return null;
  const limit = settings.number('preauth');
  if (++state.beforeLogin <= limit) return null;
  const detail = `Command ${state.beforeLogin} without effect before login; the limit is ${limit}.`;
  return { event, severity: 'medium', measured: state.beforeLogin, limit, unit: 'commands', detail };
}

function tooFast(event: CommandEvent, { settings }: Context): Finding {
  const limit = settings.number('rate');
  const detail = `More than ${limit} commands without effect within sixty seconds.`;
  return { event, measured: limit + 1, limit, unit: 'commands', detail };
}

function tooManyInARow(event: CommandEvent, { state, settings }: Context): Finding | null {
  const limit = settings.number('consecutive');
  if (state.consecutive <= limit) return null;
  if (event.timeUs - state.firstUs >= QUICK_US * (state.consecutive - 1)) return null;
  const detail = `${state.consecutive} commands without effect in a row, less than ten seconds apart.`;
  return { event, measured: state.consecutive, limit, unit: 'commands', detail };
}
