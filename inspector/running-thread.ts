/**
 * A thread that does its part of inspections. In: orders. Out: its messages in
 * their order, or the error that ended it.
 */
import { Worker } from 'node:worker_threads';

/**
 * Heap of one thread. What it holds grows with the connections that are open; what is young has little
 * room, because most of it is gone soon: with three times as much, nothing is quicker.
 */
const HEAP = { maxOldGenerationSizeMb: 4096, maxYoungGenerationSizeMb: 12 };

/** Starts a thread of a built program, which waits for a first message. */
export function newThread(file: string): Worker {
  return new Worker(file, { resourceLimits: HEAP });
}

export interface ThreadEvents<Message> {
  message(message: Message): void;
  /** At most once, and never after `stop`. */
  failed(error: Error): void;
}

export class RunningThread<Order, Message> {
  readonly #worker: Worker;
  #isOver = false;

  /** `worker`: of `newThread`, owned from here on; `start`: its first message. */
  constructor(worker: Worker, start: unknown, events: ThreadEvents<Message>) {
    this.#worker = worker;
    worker.postMessage(start);
    const failed = (error: Error): void => {
      if (this.#isOver) return;
      this.#isOver = true;
      events.failed(error);
    };
    this.#worker.on('message', (message: Message) => {
      if (!this.#isOver) events.message(message);
    });
    this.#worker.on('error', failed);
    this.#worker.on('messageerror', failed);
    this.#worker.on('exit', () => failed(new Error('a thread of the inspection ended')));
  }

  post(order: Order): void {
    this.#worker.postMessage(order);
  }

  /** Resolves when it does nothing any more. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#worker.terminate();
  }
}
