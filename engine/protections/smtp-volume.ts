/** SMTP: more recipients of one message than a server has to take (PROTECTIONS section 3, smtp-max-recipients). */
import { NetworkList } from '../policy/networks.js';
import type { CommandEvent, ReplyEvent } from '../protocols/events.js';
import { DistinctRecipients } from './distinct-recipients.js';
import { KNOWLEDGE, protection, type CheckContext, type ConnectionView, type ResolvedSettings } from './protection.js';

/** One object for each connection. */
class Recipients extends DistinctRecipients {
  transaction = -2;
  /** Decided once: the client may send to as many as it likes. */
  isExempt: boolean | null = null;
}

export const smtpMaxRecipients = protection<Recipients>({
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
  references: ['RFC 5321 4.5.3.1.8', 'RFC 5321 4.5.3.1.10', 'T1589.002'],
  severity: 'medium',
  confidence: 90,
  precedence: 'policy',
  remedy:
    'See whether the client is a list server or a newsletter of your own: name it in `exempt_src` or raise `limit`. ' +
    'Otherwise limit the recipients of one message in the mail server (Postfix smtpd_recipient_limit, Exim ' +
    'recipients_max) and ask why this account or host sends so widely: it may have been taken over.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb) => verb === 'RCPT',
  hearsAnswer: (answers, settings) => answers === 'RCPT' && settings.flag('accepted_only'),
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
  newState: () => new Recipients(),
  on: {
    command(event, context) {
      if (event.verb !== 'RCPT') return;
      const { facts } = context.connection;
      const { state, settings } = context;
      if (state.transaction !== facts.transaction) {
        state.transaction = facts.transaction;
        state.clear();
      }
      state.add(event.buffer, event.argumentStart, event.end);
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
  context: CheckContext<Recipients>,
  recipients: number,
): void {
  const limit = context.settings.number('limit');
  if (recipients <= limit || isExempt(context)) return;
  const { facts } = context.connection;
  context.report({
    event,
    measured: recipients,
    limit,
    unit: 'recipients',
    detail:
      `Recipient ${recipients} of one message; ${limit} are allowed ` +
      `(${facts.transactionRcptAccepted} accepted so far, ${context.state.describe()}).`,
  });
}

function isExempt(context: CheckContext<Recipients>): boolean {
  return (context.state.isExempt ??= exempts(context.settings, context.connection));
}

function exempts(settings: ResolvedSettings, connection: ConnectionView): boolean {
  return new NetworkList(settings.set('exempt_src')).contains(connection.clientAddress);
}
