/** Where the time of an inspection goes: the engine with more and more of its stages. */
import { execFileSync } from 'node:child_process';
import { bundle } from './bundle.js';
import { benchFile, type BenchFile } from './files.js';
import { mailscopeVersions } from './mailscope.js';
import type { Options } from './options.js';
import { middle, publish } from './results.js';
import { STAGES, type Stage } from './stage-names.js';

const MEGABYTES = { bulk: 258, commands: 139, mixed: 250 } as const;
const SMALL = 0.1;

export async function compareStages(options: Options): Promise<void> {
  const program = await bundle('bench/stage-run.ts');
  const loads = (['bulk', 'commands', 'mixed'] as const).filter(
    (load) => options.loads.length === 0 || options.loads.includes(load),
  );
  const rows = loads.flatMap((load) => {
    const file = benchFile(load, Math.round(MEGABYTES[load] * (options.small ? SMALL : 1) * 1e6));
    return rowsOf(file, timesOf(program, file, options.runs));
  });
  const about =
    'Processor seconds of the engine alone, one thread, from the first octet to the last; each stage with all before ' +
    'it, and what it adds. `read` reads the file, `records` finds the packets, `decode` reads headers and looks ' +
    'connections up, `reassemble` puts streams in order, `parse` follows the dialogues, `judge` has every default ' +
    `protection, \`output\` writes EVE. Medians of ${options.runs} runs in turns, a process each.`;
  const columns = ['load', 'stage', 'CPU s', 'adds', 'of all', 'ns/packet'];
  publish({ title: 'Stages', about, columns, rows, findings: [] }, mailscopeVersions(), options.keep);
}

function timesOf(program: string, file: BenchFile, runs: number): ReadonlyMap<Stage, number> {
  const times = new Map<Stage, number[]>(STAGES.map((stage) => [stage, []]));
  for (let i = 0; i < runs; i++) {
    for (const [stage, results] of times) {
      results.push(Number(execFileSync(process.execPath, [program, stage, file.path], { encoding: 'utf8' })));
    }
  }
  return new Map([...times].map(([stage, results]) => [stage, middle(results)]));
}

function rowsOf(file: BenchFile, times: ReadonlyMap<Stage, number>): readonly (readonly string[])[] {
  const whole = times.get('output') ?? NaN;
  let before = 0;
  return [...times].map(([stage, seconds]) => {
    const added = seconds - before;
    before = seconds;
    const perPacket = (added / file.packets) * 1e9;
    return [
      file.load,
      stage,
      seconds.toFixed(2),
      added.toFixed(2),
      `${((added / whole) * 100).toFixed(0)} %`,
      perPacket.toFixed(0),
    ];
  });
}
