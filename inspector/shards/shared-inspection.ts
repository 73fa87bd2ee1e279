/**
 * One capture inspected by several threads: hands them its octets and merges
 * what they answer, piece by piece. In: octets, the threads' messages. Out: to
 * the sink what one thread would have told, in the same order.
 */
import type { EffectivePolicy } from '../../engine/index.js';
import type { Problem, Totals } from '../../shared/inspection.js';
import { Merge, type MergedSink } from './merge.js';
import type { Batch, ShardMessage, ShardOutcome } from './messages.js';

export interface Outcome {
  readonly totals: Totals;
  readonly problem: Problem | null;
}

export class SharedInspection {
  /** Resolves when every thread has delivered its end; rejects when one cannot. */
  readonly ended: Promise<Outcome>;
  /** Further octets would be ignored. */
  isFinished = false;
  readonly #merge: Merge;
  /** What each thread delivered and others still owe. */
  readonly #waiting: ShardMessage[][];
  readonly #onMerged: () => void;
  #resolve: (outcome: Outcome) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  /** `onMerged`: all threads are through with the piece of the capture that came first. */
  constructor(policy: EffectivePolicy, threads: number, sink: MergedSink, onMerged: () => void) {
    this.#merge = new Merge(policy, sink);
    this.#waiting = Array.from({ length: threads }, () => []);
    this.#onMerged = onMerged;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may fail while nobody waits for the end yet.
    this.ended.catch(() => undefined);
  }

  message(thread: number, message: ShardMessage): void {
    (this.#waiting[thread] as ShardMessage[]).push(message);
    while (this.#waiting.every((messages) => messages.length > 0)) {
      this.#round(this.#waiting.map((messages) => messages.shift() as ShardMessage));
    }
  }

  fail(error: Error): void {
    this.#reject(error);
  }

  /** What all threads say of the same piece. */
  #round(messages: readonly ShardMessage[]): void {
    const batches: Batch[] = [];
    const outcomes: ShardOutcome[] = [];
    for (const message of messages) {
      batches.push(message.batch);
      if (message.kind === 'end') outcomes.push(message.outcome);
      else if (message.isFinished) this.isFinished = true;
    }
    this.#merge.take(batches);
    const [one, ...others] = outcomes;
    if (one === undefined) this.#onMerged();
    else this.#resolve({ totals: this.#merge.end([one, ...others]), problem: one.problem });
  }
}
