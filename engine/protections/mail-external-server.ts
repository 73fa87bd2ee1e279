/** Own hosts that speak to foreign mail servers past the own ones (CPAI-2007-103, External Mail Protection). */
import type { CommandEvent, HandshakeEvent, ReplyEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type AcrossContext, type AcrossFact, type CheckContext } from './protection.js';

const WINDOW_US = 300_000_000;

interface UnseenStart {
  /** A connection whose handshake was not captured was told. */
  isTold: boolean;
}

export const mailExternalServer = protection<UnseenStart>({
  id: 'mail-external-server',
  title: 'Connection to an external mail server',
  protocols: ['smtp'],
  family: 'perimeter',
  attackName: 'Mail',
  attackInfo: 'A connection attempt to an external mail server',
  why:
    'Inside a network only the mail servers have a reason to deliver mail to the Internet. Any other host that opens ' +
    'SMTP connections outwards is most often infected and sends spam, or carries data out past the mail gateway.',
  sources: ['CPAI-2007-103: External Mail Protection, Block SMTP traffic to external Mail Server (InterSpect 2.0)'],
  references: ['RFC 5068', 'RFC 6409', 'T1048.003'],
  severity: 'medium',
  confidence: 85,
  precedence: 'policy',
  remedy:
    'Find out which program of the host opens these connections; take it off the network while it is not known. If ' +
    'the host is a mail server, name it in `networks.mailServers`; if the destination is a relay that you use, in ' +
    '`networks.relays`. Block port 25 outwards for all other hosts.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  canFire: (networks) => networks.hasOwn,
  settings: [
    {
      kind: 'list',
      name: 'ports',
      title: 'Ports of mail servers',
      of: 'port',
      default: ['25'],
      reason: 'The document names 25. 465 and 587 are for users who submit mail to a provider of their own.',
    },
  ],
  newState: () => ({ isTold: false }),
  on: { handshake: judge, command: judgeRunning, reply: judgeRunning },
  across: decide,
});

function judge(event: HandshakeEvent, context: CheckContext<UnseenStart>): void {
  if (isOutward(context)) context.tell({ kind: event.phase, values: {}, finding: { event, detail: '' } });
}

/** The capture began amid the connection: its first line that is understood stands for the handshake. */
function judgeRunning(event: CommandEvent | ReplyEvent, context: CheckContext<UnseenStart>): void {
  if (context.connection.fromStart || context.state.isTold) return;
  context.state.isTold = true;
  if (isOutward(context)) context.tell({ kind: 'running', values: {}, finding: { event, detail: '' } });
}

/** From a host of one's own that is no mail server to a mail server that is nobody's of one's own. */
function isOutward({ networks, connection, settings }: CheckContext<UnseenStart>): boolean {
  if (!networks.hasOwn || !settings.set('ports').has(String(connection.serverPort))) return false;
  const { clientAddress: client, serverAddress: server } = connection;
  if (!networks.isOwn(client) || networks.isMailServer(client) || networks.isRelay(client)) return false;
  return !networks.isOwn(server) && !networks.isMailServer(server) && !networks.isRelay(server);
}

/** At once for each host and server, then a count every five minutes. */
function decide(fact: AcrossFact, context: AcrossContext): void {
  const { past, tally } = context;
  if (tally > 0) {
    context.report({ detail: `${tally} further attempts within five minutes.`, measured: tally, unit: 'connections' });
    return;
  }
  const key = `${fact.clientAddress} ${fact.serverAddress} ${fact.serverPort}`;
  const isNew = fact.kind === 'asked' || fact.kind === 'running';
  if (isNew && past.tally(key, WINDOW_US) > 0) return;
  if (!past.isFirst(key, String(fact.sessionId), WINDOW_US)) return;
  context.report({
    detail: `A host of your own that is no mail server spoke to a mail server outside. ${ANSWERS[fact.kind] ?? ''}`,
  });
}

const ANSWERS: Readonly<Record<string, string>> = {
  asked: 'The server did not answer.',
  answered: 'The server answered.',
  refused: 'The server refused it with a reset.',
  running: 'The connection was open before the capture began.',
};
