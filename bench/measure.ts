/**
 * Runs one program to its end and says how long it took and how much memory it
 * had at most. The peak comes from GNU time where it is installed, else from
 * /proc (Linux), else it is unknown.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Measurement {
  /** By the clock on the wall. */
  readonly seconds: number;
  /** Of processor time, all threads; null when this machine does not tell. */
  readonly cpuSeconds: number | null;
  /** Peak resident memory in mebibytes; null when this machine does not tell. */
  readonly peakMegabytes: number | null;
  readonly exitCode: number | null;
  /** What it wrote to stderr, at most its last 2,000 characters. */
  readonly complaint: string;
}

const GNU_TIME = '/usr/bin/time';
const POLL_MS = 10;
const COMPLAINT_CHARACTERS = 2000;

/** Runs the program with its output thrown away. */
async function measure(command: string, args: readonly string[]): Promise<Measurement> {
  const peakFile = join(tmpdir(), `mailscope-bench-peak-${process.pid}`);
  const hasTime = existsSync(GNU_TIME);
  const child = hasTime
    ? spawn(GNU_TIME, ['-q', '-f', '%M %U %S', '-o', peakFile, command, ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
    : spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-COMPLAINT_CHARACTERS);
  });
  let polledKilobytes: number | null = null;
  const poll = hasTime ? null : setInterval(() => (polledKilobytes = peakOf(child.pid) ?? polledKilobytes), POLL_MS);
  const started = process.hrtime.bigint();
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (poll !== null) clearInterval(poll);
  const [kilobytes = null, user, system] = hasTime ? takeNumbers(peakFile) : [polledKilobytes];
  const cpuSeconds = typeof user === 'number' && typeof system === 'number' ? user + system : null;
  return { seconds, cpuSeconds, peakMegabytes: kilobytes === null ? null : kilobytes / 1024, exitCode, complaint };
}

/** High-water mark of a living process in kilobytes (proc(5), VmHWM). */
function peakOf(pid: number | undefined): number | null {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return match === null ? null : Number(match[1]);
  } catch {
    return null; // gone already, or no /proc
  }
}

/** The numbers of the file's last line. */
function takeNumbers(file: string): readonly number[] {
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  const last = text.trim().split('\n').at(-1) ?? '';
  return last === '' ? [] : last.split(' ').map(Number);
}

/** Measures a program that must succeed: a failed run's time means nothing. */
export async function measured(command: string, args: readonly string[]): Promise<Measurement> {
  const result = await measure(command, args);
  if (result.exitCode !== 0) throw new Error(`${command} ended with ${result.exitCode}: ${result.complaint}`);
  return result;
}
