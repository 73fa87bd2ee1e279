/**
 * A capture as a stream of octets, whatever it lies in: a file, a pipe or
 * standard input, plain or compressed. Out: borrowed pieces of at most 2 MiB
 * of what the capture program wrote (decompressed).
 */
import { refuse, type ProblemError } from '../problem.js';
import { decompressedChunks, isCompressed } from './decompress.js';
import type { CaptureInput } from './input.js';
import { openCapture, type OpenCapture, type PipeUse } from './open-capture.js';
import { readChunks, readChunksInto, type Chunks, type Room } from './read-chunks.js';
import { isSpoolFolder, SpoolInput } from './spool-input.js';
import { fileStretches, type Stretches } from './stretches.js';

/** Opens a file, the folder of a live capture that is over or, for `-`, standard input. Throws `ProblemError`. */
export async function openInput(path: string, pipes: PipeUse = 'awaited'): Promise<CaptureInput> {
  if (isSpoolFolder(path)) return new SpoolInput(path);
  return path === '-' ? new StandardInput() : new FileInput(await openCapture(path, pipes));
}

class FileInput implements CaptureInput {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly stretches: Stretches | null;
  readonly lost = null;
  readBytes = 0;
  readonly #capture: OpenCapture;

  constructor(capture: OpenCapture) {
    this.#capture = capture;
    this.path = capture.path;
    this.name = capture.name;
    this.sizeBytes = capture.sizeBytes;
    this.stretches = capture.isPipe ? null : fileStretches(capture.path, capture.identity);
  }

  chunks(signal?: AbortSignal, room?: Room): Chunks {
    if (room === undefined || this.#capture.isPipe) return decompressedChunks(this.#counted(signal));
    return this.#direct(signal, room);
  }

  async plainFile(): Promise<number | null> {
    return this.#capture.isPipe || (await this.#mayBeCompressed()) ? null : this.#capture.handle.fd;
  }

  async close(): Promise<void> {
    const closing = this.#capture.handle.close();
    // Closing waits for a read, and a read from a silent pipe may wait for ever.
    if (!this.#capture.isPipe) await closing;
    else closing.catch(() => undefined);
  }

  /** Straight to where it is wanted, unless it is compressed. */
  async *#direct(signal: AbortSignal | undefined, room: Room): AsyncGenerator<Uint8Array, void, undefined> {
    if (await this.#mayBeCompressed()) {
      yield* decompressedChunks(this.#counted(signal));
      return;
    }
    for await (const chunk of readChunksInto(this.#capture.handle, room, signal)) {
      this.readBytes += chunk.length;
      yield chunk;
    }
  }

  /** True also where it cannot be read: whoever reads it then says why. */
  async #mayBeCompressed(): Promise<boolean> {
    const head = new Uint8Array(4);
    try {
      const { bytesRead } = await this.#capture.handle.read(head, 0, head.length, 0);
      return bytesRead < head.length || isCompressed(head);
    } catch {
      return true;
    }
  }

  async *#counted(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of readChunks(this.#capture.handle, { from: this.#capture.isPipe ? null : 0, signal })) {
      this.readBytes += chunk.length;
      yield chunk;
    }
  }
}

class StandardInput implements CaptureInput {
  readonly path = '-';
  readonly name = 'standard input';
  readonly sizeBytes = 0;
  readonly stretches = null;
  readonly lost = null;
  readBytes = 0;

  chunks(signal?: AbortSignal): Chunks {
    return decompressedChunks(this.#counted(signal));
  }

  async close(): Promise<void> {
    process.stdin.destroy();
  }

  async *#counted(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
    if (isAborted(signal)) return;
    const stop = (): void => void process.stdin.destroy();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of process.stdin) {
        if (!(chunk instanceof Uint8Array)) continue;
        this.readBytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!isAborted(signal)) throw stdinProblem(error);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    if (this.readBytes === 0 && !isAborted(signal))
      throw refuse('file-empty', 'Standard input was empty.', 'Check the program before the pipe.');
  }
}

/** A function, because the compiler does not expect the answer to change between two looks. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function stdinProblem(error: unknown): ProblemError {
  const reason = error instanceof Error ? error.message : String(error);
  return refuse('file-read-failed', `Reading standard input failed: ${reason}.`, 'Everything before was inspected.');
}
