/**
 * Where the memories of protections lie within one connection. In: the active
 * protections. Out: a place for each that keeps a memory per connection, small
 * numbers, and none twice among those that may judge the same connection: what a
 * connection takes is as long as its own protocol needs, not as the catalogue.
 */
import { PROTOCOLS, type MailProtocol } from '../../shared/session.js';
import type { Protection } from './protection.js';

/** Places by index of the protection; -1 for one without a memory, or with one for all connections. */
export function placeStates(protections: readonly Protection<unknown>[]): readonly number[] {
  const taken = new Map<MailProtocol, number>();
  const places = protections.map(() => -1);
  // Those of several protocols first: behind them each protocol has its own without a hole.
  const order = [...protections.keys()].sort((a, b) => breadth(protections[b]) - breadth(protections[a]));
  for (const index of order) {
    const { newState, sharesState, protocols, on } = protections[index] as Protection<unknown>;
    if (newState === undefined || sharesState === true) continue;
    const judged = judgedBy({ protocols, on });
    const place = Math.max(...judged.map((protocol) => taken.get(protocol) ?? 0));
    for (const protocol of judged) taken.set(protocol, place + 1);
    places[index] = place;
  }
  return places;
}

function breadth(one: Protection<unknown> | undefined): number {
  return one === undefined ? 0 : judgedBy(one).length;
}

/** How many places a connection of each protocol needs. */
export function placeCounts(
  protections: readonly Protection<unknown>[],
  places: readonly number[],
): Readonly<Record<MailProtocol, number>> {
  const count = (protocol: MailProtocol): number =>
    Math.max(
      0,
      ...places
        .filter((_, i) => judgedBy(protections[i] as Protection<unknown>).includes(protocol))
        .map((place) => place + 1),
    );
  return { smtp: count('smtp'), pop3: count('pop3'), imap: count('imap') };
}

/** Who judges handshakes judges them whatever protocol follows. */
function judgedBy({ protocols, on }: Pick<Protection<unknown>, 'protocols' | 'on'>): readonly MailProtocol[] {
  return on.handshake === undefined ? protocols : PROTOCOLS;
}
