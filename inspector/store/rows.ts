/**
 * The rows of the store: one per session, one per violation. A row keeps the
 * latest plain summary of what it stands for; the engine's handle is let go
 * when the connection is over, so that a million rows stay affordable.
 */
import type { CaptureStretch, SessionHandle } from '../../engine/index.js';
import type { SessionSummary } from '../../shared/session.js';
import type { Violation } from '../../shared/violation.js';

export interface SessionRow {
  readonly kind: 'sessions';
  readonly id: number;
  /** Order of arrival: breaks ties, so that every order is total. */
  readonly sequence: number;
  /** Null when the connection is over. */
  handle: SessionHandle | null;
  /** Version of the handle that `value` shows. */
  seenVersion: number;
  value: SessionSummary;
  stretch: CaptureStretch;
  violations: readonly ViolationRow[];
  /** Findings that tell of several connections, of which this was the first. */
  readonly findings: ViolationRow[];
  discarded: boolean;
}

export interface ViolationRow {
  readonly kind: 'violations';
  readonly id: number;
  readonly sequence: number;
  value: Violation;
  discarded: boolean;
}

export type Row = SessionRow | ViolationRow;

/** What happened to the store between two refreshes; a row is in at most one list. */
export interface StoreChange {
  readonly added: readonly Row[];
  readonly changed: readonly Row[];
  readonly discarded: readonly Row[];
}
