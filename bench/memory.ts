/**
 * Peak memory against the size of the capture, and against connections that are
 * open at once. Captures come through a named pipe from a process that makes
 * them, so that no size needs a disk.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from './bundle.js';
import { SEED } from './files.js';
import type { Load } from './loads.js';
import { inspect, mailscopeVersions } from './mailscope.js';
import type { Measurement } from './measure.js';
import type { Options } from './options.js';
import { publish } from './results.js';

const MEGABYTES = [256, 2000, 8000];
const OPEN = [1000, 10_000, 100_000, 1_000_000];
const SMALL = 0.1;
const ALLOWED_PEAK_MEGABYTES = 250;
/** Processor time of a packet in the largest file, against the smallest. */
const ALLOWED_GROWTH = 1.1;

interface Result extends Measurement {
  readonly load: Load;
  readonly size: number;
  readonly packets: number;
  readonly bytes: number;
}

export async function compareMemory(options: Options): Promise<void> {
  const generator = await bundle('bench/generate-run.ts');
  const scale = options.small ? SMALL : 1;
  const bySize: Result[] = [];
  for (const load of ['bulk', 'commands', 'mixed'] as const) {
    if (options.loads.length > 0 && !options.loads.includes(load)) continue;
    for (const megabytes of MEGABYTES) bySize.push(await inspectPiped(generator, load, megabytes * scale));
  }
  if (bySize.length > 0) publishSizes(bySize, options);
  if (options.loads.length > 0 && !options.loads.includes('many-open')) return;
  const byOpen: Result[] = [];
  for (const open of OPEN) byOpen.push(await inspectPiped(generator, 'many-open', open * scale));
  publishOpen(byOpen, options);
}

/** `size` in megabytes, or connections of `many-open`. */
async function inspectPiped(generator: string, load: Load, size: number): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-pipe-'));
  const pipe = join(folder, 'capture.pcap');
  try {
    if (spawnSync('mkfifo', [pipe]).status !== 0) throw new Error('this machine has no named pipes');
    process.stderr.write(`${load} ${size}\n`);
    const source = spawn(process.execPath, [generator, load, String(size), pipe, String(SEED)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    source.stdout.on('data', (text: Buffer) => (told += text.toString()));
    const ended = new Promise<void>((resolve) => {
      source.once('close', () => {
        if (told === '') endPipe(pipe);
        resolve();
      });
    });
    const measurement = await inspect(pipe, 'default').catch((error: unknown) => {
      source.kill();
      throw error;
    });
    await ended;
    const [, bytes, packets] = /: (\d+) bytes, (\d+) packets/.exec(told) ?? [];
    return { ...measurement, load, size, bytes: Number(bytes), packets: Number(packets) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing was written: whoever waits for a writer gets an empty capture instead of waiting for ever. */
function endPipe(pipe: string): void {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    // Nobody waits.
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
  }
}

function publishSizes(results: readonly Result[], options: Options): void {
  const rows = results.map((result) => {
    const { load, bytes, packets, cpuSeconds, peakMegabytes } = result;
    return [
      load,
      (bytes / 1e6).toFixed(0),
      String(packets),
      shown(peakMegabytes, 0),
      shown(cpuSeconds, 1),
      perPacket(result),
    ];
  });
  const findings = [...new Set(results.map(({ load }) => load))].flatMap((load) => {
    const own = results.filter((result) => result.load === load);
    const peak = Math.max(...own.map(({ peakMegabytes }) => peakMegabytes ?? NaN));
    const [first, last] = [own[0], own.at(-1)].map((result) => costOf(result));
    const growth = (last ?? NaN) / (first ?? NaN);
    return [
      `${load}: peak ${peak.toFixed(0)} MiB, ${verdict(peak <= ALLOWED_PEAK_MEGABYTES)} (at most ${ALLOWED_PEAK_MEGABYTES})`,
      `${load}: a packet of the largest file costs ${growth.toFixed(2)} times one of the smallest, ${verdict(growth <= ALLOWED_GROWTH)} (at most ${ALLOWED_GROWTH})`,
    ];
  });
  const about =
    'Peak resident memory of the command line with its default workers, and processor time, on captures that come through a pipe.';
  const columns = ['load', 'MB', 'packets', 'peak MiB', 'CPU s', 'ns/packet'];
  publish({ title: 'Memory and cost by size', about, columns, rows, findings }, mailscopeVersions(), options.keep);
}

function publishOpen(results: readonly Result[], options: Options): void {
  const rows = results.map((result) => {
    const { size, bytes, packets, peakMegabytes } = result;
    return [String(size), (bytes / 1e6).toFixed(0), String(packets), shown(peakMegabytes, 0), perPacket(result)];
  });
  const about =
    'Every connection is opened, says a few commands, and stays open to the end; packets of all are interleaved. ' +
    'Beyond `limits.flows` (262,144) the one that was opened first gives way, and is counted.';
  const columns = ['open connections', 'MB', 'packets', 'peak MiB', 'ns/packet'];
  publish(
    { title: 'Memory by open connections', about, columns, rows, findings: [] },
    mailscopeVersions(),
    options.keep,
  );
}

const verdict = (isMet: boolean): string => (isMet ? 'met' : 'MISSED');
const shown = (value: number | null, digits: number): string => (value === null ? '?' : value.toFixed(digits));
const costOf = (result: Result | undefined): number => ((result?.cpuSeconds ?? NaN) / (result?.packets ?? NaN)) * 1e9;
const perPacket = (result: Result): string => costOf(result).toFixed(0);
