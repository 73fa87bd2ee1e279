/** What report writers are given, and where their text goes. */
import type { Problem, Totals } from '../../shared/inspection.js';
import type { SessionSummary } from '../../shared/session.js';
import type { Violation } from '../../shared/violation.js';
import type { Outlined } from '../outline.js';
import type { SessionHandle } from '../sink.js';
import type { TransactionHandle } from '../transaction-outline.js';

/** Takes text in order; called from within the engine's own turn, so it must not wait. */
export type Write = (text: string) => void;

/** One capture of a report. */
export interface ReportInput {
  /** As the user named it; `-` for standard input. */
  readonly path: string;
  /** What ended its inspection early, or null. */
  readonly problem: Problem | null;
  readonly totals: Totals;
}

/** A session that is over, with its findings; counts are final. */
export interface ReportSession {
  readonly session: SessionSummary;
  readonly violations: readonly Violation[];
  /** Number of its last packet in the capture. */
  readonly lastPacket: number;
}

/**
 * Writes one report of any number of captures: for each, `begin`, its sessions and transactions
 * as they end, `finish`; `close` when all are through.
 */
export interface ReportWriter {
  begin(path: string): void;
  transaction?(transaction: TransactionHandle, session: Outlined): void;
  /** One that has just ended, with its findings; only what the report says of it is asked of it. */
  ended(session: SessionHandle, violations: readonly Violation[]): void;
  /** One that ended elsewhere. */
  session(report: ReportSession): void;
  /** A finding that tells of several connections; the first of them is `session` when it is still known. */
  finding(violation: Violation): void;
  finish(input: ReportInput): void;
  close(): void;
}

/** An ended session as plain data. */
export function reportOf(session: SessionHandle, violations: readonly Violation[]): ReportSession {
  return { session: session.summary(), violations, lastPacket: session.stretch.lastPacket };
}

/** Findings in the order of discovery in the capture. */
export function inPacketOrder(violations: readonly Violation[]): readonly Violation[] {
  if (violations.length < 2) return violations;
  return [...violations].sort((a, b) => a.timeUs - b.timeUs || a.packet - b.packet || a.id - b.id);
}
