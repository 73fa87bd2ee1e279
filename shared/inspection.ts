/** The state of the one thing that is open: a capture that loads, is loaded, or failed. */
import type { SeverityCounts } from './severity.js';
import type { SessionSummary } from './session.js';
import type { Violation } from './violation.js';
import type { LiveStatus } from './capture.js';
import type { Problem } from './problem.js';

export type { Problem } from './problem.js';

export interface Totals {
  readonly packets: number;
  /** Octets of capture file consumed (after decompression). */
  readonly bytes: number;
  readonly sessions: number;
  /** Sessions ended in order to stay within bounds. */
  readonly discardedSessions: number;
  readonly violations: SeverityCounts;
  readonly violationsByProtection: Readonly<Record<string, number>>;
  readonly sessionsByProtocol: Readonly<Record<string, number>>;
  readonly gaps: number;
  readonly missingBytes: number;
  readonly sessionsWithGaps: number;
  /** Dropped by the capturing machine, as the file states; null when it does not. */
  readonly droppedPackets: number | null;
  /** Packets decoded by layer, and not decoded by reason. */
  readonly decoded: Readonly<Record<string, number>>;
  readonly notDecoded: Readonly<Record<string, number>>;
  /** What a bound of limits.ts cut, by the bound's name. */
  readonly bounded: Readonly<Record<string, number>>;
  readonly firstPacketUs: number | null;
  readonly lastPacketUs: number | null;
}

/** `live`: packets are being captured; afterwards it is `done`, as a file is. */
export type InspectionPhase = 'idle' | 'loading' | 'live' | 'done' | 'cancelled' | 'failed';

export interface InspectionStatus {
  readonly phase: InspectionPhase;
  /** Absolute path, of a live capture that of its folder; empty when idle. */
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** Octets of the file on disk read so far. */
  readonly readBytes: number;
  readonly totals: Totals;
  /** Why it failed, or where a file that was inspected as far as possible broke off. */
  readonly problem: Problem | null;
  readonly policy: { readonly name: string; readonly active: number; readonly total: number };
  /** Totals of the open views, so that the renderer knows when to ask again. */
  readonly views: readonly ViewState[];
  /** How the live capture goes, or went; absent or null for a saved one. */
  readonly live?: LiveStatus | null;
}

export interface ViewState {
  readonly viewId: number;
  /** Rises with every change of the rows. */
  readonly version: number;
  readonly total: number;
  readonly unfiltered: number;
}

export type ViewKind = 'sessions' | 'violations';
export interface SortOrder {
  /** One of the columns of the view's kind. */
  readonly column: string;
  readonly descending: boolean;
}
export interface ViewSpec {
  readonly kind: ViewKind;
  readonly sort: SortOrder;
  /** Bare words, all of which must occur somewhere in the row; empty for all rows. */
  readonly search: string;
  /** Only violations of this session. */
  readonly sessionId?: number;
}
export type ViewRows =
  | {
      readonly kind: 'sessions';
      readonly state: ViewState;
      readonly from: number;
      readonly rows: readonly SessionSummary[];
    }
  | {
      readonly kind: 'violations';
      readonly state: ViewState;
      readonly from: number;
      readonly rows: readonly Violation[];
    };
