/** Runs attacks in a process of their own. */
import { spawn } from 'node:child_process';
import type { AttackCost, AttackRun } from './attack-cost.js';

/** `program`: the bundled `run-attack.ts`. Rejects when the process fails, as when its heap does not suffice. */
export async function measureAttacks(
  program: string,
  run: AttackRun,
  heapMegabytes: number,
): Promise<readonly AttackCost[]> {
  const options = ['--expose-gc', `--max-old-space-size=${heapMegabytes}`];
  const child = spawn(process.execPath, [...options, program, JSON.stringify(run)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2000)));
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new Error(`${run.names.join(', ')} ended with ${String(status)}: ${complaint}`);
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AttackCost);
}
