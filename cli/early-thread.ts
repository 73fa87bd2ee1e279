/**
 * A thread that is started before the program is loaded, so that it boots
 * meanwhile. In: the arguments, not yet checked: only whether such a thread will
 * probably be wanted is told from them.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { newThread } from '../inspector/running-thread.js';
import { worthwhileWorkers } from '../inspector/worthwhile-workers.js';

/** At most so many threads are started unless somebody asks for more. */
export function mostByDefault(cores: number): number {
  return Math.min(cores, 4);
}

/** Belongs to whoever is given it; it waits for its first message. */
export interface EarlyThread {
  readonly thread: Worker;
  /** Then another has to be started, and fails as it may. */
  hasFailed: boolean;
}

/** Starts a thread of this file if a capture that is named will be inspected in two halves; else null. */
export function startEarly(args: readonly string[], file: string): EarlyThread | null {
  const [command, ...rest] = args;
  if (command !== 'inspect' || workersIn(rest) !== '2') return null;
  const most = mostByDefault(availableParallelism());
  const paths = rest.filter((arg) => arg === '-' || !arg.startsWith('-'));
  if (!paths.some((path) => worthwhileWorkers(path, most, true) === 2)) return null;
  const early = { thread: newThread(file), hasFailed: false };
  const over = (): void => {
    early.hasFailed = true;
  };
  early.thread.on('error', over).on('exit', over);
  return early;
}

/** What was asked for with `--workers`; two unless it was. */
function workersIn(args: readonly string[]): string {
  const at = args.findIndex((arg) => arg.startsWith('--workers'));
  if (at < 0) return '2';
  return args[at] === '--workers' ? (args[at + 1] ?? '') : (args[at] ?? '').slice('--workers='.length);
}
