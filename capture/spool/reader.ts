/**
 * Reads a capture's virtual stream from any place that is still kept: while it
 * runs, up to what its supervisor says is written; afterwards to its end. Says
 * clearly when what is asked for was given up by the ring.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { endedGrowth, type SpoolGrowth } from './growth.js';
import { readManifest, spoolFilePath, type Manifest, type SpoolFile } from './manifest.js';
import { filler, sectionHeader } from './pcapng-blocks.js';
import { ProblemError, reasonOf, refuse, systemCode } from './problem-error.js';
import { wholeBlocksEnd } from './whole-blocks.js';

const READ_BYTES = 1_048_576;

export interface SpoolReadOptions {
  /** Waits for more while the capture runs; without it, reading ends at what is written. */
  readonly follow?: boolean;
  /** Ends reading early, without an error. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Stretches that are given up before they were read become blocks that say nothing, and their octets
   * are told; without it, they are the problem 'spool-discarded'. Reading then begins where a file does.
   */
  readonly onDiscarded?: (bytes: number) => void;
}

export class SpoolReader {
  readonly folder: string;
  readonly growth: SpoolGrowth;
  #manifest: Manifest;
  #littleEndian = true;

  constructor(folder: string, growth: SpoolGrowth, manifest: Manifest) {
    this.folder = folder;
    this.growth = growth;
    this.#manifest = manifest;
  }

  /** As it was last read. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  /** First octet that is kept. Throws `ProblemError`. */
  get firstKept(): number {
    this.#manifest = readManifest(this.folder);
    return this.#manifest.files[0]?.start ?? 0;
  }

  /**
   * The octets from a place of the virtual stream on, in pieces of at most 1 MiB, each borrowed until the
   * next is asked for. Throws `ProblemError`: 'spool-discarded', or what the system refuses.
   */
  async *readFrom(offset: number, options: SpoolReadOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const { growth } = this;
    const { signal, follow = false } = options;
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    let at = offset;
    for (;;) {
      if (follow) await growth.beyond(at, signal);
      if (signal?.aborted === true || growth.writtenBytes <= at) return;
      const opened = await this.#openAt(at);
      if (opened === null) {
        const { start } = this.#oldest(at, options);
        options.onDiscarded?.(start - at);
        yield* this.#standIn(at, start);
        at = start;
        continue;
      }
      try {
        for await (const piece of this.#readFile(opened, at, buffer, options)) {
          at += piece.length;
          yield piece;
        }
      } finally {
        await opened.handle.close();
      }
    }
  }

  /** Blocks that say nothing, in place of a stretch; at the beginning they need a section to lie in. */
  *#standIn(from: number, to: number): Generator<Uint8Array, void, undefined> {
    if (from > 0) return yield* filler(to - from, this.#littleEndian);
    const header = sectionHeader();
    yield header;
    yield* filler(to - header.length, true);
  }

  /** From a place to the end of its file, as far as that is written. */
  async *#readFile(
    { handle, file }: OpenFile,
    from: number,
    buffer: Buffer,
    { follow = false, signal }: SpoolReadOptions,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { growth } = this;
    for (let at = from; signal?.aborted !== true;) {
      const length = Math.min(buffer.length, growth.writtenBytes - at);
      const bytesRead = length <= 0 ? 0 : await readAt(handle, buffer, length, at - file.start);
      if (bytesRead > 0) {
        if (at === file.start && bytesRead >= 12) this.#littleEndian = buffer[8] === 0x4d;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      } else if (length > 0 || !follow || growth.isClosed) {
        // This file is over, or everything is.
        return;
      } else {
        await growth.beyond(at, signal);
      }
    }
  }

  /** The file in which the octet lies; null when it was given up. */
  async #openAt(at: number): Promise<OpenFile | null> {
    for (;;) {
      const before = this.#manifest;
      const file = fileOf(before, at);
      if (file !== null) {
        try {
          const handle = await open(spoolFilePath(this.folder, before, file.name), 'r');
          if ((await handle.stat()).size > at - file.start) return { handle, file };
          await handle.close();
        } catch (error) {
          if (systemCode(error) !== 'ENOENT') throw unreadable(file, error);
        }
      }
      this.#manifest = readManifest(this.folder);
      if (fileOf(this.#manifest, at)?.name === file?.name) return this.#goneOrEnd(at, file);
    }
  }

  /** The list names no other file for the octet: it was given up, or somebody took files away. */
  #goneOrEnd(at: number, file: SpoolFile | null): null {
    if (file === null && (this.#manifest.files[0]?.start ?? -1) > at) return null;
    throw refuse(
      'spool-file-missing',
      `The file ${file?.name ?? ''} of the capture in ${this.folder} is gone or shorter than it was.`,
      'Its packets cannot be shown any more. Summary and findings stay.',
    );
  }

  #oldest(at: number, options: SpoolReadOptions): SpoolFile {
    const oldest = this.#manifest.files[0];
    if (oldest !== undefined && options.onDiscarded !== undefined) return oldest;
    throw refuse(
      'spool-discarded',
      `These packets have been discarded: the ring gave up its oldest files, and byte ${at} was in one of them.`,
      'Summary and findings stay. A larger ring, or saving the capture in time, keeps the packets longer.',
    );
  }
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly file: SpoolFile;
}

/**
 * Opens the capture in a folder: a running one with what its supervisor tells, any other as far as it
 * consists of whole blocks. Throws `ProblemError`.
 */
export async function openSpool(folder: string, growth?: SpoolGrowth): Promise<SpoolReader> {
  const manifest = readManifest(folder);
  return new SpoolReader(folder, growth ?? endedGrowth(await endOfSpool(folder, manifest)), manifest);
}

/** The place behind the last whole block of the last file. Throws `ProblemError`. */
export async function endOfSpool(folder: string, manifest: Manifest): Promise<number> {
  const last = manifest.files.at(-1);
  if (last === undefined) return 0;
  if (manifest.state === 'closed') return last.start + last.length;
  const path = spoolFilePath(folder, manifest, last.name);
  try {
    const handle = await open(path, 'r');
    try {
      return last.start + (await wholeBlocksEnd(handle));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(last, error);
  }
}

/** The last file that does not begin behind the octet. */
function fileOf({ files }: Manifest, at: number): SpoolFile | null {
  for (let i = files.length - 1; i >= 0; i--) {
    const file = files[i];
    if (file !== undefined && file.start <= at) return file;
  }
  return null;
}

async function readAt(handle: FileHandle, buffer: Buffer, length: number, position: number): Promise<number> {
  try {
    return (await handle.read(buffer, 0, length, position)).bytesRead;
  } catch (error) {
    throw refuse(
      'spool-not-readable',
      `Reading the capture's files failed: ${reasonOf(error)}.`,
      'Check the disk they lie on.',
    );
  }
}

function unreadable(file: SpoolFile, error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return refuse(
    'spool-not-readable',
    `The file ${file.name} of the capture cannot be read: ${reasonOf(error)}.`,
    'Check that it is still there and that you may read it.',
  );
}
