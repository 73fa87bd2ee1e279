/** Opens what `--output` names, and refuses to write over a capture that is to be read. */
import { closeSync, openSync, statSync, type BigIntStats } from 'node:fs';
import { CommandError, EXIT } from './exit-status.js';
import { FdWriter, systemCode } from './fd-writer.js';
import type { Output, Terminal } from './host.js';

export interface OpenedOutput {
  readonly output: Output;
  /** Writes what is pending and closes the file; standard output stays open. */
  close(): void;
}

/** Without a path, or with `-`, standard output. `onStop`: nothing can be written any more. */
export function openOutput(
  path: string | undefined,
  inputs: readonly string[],
  terminal: Terminal,
  onStop: () => void,
): OpenedOutput {
  if (path === undefined || path === '-') return { output: terminal.out, close: () => terminal.out.flush() };
  for (const input of inputs) {
    if (input !== '-' && isSameFile(path, input)) {
      throw new CommandError(
        EXIT.usage,
        `${path}: is an input, and would be overwritten`,
        'Give --output another name.',
      );
    }
  }
  const fd = openForWriting(path);
  const output = new FdWriter(fd, onStop);
  return {
    output,
    close: () => {
      output.flush();
      closeSync(fd);
    },
  };
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
