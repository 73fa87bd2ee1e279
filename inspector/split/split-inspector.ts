/**
 * Inspects captures with two threads, one capture after the other: one puts the
 * streams in order, this one hears what they say. In: as for `inspectFile`. Out:
 * exactly what one thread would tell. Nothing is done twice, and nothing is
 * merged. The thread is started with the first capture and kept for the next.
 */
import type { Worker } from 'node:worker_threads';
import {
  batchIn,
  batchRoom,
  hearsHandshakes,
  MailHalf,
  ROOM_BYTES,
  sharedOctets,
  type ChecksumMode,
  type DecodeAs,
  type EffectivePolicy,
  type PipelineSink,
} from '../../engine/index.js';
import type { Problem } from '../../shared/inspection.js';
import { expectedProblem, newPipeline, type InspectResult } from '../inspect-file.js';
import { newThread, RunningThread } from '../running-thread.js';
import { SharedSlots, SLOTS, SLOT_BYTES } from '../shared-slots.js';
import { openInput } from '../source/capture-input.js';
import type { CaptureInput } from '../source/input.js';
import { tierUpFor } from './tier-up.js';
import { ANSWER, SIGNAL, SIGNALS, type StreamMessage, type StreamOrder, type StreamStart } from './messages.js';

/** So many octets of a capture tell about how many packets it has. */
const KNOWN_BYTES = 1_048_576;

/** False where the beginning of a connection is judged: then it matters to the streams what was found. */
export function maySplit(policy: EffectivePolicy): boolean {
  return !hearsHandshakes(policy);
}

export interface SplitOptions {
  /** The built `inspector/streams.js`. */
  readonly streamsFile: string;
  /** A thread of it that runs already. */
  readonly startedThread?: Worker | null;
  readonly policy: EffectivePolicy;
  readonly checksums: ChecksumMode;
  readonly decodeAs: DecodeAs;
  readonly revealSecrets: boolean;
}

export interface SplitRunOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: { readonly readBytes: number; readonly sizeBytes: number }) => void) | undefined;
}

type StreamsEnd = Extract<StreamMessage, { readonly kind: 'end' }>;

/** The capture that is being inspected. */
interface Present {
  readonly mail: MailHalf;
  readonly reading: AbortController;
  readonly ended: (end: StreamsEnd) => void;
  readonly failed: (error: Error) => void;
  /** Further octets would be ignored. */
  isFinished: boolean;
  /** The thread reads the file itself. */
  isReadThere: boolean;
}

export class SplitInspector {
  readonly #options: SplitOptions;
  readonly #slots = new SharedSlots((slot, length) => this.#thread?.post({ kind: 'octets', slot, length }));
  readonly #octets = sharedOctets(this.#slots.memory);
  readonly #rooms = new SharedArrayBuffer(SLOTS * ROOM_BYTES);
  readonly #signals = new Int32Array(new SharedArrayBuffer(SIGNALS * Int32Array.BYTES_PER_ELEMENT));
  #thread: RunningThread<StreamOrder, StreamMessage> | null = null;
  #present: Present | null = null;
  readonly #waiting: StreamMessage[] = [];
  /** This thread is through with the piece, of so many octets, that was taken first. */
  #returned: (length: number) => void = () => undefined;
  #failure: Error | null = null;
  /** To be closed when the thread does nothing any more. */
  readonly #unclosed: CaptureInput[] = [];

  constructor(options: SplitOptions) {
    this.#options = options;
  }

  /** Like `inspectFile`; to be called for one capture at a time. */
  async inspectFile(path: string, run: SplitRunOptions, sink: PipelineSink): Promise<InspectResult> {
    const { policy, revealSecrets } = this.#options;
    const thread = this.#started();
    const mail = new MailHalf({ policy, revealSecrets }, sink);
    let input: CaptureInput;
    try {
      input = await openInput(path);
    } catch (error) {
      return { totals: newPipeline({ policy }, {}).totals, problem: expectedProblem(error), cancelled: false };
    }
    const reading = new AbortController();
    const stop = (): void => reading.abort();
    run.signal.addEventListener('abort', stop);
    if (run.signal.aborted) stop();
    const ended = new Promise<StreamsEnd>((resolve, reject) => {
      this.#present = { mail, reading, ended: resolve, failed: reject, isFinished: false, isReadThere: false };
    });
    // It may fail while nobody waits for the end yet.
    ended.catch(() => undefined);
    if (this.#failure !== null) this.#failed(this.#failure);
    try {
      const problem = await this.#hand(input, thread, reading.signal, run);
      const { counts, problem: damage, unread } = await ended;
      const cancelled = run.signal.aborted;
      // Behind a damaged place nothing would have been read.
      const found = this.#present?.isFinished === true ? damage : (problem ?? unread ?? damage ?? input.lost);
      return { totals: mail.totals(counts), problem: cancelled ? null : found, cancelled };
    } finally {
      tierUpFor(Infinity);
      // After a failure the thread may still be reading.
      if (this.#failure !== null && this.#present?.isReadThere === true) this.#unclosed.push(input);
      else await input.close();
      this.#present = null;
      for (const message of this.#waiting.splice(0)) this.#drop(message);
      run.signal.removeEventListener('abort', stop);
    }
  }

  /** Ends the thread. */
  close(): void {
    const thread = this.#thread;
    this.#thread = null;
    void thread?.stop().then(() => Promise.all(this.#unclosed.map((input) => input.close())));
  }

  /** Has the thread take the whole capture; returns what stopped the reading, as far as it is done here. */
  async #hand(
    input: CaptureInput,
    thread: RunningThread<StreamOrder, StreamMessage>,
    signal: AbortSignal,
    run: SplitRunOptions,
  ): Promise<Problem | null> {
    this.#returned = () => this.#slots.returned();
    thread.post({ kind: 'begin' });
    const descriptor = (await input.plainFile?.()) ?? null;
    const present = this.#present;
    if (descriptor !== null && present !== null) {
      present.isReadThere = true;
      this.#readThere(descriptor, thread, input, present.mail, signal, run);
      return null;
    }
    const problem = await this.#read(input, signal, run);
    this.#slots.flush();
    thread.post({ kind: 'end' });
    return problem;
  }

  /** Hands on the octets of the capture until it ends, is damaged or the signal comes; returns what stopped the reading. */
  async #read(input: CaptureInput, signal: AbortSignal, { onProgress }: SplitRunOptions): Promise<Problem | null> {
    try {
      for await (const chunk of input.chunks(signal, () => this.#slots.room())) {
        await this.#slots.put(chunk);
        onProgress?.({ readBytes: input.readBytes, sizeBytes: input.sizeBytes });
        if (signal.aborted) break;
      }
    } catch (error) {
      return expectedProblem(error);
    }
    return null;
  }

  /** Lets the thread read the file itself: so it always has work, however long a piece keeps this one busy. */
  #readThere(
    descriptor: number,
    thread: RunningThread<StreamOrder, StreamMessage>,
    { sizeBytes }: CaptureInput,
    mail: MailHalf,
    signal: AbortSignal,
    { onProgress }: SplitRunOptions,
  ): void {
    let readBytes = 0;
    let isEstimated = false;
    const stop = (): void => {
      Atomics.store(this.#signals, SIGNAL.stop, 1);
      Atomics.notify(this.#signals, SIGNAL.returned);
    };
    Atomics.store(this.#signals, SIGNAL.returned, 0);
    Atomics.store(this.#signals, SIGNAL.stop, 0);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    this.#returned = (length) => {
      Atomics.add(this.#signals, SIGNAL.returned, 1);
      Atomics.notify(this.#signals, SIGNAL.returned);
      readBytes += length;
      if (!isEstimated && readBytes >= KNOWN_BYTES && mail.packets > 0) {
        isEstimated = true;
        tierUpFor((mail.packets / readBytes) * sizeBytes);
      }
      if (!signal.aborted) onProgress?.({ readBytes, sizeBytes });
    };
    thread.post({ kind: 'file', descriptor });
  }

  #started(): RunningThread<StreamOrder, StreamMessage> {
    if (this.#thread !== null) return this.#thread;
    const { policy, checksums, decodeAs, streamsFile, startedThread } = this.#options;
    const start: StreamStart = {
      limits: policy.limits,
      checksums,
      decodeAs,
      memory: this.#slots.memory,
      slotBytes: SLOT_BYTES,
      rooms: this.#rooms,
      signals: this.#signals.buffer,
    };
    this.#thread = new RunningThread<StreamOrder, StreamMessage>(startedThread ?? newThread(streamsFile), start, {
      message: (message) => this.#message(message),
      failed: (error) => this.#failed(error),
    });
    return this.#thread;
  }

  /** One message in a turn of the event loop: in between, what was read is handed on, so that the thread always has work. */
  #message(message: StreamMessage): void {
    if (this.#present === null) {
      this.#drop(message);
      return;
    }
    this.#waiting.push(message);
    if (this.#waiting.length === 1) setImmediate(() => this.#takeNext());
  }

  /** The capture has failed meanwhile; but the thread waits for its answer. */
  #drop(message: StreamMessage): void {
    if (message.kind === 'ask') this.#answer(false);
  }

  #takeNext(): void {
    const present = this.#present;
    const message = this.#waiting.shift();
    if (message === undefined || present === null) return;
    if (this.#waiting.length > 0) setImmediate(() => this.#takeNext());
    try {
      this.#take(message, present);
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #take(message: StreamMessage, present: Present): void {
    const { mail } = present;
    switch (message.kind) {
      case 'ask':
        this.#answer(mail.isWaiting(message.conversation));
        return;
      case 'end':
        mail.end();
        present.ended(message);
        return;
      case 'early':
        mail.take(message.batch, this.#piece(message));
        return;
      case 'batch':
        mail.take(batchIn(batchRoom(this.#rooms, message.slot * ROOM_BYTES), message.size), this.#piece(message));
        present.isFinished = message.isFinished;
        // Nobody needs what comes behind a damaged place, and a pipe may be silent for ever.
        if (message.isFinished) present.reading.abort();
        this.#returned(message.length);
    }
  }

  #piece({ slot, length }: { readonly slot: number; readonly length: number }): Uint8Array {
    return this.#octets.subarray(slot * SLOT_BYTES, slot * SLOT_BYTES + length);
  }

  #failed(error: Error): void {
    this.#failure = error;
    this.#slots.fail(error);
    this.#present?.failed(error);
    this.#present?.reading.abort();
  }

  #answer(isYes: boolean): void {
    Atomics.store(this.#signals, SIGNAL.answer, isYes ? ANSWER.yes : ANSWER.no);
    Atomics.notify(this.#signals, SIGNAL.answer);
  }
}
