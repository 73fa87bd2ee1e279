/** Opens what `--output` names, and refuses to write over a capture that is to be read. */
import { closeSync, fstatSync, openSync, statSync, type BigIntStats } from 'node:fs';
import { CommandError, EXIT } from './exit-status.js';
import { FdWriter, systemCode } from './fd-writer.js';
import { FileWriter } from './file-writer.js';
import type { Output, Terminal } from './host.js';

export interface OpenedOutput {
  readonly output: Output;
  /** Writes what is pending and closes the file; standard output stays open. */
  close(): void;
}

/** An output that may be written while the event loop turns. */
export interface TurningOutput {
  readonly output: Output;
  /** As that of `OpenedOutput`; only then is the output's state final. */
  close(): Promise<void>;
}

/** Without a path, or with `-`, standard output. `onStop`: nothing can be written any more. */
export function openOutput(
  path: string | undefined,
  inputs: readonly string[],
  terminal: Terminal,
  onStop: () => void,
): OpenedOutput {
  const fd = openNamed(path, inputs);
  return fd === null ? standardOutput(terminal) : writtenAtOnce(fd, onStop);
}

/** As `openOutput`, for one who leaves the event loop its turns: a regular file is written meanwhile. */
export function openTurningOutput(
  path: string | undefined,
  inputs: readonly string[],
  terminal: Terminal,
  onStop: () => void,
): TurningOutput {
  const fd = openNamed(path, inputs);
  if (fd !== null && fstatSync(fd).isFile()) return writtenMeanwhile(fd, onStop);
  // The reader of a pipe sets the pace; standard output may be a file that others write to as well.
  const opened = fd === null ? standardOutput(terminal) : writtenAtOnce(fd, onStop);
  return { output: opened.output, close: () => Promise.resolve(opened.close()) };
}

function standardOutput({ out }: Terminal): OpenedOutput {
  return { output: out, close: () => out.flush() };
}

function writtenAtOnce(fd: number, onStop: () => void): OpenedOutput {
  const output = new FdWriter(fd, onStop);
  return {
    output,
    close: () => {
      output.flush();
      closeSync(fd);
    },
  };
}

function writtenMeanwhile(fd: number, onStop: () => void): TurningOutput {
  const output = new FileWriter(fd, onStop);
  return {
    output,
    close: async () => {
      await output.finish();
      closeSync(fd);
    },
  };
}

/** Null for standard output. */
function openNamed(path: string | undefined, inputs: readonly string[]): number | null {
  if (path === undefined || path === '-') return null;
  for (const input of inputs) {
    if (input !== '-' && isSameFile(path, input)) {
      throw new CommandError(
        EXIT.usage,
        `${path}: is an input, and would be overwritten`,
        'Give --output another name.',
      );
    }
  }
  return openForWriting(path);
}

function openForWriting(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    const code = systemCode(error);
    if (code === '') throw error;
    throw new CommandError(
      EXIT.usage,
      `${path}: cannot be written (${code})`,
      'Give --output a file in a folder that you may write to.',
    );
  }
}

/** Also by links: the same file on the same device. */
function isSameFile(a: string, b: string): boolean {
  const statA = statOf(a);
  const statB = statOf(b);
  return statA !== null && statB !== null && statA.dev === statB.dev && statA.ino === statB.ino;
}

/** Null for what is not there or may not be looked at: opening it says why. */
function statOf(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return null;
  }
}
