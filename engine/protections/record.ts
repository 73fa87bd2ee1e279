/** What the judgement of a connection hands out: records, and occurrences for marking a transcript. */
import type { Severity } from '../../shared/severity.js';
import type { AccessLog, Violation } from '../../shared/violation.js';
import type { Direction } from '../protocols/events.js';
import type { AcrossFact } from './protection.js';

/** A violation without what only the session layer knows. Plain, serialisable, display-safe. */
export type ViolationRecord = Omit<Violation, 'id' | 'sessionId' | 'client' | 'server'>;

/** A fact on its way to `across`, with the record of the finding it came with. Plain data. */
export interface Fact extends AcrossFact {
  /** Index into the policy's active protections. */
  readonly index: number;
  /** Null when it came without a finding. */
  readonly record: ViolationRecord | null;
}

/**
 * One place where a protection fired. Told for every occurrence once its line is settled; a later
 * one for the same protection and line replaces the earlier (a login whose outcome became known).
 */
export interface Occurrence {
  readonly protection: string;
  readonly severity: Severity;
  /** Transcript line number. */
  readonly line: number;
  readonly direction: Direction;
  /** Stream offset and length of the offending octets in their direction. */
  readonly offset: number;
  readonly length: number;
}

/** A finding about one line, as long as something may still replace it or take precedence. */
export interface Candidate {
  /** Index into the policy's active protections. */
  readonly index: number;
  readonly family: number;
  /** It rests on a line without its terminator; the same line seen again replaces it. */
  readonly isPartial: boolean;
  readonly line: number;
  readonly direction: Direction;
  readonly offset: number;
  readonly length: number;
  readonly severity: Severity;
  readonly confidence: number;
  readonly attackInfo: string;
  readonly detail: string;
  readonly measured: number | null;
  readonly limit: number | null;
  readonly unit: string;
  /** Only made where it can become the record's. */
  readonly evidence: string;
  readonly timeUs: number;
  readonly packet: number;
  readonly state: string;
  readonly knowledge: number;
  readonly accessLog: AccessLog | null;
}
