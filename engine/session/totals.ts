/** Counts what an inspection saw, for the status bar, the summary and the `stats` record. */
import type { Totals } from '../../shared/inspection.js';
import type { SessionProtocol } from '../../shared/session.js';
import { SEVERITIES, type Severity, type SeverityCounts } from '../../shared/severity.js';
import { BAD_CHECKSUM, type StreamCounts } from './stream-counts.js';
import type { Correlator } from '../correlate/correlator.js';
import type { Session } from './session.js';
import type { JoinedSession } from './told-session.js';

/** The part of the totals that sums over sessions. */
interface SessionSums {
  readonly violations: Record<Severity, number>;
  readonly byProtection: Record<string, number>;
  gaps: number;
  missingBytes: number;
  sessionsWithGaps: number;
}

/** What of a session is summed. */
interface Countable {
  readonly losses: { readonly gaps: number; readonly missingBytes: number };
  readonly counts: SeverityCounts;
  records(): readonly { readonly protection: string }[];
}

export class TotalsCounter {
  private sessions = 0;
  private readonly byProtocol: Record<string, number> = {};
  private readonly ended: SessionSums = newSums();

  opened(protocol: SessionProtocol): void {
    this.sessions++;
    this.byProtocol[protocol] = (this.byProtocol[protocol] ?? 0) + 1;
  }

  /** A session that was shown before its protocol was known turned out to speak another. */
  identified(before: SessionProtocol, protocol: SessionProtocol): void {
    this.byProtocol[before] = (this.byProtocol[before] as number) - 1;
    this.byProtocol[protocol] = (this.byProtocol[protocol] ?? 0) + 1;
  }

  closed(session: Session): void {
    const { gaps, missingBytes } = session.losses;
    // Most sessions add nothing.
    if (gaps === 0 && missingBytes === 0 && session.isQuiet) return;
    addTo(this.ended, session);
  }

  /** A finding that is none of one session's. */
  finding(severity: Severity, protection: string): void {
    this.ended.violations[severity]++;
    addFinding(this.ended, protection);
  }

  /** A session that came from elsewhere and is over; `isNew`: it was not counted as opened. */
  joined({ session, violations }: JoinedSession, isNew: boolean): void {
    if (isNew) this.opened(session.protocol);
    const { gaps, missingBytes, violations: counts } = session;
    addTo(this.ended, { losses: { gaps, missingBytes }, counts, records: () => violations });
  }

  /** What was counted here, and by the shares of an inspection together. Each share saw all packets. */
  totalsWith(shares: readonly [Totals, ...Totals[]], correlator: Correlator): Totals {
    const [one] = shares;
    const { ended } = this;
    const sum = (pick: (totals: Totals) => number): number => shares.reduce((total, share) => total + pick(share), 0);
    return {
      ...one,
      sessions: this.sessions + sum(({ sessions }) => sessions),
      violations: summed([ended.violations, ...shares.map(({ violations }) => violations)]) as SeverityCounts,
      violationsByProtection: nonZero(
        summed([ended.byProtection, ...shares.map((share) => share.violationsByProtection)]),
      ),
      sessionsByProtocol: nonZero(summed([this.byProtocol, ...shares.map((share) => share.sessionsByProtocol)])),
      gaps: ended.gaps + sum(({ gaps }) => gaps),
      missingBytes: ended.missingBytes + sum(({ missingBytes }) => missingBytes),
      sessionsWithGaps: ended.sessionsWithGaps + sum(({ sessionsWithGaps }) => sessionsWithGaps),
      decoded: { ...one.decoded, connections: sum(({ decoded }) => decoded['connections'] ?? 0) },
      notDecoded: nonZero({
        ...one.notDecoded,
        [BAD_CHECKSUM]: sum(({ notDecoded }) => notDecoded[BAD_CHECKSUM] ?? 0),
      }),
      bounded: nonZero({
        ...summed(shares.map(({ bounded }) => bounded)),
        ...correlator.bounded,
        // Fragments are put together by every share.
        fragmentSets: one.bounded['fragmentSets'] ?? 0,
        fragmentSeconds: one.bounded['fragmentSeconds'] ?? 0,
      }),
    };
  }

  /** A snapshot: with what was counted of the packets, and the sessions that are not over. */
  totals(counts: StreamCounts, correlator: Correlator | null, living: Iterable<Session>): Totals {
    const sums = newSums(this.ended);
    for (const session of living) addTo(sums, session);
    return {
      packets: counts.packets,
      bytes: counts.bytes,
      sessions: this.sessions,
      discardedSessions: 0,
      violations: sums.violations,
      violationsByProtection: nonZero(sums.byProtection),
      sessionsByProtocol: nonZero(this.byProtocol),
      gaps: sums.gaps,
      missingBytes: sums.missingBytes,
      sessionsWithGaps: sums.sessionsWithGaps,
      droppedPackets: counts.droppedPackets,
      decoded: counts.decoded,
      notDecoded: nonZero(counts.notDecoded),
      bounded: nonZero({ ...counts.bounded, ...correlator?.bounded }),
      firstPacketUs: counts.firstPacketUs,
      lastPacketUs: counts.lastPacketUs,
    };
  }
}

function newSums(from?: SessionSums): SessionSums {
  return {
    violations: from === undefined ? { critical: 0, high: 0, medium: 0, low: 0, info: 0 } : { ...from.violations },
    byProtection: { ...from?.byProtection },
    gaps: from?.gaps ?? 0,
    missingBytes: from?.missingBytes ?? 0,
    sessionsWithGaps: from?.sessionsWithGaps ?? 0,
  };
}

function addTo(sums: SessionSums, session: Countable): void {
  const { gaps, missingBytes } = session.losses;
  sums.gaps += gaps;
  sums.missingBytes += missingBytes;
  if (gaps > 0) sums.sessionsWithGaps++;
  const { counts } = session;
  if (counts.critical + counts.high + counts.medium + counts.low + counts.info === 0) return;
  for (const severity of SEVERITIES) sums.violations[severity] += counts[severity];
  for (const { protection } of session.records()) addFinding(sums, protection);
}

function addFinding({ byProtection }: SessionSums, protection: string): void {
  byProtection[protection] = (byProtection[protection] ?? 0) + 1;
}

/** In the order of their names, so that it does not matter what came first. */
function nonZero(counts: Readonly<Record<string, number>>): Record<string, number> {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function summed(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count;
  }
  return sum;
}
