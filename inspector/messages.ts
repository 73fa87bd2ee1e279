/**
 * What crosses between the inspector's worker thread and the one who started
 * it: the start, questions with their answers, and status pushed without being
 * asked. Plain data only.
 */
import type { InspectionStatus, ViewSpec, ViewState } from '../shared/inspection.js';
import type { Answer, InvokeChannels } from '../shared/ipc.js';

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
  readonly path: string;
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
};
export type QuestionName = keyof Questions;

export type Question = {
  readonly [Q in QuestionName]: { readonly id: number; readonly name: Q; readonly input: Questions[Q]['input'] };
}[QuestionName];

export type WorkerMessage =
  | { readonly kind: 'status'; readonly status: InspectionStatus }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> };
