/**
 * SMTP: commands that the server rejects again and again (PROTECTIONS section 3,
 * smtp-max-bad-commands). What a 5yz says about an address, a login or a message
 * is other protections' matter.
 */
import { EVENT, KNOWLEDGE as LEVEL, type CommandEvent, type ReplyEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { AcceptedMessages } from './smtp-accepted-messages.js';

interface BadCommandState {
  readonly messages: AcceptedMessages;
  /** The server refused a MAIL or RCPT, so it says 503 to what the client sent behind it unasked (RFC 2920 3.1). */
  isMailRefused: boolean;
  isRcptRefused: boolean;
  bad: number;
  /** Commands that no server knows; stands in for the replies where those were not captured. */
  unknown: number;
  /** Replies with one of the codes to commands that were not captured. */
  unmatched: number;
  /** The server answers even the client's introduction with 5yz: it says so to everything. */
  refusesAll: boolean;
}
/** A 5yz to one of these says something about an address, a login or a message, not about the command. */
const JUDGED_ELSEWHERE = new Set(['RCPT', 'MAIL', 'DATA', 'EOD', 'AUTH', 'STARTTLS', 'GREETING', 'BDAT']);

export const smtpMaxBadCommands = protection<BadCommandState>({
  id: 'smtp-max-bad-commands',
  title: 'Too many rejected SMTP commands',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Too many bad commands',
  why:
    'A mail server rejects a command now and then; a client to which it has to say so again and again is probing the ' +
    'server, is no mail client at all, or is broken.',
  sources: ['SBP-2010-06: Maximum Bad SMTP Commands Enforcement'],
  references: ['RFC 5321 4.2.4', 'RFC 5321 4.3.2', 'T1595.002'],
  severity: 'medium',
  confidence: 85,
  precedence: 'policy',
  remedy:
    'Let the mail server end such connections (Postfix smtpd_hard_error_limit, Exim smtp_max_synprot_errors and ' +
    'smtp_max_unknown_commands). Read which commands were rejected: if it is your own software, correct it, ' +
    'otherwise block the client.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  // Accepted messages matter only where each starts the count again.
  hearsVerb: (verb, settings) => verb === '' || (verb === 'BDAT' && settings.flag('reset_after_mail')),
  hears: ({ kind, outcome }, settings) =>
    kind !== EVENT.reply || outcome === 'no' || settings.flag('reset_after_mail') ? 'always' : 'noted',
  settings: [
    {
      kind: 'number',
      name: 'limit',
      title: 'Rejected commands of one connection',
      unit: 'commands',
      default: 10,
      minimum: 1,
      maximum: 10_000,
      reason: 'Between Cisco ESA (5) and Postfix (10 soft, 20 hard); the source gives no number.',
    },
    {
      kind: 'list',
      name: 'bad_codes',
      title: 'Reply codes that always count',
      of: 'code',
      default: ['500', '501', '502', '503', '504', '555'],
      reason: 'These say that the command itself was wrong; other 5yz codes count unless another rule judges them.',
    },
    {
      kind: 'flag',
      name: 'count_rcpt_rejects',
      title: 'Count rejected recipients',
      default: false,
      reason: 'Rejected recipients are the matter of address harvesting and would drown everything else.',
    },
    {
      kind: 'flag',
      name: 'reset_after_mail',
      title: 'Start again after each accepted message',
      default: false,
      reason: 'Postfix does; a long-lived connection of a busy relay then never adds up.',
    },
  ],
  newState: () => ({
    messages: new AcceptedMessages(),
    isMailRefused: false,
    isRcptRefused: false,
    bad: 0,
    unknown: 0,
    unmatched: 0,
    refusesAll: false,
  }),
  on: {
    command(event, context) {
      if (event.verb === 'BDAT') context.state.messages.noteCommand(event);
      if (event.verb !== '' || event.verbStart === event.verbEnd) return;
      const { state } = context;
      state.unknown++;
      if (context.connection.isOneSided()) judgeBad(event, context, state.unknown, UNSEEN_REPLIES);
    },
    reply(event, context) {
      const { state } = context;
      if (event.answersLine === 0 && event.answers === '') return judgeUnmatched(event, context);
      if (event.answersLine === 0 || event.knowledge < LEVEL.resynced) return;
      if (state.messages.isAcceptedBy(event) && context.settings.flag('reset_after_mail')) state.bad = 0;
      const isConsequence = followsRefusal(event, state);
      if (isBad(event, context) && !isConsequence) judgeBad(event, context, ++state.bad);
    },
  },
});

/**
 * True for a 503 to what a pipelining client had sent already when its MAIL or its recipients were
 * refused. One DATA for each transaction: whoever goes on after that has heard the refusal.
 */
function followsRefusal(event: ReplyEvent, state: BadCommandState): boolean {
  const { answers, outcome } = event;
  const isSequenceError = event.code === 503;
  switch (answers) {
    case 'MAIL':
      state.isMailRefused = outcome === 'no';
      state.isRcptRefused = false;
      return false;
    case 'RCPT':
      if (isSequenceError && state.isMailRefused) return true;
      state.isRcptRefused = outcome === 'no' && !isSequenceError;
      return false;
    case 'DATA':
    case 'BDAT': {
      const follows = isSequenceError && (state.isMailRefused || state.isRcptRefused);
      if (answers === 'DATA') state.isMailRefused = state.isRcptRefused = false;
      return follows;
    }
    case 'RSET':
      state.isMailRefused = state.isRcptRefused = false;
      return false;
    default:
      return false;
  }
}

function isBad(event: ReplyEvent, context: CheckContext<BadCommandState>): boolean {
  const { code, answers } = event;
  const { state } = context;
  if (code < 500 || code > 599 || answers === 'GREETING') return false;
  // A client that falls back from one AUTH mechanism to the next is no attacker.
  if (code === 504 && answers === 'AUTH') return false;
  if (isBadCode(code, context)) return true;
  if (answers === 'EHLO' || answers === 'HELO' || answers === 'LHLO') state.refusesAll = true;
  if (answers === 'RCPT') return context.settings.flag('count_rcpt_rejects');
  return !JUDGED_ELSEWHERE.has(answers) && !state.refusesAll;
}

function isBadCode(code: number, { settings }: CheckContext<BadCommandState>): boolean {
  return code >= 500 && settings.set('bad_codes').has(String(code));
}

/** Without the client's side only the codes tell; those that depend on the command do not count. */
function judgeUnmatched(event: ReplyEvent, context: CheckContext<BadCommandState>): void {
  const { state, connection } = context;
  if (!isBadCode(event.code, context)) return;
  state.unmatched++;
  if (connection.isOneSided()) judgeBad(event, context, state.unmatched, UNSEEN_COMMANDS);
}

interface Words {
  readonly lead: (count: number) => string;
  readonly tail: string;
  readonly confidence?: number;
}
const SEEN: Words = { lead: (count) => `Rejected command ${count} of this connection`, tail: '' };
const UNSEEN_REPLIES: Words = {
  lead: (count) => `Line ${count} of this connection that is no SMTP command`,
  tail: " The server's replies were not captured.",
  confidence: 60,
};
const UNSEEN_COMMANDS: Words = { ...SEEN, tail: " The client's commands were not captured.", confidence: 60 };

function judgeBad(
  event: CommandEvent | ReplyEvent,
  context: CheckContext<BadCommandState>,
  count: number,
  { lead, tail, confidence }: Words = SEEN,
): void {
  const limit = context.settings.number('limit');
  if (count <= limit) return;
  context.report({
    event,
    measured: count,
    limit,
    unit: 'commands',
    ...(confidence === undefined ? {} : { confidence }),
    detail: `${lead(count)}; ${limit} are allowed.${tail}`,
  });
}
