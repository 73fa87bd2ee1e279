/** What the pipeline tells the one who runs it. */
import type { Violation } from '../shared/violation.js';
import type { SessionIdentity, SessionSummary } from '../shared/session.js';
import type { ConnectionFacts } from './protocols/facts.js';
import type { Outlined } from './outline.js';
import type { TransactionHandle } from './transaction-outline.js';

/**
 * A connection while it lives; where `sessionOpened` is heard, also after. `summary()` makes a
 * fresh, plain, serialisable object each time; `version` rises when something changed.
 */
export interface SessionHandle extends Outlined {
  readonly id: number;
  readonly version: number;
  readonly isOver: boolean;
  readonly identity: SessionIdentity;
  summary(): SessionSummary;
  /** Violations so far, counts and evidence up to date. Plain objects, made afresh. */
  violations(): readonly Violation[];
  /** Where in the capture its packets lie, for reading them again. */
  readonly stretch: CaptureStretch;
  /** What its dialogue established; stays as created for connections without a mail dialogue. */
  readonly facts: ConnectionFacts;
}

export interface CaptureStretch {
  /** First octet of the first packet's record, and first octet behind the last one's, in the (decompressed) file. */
  readonly firstByte: number;
  readonly lastByte: number;
  readonly firstPacket: number;
  readonly lastPacket: number;
}

/** All calls come in packet order and in the caller's own turn; none of them may throw. */
export interface PipelineSink {
  /** A connection turned out to be mail (or to sit on a mail port). */
  sessionOpened?(session: SessionHandle): void;
  /** It is over; nothing of it changes any more. */
  sessionClosed?(session: SessionHandle): void;
  /** A mail transaction is over. */
  transaction?(transaction: TransactionHandle, session: SessionHandle): void;
  /**
   * A finding that tells of several connections, all of which may be over. Its `sessionId` is that
   * of the first; it is none of that session's own violations. Final; its `id` is 0.
   */
  finding?(violation: Violation): void;
}
