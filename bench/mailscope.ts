/** The built command line, as the benchmarks run it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { BenchFile } from './files.js';
import { measured, type Measurement } from './measure.js';

export const CLI = join(__dirname, '..', 'dist', 'cli', 'mailscope.js');
const LAUNCHER = join(__dirname, '..', 'bin', 'mailscope');

/** What a user calls: a program and its arguments, `args` at their end. */
export function called(...args: readonly string[]): readonly [string, readonly string[]] {
  return process.platform === 'win32' ? [process.execPath, [CLI, ...args]] : [LAUNCHER, args];
}

/** `one`: one thread; `default`: as many as it takes by itself. */
export type Workers = 'one' | 'default';

/** Inspects with every default protection on, and throws the EVE output away. */
export function inspect(path: string, workers: Workers): Promise<Measurement> {
  const choice = workers === 'one' ? ['--workers', '1'] : [];
  return measured(...called('inspect', '--format', 'eve', ...choice, path));
}

/** Whether the build knows more than one worker. */
export function hasWorkers({ path }: BenchFile): boolean {
  const { status } = spawnSync(...called('inspect', '--format', 'eve', '--workers', '2', path), { stdio: 'ignore' });
  return status === 0;
}

export function mailscopeVersions(): readonly string[] {
  const { stdout } = spawnSync(...called('--version'), { encoding: 'utf8' });
  return [`Mailscope ${stdout.trim()}`, `Node ${process.version}`];
}
