/**
 * Joins what a ring still holds into one pcapng file, also while the capture
 * runs: then up to the last whole packet. The file appears whole, under its
 * name, when everything is on the disk; until then, and on any error, nothing
 * of that name is touched.
 */
import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readManifest, spoolFilePath, type Manifest, type SpoolFile } from './manifest.js';
import { ProblemError, reasonOf, refuse, systemCode } from './problem-error.js';
import { wholeBlocksEnd } from './whole-blocks.js';
import { writeProblem } from './write-problem.js';

const COPY_BYTES = 1_048_576;
/** A ring may give up its oldest file just while its files are opened. */
const ATTEMPTS = 5;

export interface SavedSpool {
  readonly bytes: number;
  readonly files: number;
}

/** Saves the capture in `folder` as `target`; `signal` gives it up. Throws `ProblemError`. */
export async function saveSpool(folder: string, target: string, signal?: AbortSignal): Promise<SavedSpool> {
  const opened = await openKept(folder);
  try {
    if (opened.files.length === 0)
      throw refuse('nothing-to-save', 'Nothing has been captured yet.', 'Wait for the first packets.');
    refuseOwnFiles(folder, opened.manifest, target);
    return await writeJoined(opened.files, target, signal);
  } finally {
    await Promise.all(opened.files.map(({ handle }) => handle.close()));
  }
}

interface KeptFile {
  readonly handle: FileHandle;
  /** Octets of it that are whole blocks. */
  readonly length: number;
}

interface KeptFiles {
  readonly manifest: Manifest;
  readonly files: readonly KeptFile[];
}

/** Opens all files at one moment: an opened file stays readable when the ring gives it up. */
async function openKept(folder: string): Promise<KeptFiles> {
  for (let attempt = 1; ; attempt++) {
    const manifest = readManifest(folder);
    const files: KeptFile[] = [];
    try {
      for (const [i, file] of manifest.files.entries()) {
        const isWritten = i === manifest.files.length - 1 && manifest.state === 'running';
        files.push(await openFile(spoolFilePath(folder, manifest, file.name), file, isWritten));
      }
      return { manifest, files };
    } catch (error) {
      await Promise.all(files.map(({ handle }) => handle.close()));
      if (systemCode(error) === 'ENOENT' && attempt < ATTEMPTS) continue;
      throw refuse(
        'spool-not-readable',
        `The capture's files cannot be read: ${reasonOf(error)}.`,
        `Look into ${folder}: they may have been moved or deleted.`,
      );
    }
  }
}

async function openFile(path: string, file: SpoolFile, isWritten: boolean): Promise<KeptFile> {
  const handle = await open(path, 'r');
  try {
    return { handle, length: isWritten ? await wholeBlocksEnd(handle) : file.length };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function refuseOwnFiles(folder: string, manifest: Manifest, target: string): void {
  const own = manifest.files.map(({ name }) => resolve(spoolFilePath(folder, manifest, name)));
  if (own.includes(resolve(target)))
    throw refuse('save-onto-spool', `${target} is a file of the capture itself.`, 'Choose another name.');
}

async function writeJoined(
  files: readonly KeptFile[],
  target: string,
  signal: AbortSignal | undefined,
): Promise<SavedSpool> {
  // In a folder that others may write to, nobody can have put something under its name before.
  const unfinished = join(dirname(target), `.${basename(target)}.${randomUUID()}.part`);
  let bytes = 0;
  try {
    const out = await open(unfinished, 'wx', 0o600);
    try {
      for (const { handle, length } of files) bytes += await copy(handle, length, out, signal);
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error instanceof ProblemError ? error : saveProblem(error, target);
  }
  return { bytes, files: files.length };
}

/** As any writing, but nothing is left of it, and the capture is still where it was. */
function saveProblem(error: unknown, target: string): ProblemError {
  const { code, message, hint } = writeProblem(error, target).problem;
  const isBrokenOff = code === 'disk-full' || code === 'write-failed';
  return refuse(
    code,
    message,
    isBrokenOff
      ? 'Nothing was saved; the capture stays as it is. Make room or choose another place, and save again.'
      : hint,
  );
}

/** Copies the first `length` octets; returns how many that were. */
async function copy(from: FileHandle, length: number, to: FileHandle, signal?: AbortSignal): Promise<number> {
  const buffer = Buffer.allocUnsafe(COPY_BYTES);
  for (let at = 0; at < length;) {
    if (signal?.aborted === true)
      throw refuse('save-cancelled', 'Saving the capture was cancelled.', 'Save it again when you want it.');
    const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, length - at), at);
    if (bytesRead === 0)
      throw refuse('spool-not-readable', 'A file of the capture is shorter than it was.', 'Look for what changed it.');
    for (let done = 0; done < bytesRead;) done += (await to.write(buffer, done, bytesRead - done)).bytesWritten;
    at += bytesRead;
  }
  return length;
}
