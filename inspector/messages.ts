/**
 * What crosses between the inspector's worker thread and the one who started
 * it: the start, questions with their answers, and status pushed without being
 * asked. Plain data only.
 */
import type { SavedSpool } from '../capture/spool/index.js';
import type { LiveStatus } from '../shared/capture.js';
import type { InspectionStatus, ViewSpec, ViewState } from '../shared/inspection.js';
import type { Answer, InvokeChannels } from '../shared/ipc.js';
import type { Violation } from '../shared/violation.js';

/** The policy as text; the worker makes the objects of it, because those hold functions. */
export type PolicyChoice = { readonly profile: string } | { readonly text: string; readonly name: string };

/** A view to be opened at once: `version` continues the count it had before. */
export interface OpenView {
  readonly viewId: number;
  readonly spec: ViewSpec;
  readonly version: number;
}

/** The worker's `workerData`. */
export interface WorkerStart {
  /** A file, or the folder of a capture that was live or is. */
  readonly path: string;
  /** The capture that runs in `path`; its progress comes as questions. Null for a saved one. */
  readonly live: LiveStatus | null;
  readonly policy: PolicyChoice;
  readonly checksums: 'auto' | 'on' | 'off';
  readonly views: readonly OpenView[];
}

/** Questions that the worker answers, with the shapes of the IPC channels that lead to them. */
type Relayed =
  | 'view:change'
  | 'view:rows'
  | 'view:index-of'
  | 'view:close'
  | 'session:transcript'
  | 'session:facts'
  | 'session:findings'
  | 'session:hex'
  | 'capture:cancel';

export type Questions = Pick<InvokeChannels, Relayed> & {
  'view:open': { input: OpenView; output: ViewState };
  /** How far the live capture is. */
  'live:progress': { input: LiveStatus; output: null };
  'live:save': { input: { readonly path: string }; output: SavedSpool };
  /** Held views stay as they are until they are let go, whatever is captured meanwhile. */
  'views:hold': { input: { readonly held: boolean }; output: null };
};
export type QuestionName = keyof Questions;

export type Question = {
  readonly [Q in QuestionName]: { readonly id: number; readonly name: Q; readonly input: Questions[Q]['input'] };
}[QuestionName];

export type WorkerMessage =
  | { readonly kind: 'status'; readonly status: InspectionStatus }
  /** Severe violations that a live capture brought, one per protection and source. */
  | { readonly kind: 'found'; readonly violations: readonly Violation[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> };
