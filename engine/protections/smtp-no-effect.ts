/**
 * SMTP: too many commands that have no effect (PROTECTIONS section 3,
 * smtp-max-no-effect). Accepted messages speak for the client.
 */
import { EVENT, type CommandEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { AcceptedMessages } from './smtp-accepted-messages.js';

const WINDOW_US = 60_000_000;
/** From so many times the limit on it is no slip. */
const WORSE_FACTOR = 5;

/** One object for each connection. */
class Idling extends AcceptedMessages {
  count = 0;
  /** Packet times (µs) of the last ones, at most `keepalive_rate` + 1; null before the first. */
  recent: number[] | null = null;
  /** MAIL was sent, and nothing ended its transaction since: RSET has something to reset. */
  isMailOpen = false;
}

export const smtpMaxNoEffect = protection<Idling>({
  id: 'smtp-max-no-effect',
  title: 'Too many SMTP commands without effect',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Too many no-effect commands',
  why:
    'NOOP, HELP, VRFY, EXPN and a RSET that resets nothing bring no mail on its way. A client that sends them again and ' +
    'again keeps the connection of a server occupied, or tries out which addresses exist.',
  sources: ['SBP-2010-06: Maximum No-Effect Commands Enforcement'],
  references: [
    'RFC 5321 4.1.1.5',
    'RFC 5321 4.1.1.6',
    'RFC 5321 4.1.1.7',
    'RFC 5321 4.1.1.8',
    'RFC 5321 4.1.1.9',
    'T1499.002',
  ],
  severity: 'low',
  confidence: 80,
  precedence: 'policy',
  remedy:
    'Let the mail server end such connections (Postfix smtpd_junk_command_limit, Sendmail MaxNOOPCommands and ' +
    'MaxVRFYCommands, Exim smtp_accept_max_nonmail) and limit the connections of one client. If it is your own ' +
    'monitoring, let it ask less often or raise `limit`.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb, settings) => TRANSACTION_VERBS.has(verb) || settings.set('verbs').has(verb),
  hearsAnswer: (answers) => AcceptedMessages.mayBeAcceptedBy(answers),
  hears: ({ kind, word, outcome }, settings) => {
    if (kind === EVENT.reply) return outcome === 'ok' ? 'always' : 'never';
    if (kind === EVENT.messageEnd) return 'noted';
    return ENDING_VERBS.has(word) && !settings.set('verbs').has(word) ? 'noted' : 'always';
  },
  settings: [
    {
      kind: 'number',
      name: 'limit',
      title: 'Commands without effect in one connection',
      unit: 'commands',
      default: 20,
      minimum: 1,
      maximum: 100_000,
      reason: 'Sendmail slows a client down after 20 (MaxNOOPCommands); the source gives no number.',
    },
    {
      kind: 'list',
      name: 'verbs',
      title: 'Commands without effect',
      of: 'verb',
      default: ['NOOP', 'VRFY', 'EXPN', 'RSET', 'HELP'],
      reason: 'The five that the source names.',
    },
    {
      kind: 'flag',
      name: 'rset_always',
      title: 'Count every RSET',
      default: false,
      reason: 'A RSET behind MAIL ends a transaction and thus has an effect; many servers send one after each message.',
    },
    {
      kind: 'number',
      name: 'forgive_per_mail',
      title: 'Forgiven for each accepted message',
      unit: 'commands',
      default: 2,
      minimum: 0,
      maximum: 1000,
      reason: 'Servers that keep connections open ask with RSET or NOOP before they use one again.',
    },
    {
      kind: 'number',
      name: 'keepalive_rate',
      title: 'Commands without effect within 60 seconds',
      unit: 'commands',
      default: 10,
      minimum: 1,
      maximum: 1000,
      reason: 'Whoever keeps a connection alive asks every few minutes; more than ten a minute serve another end.',
    },
  ],
  newState: () => new Idling(),
  on: {
    command(event, context) {
      const { state, settings } = context;
      const hasEffect = event.verb === 'RSET' && state.isMailOpen && !settings.flag('rset_always');
      noteTransaction(event, state);
      if (event.verb !== '' && !hasEffect && settings.set('verbs').has(event.verb)) countNoEffect(event, context);
    },
    reply(event, context) {
      if (context.state.isAcceptedBy(event)) forgive(context);
    },
    messageEnd(event, context) {
      const { state, connection } = context;
      state.isMailOpen = false;
      if (state.isAssumedBy(event, connection)) forgive(context);
    },
  },
});

/** Those that `noteTransaction` tells apart. */
const TRANSACTION_VERBS: ReadonlySet<string> = new Set(
  'MAIL SEND SOML SAML RSET EHLO HELO LHLO STARTTLS BDAT'.split(' '),
);
/** Those of them that end a transaction. */
const ENDING_VERBS: ReadonlySet<string> = new Set('RSET EHLO HELO LHLO STARTTLS'.split(' '));

function noteTransaction(event: CommandEvent, state: Idling): void {
  switch (event.verb) {
    case 'MAIL':
    case 'SEND':
    case 'SOML':
    case 'SAML':
      state.isMailOpen = true;
      return;
    case 'RSET':
    case 'EHLO':
    case 'HELO':
    case 'LHLO':
    case 'STARTTLS':
      state.isMailOpen = false;
      return;
    case 'BDAT':
      state.noteCommand(event);
  }
}

function countNoEffect(event: CommandEvent, context: CheckContext<Idling>): void {
  const { state, settings } = context;
  const limit = settings.number('limit');
  const perMinute = settings.number('keepalive_rate');
  state.count++;
  if (state.recent === null) state.recent = [event.timeUs];
  else state.recent.push(event.timeUs);
  const { recent } = state;
  if (recent.length > perMinute + 1) recent.shift();
  const isOverLimit = state.count > limit;
  const isTooFast = recent.length > perMinute && event.timeUs - (recent[0] as number) < WINDOW_US;
  if (!isOverLimit && !isTooFast) return;
  context.report({
    event,
    ...(state.count >= WORSE_FACTOR * limit ? { severity: 'medium' } : {}),
    measured: isOverLimit ? state.count : recent.length,
    limit: isOverLimit ? limit : perMinute,
    unit: 'commands',
    detail: isOverLimit
      ? `Command ${state.count} of this connection that has no effect; ${limit} are allowed.`
      : `More than ${perMinute} commands without effect within 60 seconds.`,
  });
}

function forgive({ state, settings }: CheckContext<Idling>): void {
  const forgiven = settings.number('forgive_per_mail');
  state.count = Math.max(0, state.count - forgiven);
  if (state.recent !== null) state.recent.length = Math.max(0, state.recent.length - forgiven);
}
