/** The built command line, as the benchmarks run it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { BenchFile } from './files.js';
import { measured, type Measurement } from './measure.js';

export const CLI = join(__dirname, '..', 'dist', 'cli', 'mailscope.js');

/** `one`: one thread; `default`: as many as it takes by itself. */
export type Workers = 'one' | 'default';

/** Inspects with every default protection on, and throws the EVE output away. */
export function inspect(path: string, workers: Workers): Promise<Measurement> {
  const choice = workers === 'one' ? ['--workers', '1'] : [];
  return measured(process.execPath, [CLI, 'inspect', '--format', 'eve', ...choice, path]);
}

/** Whether the build knows more than one worker. */
export function hasWorkers({ path }: BenchFile): boolean {
  const { status } = spawnSync(process.execPath, [CLI, 'inspect', '--format', 'eve', '--workers', '2', path], {
    stdio: 'ignore',
  });
  return status === 0;
}

export function mailscopeVersions(): readonly string[] {
  const { stdout } = spawnSync(process.execPath, [CLI, '--version'], { encoding: 'utf8' });
  return [`Mailscope ${stdout.trim()}`, `Node ${process.version}`];
}
