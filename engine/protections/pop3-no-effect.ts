/** POP3: commands that change nothing, again and again (PROTECTIONS section 5, pop3-max-no-effect). */
import type { CommandEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';

/** A client may ask again what the server can when the connection's state has changed. */
const FREE_CAPA = 3;
const SECOND_US = 1_000_000;

interface Idling {
  /** Commands without effect that count. */
  count: number;
  /** NOOPs that kept the connection alive and do not count. */
  spaced: number;
  /** Packet time of the last NOOP; -1 before. */
  lastNoopUs: number;
  capa: number;
  hasDeleted: boolean;
  /** STAT and LIST since the last RETR or DELE. */
  stat: number;
  list: number;
}
type Context = CheckContext<Idling>;

export const pop3MaxNoEffect = protection<Idling>({
  id: 'pop3-max-no-effect',
  title: 'Too many POP3 commands without effect',
  protocols: ['pop3'],
  attackName: 'POP3 policy violation',
  attackInfo: 'Too many no-effect commands',
  why:
    'A mail program sends NOOP now and then to keep a slow connection open. Very many in a short time hold a server ' +
    'process and a mailbox lock for nothing, which is how a server with few slots is blocked.',
  sources: ['SBP-2006-18: POP3, no-effect commands'],
  references: ['RFC 1939 5', 'T1499.002'],
  severity: 'low',
  confidence: 85,
  precedence: 'policy',
  remedy:
    'Limit the connections of one address and user in the mail server (Dovecot mail_max_userip_connections) and its ' +
    'idle time. If a virus scanner or proxy of your own keeps connections open this way, lower `min_gap` to its ' +
    'interval or raise `limit`.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb, settings) =>
    settings.set('verbs').has(verb) ||
    [...settings.set('verbs')].some((counted) => DEPENDS_ON[counted]?.includes(verb)),
  settings: [
    {
      kind: 'number',
      name: 'limit',
      title: 'Commands without effect of one connection',
      unit: 'commands',
      default: 20,
      minimum: 1,
      maximum: 100_000,
      reason: 'sendmail bears twenty NOOPs; the source gives no number.',
    },
    {
      kind: 'number',
      name: 'min_gap',
      title: 'Interval from which on a NOOP keeps the connection alive',
      unit: 'seconds',
      default: 30,
      minimum: 1,
      maximum: 3600,
      reason: 'Proxies that scan a message for viruses send NOOP while the client waits, every few seconds or minutes.',
    },
    {
      kind: 'number',
      name: 'keep_alive',
      title: 'NOOPs at that interval that do not count',
      unit: 'commands',
      default: 200,
      minimum: 0,
      maximum: 100_000,
      reason: 'At one in thirty seconds they last for more than an hour and a half.',
    },
    {
      kind: 'list',
      name: 'verbs',
      title: 'Commands that count when they have no effect',
      of: 'POP3 verb without effect',
      default: ['NOOP'],
      reason:
        'RSET counts where nothing was deleted, CAPA from the fourth on, STAT and LIST when repeated with no RETR or ' +
        'DELE between.',
    },
  ],
  newState: () => ({ count: 0, spaced: 0, lastNoopUs: -1, capa: 0, hasDeleted: false, stat: 0, list: 0 }),
  on: { command: judge },
});

/** Verbs that decide whether another has an effect. */
const DEPENDS_ON: Readonly<Record<string, readonly string[]>> = {
  RSET: ['DELE'],
  STAT: ['DELE', 'RETR'],
  LIST: ['DELE', 'RETR'],
};

function judge(event: CommandEvent, context: Context): void {
  switch (event.verb) {
    case 'NOOP':
    case 'RSET':
    case 'CAPA':
    case 'STAT':
    case 'LIST':
      if (context.settings.set('verbs').has(event.verb) && hasNoEffect(event, context)) count(event, context);
      if (event.verb === 'RSET') context.state.hasDeleted = false;
      return;
    case 'DELE':
    case 'RETR':
      context.state.hasDeleted ||= event.verb === 'DELE';
      context.state.stat = context.state.list = 0;
  }
}

function hasNoEffect(event: CommandEvent, context: Context): boolean {
  const { state } = context;
  switch (event.verb) {
    case 'NOOP':
      return !keepsAlive(event, context);
    case 'RSET':
      return !state.hasDeleted;
    case 'CAPA':
      return ++state.capa > FREE_CAPA;
    case 'STAT':
      return ++state.stat > 1;
    default:
      return ++state.list > 1;
  }
}

/** A NOOP long after the one before, as long as these are not too many. */
function keepsAlive(event: CommandEvent, { state, settings }: Context): boolean {
  const { lastNoopUs } = state;
  state.lastNoopUs = event.timeUs;
  if (lastNoopUs === -1 || event.timeUs - lastNoopUs < settings.number('min_gap') * SECOND_US) return false;
  return ++state.spaced <= settings.number('keep_alive');
}

function count(event: CommandEvent, context: Context): void {
  const { state, settings } = context;
  const limit = settings.number('limit');
  if (++state.count <= limit) return;
  context.report({
    event,
    measured: state.count,
    limit,
    unit: 'commands',
    detail: `Command ${state.count} without effect on this connection; the limit is ${limit}.`,
  });
}
