/**
 * A session as plain data, on its way to what other connections led to. In: its
 * summary and its own records. Out: the same with the attached records joined in.
 */
import type { SessionSummary } from '../../shared/session.js';
import type { Severity, SeverityCounts } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';
import type { Fact, ViolationRecord } from '../protections/record.js';
import { countSeverities, type AttachedRecords } from './attached-records.js';

/** A session that is over and of which facts were told. Plain data. */
export interface ToldSession {
  /** Its counts are those of `records`. */
  readonly summary: SessionSummary;
  readonly records: readonly ViolationRecord[];
  /** Number of its last packet in the capture. */
  readonly lastPacket: number;
  /** False when only a finding across connections can make it a session: it did not prove to be mail. */
  readonly isShown: boolean;
}

/** Everything that was found about a session, its own and attached. */
export interface JoinedSession {
  readonly session: SessionSummary;
  readonly violations: readonly Violation[];
  readonly lastPacket: number;
}

/** `attached`: null when nothing was. */
export function joinedSession(told: ToldSession, attached: AttachedRecords | null): JoinedSession {
  const { summary, records: own, lastPacket } = told;
  if (attached === null) return { session: summary, violations: violationsOf(summary, own), lastPacket };
  const records = attached.joinedWith(own);
  const violations = countSeverities(records);
  const session = { ...summary, worst: worstOf(violations), violations };
  return { session, violations: violationsOf(summary, records), lastPacket };
}

/** The violations of a session; their ids are still to be given. */
export function violationsOf(
  { id: sessionId, client, server }: Pick<SessionSummary, 'id' | 'client' | 'server'>,
  records: readonly ViolationRecord[],
): readonly Violation[] {
  return records.map((record) => ({ id: 0, sessionId, client, server, ...record }));
}

/** A finding that tells of several connections, the first of which is the fact's; its id is still to be given. */
export function violationOfSeveral(fact: Fact, record: ViolationRecord): Violation {
  const client = { address: fact.clientAddress, port: fact.clientPort };
  const server = { address: fact.serverAddress, port: fact.serverPort };
  return { id: 0, sessionId: fact.sessionId, client, server, ...record };
}

/** The worst severity of which there is one; null for none. Asked of every session: without looking members up by name. */
export function worstOf({ critical, high, medium, low, info }: SeverityCounts): Severity | null {
  if (critical > 0) return 'critical';
  if (high > 0) return 'high';
  if (medium > 0) return 'medium';
  if (low > 0) return 'low';
  return info > 0 ? 'info' : null;
}
