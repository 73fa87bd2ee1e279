/**
 * One capture being inspected and then looked at: runs the pipeline over the
 * file, keeps the rows, answers questions about them meanwhile and after.
 * In: a `WorkerStart`. Out: statuses, at most ten a second, and answers.
 */
import { basename } from 'node:path';
import { isOver } from '../capture/supervisor/running-supervisor.js';
import { saveSpool, SpoolGrowth } from '../capture/spool/index.js';
import { parsePolicy, profilePolicy, type EffectivePolicy, type Pipeline } from '../engine/index.js';
import type { LiveStatus } from '../shared/capture.js';
import type { InspectionPhase, InspectionStatus, Problem, Totals } from '../shared/inspection.js';
import type { Answer } from '../shared/ipc.js';
import type { Violation } from '../shared/violation.js';
import { eventLoopTurn, newPipeline, runInspection, type InspectResult } from './inspect-file.js';
import { SessionLookup } from './lookup/session-lookup.js';
import type { PolicyChoice, Question, QuestionName, Questions, WorkerStart } from './messages.js';
import { Pace } from './pace.js';
import { problemOf, refuse } from './problem.js';
import { openInput } from './source/capture-input.js';
import type { CaptureInput } from './source/input.js';
import { tellSevere } from './severe.js';
import { SpoolInput } from './source/spool-input.js';
import { SessionStore } from './store/session-store.js';
import { Views } from './store/views.js';

type Answering = {
  readonly [Q in QuestionName]: (
    input: Questions[Q]['input'],
  ) => Questions[Q]['output'] | Promise<Questions[Q]['output']>;
};

export class Inspection {
  readonly #start: WorkerStart;
  readonly #policy: EffectivePolicy;
  readonly #store: SessionStore;
  readonly #views: Views;
  readonly #pipeline: Pipeline;
  readonly #lookup: SessionLookup;
  readonly #pace: Pace;
  readonly #cancelled = new AbortController();
  readonly #growth = new SpoolGrowth();
  #live: LiveStatus | null;
  #phase: InspectionPhase;
  #problem: Problem | null = null;
  #input: CaptureInput | null = null;

  /** `tell` receives the pushed statuses, `found` the severe violations of a live capture. Throws `ProblemError` when the policy is none. */
  constructor(
    start: WorkerStart,
    tell: (status: InspectionStatus) => void,
    found: (violations: readonly Violation[]) => void = () => {},
  ) {
    this.#start = start;
    this.#live = start.live;
    this.#phase = start.live === null ? 'loading' : 'live';
    this.#policy = policyOf(start.policy);
    this.#store = new SessionStore(this.#policy.limits.sessionsKept);
    this.#views = new Views(
      this.#store,
      start.live === null ? undefined : ({ violations }) => tellSevere(this.#store.violations, violations, found),
    );
    const options = { policy: this.#policy, checksums: start.checksums };
    this.#pipeline = newPipeline(options, this.#store);
    this.#lookup = new SessionLookup({ store: this.#store, pipeline: this.#pipeline, options });
    this.#pace = new Pace(() => {
      this.#views.refresh();
      tell(this.status());
    });
    for (const { viewId, spec, version } of start.views) this.#views.open(viewId, spec, version);
  }

  /** Reads the capture to its end, to the first problem, or until it is cancelled; a live one while it runs. */
  async run(): Promise<void> {
    try {
      this.#input = await this.#open();
    } catch (error) {
      this.#finish('failed', problemOf(error));
      return;
    }
    this.#lookup.stretches = this.#input.stretches;
    // The first status waits a moment: what is no capture, and what is small, then answers for itself at once.
    this.#pace.touch();
    const result = await runInspection(this.#input, this.#pipeline, {
      signal: this.#cancelled.signal,
      onProgress: () => this.#pace.touch(),
    });
    if (this.#live === null) this.#finishFile(result);
    else this.#finishLive(result, this.#live);
  }

  status(): InspectionStatus {
    return {
      phase: this.#phase,
      path: this.#start.path,
      name: this.#input?.name ?? basename(this.#start.path),
      sizeBytes: this.#input?.sizeBytes ?? 0,
      readBytes: this.#input?.readBytes ?? 0,
      totals: this.#totals(),
      problem: this.#problem ?? this.#input?.lost ?? null,
      policy: { name: this.#policy.name, active: this.#policy.active.length, total: this.#policy.catalogueSize },
      views: this.#views.states(),
      live: this.#live === null ? null : { ...this.#live, inspectedBytes: this.#input?.readBytes ?? 0 },
    };
  }

  /** Answers one question; never rejects. */
  async answer(question: Question): Promise<Answer<unknown>> {
    try {
      return { ok: true, value: await this.#ask(question) };
    } catch (error) {
      return { ok: false, problem: problemOf(error) };
    }
  }

  #ask<Q extends QuestionName>(question: { readonly name: Q; readonly input: Questions[Q]['input'] }): unknown {
    return this.#answering[question.name](question.input);
  }

  readonly #answering: Answering = {
    'capture:cancel': () => {
      this.#cancelled.abort();
      return null;
    },
    'live:progress': (live) => {
      this.#live = live;
      this.#growth.update(live.writtenBytes, isOver(live));
      this.#pace.touch();
      return null;
    },
    'live:save': ({ path }) => {
      if (this.#live?.writtenBytes === 0)
        throw refuse('nothing-to-save', 'Nothing has been captured yet.', 'Wait for the first packets.');
      return saveSpool(this.#start.path, path);
    },
    'views:hold': ({ held }) => {
      this.#views.hold(held);
      this.#pace.touch();
      return null;
    },
    'view:open': ({ viewId, spec, version }) => this.#views.open(viewId, spec, version),
    'view:change': ({ viewId, spec }) => this.#views.change(viewId, spec),
    'view:rows': ({ viewId, from, count }) => this.#views.rows(viewId, from, count),
    'view:index-of': ({ viewId, id }) => this.#views.indexOf(viewId, id),
    'view:close': ({ viewId }) => {
      this.#views.close(viewId);
      return null;
    },
    'session:transcript': (input) => this.#lookup.transcript(input),
    'session:facts': (input) => this.#lookup.facts(input),
    'session:hex': (input) => this.#lookup.hex(input),
    'session:findings': ({ sessionId }) => {
      const row = this.#store.session(sessionId);
      if (row === undefined)
        throw refuse('session-unknown', 'This session is no longer known.', 'It was discarded to stay within bounds.');
      return [...row.violations, ...row.findings];
    },
  };

  async #open(): Promise<CaptureInput> {
    const { path, live } = this.#start;
    return live === null ? openInput(path, 'refused') : new SpoolInput(path, this.#growth, live.interfaceName);
  }

  #finishFile({ problem, totals, cancelled }: InspectResult): void {
    const isWorthless = problem !== null && totals.packets === 0;
    this.#finish(cancelled ? 'cancelled' : isWorthless ? 'failed' : 'done', problem);
  }

  /** What was captured stays open, however the capture ended; that nothing came is no fault of it. */
  #finishLive({ problem, totals }: InspectResult, { problem: ended }: LiveStatus): void {
    const isEmpty = totals.packets === 0;
    this.#finish(isEmpty && ended !== null ? 'failed' : 'done', ended ?? (isEmpty ? null : problem));
  }

  #finish(phase: InspectionPhase, problem: Problem | null): void {
    this.#phase = phase;
    this.#problem = problem;
    this.#pace.flush();
    void this.#prepareOrders();
  }

  /** Brings the texts in order while nobody asks, so that the first to sort by them need not wait. */
  async #prepareOrders(): Promise<void> {
    for (const column of this.#store.sessions.sortedTexts) {
      await eventLoopTurn();
      column.ranks();
    }
  }

  /** The engine's totals, and what this store had to let go. */
  #totals(): Totals {
    const { totals } = this.#pipeline;
    const discarded = this.#store.discardedSessions;
    if (discarded === 0) return totals;
    return {
      ...totals,
      discardedSessions: totals.discardedSessions + discarded,
      bounded: { ...totals.bounded, sessionsKept: discarded },
    };
  }
}

function policyOf(choice: PolicyChoice): EffectivePolicy {
  if ('profile' in choice) return profilePolicy(choice.profile);
  try {
    return parsePolicy(choice.text, choice.name);
  } catch (error) {
    // Errors of a policy carry a hint; anything else is a defect.
    if (!(error instanceof Error && 'hint' in error && typeof error.hint === 'string')) throw error;
    throw refuse('policy-invalid', `${choice.name}: ${error.message}`, error.hint);
  }
}
