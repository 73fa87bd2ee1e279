/**
 * A capture supervisor's thread as its starter holds it. In: an order to stop.
 * Out: statuses, the last of which has the phase `stopped` or `failed`, also
 * when the thread itself breaks.
 */
import { Worker } from 'node:worker_threads';
import { CAPTURED_IS_KEPT, type LiveStatus } from '../../shared/capture.js';
import type { Problem } from '../../shared/problem.js';
import { reasonOf } from '../spool/problem-error.js';
import type { SupervisorOrder, SupervisorReport, SupervisorStart } from './messages.js';

export class RunningSupervisor {
  /** Resolves with the last status, when the capture is over and its thread is gone. Never rejects. */
  readonly ended: Promise<LiveStatus>;
  readonly #worker: Worker;
  #status: LiveStatus;

  /** `file`: the built `capture/worker.js`. `told` gets every status. */
  constructor(file: string, start: SupervisorStart, told: (status: LiveStatus) => void) {
    this.#status = beginning(start);
    this.#worker = new Worker(file, { workerData: start });
    this.#worker.on('message', ({ status }: SupervisorReport) => {
      this.#status = status;
      told(status);
    });
    this.ended = new Promise((resolve) => {
      let failure: unknown = null;
      this.#worker.on('error', (error) => (failure = error));
      this.#worker.once('exit', () => {
        if (!isOver(this.#status)) {
          this.#status = { ...this.#status, phase: 'failed', problem: crashProblem(failure) };
          told(this.#status);
        }
        resolve(this.#status);
      });
    });
  }

  get status(): LiveStatus {
    return this.#status;
  }

  /** Ends the capture; what its process still holds is written first. */
  stop(): void {
    const order: SupervisorOrder = { kind: 'stop' };
    this.#worker.postMessage(order);
  }
}

/** True for the last status of a capture. */
export function isOver({ phase }: LiveStatus): boolean {
  return phase === 'stopped' || phase === 'failed';
}

/** A capture of which nothing is known yet. */
function beginning({ request }: SupervisorStart): LiveStatus {
  const { engine, interfaceName, filter, folder } = request;
  return {
    phase: 'starting',
    interfaceName,
    engine: engine === 'auto' ? 'dumpcap' : engine,
    engineReason: '',
    filter,
    startedMs: Date.now(),
    packets: 0,
    packetsPerSecond: 0,
    dropped: null,
    writtenBytes: 0,
    keptBytes: 0,
    inspectedBytes: 0,
    ringFiles: 0,
    ringDiscarded: 0,
    folder,
    problem: null,
  };
}

function crashProblem(error: unknown): Problem {
  return {
    code: 'capture-supervisor-crashed',
    message: `Writing the capture ended unexpectedly: ${error === null ? 'the thread ended' : reasonOf(error)}.`,
    hint: `${CAPTURED_IS_KEPT} Start again; if it happens again, this is a defect of Mailscope that deserves a report.`,
  };
}
