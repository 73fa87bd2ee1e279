/**
 * Asks an access list about a connection. In: textual addresses and ports.
 * Out: the entry that decides, or null when only the implicit deny is left.
 * One question per TCP connection: two addresses are read, then octets compared.
 */
import { parseAddress } from '../networks.js';
import type { AccessEntry, AccessList, AddressFamily, EndTest } from './access-list.js';
import { agrees, familyOf } from './address-pattern.js';

/** What a packet filter sees of a TCP segment. */
export interface AccessQuestion {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** ACK or RST is set; false for the SYN that opens a connection. */
  readonly established: boolean;
}

/** The first entry that matches; null when none does, and for text that is no address. */
export function matchAccessList(list: AccessList, question: AccessQuestion): AccessEntry | null {
  const source = parseAddress(question.source);
  const destination = parseAddress(question.destination);
  if (source === null || destination === null) return null;
  const sourceFamily = familyOf(source);
  const family = familyOf(destination);
  for (const entry of list.entries) {
    if (entry.family !== null && entry.family !== family) continue;
    if (entry.established && !question.established) continue;
    if (!passes(entry.destination, destination, family, question.destinationPort)) continue;
    if (passes(entry.source, source, sourceFamily, question.sourcePort)) return entry;
  }
  return null;
}

function passes({ address, port }: EndTest, octets: Uint8Array, family: AddressFamily, number: number): boolean {
  if (port !== null && !isWithin(port.passes, number)) return false;
  return address === null || (address.family === family && agrees(address, octets));
}

function isWithin(stretches: readonly number[], port: number): boolean {
  for (let i = 0; i < stretches.length; i += 2) {
    if (port >= (stretches[i] as number) && port <= (stretches[i + 1] as number)) return true;
  }
  return false;
}
