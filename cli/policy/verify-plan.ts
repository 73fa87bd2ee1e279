/**
 * Which connections filter verification tries. In: an access list, addresses,
 * and where this machine's packets come from. Out: the attempts, one for each
 * port that the list denies on an address, with the line that denies it.
 */
import { matchAccessList, type AccessEntry, type AccessList } from '../../engine/index.js';

export const DEFAULT_TIMEOUT_SECONDS = 3;
export const LONGEST_TIMEOUT_SECONDS = 60;
export const MOST_PORTS_PER_HOST = 64;

/** Where mail is spoken: SMTP, LMTP, POP2, POP3, IMAP, submission, their TLS ports, ManageSieve. */
const MAIL_PORTS = [24, 25, 109, 110, 143, 465, 587, 993, 995, 2525, 4190];
/** What systems take for outgoing connections. */
const SOME_SOURCE_PORT = 49_152;
const IMPLICIT_DENY = '(what no line permits is denied)';

/** An address to be tried, and by which name it was asked for. */
export interface Target {
  readonly host: string;
  readonly address: string;
  /** The address of this machine that its packets come from. */
  readonly source: string;
}

export interface PlannedAttempt {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** The text of the deciding line. */
  readonly line: string;
}

export interface VerifyPlan {
  readonly attempts: readonly PlannedAttempt[];
  /** Denied ports that are left out because a host has too many. */
  readonly leftOut: number;
  /** Denying lines of so many ports that of these only the mail ports are tried, as text. */
  readonly wideLines: readonly string[];
}

/** Attempts in the order of the targets and ports. */
export function planAttempts(list: AccessList, targets: readonly Target[]): VerifyPlan {
  const ports = candidatePorts(list.entries);
  let leftOut = 0;
  const attempts = targets.flatMap(({ host, address, source }) => {
    const denied = ports.flatMap((port): PlannedAttempt[] => {
      const ends = { source, sourcePort: SOME_SOURCE_PORT, destination: address, destinationPort: port };
      const entry = matchAccessList(list, { ...ends, established: false });
      return entry?.action === 'permit' ? [] : [{ host, address, port, line: entry?.text ?? IMPLICIT_DENY }];
    });
    leftOut += Math.max(0, denied.length - MOST_PORTS_PER_HOST);
    return denied.slice(0, MOST_PORTS_PER_HOST);
  });
  const wideLines = list.entries.filter((entry) => entry.action === 'deny' && namesTooMany(entry));
  return { attempts, leftOut, wideLines: wideLines.map(({ text }) => text) };
}

/** True of `lt`, `gt`, `neq` and wide ranges. */
function namesTooMany({ destination }: AccessEntry): boolean {
  if (destination.port === null) return false;
  const { operator, passes } = destination.port;
  if (operator !== 'eq' && operator !== 'range') return true;
  return passes.some((first, i) => i % 2 === 0 && (passes[i + 1] ?? first) - first >= MOST_PORTS_PER_HOST);
}

/** The mail ports, and what denying lines name themselves; a wide range names nothing in particular. */
function candidatePorts(entries: readonly AccessEntry[]): number[] {
  const ports = new Set<number>(MAIL_PORTS);
  for (const entry of entries) {
    const { port: test } = entry.destination;
    if (entry.action === 'permit' || test === null || namesTooMany(entry)) continue;
    const { passes } = test;
    for (let i = 0; i < passes.length; i += 2) {
      const [first, last] = passes.slice(i, i + 2) as [number, number];
      for (let port = first; port <= last; port++) ports.add(port);
    }
  }
  ports.delete(0);
  return [...ports].sort((a, b) => a - b);
}
