/**
 * Inspects captures with several threads, one capture after the other. Every
 * thread sees all packets and follows its share of the connections. In: as for
 * `inspectFile`, and how many threads. Out: exactly what one thread would tell,
 * as long as no bound of limits.ts is reached. The threads are started with the
 * first capture and kept for the next.
 */
import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import type { ChecksumMode, DecodeAs, EffectivePolicy, ReportFormat } from '../../engine/index.js';
import type { Problem } from '../../shared/inspection.js';
import { expectedProblem, newPipeline, type InspectResult } from '../inspect-file.js';
import type { PolicyChoice } from '../messages.js';
import { openInput } from '../source/capture-input.js';
import { newThread, RunningThread } from '../running-thread.js';
import type { CaptureInput } from '../source/input.js';
import type { MergedSink } from './merge.js';
import type { ShardMessage, ShardOrder, ShardStart } from './messages.js';
import { SharedInspection } from './shared-inspection.js';
import { SharedSlots, SLOT_BYTES } from '../shared-slots.js';

/**
 * The collector begins when a heap has grown by a fifth. By itself it waits for three or four times as
 * much where there is memory, which is well for one heap and much for several.
 */
const GROWING = '--heap-growing-percent=20';

export interface ShardedOptions {
  readonly workers: number;
  /** The built `inspector/shard.js`. */
  readonly shardFile: string;
  readonly policy: EffectivePolicy;
  /** The same once more, as it crosses to another thread. */
  readonly policyChoice: PolicyChoice;
  readonly checksums: ChecksumMode;
  readonly decodeAs: DecodeAs;
  readonly revealSecrets: boolean;
  /** What the threads make of their sessions. */
  readonly format: ReportFormat;
}

export interface ShardedRunOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: { readonly readBytes: number; readonly sizeBytes: number }) => void) | undefined;
}

export class ShardedInspector {
  readonly #options: ShardedOptions;
  readonly #slots = new SharedSlots((slot, length) => this.#post({ kind: 'octets', slot, length }));
  #shards: readonly RunningThread<ShardOrder, ShardMessage>[] = [];
  #present: { readonly inspection: SharedInspection; readonly reading: AbortController } | null = null;
  #failure: Error | null = null;

  constructor(options: ShardedOptions) {
    this.#options = options;
  }

  /** Like `inspectFile`; to be called for one capture at a time. */
  async inspectFile(path: string, run: ShardedRunOptions, sink: MergedSink): Promise<InspectResult> {
    const { policy } = this.#options;
    let input: CaptureInput;
    try {
      input = await openInput(path);
    } catch (error) {
      return { totals: newPipeline({ policy }, {}).totals, problem: expectedProblem(error), cancelled: false };
    }
    this.#start();
    const inspection = new SharedInspection(policy, this.#shards.length, sink, () => this.#slots.returned());
    const reading = new AbortController();
    const stop = (): void => reading.abort();
    run.signal.addEventListener('abort', stop);
    if (run.signal.aborted) stop();
    this.#present = { inspection, reading };
    if (this.#failure !== null) inspection.fail(this.#failure);
    try {
      this.#post({ kind: 'begin', path });
      const problem = await this.#read(input, inspection, reading.signal, run);
      this.#slots.flush();
      this.#post({ kind: 'end' });
      return this.#result(input, inspection, problem, run.signal);
    } finally {
      run.signal.removeEventListener('abort', stop);
    }
  }

  /** Ends the threads. */
  close(): void {
    for (const shard of this.#shards) void shard.stop();
    this.#shards = [];
  }

  /** Hands on the octets of the capture until it ends, is damaged or the signal comes; returns what stopped the reading. */
  async #read(
    input: CaptureInput,
    inspection: SharedInspection,
    signal: AbortSignal,
    { onProgress }: ShardedRunOptions,
  ): Promise<Problem | null> {
    try {
      for await (const chunk of input.chunks(signal, () => this.#slots.room())) {
        await this.#slots.put(chunk);
        onProgress?.({ readBytes: input.readBytes, sizeBytes: input.sizeBytes });
        if (inspection.isFinished || signal.aborted) break;
      }
    } catch (error) {
      return expectedProblem(error);
    } finally {
      await input.close();
    }
    return null;
  }

  async #result(
    input: CaptureInput,
    inspection: SharedInspection,
    problem: Problem | null,
    signal: AbortSignal,
  ): Promise<InspectResult> {
    const { totals, problem: damage } = await inspection.ended;
    const cancelled = signal.aborted;
    // Behind a damaged place nothing would have been read.
    const found = inspection.isFinished ? damage : (problem ?? damage ?? input.lost);
    return { totals, problem: cancelled ? null : found, cancelled };
  }

  #start(): void {
    if (this.#shards.length > 0) return;
    const { workers: count, shardFile, policyChoice: policy, ...options } = this.#options;
    const { checksums, decodeAs, revealSecrets, format } = options;
    setFlagsFromString(GROWING);
    const seed = randomBytes(4).readInt32LE(0);
    const shared = { policy, checksums, decodeAs, revealSecrets, format, count, seed };
    const memory = { memory: this.#slots.memory, slotBytes: SLOT_BYTES };
    this.#shards = Array.from({ length: count }, (_, index) => {
      const events = {
        message: (message: ShardMessage) => this.#message(index, message),
        failed: (error: Error) => this.#failed(error),
      };
      const start: ShardStart = { ...shared, ...memory, index };
      return new RunningThread<ShardOrder, ShardMessage>(newThread(shardFile), start, events);
    });
  }

  #post(order: ShardOrder): void {
    for (const shard of this.#shards) shard.post(order);
  }

  #message(thread: number, message: ShardMessage): void {
    if (this.#present === null) return;
    const { inspection, reading } = this.#present;
    try {
      inspection.message(thread, message);
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)));
    }
    // Nobody needs what comes behind a damaged place, and a pipe may be silent for ever.
    if (inspection.isFinished) reading.abort();
  }

  #failed(error: Error): void {
    this.#failure = error;
    this.#slots.fail(error);
    this.#present?.inspection.fail(error);
    this.#present?.reading.abort();
  }
}
