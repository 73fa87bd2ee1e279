/**
 * Reads a file in large pieces. Two buffers are used in turn, so the system
 * reads the next piece while the last one is being looked at. Every piece is
 * borrowed: it is overwritten two pieces later, so it is valid until the next
 * one is asked for.
 */
import type { FileHandle } from 'node:fs/promises';
import { refuse, type ProblemError } from '../problem.js';
import { borrowMemory, CHUNK_BYTES, returnMemory } from './reading-memory.js';

/** A stream of borrowed pieces, in order. */
export type Chunks = AsyncIterable<Uint8Array>;

/** Gives the next place to read to; resolves when there is one. */
export type Room = () => Promise<Uint8Array>;

export interface ReadOptions {
  /** Where to begin; null for what cannot be positioned (a pipe). */
  readonly from: number | null;
  readonly signal?: AbortSignal | undefined;
  readonly chunkBytes?: number;
}

/**
 * The pieces of a file from `from` to its end. Ends early, without an error, when the signal is
 * aborted, also while a read from a pipe is waiting. Throws `ProblemError` when the system cannot read on.
 */
export async function* readChunks(
  handle: FileHandle,
  options: ReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal } = options;
  const size = options.chunkBytes ?? CHUNK_BYTES;
  const memory = borrowMemory(2 * size);
  const buffers = [memory.subarray(0, size), memory.subarray(size)] as const;
  let position = options.from;
  let turn: 0 | 1 = 0;
  const aborted = whenAborted(signal);
  let pending = startRead(handle, buffers[turn], position);
  try {
    for (;;) {
      const length = await Promise.race([pending, aborted.promise]);
      if (length === 0) return;
      const chunk = buffers[turn].subarray(0, length);
      if (position !== null) position += length;
      turn = turn === 0 ? 1 : 0;
      pending = startRead(handle, buffers[turn], position);
      yield chunk;
    }
  } finally {
    aborted.forget();
    // A read that is under way still writes to it.
    const giveBack = (): void => returnMemory(memory);
    pending.then(giveBack, giveBack);
  }
}

/**
 * The pieces of a file from its beginning, each read to a place of its own, one after the other. Ends
 * and throws like `readChunks`.
 */
export async function* readChunksInto(
  handle: FileHandle,
  room: Room,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const aborted = whenAborted(signal);
  try {
    for (let position = 0; ;) {
      const into = await room();
      const length = await Promise.race([startRead(handle, into, position), aborted.promise]);
      if (length === 0) return;
      position += length;
      yield into.subarray(0, length);
    }
  } finally {
    aborted.forget();
  }
}

/** What the system said when it could not read on at `position`; null for what has none. */
export function readProblem(error: unknown, position: number | null): ProblemError {
  const reason = error instanceof Error ? error.message : String(error);
  return refuse(
    'file-read-failed',
    `Reading failed${position === null ? '' : ` at byte ${position}`}: ${reason}.`,
    'Everything before was inspected. Check the disk or the network share.',
  );
}

function startRead(handle: FileHandle, into: Uint8Array, position: number | null): Promise<number> {
  const read = handle.read(into, 0, into.length, position).then(
    (result) => result.bytesRead,
    (error: unknown) => {
      throw readProblem(error, position);
    },
  );
  // A read that nobody waits for any more (the caller stopped) must not end the process.
  read.catch(() => undefined);
  return read;
}

function whenAborted(signal: AbortSignal | undefined): { promise: Promise<number>; forget: () => void } {
  if (signal === undefined) return { promise: new Promise(() => undefined), forget: () => undefined };
  if (signal.aborted) return { promise: Promise.resolve(0), forget: () => undefined };
  let listener = (): void => undefined;
  const promise = new Promise<number>((resolve) => {
    listener = () => resolve(0);
    signal.addEventListener('abort', listener, { once: true });
  });
  return { promise, forget: () => signal.removeEventListener('abort', listener) };
}
