/**
 * `npm run bench`: how quick the command line is, and how much memory it needs, on
 * generated captures; beside it tshark on the same files in the same run.
 *
 *   npm run bench -- [--small] [--memory] [--runs N]
 *
 * `--small` takes a tenth of the size. `--memory` compares the peak memory on a
 * 250 MB and a 1 GB file instead; the exit status is 1 when it is out of bounds.
 */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { benchFile, type BenchFile } from './files.js';
import { measure, type Measurement } from './measure.js';

const ROOT = join(__dirname, '..');
const CLI = join(ROOT, 'dist', 'cli', 'mailscope.js');
const MEGABYTES = { bulk: 250, commands: 250 } as const;
const SMALL_PART = 10;
const DEFAULT_RUNS = 3;
/** The bound of `--memory`: growth from the small file to the large one, and the peak itself. */
const ALLOWED_GROWTH = 1.2;
const ALLOWED_PEAK_MEGABYTES = 400;

interface Options {
  readonly small: boolean;
  readonly memory: boolean;
  readonly runs: number;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return fail('usage: npm run bench -- [--small] [--memory] [--runs N]');
  if (!existsSync(CLI)) return fail(`${CLI} is not there: npm run build`);
  if (options.memory) await compareMemory(options);
  else await compareSpeed(options);
}

function readOptions(args: readonly string[]): Options | null {
  const at = args.indexOf('--runs');
  const runs = at < 0 ? DEFAULT_RUNS : Number(args[at + 1]);
  const others = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  const isKnown = others.every((argument) => argument === '--small' || argument === '--memory');
  if (!isKnown || !Number.isInteger(runs) || runs < 1) return null;
  return { small: others.includes('--small'), memory: others.includes('--memory'), runs };
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 2;
}

async function compareSpeed(options: Options): Promise<void> {
  const hasTshark = spawnSync('tshark', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!hasTshark) print('tshark is not installed: no comparison (apt-get install tshark)');
  print(row('load', 'tool', 'MB', 'packets', 'seconds', 'MB/s', 'packets/s', 'peak MiB'));
  for (const load of ['bulk', 'commands'] as const) {
    const file = benchFile(__dirname, load, MEGABYTES[load] / (options.small ? SMALL_PART : 1));
    const own: Measurement[] = [];
    const other: Measurement[] = [];
    // Taking turns, so that a slower minute of the machine hits both.
    for (let i = 0; i < options.runs; i++) {
      own.push(await inspect(file));
      if (hasTshark) other.push(await checked('tshark', ['-r', file.path, '-q', '-z', 'io,phs']));
    }
    print(resultRow(file, 'mailscope', median(own)));
    if (!hasTshark) continue;
    print(resultRow(file, 'tshark', median(other)));
    print(`${load}: ${(median(other).seconds / median(own).seconds).toFixed(2)} times as fast as tshark`);
  }
}

async function compareMemory(options: Options): Promise<void> {
  print(row('load', 'tool', 'MB', 'packets', 'seconds', 'MB/s', 'packets/s', 'peak MiB'));
  const scale = options.small ? SMALL_PART : 1;
  for (const load of ['bulk', 'commands'] as const) {
    const peaks: number[] = [];
    for (const megabytes of [250 / scale, 1000 / scale]) {
      const file = benchFile(__dirname, load, megabytes);
      const result = await inspect(file);
      print(resultRow(file, 'mailscope', result));
      if (result.peakMegabytes !== null) peaks.push(result.peakMegabytes);
    }
    if (options.small) print(`${load}: not judged, the bound is for the full sizes`);
    else judgeMemory(load, peaks);
  }
}

function judgeMemory(load: string, [small, large]: readonly number[]): void {
  if (small === undefined || large === undefined) return print(`${load}: this machine does not tell the peak memory`);
  const isWithin = large <= small * ALLOWED_GROWTH && large <= ALLOWED_PEAK_MEGABYTES;
  const growth = `${((large / small - 1) * 100).toFixed(0)} % from the small to the large file`;
  print(
    `${load}: ${growth}, peak ${large.toFixed(0)} MiB: ${isWithin ? 'within' : 'OUT OF'} bounds (20 %, ${ALLOWED_PEAK_MEGABYTES} MiB)`,
  );
  if (!isWithin) process.exitCode = 1;
}

const inspect = (file: BenchFile): Promise<Measurement> =>
  checked(process.execPath, [CLI, 'inspect', '--format', 'eve', '--workers', '1', file.path]);

/** Measures a program that must succeed: a failed run's time means nothing. */
async function checked(command: string, args: readonly string[]): Promise<Measurement> {
  const result = await measure(command, args);
  if (result.exitCode !== 0) throw new Error(`${command} ended with ${result.exitCode}: ${result.complaint}`);
  return result;
}

function median(results: readonly Measurement[]): Measurement {
  const sorted = [...results].sort((a, b) => a.seconds - b.seconds);
  return sorted[Math.floor((sorted.length - 1) / 2)] as Measurement;
}

function resultRow(file: BenchFile, tool: string, result: Measurement): string {
  const { seconds, peakMegabytes } = result;
  return row(
    file.load,
    tool,
    (file.bytes / 1e6).toFixed(0),
    String(file.packets),
    seconds.toFixed(2),
    (file.bytes / 1e6 / seconds).toFixed(0),
    (file.packets / seconds).toFixed(0),
    peakMegabytes === null ? '?' : peakMegabytes.toFixed(0),
  );
}

const WIDTHS = [10, 11, 6, 10, 9, 8, 11, 10];
const row = (...cells: string[]): string =>
  cells.map((cell, i) => (i < 2 ? cell.padEnd(WIDTHS[i] ?? 0) : cell.padStart(WIDTHS[i] ?? 0))).join('');

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
