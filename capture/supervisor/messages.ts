/** What crosses between a capture supervisor's thread and the one who started it. Plain data only. */
import type { CaptureRequest, LiveStatus } from '../../shared/capture.js';
import type { HelperProgram } from '../engines/helper-program.js';

/** Files that the user named, in place of a spool's own. */
export interface CaptureOutput {
  readonly path: string;
  /** Several files named after `path`, as dumpcap does; else that one file. */
  readonly isRing: boolean;
}

/** The thread's `workerData`. */
export interface SupervisorStart {
  readonly request: CaptureRequest;
  readonly output: CaptureOutput | null;
  /** Set: the default filter for these ports in place of the request's own, as the interface takes it. */
  readonly mailPorts: readonly number[] | null;
  /** Runs the helper of the engine `cap`; null for the one beside the thread's file. */
  readonly capHelper: HelperProgram | null;
}

/** Ends the capture. */
export interface SupervisorOrder {
  readonly kind: 'stop';
}

/** Pushed at most ten times a second; the last one has the phase `stopped` or `failed`. `inspectedBytes` is 0. */
export interface SupervisorReport {
  readonly kind: 'status';
  readonly status: LiveStatus;
}
