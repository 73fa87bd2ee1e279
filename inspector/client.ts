/**
 * The side of the inspector that the app holds: one capture at a time, each in
 * a worker thread of its own. Opening another ends the first. Views belong to
 * the client: they outlive a capture, are empty while none is open, and come
 * up again, with rising versions, over the next.
 */
import type { HelperProgram } from '../capture/engines/helper-program.js';
import type { SavedSpool } from '../capture/spool/index.js';
import { RunningSupervisor } from '../capture/supervisor/running-supervisor.js';
import type { CaptureRequest, LiveStatus } from '../shared/capture.js';
import type { InspectionStatus, Problem, ViewRows, ViewSpec, ViewState } from '../shared/inspection.js';
import type { Violation } from '../shared/violation.js';
import type { PolicyChoice, QuestionName, Questions } from './messages.js';
import { IDLE_STATUS } from './no-totals.js';
import { refuse } from './problem.js';
import { RunningWorker } from './running-worker.js';

export interface ClientOptions {
  /** The built `inspector/worker.js`. */
  readonly workerFile: string;
  /** The built `capture/worker.js`; without it nothing can be captured. */
  readonly captureWorkerFile?: string;
  /** Runs the helper of the engine `cap`; the one beside `captureWorkerFile`, on the running Node, without it. */
  readonly capHelper?: HelperProgram;
  /** For the captures to come, until `setPolicy` says another. */
  readonly policy: PolicyChoice;
  readonly checksums?: 'auto' | 'on' | 'off';
  /** Every change of the status, at most ten a second while a capture loads. */
  readonly onStatus: (status: InspectionStatus) => void;
  /** Violations of high and critical severity that a live capture brought, when they become known; each push has one per protection and source. */
  readonly onFound?: (violations: readonly Violation[]) => void;
}

interface KnownView {
  spec: ViewSpec;
  state: ViewState;
}

export class InspectorClient {
  readonly #options: ClientOptions;
  readonly #views = new Map<number, KnownView>();
  #policy: PolicyChoice;
  #worker: RunningWorker | null = null;
  #supervisor: RunningSupervisor | null = null;
  #status: InspectionStatus = IDLE_STATUS;
  #lastViewId = 0;
  #firstStatus: ((status: InspectionStatus) => void) | null = null;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#policy = options.policy;
  }

  get status(): InspectionStatus {
    return { ...this.#status, views: Array.from(this.#views.values(), (view) => view.state) };
  }

  /** The policy of the captures that are opened from now on; what is open stays as it was judged. */
  setPolicy(policy: PolicyChoice): void {
    this.#policy = policy;
  }

  /**
   * Opens a capture in place of the one that is open. Resolves with the first status, which is the
   * last one already when the file is small or no capture; never rejects.
   */
  open(path: string): Promise<InspectionStatus> {
    this.#end();
    this.#status = { ...IDLE_STATUS, phase: 'loading', path, name: lastPart(path) };
    return this.#startWorker(path, null);
  }

  /**
   * Captures and inspects what comes, in place of what is open. Resolves once packets can come or the
   * capture has failed (`live.problem` says why); never rejects. The folder stays when it is over.
   */
  startLive(request: CaptureRequest): Promise<InspectionStatus> {
    const { captureWorkerFile, capHelper = null } = this.#options;
    if (captureWorkerFile === undefined) throw new Error('captureWorkerFile is not set.');
    this.#end();
    const supervisor = new RunningSupervisor(
      captureWorkerFile,
      { request, output: null, mailPorts: null, capHelper },
      (live) => this.#progressed(supervisor, live),
    );
    this.#supervisor = supervisor;
    const { folder: path, interfaceName: name } = request;
    this.#status = { ...IDLE_STATUS, phase: 'live', path, name, live: supervisor.status };
    return this.#startWorker(path, supervisor.status);
  }

  /** Ends the live capture; resolves when it is over. What was captured stays open, and is inspected to its end. */
  async stopLive(): Promise<void> {
    this.#supervisor?.stop();
    await this.#supervisor?.ended;
  }

  /** Saves what the ring of the live capture still holds as one pcapng file, also while it runs. Rejects with `ProblemError`. */
  async saveLive(path: string): Promise<SavedSpool> {
    if (this.#worker === null) throw nothingOpen();
    return this.#worker.ask('live:save', { path });
  }

  /** Held views show what they show now; let go, they show everything that came meanwhile. Of the next capture none is held. */
  async holdViews(held: boolean): Promise<void> {
    await this.#worker?.ask('views:hold', { held });
  }

  /** Stops loading, or the live capture; what was read so far stays. */
  async cancel(): Promise<void> {
    if (this.#status.phase === 'live') return this.stopLive();
    await this.#worker?.ask('capture:cancel', null);
  }

  /** Ends the worker and forgets the capture. */
  close(): void {
    this.#end();
    this.#status = IDLE_STATUS;
    this.#announce();
  }

  async openView(spec: ViewSpec): Promise<ViewState> {
    const viewId = ++this.#lastViewId;
    // Registered before it is asked for: a capture opened meanwhile takes it over.
    this.#views.set(viewId, { spec, state: emptyState(viewId, 0) });
    const worker = this.#worker;
    if (worker === null) return emptyState(viewId, 0);
    try {
      const state = await worker.ask('view:open', { viewId, spec, version: 0 });
      this.#views.set(viewId, { spec, state });
      return state;
    } catch (error) {
      if (this.#worker !== worker) return this.#view(viewId).state;
      this.#views.delete(viewId);
      throw error;
    }
  }

  async changeView(viewId: number, spec: ViewSpec): Promise<ViewState> {
    const view = this.#view(viewId);
    const state =
      this.#worker === null
        ? emptyState(viewId, view.state.version + 1)
        : await this.#worker.ask('view:change', { viewId, spec });
    this.#views.set(viewId, { spec, state });
    return state;
  }

  async rows(viewId: number, from: number, count: number): Promise<ViewRows> {
    const { spec, state } = this.#view(viewId);
    if (this.#worker === null) return { kind: spec.kind, state, from, rows: [] };
    return this.#worker.ask('view:rows', { viewId, from, count });
  }

  async indexOf(viewId: number, id: number): Promise<number> {
    this.#view(viewId);
    return this.#worker === null ? -1 : this.#worker.ask('view:index-of', { viewId, id });
  }

  async closeView(viewId: number): Promise<void> {
    if (!this.#views.delete(viewId)) return;
    await this.#worker?.ask('view:close', { viewId });
  }

  /** Asks about a session of the open capture. Rejects with `ProblemError` when none is open. */
  async askSession<Q extends Extract<QuestionName, `session:${string}`>>(
    name: Q,
    input: Questions[Q]['input'],
  ): Promise<Questions[Q]['output']> {
    if (this.#worker === null) throw nothingOpen();
    return this.#worker.ask(name, input);
  }

  #startWorker(path: string, live: LiveStatus | null): Promise<InspectionStatus> {
    const { workerFile, checksums = 'auto' } = this.#options;
    const views = Array.from(this.#views, ([viewId, { spec, state }]) => ({ viewId, spec, version: state.version }));
    const first = new Promise<InspectionStatus>((resolve) => {
      this.#firstStatus = resolve;
    });
    this.#worker = new RunningWorker(
      workerFile,
      { path, live, policy: this.#policy, checksums, views },
      {
        status: (status) => this.#receive(status),
        found: (violations) => this.#options.onFound?.(violations),
        crashed: (problem) => this.#crashed(problem),
      },
    );
    return first;
  }

  /** The inspection tells it on, with what it has inspected; when it crashed, the capture goes on and is told from here. */
  #progressed(supervisor: RunningSupervisor, live: LiveStatus): void {
    if (this.#supervisor !== supervisor) return;
    this.#status = { ...this.#status, live: { ...live, inspectedBytes: this.#status.live?.inspectedBytes ?? 0 } };
    if (this.#worker === null) this.#announce();
    else this.#worker.ask('live:progress', live).catch(() => undefined);
  }

  #view(viewId: number): KnownView {
    const view = this.#views.get(viewId);
    if (view === undefined) throw refuse('view-unknown', `There is no open view ${viewId}.`, 'Open the view again.');
    return view;
  }

  #receive(status: InspectionStatus): void {
    this.#status = status;
    for (const state of status.views) {
      const view = this.#views.get(state.viewId);
      if (view !== undefined) view.state = state;
    }
    this.#announce();
  }

  #crashed(problem: Problem): void {
    this.#worker = null;
    this.#emptyViews();
    this.#status = { ...this.#status, phase: 'failed', problem };
    this.#announce();
  }

  #end(): void {
    this.#supervisor?.stop();
    this.#supervisor = null;
    this.#worker?.stop();
    this.#worker = null;
    this.#emptyViews();
    // Whoever still waits for the capture that was replaced learns what is open instead.
    this.#firstStatus?.(this.status);
    this.#firstStatus = null;
  }

  #emptyViews(): void {
    for (const [viewId, view] of this.#views) view.state = emptyState(viewId, view.state.version + 1);
  }

  #announce(): void {
    const { status } = this;
    if (status.live?.phase !== 'starting' || status.phase !== 'live') {
      this.#firstStatus?.(status);
      this.#firstStatus = null;
    }
    this.#options.onStatus(status);
  }
}

function emptyState(viewId: number, version: number): ViewState {
  return { viewId, version, total: 0, unfiltered: 0 };
}

function nothingOpen(): Error {
  return refuse('nothing-open', 'No capture is open.', 'Open a capture first.');
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
