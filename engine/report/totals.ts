/** Totals of several inspections as those of one. */
import type { Totals } from '../../shared/inspection.js';
import { SEVERITIES, type Severity, type SeverityCounts } from '../../shared/severity.js';

/** The sum of all; zeros for none. Times span from the first packet of any to the last of any. */
export function sumTotals(all: readonly Totals[]): Totals {
  const sum = (pick: (totals: Totals) => number): number => all.reduce((total, one) => total + pick(one), 0);
  const dropped = all.flatMap(({ droppedPackets }) => (droppedPackets === null ? [] : [droppedPackets]));
  const first = all.flatMap(({ firstPacketUs }) => (firstPacketUs === null ? [] : [firstPacketUs]));
  const last = all.flatMap(({ lastPacketUs }) => (lastPacketUs === null ? [] : [lastPacketUs]));
  return {
    packets: sum((totals) => totals.packets),
    bytes: sum((totals) => totals.bytes),
    sessions: sum((totals) => totals.sessions),
    discardedSessions: sum((totals) => totals.discardedSessions),
    violations: sumSeverities(all.map(({ violations }) => violations)),
    violationsByProtection: sumCounts(all.map((totals) => totals.violationsByProtection)),
    sessionsByProtocol: sumCounts(all.map((totals) => totals.sessionsByProtocol)),
    gaps: sum((totals) => totals.gaps),
    missingBytes: sum((totals) => totals.missingBytes),
    sessionsWithGaps: sum((totals) => totals.sessionsWithGaps),
    droppedPackets: dropped.length === 0 ? null : dropped.reduce((a, b) => a + b, 0),
    decoded: sumCounts(all.map(({ decoded }) => decoded)),
    notDecoded: sumCounts(all.map(({ notDecoded }) => notDecoded)),
    bounded: sumCounts(all.map(({ bounded }) => bounded)),
    firstPacketUs: first.length === 0 ? null : first.reduce((a, b) => Math.min(a, b)),
    lastPacketUs: last.length === 0 ? null : last.reduce((a, b) => Math.max(a, b)),
  };
}

function sumSeverities(all: readonly SeverityCounts[]): SeverityCounts {
  const sum: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const counts of all) for (const severity of SEVERITIES) sum[severity] += counts[severity];
  return sum;
}

function sumCounts(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sum = new Map<string, number>();
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts)) sum.set(name, (sum.get(name) ?? 0) + count);
  }
  return Object.fromEntries([...sum].sort(([a], [b]) => (a < b ? -1 : 1)));
}
