/** SMTP: too much of something in one transaction or connection. */
import { KNOWLEDGE as LEVEL, type CommandEvent, type ReplyEvent } from '../protocols/events.js';
import { NetworkList } from '../policy/networks.js';
import { DistinctRecipients } from './distinct-recipients.js';
import { KNOWLEDGE, protection, type CheckContext, type ConnectionView, type ResolvedSettings } from './protection.js';

interface RecipientState {
  transaction: number;
  readonly distinct: DistinctRecipients;
  /** Decided once: the client may send to as many as it likes. */
  isExempt: boolean | null;
}

export const smtpMaxRecipients = protection<RecipientState>({
  id: 'smtp-max-recipients',
  title: 'Too many recipients',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Too many recipients',
  seedText: 'SMTP policy Violation',
  why:
    'A message to very many recipients at once is how bulk mail is sent and how the addresses of a domain are tried ' +
    'out. Servers have to take 100 recipients of one message, not more.',
  sources: ['SBP-2010-06: Maximum Number of Recipients Enforcement'],
  references: ['RFC 5321 4.5.3.1.8', 'RFC 5321 4.5.3.1.10'],
  severity: 'medium',
  confidence: 90,
  precedence: 'policy',
  remedy:
    'See whether the client is a list server or a newsletter of your own: name it in `exempt_src` or raise `limit`. ' +
    'Otherwise limit the recipients of one message in the mail server (Postfix smtpd_recipient_limit, Exim ' +
    'recipients_max) and ask why this account or host sends so widely: it may have been taken over.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  settings: [
    {
      kind: 'number',
      name: 'limit',
      title: 'Recipients of one message',
      unit: 'recipients',
      default: 100,
      minimum: 1,
      maximum: 100_000,
      reason: 'RFC 5321 4.5.3.1.8 obliges servers to take 100; Cisco ASA and ScreenOS allow 100.',
    },
    {
      kind: 'flag',
      name: 'accepted_only',
      title: 'Count accepted recipients only',
      default: false,
      reason: 'Rejected recipients count too: trying out addresses is one of the reasons for the limit.',
    },
    {
      kind: 'list',
      name: 'exempt_src',
      title: 'Clients that may send to more',
      of: 'network',
      default: [],
      reason: 'List servers and newsletters of your own.',
    },
  ],
  newState: () => ({ transaction: -2, distinct: new DistinctRecipients(), isExempt: null }),
  on: {
    command(event, context) {
      if (event.verb !== 'RCPT') return;
      const { facts } = context.connection;
      const { state, settings } = context;
      if (state.transaction !== facts.transaction) {
        state.transaction = facts.transaction;
        state.distinct.clear();
      }
      state.distinct.add(event.buffer, event.argumentStart, event.end);
      if (settings.flag('accepted_only')) return;
      judgeRecipients(event, context, facts.transactionRcptSent);
    },
    reply(event, context) {
      if (event.answers !== 'RCPT' || event.outcome !== 'ok' || !context.settings.flag('accepted_only')) return;
      judgeRecipients(event, context, context.connection.facts.transactionRcptAccepted);
    },
  },
});

function judgeRecipients(
  event: CommandEvent | ReplyEvent,
  context: CheckContext<RecipientState>,
  recipients: number,
): void {
  const limit = context.settings.number('limit');
  if (recipients <= limit || isExempt(context)) return;
  const { facts } = context.connection;
  const { distinct } = context.state;
  context.report({
    event,
    measured: recipients,
    limit,
    unit: 'recipients',
    detail:
      `Recipient ${recipients} of one message; ${limit} are allowed ` +
      `(${facts.transactionRcptAccepted} accepted so far, ${distinct.describe()}).`,
  });
}

function isExempt(context: CheckContext<RecipientState>): boolean {
  return (context.state.isExempt ??= exempts(context.settings, context.connection));
}

function exempts(settings: ResolvedSettings, connection: ConnectionView): boolean {
  return new NetworkList(settings.set('exempt_src')).contains(connection.clientAddress);
}

interface BadCommandState {
  readonly codes: ReadonlySet<number>;
  bad: number;
  /** Commands that no server knows; stands in for the replies where those were not captured. */
  unknown: number;
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
  references: ['RFC 5321 4.2.4', 'RFC 5321 4.3.2'],
  severity: 'medium',
  confidence: 85,
  precedence: 'policy',
  remedy:
    'Let the mail server end such connections (Postfix smtpd_hard_error_limit, Exim smtp_max_synprot_errors and ' +
    'smtp_max_unknown_commands). Read which commands were rejected: if it is your own software, correct it, ' +
    'otherwise block the client.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
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
  newState: (settings) => ({
    codes: new Set([...settings.set('bad_codes')].map(Number)),
    bad: 0,
    unknown: 0,
    refusesAll: false,
  }),
  on: {
    command(event, context) {
      if (event.verb !== '' || event.verbStart === event.verbEnd) return;
      const { state } = context;
      state.unknown++;
      if (context.connection.isOneSided()) judgeBad(event, context, state.unknown);
    },
    reply(event, context) {
      const { state } = context;
      if (event.answersLine === 0 || event.knowledge < LEVEL.resynced) return;
      if (event.answers === 'EOD' && event.outcome === 'ok' && context.settings.flag('reset_after_mail')) state.bad = 0;
      if (isBad(event, context)) judgeBad(event, context, ++state.bad);
    },
  },
});

function isBad(event: ReplyEvent, context: CheckContext<BadCommandState>): boolean {
  const { code, answers } = event;
  const { state } = context;
  if (code < 500 || code > 599 || answers === 'GREETING') return false;
  // A client that falls back from one AUTH mechanism to the next is no attacker.
  if (code === 504 && answers === 'AUTH') return false;
  if (state.codes.has(code)) return true;
  if (answers === 'EHLO' || answers === 'HELO' || answers === 'LHLO') state.refusesAll = true;
  if (answers === 'RCPT') return context.settings.flag('count_rcpt_rejects');
  return !JUDGED_ELSEWHERE.has(answers) && !state.refusesAll;
}

function judgeBad(event: CommandEvent | ReplyEvent, context: CheckContext<BadCommandState>, count: number): void {
  const limit = context.settings.number('limit');
  if (count <= limit) return;
  const isReply = event.direction === 1;
  context.report({
    event,
    measured: count,
    limit,
    unit: 'commands',
    ...(isReply ? {} : { confidence: 60 }),
    detail: isReply
      ? `Rejected command ${count} of this connection; ${limit} are allowed.`
      : `Line ${count} of this connection that is no SMTP command; ${limit} are allowed. The server's replies were not captured.`,
  });
}
