/**
 * Finds programs and runs the short ones that answer a question (which link
 * types, is this filter right). Output and time are bounded; nothing throws.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface ProgramAnswer {
  /** Exit status; null when it was killed (too slow) or not started. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started (`EACCES`, `ENOENT`, `EPERM`); empty when it was. */
  readonly startError: string;
}

const TIME_LIMIT_MS = 10_000;
const OUTPUT_LIMIT_BYTES = 1_048_576;

/** Folders beyond PATH: of daemons' and users' shells that lack sbin, and where Wireshark's installers put it. */
const FURTHER_FOLDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/sbin'],
  darwin: ['/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/Applications/Wireshark.app/Contents/MacOS'],
  win32: ['C:\\Program Files\\Wireshark'],
};

export interface FoundProgram {
  readonly path: string;
  /** Whether this user may run it. */
  readonly executable: boolean;
}

/** Looks for a program in PATH, then in the usual folders: there the first that may be run, else the first that exists; null for none. */
export function findProgram(name: string): FoundProgram | null {
  const fileName = process.platform === 'win32' ? `${name}.exe` : name;
  const inPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return findIn(inPath, fileName) ?? findIn(FURTHER_FOLDERS[process.platform] ?? [], fileName);
}

function findIn(folders: readonly string[], fileName: string): FoundProgram | null {
  const existing = folders.map((folder) => join(folder, fileName)).filter((path) => mayAccess(path, constants.F_OK));
  const runnable = existing.find((path) => mayAccess(path, constants.X_OK));
  const path = runnable ?? existing[0];
  return path === undefined ? null : { path, executable: runnable !== undefined };
}

export function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** Environment of every program here: its messages are read, so they are asked for untranslated. */
export function programEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, LC_ALL: 'C' };
}

/** Runs a program to its end and hands back what it said. */
export async function runProgram(file: string, args: readonly string[]): Promise<ProgramAnswer> {
  return new Promise((resolve) => {
    const options = {
      env: programEnvironment(),
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL' as const,
      maxBuffer: OUTPUT_LIMIT_BYTES,
      windowsHide: true,
    };
    try {
      const child = execFile(file, args, options, (error, stdout, stderr) => {
        resolve({ status: statusOf(error), stdout, stderr, startError: startErrorOf(error) });
      });
      child.stdin?.end();
    } catch (error) {
      // An argument with a NUL octet, for example.
      resolve({ status: null, stdout: '', stderr: '', startError: startErrorOf(error) });
    }
  });
}

function statusOf(error: unknown): number | null {
  if (error === null) return 0;
  return hasCode(error) && typeof error.code === 'number' ? error.code : null;
}

/** The system's code of an error that kept a program from starting; empty when it did start. */
export function startErrorOf(error: unknown): string {
  return hasCode(error) && typeof error.code === 'string' ? error.code : '';
}

function hasCode(error: unknown): error is { code: unknown } {
  return typeof error === 'object' && error !== null && 'code' in error;
}
