/**
 * Inspects one saved capture from its first octet to its last. In: a path (or
 * `-`), the policy, and a sink for the sessions. Out: totals, and the problem
 * that ended it early, if any. Between two pieces of the file it lets the event
 * loop run, so that it can be cancelled and asked things meanwhile.
 */
import { Pipeline, type DecodeAs, type EffectivePolicy, type PipelineSink } from '../engine/index.js';
import type { Problem, Totals } from '../shared/inspection.js';
import { ProblemError } from './problem.js';
import { openInput } from './source/capture-input.js';
import type { CaptureInput } from './source/input.js';

export interface InspectProgress {
  /** Octets read from disk, and the file's size there (0 when unknown). */
  readonly readBytes: number;
  readonly sizeBytes: number;
  readonly pipeline: Pipeline;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each piece (at most 2 MiB) of the capture. */
  readonly onProgress?: ((progress: InspectProgress) => void) | undefined;
}

export interface InspectOptions extends RunOptions {
  readonly policy: EffectivePolicy;
  readonly checksums?: 'auto' | 'on' | 'off' | undefined;
  readonly decodeAs?: DecodeAs | undefined;
  /** Evidence shows secrets; default false. */
  readonly revealSecrets?: boolean | undefined;
}

export interface InspectResult {
  readonly totals: Totals;
  readonly problem: Problem | null;
  readonly cancelled: boolean;
}

/**
 * Inspects the capture at `path`. What the file is worth is delivered to `sink` before a problem is
 * returned. Rejects only when Mailscope itself is wrong.
 */
export async function inspectFile(path: string, options: InspectOptions, sink: PipelineSink): Promise<InspectResult> {
  const pipeline = newPipeline(options, sink);
  let input: CaptureInput;
  try {
    input = await openInput(path);
  } catch (error) {
    return { totals: pipeline.totals, problem: expectedProblem(error), cancelled: false };
  }
  return runInspection(input, pipeline, options);
}

/** Pushes an opened capture through a pipeline, to the end, and closes it. */
export async function runInspection(
  input: CaptureInput,
  pipeline: Pipeline,
  options: RunOptions,
): Promise<InspectResult> {
  const { signal } = options;
  let problem: Problem | null = null;
  try {
    for await (const chunk of input.chunks(signal)) {
      pipeline.push(chunk);
      options.onProgress?.({ readBytes: input.readBytes, sizeBytes: input.sizeBytes, pipeline });
      if (pipeline.finished) break;
      await eventLoopTurn();
      if (signal?.aborted === true) break;
    }
  } catch (error) {
    problem = expectedProblem(error);
  } finally {
    await input.close();
  }
  pipeline.end();
  const cancelled = signal?.aborted === true;
  return {
    totals: pipeline.totals,
    problem: cancelled ? null : (problem ?? pipeline.problem ?? input.lost),
    cancelled,
  };
}

/** A pipeline with exactly the options that are set. */
export function newPipeline(options: Omit<InspectOptions, keyof RunOptions>, sink: PipelineSink): Pipeline {
  const { policy, checksums, decodeAs, revealSecrets } = options;
  return new Pipeline({
    policy,
    sink,
    ...(checksums === undefined ? {} : { checksums }),
    ...(decodeAs === undefined ? {} : { decodeAs }),
    ...(revealSecrets === undefined ? {} : { revealSecrets }),
  });
}

/** Resolves when everything that waits in the event loop had its turn. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** The problem of a file or of reading it; anything else is thrown again. */
export function expectedProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  throw error;
}
