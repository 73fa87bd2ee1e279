/**
 * Captures on an interface and inspects what comes, in the caller's own thread;
 * only the capture has a thread of its own. In: what to capture, the policy,
 * and a sink for the sessions. Out: how it goes, then totals and the problem
 * that ended it, if any. The same reading as of a saved capture.
 */
import type { HelperProgram } from '../capture/engines/helper-program.js';
import { SpoolGrowth } from '../capture/spool/index.js';
import type { CaptureOutput } from '../capture/supervisor/messages.js';
import { isOver, RunningSupervisor } from '../capture/supervisor/running-supervisor.js';
import type { Pipeline, PipelineSink } from '../engine/index.js';
import type { CaptureRequest, LiveStatus } from '../shared/capture.js';
import { newPipeline, runInspection, type InspectOptions, type InspectResult } from './inspect-file.js';
import { SpoolInput } from './source/spool-input.js';

export interface LiveOptions extends Omit<InspectOptions, 'signal' | 'onProgress'> {
  readonly request: CaptureRequest;
  /** Files that the user named; null for a spool in the request's folder. */
  readonly output: CaptureOutput | null;
  /** The default filter for these ports in place of the request's own; null for that. */
  readonly mailPorts: readonly number[] | null;
  /** The built `capture/worker.js`. */
  readonly captureWorkerFile: string;
  readonly capHelper: HelperProgram | null;
  /** Called at most some ten times a second, also while no packets come. */
  readonly onProgress?: ((live: LiveStatus, pipeline: Pipeline) => void) | undefined;
}

export interface LiveResult extends InspectResult {
  /** The last status, everything inspected. */
  readonly live: LiveStatus;
  /** False when not even an empty capture came about. */
  readonly hasStarted: boolean;
}

export interface LiveCapture {
  /** Ends the capture; what its process still holds is inspected first. */
  stop(): void;
  /** Rejects only when Mailscope itself is wrong. */
  readonly result: Promise<LiveResult>;
}

export function captureLive(options: LiveOptions, sink: PipelineSink): LiveCapture {
  const { request, output, mailPorts, captureWorkerFile, capHelper } = options;
  const pipeline = newPipeline(options, sink);
  const growth = new SpoolGrowth();
  const input = new SpoolInput(request.folder, growth, request.interfaceName);
  const start = { request, output, mailPorts, capHelper };
  const supervisor = new RunningSupervisor(captureWorkerFile, start, (live) => {
    growth.update(live.writtenBytes, isOver(live));
    options.onProgress?.({ ...live, inspectedBytes: input.readBytes }, pipeline);
  });
  const result = async (): Promise<LiveResult> => {
    const inspected = await runInspection(input, pipeline, {}).catch(async (error: unknown) => {
      // Nobody would stop it any more.
      supervisor.stop();
      await supervisor.ended;
      throw error;
    });
    const ended = await supervisor.ended;
    const hasStarted = ended.writtenBytes > 0;
    const live = { ...ended, inspectedBytes: input.readBytes };
    // Without a capture there is nothing that could be wrong with it.
    const problem = ended.problem ?? (hasStarted ? inspected.problem : null);
    return { ...inspected, problem, live, hasStarted };
  };
  return { stop: () => supervisor.stop(), result: result() };
}
