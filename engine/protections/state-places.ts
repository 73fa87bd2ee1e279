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
  return protections.map(({ newState, sharesState, protocols, on }) => {
    if (newState === undefined || sharesState === true) return -1;
    // Who judges handshakes judges them whatever protocol follows.
    const judged = on.handshake === undefined ? protocols : PROTOCOLS;
    const place = Math.max(...judged.map((protocol) => taken.get(protocol) ?? 0));
    for (const protocol of judged) taken.set(protocol, place + 1);
    return place;
  });
}
