/**
 * One worker thread with its open questions. In: questions. Out: answers in
 * any order, statuses, and at most one end: a crash, or none when it was
 * stopped on purpose.
 */
import { Worker } from 'node:worker_threads';
import type { InspectionStatus, Problem } from '../shared/inspection.js';
import type { Answer } from '../shared/ipc.js';
import type { Violation } from '../shared/violation.js';
import type { QuestionName, Questions, WorkerMessage, WorkerStart } from './messages.js';
import { ProblemError, systemCode } from './problem.js';

/** Heap of the worker: a million sessions and their findings fit; beyond it the thread ends, not the app. */
const HEAP_MEGABYTES = 4096;

export interface WorkerEvents {
  status(status: InspectionStatus): void;
  found(violations: readonly Violation[]): void;
  crashed(problem: Problem): void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: ProblemError) => void;
}

export class RunningWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #isOver = false;

  constructor(file: string, start: WorkerStart, events: WorkerEvents) {
    this.#worker = new Worker(file, { workerData: start, resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES } });
    this.#worker.on('message', (message: WorkerMessage) => {
      if (this.#isOver) return;
      if (message.kind === 'status') events.status(message.status);
      else if (message.kind === 'found') events.found(message.violations);
      else this.#settle(message.id, message.answer);
    });
    const crash = (problem: Problem): void => {
      if (this.#isOver) return;
      this.#end(problem);
      events.crashed(problem);
    };
    this.#worker.on('error', (error) => crash(crashProblem(error)));
    this.#worker.on('messageerror', (error) => crash(crashProblem(error)));
    this.#worker.on('exit', () => crash(crashProblem(new Error('the thread ended'))));
  }

  /** Rejects with `ProblemError`, also when the worker ends before it answered. */
  ask<Q extends QuestionName>(name: Q, input: Questions[Q]['input']): Promise<Questions[Q]['output']> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) {
        reject(new ProblemError(STOPPED));
        return;
      }
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, name, input });
    });
  }

  /** Ends the thread; open questions are rejected, nothing is told any more. */
  stop(): void {
    this.#end(STOPPED);
    void this.#worker.terminate();
  }

  #settle(id: number, answer: Answer<unknown>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer.ok) waiting?.resolve(answer.value as never);
    else waiting?.reject(new ProblemError(answer.problem));
  }

  #end(problem: Problem): void {
    this.#isOver = true;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new ProblemError(problem));
  }
}

const STOPPED: Problem = {
  code: 'capture-closed',
  message: 'The capture was closed before the answer came.',
  hint: 'Open the capture again.',
};

function crashProblem(error: unknown): Problem {
  if (systemCode(error) === 'ERR_WORKER_OUT_OF_MEMORY')
    return {
      code: 'inspector-out-of-memory',
      message: 'The inspection needed more memory than it may use and was ended.',
      hint: 'Lower the bound sessionsKept in the policy, or inspect a part of the capture.',
    };
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'inspector-crashed',
    message: `The inspection of this capture ended unexpectedly: ${reason}.`,
    hint: 'The app goes on. Open the capture again; if it happens again, this is a defect of Mailscope that deserves a report.',
  };
}
