/** The document's list `packet_filter`, made from the policy's networks. */
import { parsePrefix } from '../networks.js';
import type { Networks } from '../policy.js';
import { DEFAULT_LIST_NAME, type AccessList } from './access-list.js';
import { LineWords } from './line-words.js';
import { parseEntry } from './parse-entry.js';

/** `log` stands on the IMAP line too, because the document's log excerpt shows it logged. */
const BEHIND_THE_PERMITS = [
  'deny tcp any any eq 25 log',
  'deny tcp any any range 109 110 log',
  'deny tcp any any eq 143 log',
  'permit ip any any',
];

const ADDRESS_BITS = 128;

/**
 * Lets mail in to the relays and mail servers and nowhere else. Null unless the policy names its own
 * networks and at least one server: without them nobody can know who may be spoken to.
 */
export function defaultAccessList(networks: Networks): AccessList | null {
  const servers = new Set([...networks.relays, ...networks.mailServers]);
  if (networks.own.length === 0 || servers.size === 0) return null;
  const permits = [...servers].map((server) => `permit tcp any ${written(server)} eq 25`);
  // Not bounded as a list from a file is: it has a line for each server, however many these are.
  const lines = [...permits, ...BEHIND_THE_PERMITS];
  return { name: DEFAULT_LIST_NAME, entries: lines.map((line, index) => parseEntry(new LineWords(line), index, null)) };
}

function written(server: string): string {
  return parsePrefix(server)?.bits === ADDRESS_BITS && !server.includes('/') ? `host ${server}` : server;
}
