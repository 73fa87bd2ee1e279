/**
 * A capture as a stream of octets, whatever it lies in: a file, a pipe or
 * standard input, plain or compressed. Out: borrowed pieces of at most 1 MiB
 * of what the capture program wrote (decompressed).
 */
import { refuse, type ProblemError } from '../problem.js';
import { gunzipChunks } from './gunzip.js';
import { openCapture, type FileIdentity, type OpenCapture, type PipeUse } from './open-capture.js';
import { readChunks, type Chunks } from './read-chunks.js';

export interface CaptureInput {
  /** `-` for standard input. */
  readonly path: string;
  readonly name: string;
  /** On disk; 0 when that cannot be known. */
  readonly sizeBytes: number;
  /** Null when it cannot be read a second time. */
  readonly identity: FileIdentity | null;
  /** Octets read from disk so far, before decompression. */
  readonly readBytes: number;
  /** To be called once. Ends early and without an error when the signal is aborted. */
  chunks(signal?: AbortSignal): Chunks;
  close(): Promise<void>;
}

/** Opens a file or, for `-`, standard input. Throws `ProblemError`. */
export async function openInput(path: string, pipes: PipeUse = 'awaited'): Promise<CaptureInput> {
  return path === '-' ? new StandardInput() : new FileInput(await openCapture(path, pipes));
}

class FileInput implements CaptureInput {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly identity: FileIdentity | null;
  readBytes = 0;
  readonly #capture: OpenCapture;

  constructor(capture: OpenCapture) {
    this.#capture = capture;
    this.path = capture.path;
    this.name = capture.name;
    this.sizeBytes = capture.sizeBytes;
    this.identity = capture.isPipe ? null : capture.identity;
  }

  chunks(signal?: AbortSignal): Chunks {
    return decompressedChunks(this.#counted(signal));
  }

  async close(): Promise<void> {
    const closing = this.#capture.handle.close();
    // Closing waits for a read, and a read from a silent pipe may wait for ever.
    if (!this.#capture.isPipe) await closing;
    else closing.catch(() => undefined);
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
  readonly identity = null;
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

/** Recognises compression by its first octets and takes it away. */
export async function* decompressedChunks(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  while (length < 4) {
    const next = await iterator.next();
    if (next.done === true) {
      ended = true;
      break;
    }
    // Copied, because it must outlive the next read; usually one piece suffices and is passed on as it is.
    const piece = next.value;
    length += piece.length;
    head.push(length < 4 ? Uint8Array.from(piece) : piece);
  }
  const whole = followed(head, ended ? null : iterator);
  const kind = compressionOf(head);
  if (kind === 'gzip') yield* gunzipChunks(whole);
  else if (kind === 'none') yield* whole;
  else {
    await iterator.return?.();
    throw unsupported(kind);
  }
}

async function* followed(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array> | null,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* head;
    for (;;) {
      const next = await rest?.next();
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    await rest?.return?.();
  }
}

type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lz4';

const MAGICS: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
];

function compressionOf(head: readonly Uint8Array[]): Compression {
  const first = head.length === 1 ? (head[0] as Uint8Array) : Buffer.concat(head);
  for (const [kind, magic] of MAGICS) if (magic.every((octet, i) => first[i] === octet)) return kind;
  return 'none';
}

function unsupported(kind: Compression): ProblemError {
  return refuse(
    `${kind}-unsupported`,
    `The file is compressed with ${kind}, which this version cannot read.`,
    `Decompress it first (${kind} -d), or save it as plain pcapng or as .gz.`,
  );
}
