/**
 * What crosses between the threads that share the inspection of a capture and
 * the one who started them. Plain data; octets are handed over, not copied.
 */
import type {
  ChecksumMode,
  DecodeAs,
  Fact,
  Listed,
  ReportFormat,
  SharedMemory,
  ToldSession,
} from '../../engine/index.js';
import type { Problem, Totals } from '../../shared/inspection.js';
import type { PolicyChoice } from '../messages.js';

/** What holds for all captures: the thread's first message. */
export interface ShardStart {
  readonly policy: PolicyChoice;
  readonly checksums: ChecksumMode;
  readonly decodeAs: DecodeAs;
  readonly revealSecrets: boolean;
  readonly format: ReportFormat;
  /** Which share of the connections is its own. */
  readonly index: number;
  readonly count: number;
  readonly seed: number;
  /** Pieces of the capture lie here, each from a multiple of `slotBytes` on. */
  readonly memory: SharedMemory;
  readonly slotBytes: number;
}

export type ShardOrder =
  /** A capture begins; `path` as the user named it. */
  | { readonly kind: 'begin'; readonly path: string }
  /** Its next octets lie in this slot; they stay there until the batch was delivered. */
  | { readonly kind: 'octets'; readonly slot: number; readonly length: number }
  /** That was all of it. */
  | { readonly kind: 'end' };

/** Exactly one for each `octets`, and one for `end`; in order. */
export type ShardMessage =
  | { readonly kind: 'batch'; readonly batch: Batch; readonly isFinished: boolean }
  | { readonly kind: 'end'; readonly batch: Batch; readonly outcome: ShardOutcome };

/** What a share told while it took one piece of the capture, in its order. */
export interface Batch {
  /** Rows of `ROW_FIELDS` numbers. */
  readonly rows: Float64Array;
  /** The texts of its pieces, one after the other, in UTF-8. */
  readonly octets: Uint8Array;
  readonly facts: readonly Fact[];
  readonly sessions: readonly ToldSession[];
}

/** What one share has to say at the end of a capture. */
export interface ShardOutcome {
  readonly totals: Totals;
  /** What is wrong with the capture, as the engine sees it. */
  readonly problem: Problem | null;
  /** Sessions that the report sorts first; null in formats that list none. */
  readonly kept: Listed | null;
}
