/**
 * Opens a capture for reading. In: a path. Out: a handle with what is known of
 * the file. Refuses with a clear problem: what does not exist, may not be read,
 * is a directory, a device or a socket, or is empty.
 */
import { constants, open, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Stats } from 'node:fs';
import { ProblemError, refuse, systemCode } from '../problem.js';

export type PipeUse = 'awaited' | 'refused';

/** What tells one state of a file from another. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface OpenCapture {
  readonly handle: FileHandle;
  readonly path: string;
  readonly name: string;
  /** Size on disk at opening; 0 for a pipe. */
  readonly sizeBytes: number;
  /** A pipe can be read once and not from the middle. */
  readonly isPipe: boolean;
  readonly identity: FileIdentity;
}

/**
 * Opens the file at `path`; the caller closes `handle`. Throws `ProblemError`. `pipes: 'refused'`
 * where nobody can interrupt: opening a pipe waits for its writer, and neither a worker thread nor
 * the process ends meanwhile.
 */
export async function openCapture(path: string, pipes: PipeUse = 'awaited'): Promise<OpenCapture> {
  try {
    // Looked at before opening: opening a directory succeeds on Linux and opening a device may have effects.
    const found = await stat(path);
    assertReadableKind(found, path);
    if (pipes === 'refused' && found.isFIFO()) throw pipeProblem(path);
    const handle = await open(path, constants.O_RDONLY);
    const stats = await handle.stat();
    try {
      assertReadableKind(stats, path);
    } catch (error) {
      await handle.close();
      throw error;
    }
    const identity = identityOf(stats);
    const isPipe = stats.isFIFO();
    return { handle, path, name: basename(path), sizeBytes: isPipe ? 0 : stats.size, isPipe, identity };
  } catch (error) {
    throw asOpenProblem(error, path);
  }
}

/**
 * Opens the file again for looking something up. Throws `ProblemError` when it
 * is gone or no longer what it was; a file that only grew is still the same.
 */
export async function reopenCapture(path: string, identity: FileIdentity): Promise<OpenCapture> {
  const capture = await openCapture(path, 'refused');
  if (isSameCapture(identity, capture.identity)) return capture;
  await capture.handle.close();
  throw refuse(
    'file-changed',
    `${capture.name} is no longer the file that was opened: it was changed or replaced since.`,
    'Open the capture again to inspect what it holds now.',
  );
}

function isSameCapture(before: FileIdentity, now: FileIdentity): boolean {
  if (before.device !== now.device || before.inode !== now.inode) return false;
  if (now.sizeBytes > before.sizeBytes) return true;
  return now.sizeBytes === before.sizeBytes && now.modifiedMs === before.modifiedMs;
}

function identityOf(stats: Stats): FileIdentity {
  return { device: stats.dev, inode: stats.ino, sizeBytes: stats.size, modifiedMs: stats.mtimeMs };
}

function assertReadableKind(stats: Stats, path: string): void {
  const name = basename(path);
  if (stats.isDirectory())
    throw refuse('file-is-directory', `${name} is a folder, not a capture file.`, 'Choose a file inside the folder.');
  if (!stats.isFile() && !stats.isFIFO())
    throw refuse(
      'file-not-regular',
      `${name} is a device or a socket, not a file.`,
      'Choose a capture file or a pipe.',
    );
  if (stats.isFile() && stats.size === 0)
    throw refuse(
      'file-empty',
      `${name} is empty: it has 0 bytes.`,
      'The capture may not have started, or the program that wrote it was not allowed to. Capture again.',
    );
}

function pipeProblem(path: string): ProblemError {
  return refuse(
    'file-is-pipe',
    `${basename(path)} is a pipe, and what comes through a pipe cannot be read a second time.`,
    'Save the capture as a file and open that, or give the pipe to: mailscope inspect.',
  );
}

function asOpenProblem(error: unknown, path: string): ProblemError {
  if (error instanceof ProblemError) return error;
  const name = basename(path);
  const code = systemCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return refuse(
      'file-not-found',
      `There is no file ${path}.`,
      'It may have been moved, renamed or deleted. Check the path.',
    );
  if (code === 'EACCES' || code === 'EPERM')
    return refuse(
      'file-not-readable',
      `You are not allowed to read ${name}.`,
      `Ask its owner for read permission, for example with: chmod a+r ${shellQuoted(path)}`,
    );
  const reason = error instanceof Error ? error.message : String(error);
  return refuse(
    'file-not-opened',
    `${name} could not be opened: ${reason}.`,
    'Check the disk or the network share it lies on.',
  );
}

function shellQuoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
