/** From the command line's start to the first line of its output, on a capture of 1 MB. */
import { spawn } from 'node:child_process';
import { benchFile, type BenchFile } from './files.js';
import { called, mailscopeVersions } from './mailscope.js';
import type { Options } from './options.js';
import { middle, publish } from './results.js';

const CAPTURE_BYTES = 1e6;
const ALLOWED_MS = 250;
const RUNS = 15;

export async function compareStart(options: Options): Promise<void> {
  const rows: (readonly string[])[] = [];
  const findings: string[] = [];
  for (const load of ['bulk', 'commands'] as const) {
    const file = benchFile(load, CAPTURE_BYTES);
    const times: number[] = [];
    const bare: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      times.push(await firstLineMs(...called('inspect', '--format', 'eve', file.path)));
      bare.push(await firstLineMs(process.execPath, ['-e', 'console.log("line")']));
    }
    const [fastest, median] = [Math.min(...times), middle(times)];
    rows.push(rowOf(file, fastest, median, middle(bare)));
    const verdict = median <= ALLOWED_MS ? 'met' : 'MISSED';
    findings.push(`${load}: first line after ${median.toFixed(0)} ms, ${verdict} (at most ${ALLOWED_MS})`);
  }
  const about = `Milliseconds from start to the first line of EVE output; least and median of ${RUNS} runs, beside a Node that does nothing.`;
  const columns = ['load', 'MB', 'least ms', 'median ms', 'bare Node ms'];
  publish({ title: 'Start', about, columns, rows, findings }, mailscopeVersions(), options.keep);
}

function firstLineMs(program: string, args: readonly string[]): Promise<number> {
  const started = process.hrtime.bigint();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout.once('data', () => {
      const elapsed = Number(process.hrtime.bigint() - started) / 1e6;
      child.stdout.resume();
      child.once('close', () => resolve(elapsed));
    });
  });
}

function rowOf({ load, bytes }: BenchFile, ...times: readonly number[]): readonly string[] {
  return [load, (bytes / 1e6).toFixed(1), ...times.map((time) => time.toFixed(0))];
}
