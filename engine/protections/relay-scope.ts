/**
 * What both relay protections share: which connections they watch, what a
 * recipient's domain is to the administrator, and the settings for it. A
 * connection is watched when an outside client speaks to a server of one's own.
 */
import type { SettingDeclaration } from '../../shared/protection.js';
import type { CommandEvent } from '../protocols/events.js';
import type { NetworkView } from '../policy/network-view.js';
import type { CheckContext } from './protection.js';
import { literalAddress, type RelayRecipient } from './relay-recipient.js';
import { RelayWatch } from './relay-watch.js';

export interface RelayState {
  /** An outside client at a server of one's own; null before it was asked. */
  isWatched: boolean | null;
  /** Null until the first recipient. */
  watch: RelayWatch | null;
  /** Transaction that was reported last; -1 before. */
  reported: number;
}

export function newRelayState(): RelayState {
  return { isWatched: null, watch: null, reported: -1 };
}

export const PORTS: SettingDeclaration = {
  kind: 'list',
  name: 'ports',
  title: 'Ports where mail comes in from outside',
  of: 'port',
  default: ['25'],
  reason: 'On 587 and 465 users submit mail for everywhere, after a login that TLS may hide.',
};
export const INFERRED: SettingDeclaration = {
  kind: 'flag',
  name: 'inferred',
  title: 'Infer the own domains where the policy names none',
  default: true,
  reason:
    'A domain for which the server accepted 20 messages of three outside sources within seven days counts as its own. ' +
    'Less sure than `networks.ownDomains`, so findings are a step less severe.',
};

/** The connection's watch, if it has one. */
export function watchOf(context: CheckContext<RelayState>): RelayWatch | null {
  return knowsInside(context.networks) ? context.state.watch : null;
}

/** Verbs that `watchCommand` notes. */
export function isWatchedVerb(verb: string): boolean {
  return verb === 'RCPT' || verb === 'BDAT';
}

/** Notes a RCPT, or the last BDAT of a message, of a client that is watched and has not logged in. */
export function watchCommand(event: CommandEvent, context: CheckContext<RelayState>): void {
  if (!isWatchedVerb(event.verb)) return;
  if (!knowsInside(context.networks)) return;
  const { state, connection } = context;
  state.isWatched ??= isFromOutside(context);
  if (!state.isWatched || connection.facts.authenticated !== 'no') return;
  (state.watch ??= new RelayWatch()).command(event, connection.facts.transaction);
}

/** Without networks of one's own nobody is a stranger. */
export function knowsInside(networks: NetworkView): boolean {
  return networks.hasOwn || networks.hasMailServers;
}

function isFromOutside({ networks, connection, settings }: CheckContext<RelayState>): boolean {
  const { clientAddress: client, serverAddress: server } = connection;
  if (!networks.isMailServer(server) && !networks.isOwn(server)) return false;
  if (networks.isOwn(client) || networks.isMailServer(client) || networks.isRelay(client)) return false;
  // Behind a proxy nobody knows who the client is.
  return !networks.isTrustedProxy(client) && settings.set('ports').has(String(connection.serverPort));
}

/** `foreign`: the recipient's own domain; `routed`: only where it would be passed on to. */
type Destination = 'own' | 'foreign' | 'routed';

/** By the policy's domains. A name alone is local; an address in brackets is judged by the networks. */
export function destinationOf(recipient: RelayRecipient, context: CheckContext<RelayState>): Destination {
  const { domain, form, target } = recipient;
  if (!isOwn(domain, context)) return 'foreign';
  return form !== 'none' && !isOwn(target, context) ? 'routed' : 'own';
}

function isOwn(name: string, { networks, connection }: CheckContext<RelayState>): boolean {
  if (name === '') return true;
  if (name.startsWith('[')) {
    const address = literalAddress(name);
    return address === connection.serverAddress || networks.isOwn(address) || networks.isMailServer(address);
  }
  // Mail for a host of an own domain leaves the own servers for nobody else's.
  for (let at = 0; at !== -1; at = nextLabel(name, at)) if (networks.isOwnDomain(name.slice(at))) return true;
  return false;
}

/** Index behind the next dot; -1 when there is none. */
function nextLabel(name: string, at: number): number {
  const dot = name.indexOf('.', at);
  return dot === -1 ? -1 : dot + 1;
}
