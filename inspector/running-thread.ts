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

/** Starts a thread of a built program; what it gets to begin with is its `workerData`, or absent. */
export function newThread(file: string, workerData?: unknown): Worker {
  return new Worker(file, { workerData, resourceLimits: HEAP });
}

export interface ThreadEvents<Message> {
  message(message: Message): void;
  /** At most once, and never after `stop`. */
  failed(error: Error): void;
}

export class RunningThread<Order, Message> {
  readonly #worker: Worker;
  #isOver = false;

  /** `thread`: its built program, or one that runs without data; then `start` is its first message, else its `workerData`. */
  constructor(thread: string | Worker, start: unknown, events: ThreadEvents<Message>) {
    this.#worker = typeof thread === 'string' ? newThread(thread, start) : thread;
    if (typeof thread !== 'string') thread.postMessage(start);
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
