/**
 * SMTP: too many commands of any kind (PROTECTIONS section 3, smtp-max-commands).
 * Accepted messages and recipients speak for the client.
 */
import { EVENT, type CommandEvent, type ReplyEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { AcceptedMessages } from './smtp-accepted-messages.js';

/** One object for each connection: every command counts. */
class CommandCount extends AcceptedMessages {
  total = 0;
  sinceMail = 0;
  /** Decided once, at the first excess: both ends are mail servers of the administrator's own. */
  isAmongOwn: boolean | null = null;

  constructor(
    readonly limit: number,
    readonly limitWithoutMail: number,
  ) {
    super();
  }
}

export const smtpMaxCommands = protection<CommandCount>({
  id: 'smtp-max-commands',
  title: 'Too many SMTP commands in a connection',
  protocols: ['smtp'],
  attackName: 'SMTP Policy Violation',
  attackInfo: 'Too many commands',
  why:
    'A message takes about five commands. A connection with very many of them, or with many and no message, is not ' +
    'there to deliver mail: it occupies the server or tries something out.',
  sources: ['SBP-2010-06: Maximum SMTP Commands Per Connection Enforcement'],
  references: ['RFC 5321 4.1', 'RFC 5321 7.8', 'T1499.002'],
  severity: 'medium',
  confidence: 80,
  precedence: 'policy',
  remedy:
    'Let the mail server end such connections (Postfix smtpd_junk_command_limit, Exim smtp_accept_max_nonmail and ' +
    'smtp_accept_max_per_connection). If it is a relay of your own that sends much mail over one connection, name both ' +
    'ends in `networks.mailServers` or raise `limit` for this server; otherwise read what the client asked for and block it.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsAnswer: (answers) => answers === 'RCPT' || AcceptedMessages.mayBeAcceptedBy(answers),
  hears: ({ kind, word, outcome }) =>
    kind === EVENT.reply && outcome !== (word === 'RCPT' ? 'no' : 'ok') ? 'never' : 'always',
  settings: [
    {
      kind: 'number',
      name: 'limit',
      title: 'Commands of one connection',
      unit: 'commands',
      default: 5000,
      minimum: 10,
      maximum: 10_000_000,
      reason: 'A thousand messages of five commands each, as many as Exim takes (smtp_accept_max_per_connection).',
    },
    {
      kind: 'number',
      name: 'limit_without_mail',
      title: 'Commands since the last accepted message',
      unit: 'commands',
      default: 100,
      minimum: 5,
      maximum: 1_000_000,
      reason: 'Postfix allows 100 (smtpd_junk_command_limit). Accepted recipients and BDAT are not counted.',
    },
  ],
  newState: (settings) => new CommandCount(settings.number('limit'), settings.number('limit_without_mail')),
  on: {
    command(event, context) {
      if (event.verbStart === event.verbEnd) return;
      const { state } = context;
      const isTooMany = ++state.total > state.limit;
      if (event.verb === 'BDAT') state.noteCommand(event);
      // Whether a recipient counts is known when it is answered.
      const isCounted = event.verb !== 'BDAT' && event.verb !== 'RCPT';
      if (isCounted) state.sinceMail++;
      if (isTooMany) reportTotal(event, context);
      else if (isCounted && state.sinceMail > state.limitWithoutMail) reportSinceMail(event, context);
    },
    reply(event, context) {
      const { state } = context;
      if (state.isAcceptedBy(event)) state.sinceMail = 0;
      else if (event.answers === 'RCPT' && event.outcome === 'no' && ++state.sinceMail > state.limitWithoutMail) {
        reportSinceMail(event, context);
      }
    },
    messageEnd(event, { state, connection }) {
      if (state.isAssumedBy(event, connection)) state.sinceMail = 0;
    },
  },
});

/** Bulk mail between own servers goes over connections that are kept open. */
function isAmongOwn({ state, networks, connection }: CheckContext<CommandCount>): boolean {
  const isOwnServer = (address: string): boolean => networks.isMailServer(address) || networks.isRelay(address);
  return (state.isAmongOwn ??= isOwnServer(connection.clientAddress) && isOwnServer(connection.serverAddress));
}

function reportTotal(event: CommandEvent, context: CheckContext<CommandCount>): void {
  if (isAmongOwn(context)) return;
  const { total, limit } = context.state;
  context.report({
    event,
    measured: total,
    limit,
    unit: 'commands',
    detail: `Command ${total} of this connection; ${limit} are allowed.`,
  });
}

function reportSinceMail(event: CommandEvent | ReplyEvent, context: CheckContext<CommandCount>): void {
  if (isAmongOwn(context)) return;
  const { sinceMail, limitWithoutMail } = context.state;
  context.report({
    event,
    measured: sinceMail,
    limit: limitWithoutMail,
    unit: 'commands',
    detail: `Command ${sinceMail} since the last accepted message; ${limitWithoutMail} are allowed.`,
  });
}
