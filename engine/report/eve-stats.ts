/** The last record of an EVE file: what was read, what was not, and what was found, over all captures. */
import { isoMicroseconds } from '../session/timestamp.js';
import type { ReportInput } from './report-input.js';
import { sumTotals } from './totals.js';

/** One `stats` record; its moment is that of the last packet. */
export function eveStats(inputs: readonly ReportInput[]): Readonly<Record<string, unknown>> {
  const totals = sumTotals(inputs.map((input) => input.totals));
  return {
    timestamp: `${isoMicroseconds(totals.lastPacketUs ?? 0)}+0000`,
    event_type: 'stats',
    stats: {
      packets: totals.packets,
      bytes: totals.bytes,
      decoded: totals.decoded,
      not_decoded: totals.notDecoded,
      sessions: { total: totals.sessions, ...totals.sessionsByProtocol },
      violations: { severity: totals.violations, protection: totals.violationsByProtection },
      gaps: totals.gaps,
      missing_bytes: totals.missingBytes,
      sessions_with_gaps: totals.sessionsWithGaps,
      dropped: totals.droppedPackets,
      discarded: totals.discardedSessions,
      bounded: totals.bounded,
      truncated_inputs: inputs.filter(({ problem }) => problem !== null).length,
      inputs: inputs.map(({ path, problem }) => ({ path, problem: problem?.code ?? null })),
    },
  };
}
