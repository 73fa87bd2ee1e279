/** What `npm run bench` is asked for. */
import { LOADS, type Load } from './loads.js';

export const MODES = ['speed', 'stages', 'memory', 'attacks', 'start'] as const;
export type Mode = (typeof MODES)[number];

export interface Options {
  readonly modes: readonly Mode[];
  readonly peers: boolean;
  readonly small: boolean;
  readonly runs: number;
  /** Only these; empty for all. */
  readonly loads: readonly Load[];
  /** Only these attacks; empty for all. */
  readonly attacks: readonly string[];
  /** Results go into `results.md`: only whole, full-size runs do. */
  readonly keep: boolean;
}

export const USAGE = `usage: npm run bench -- [options]
  --peers      beside suricata, tshark, snort, zeek, as far as installed; files four times as large
  --stages     where the time goes: read, decode, reassemble, parse, judge, output
  --memory     peak memory against the size of the file and against open connections
  --attacks    inputs that try to make the engine slow or fat
  --start      from start to the first line of output
  --all        everything
  --load NAME  only this load (${LOADS.join(', ')}); repeatable
  --attack NAME  only this attack; repeatable
  --runs N     runs of each program (3)
  --small      a tenth of the size, for trying out; not kept in bench/results.md
`;
const DEFAULT_RUNS = 3;

/** Null when the arguments are not understood. */
export function readOptions(args: readonly string[]): Options | null {
  const flags = new Set<string>();
  const values: Record<string, string[]> = { '--load': [], '--attack': [], '--runs': [] };
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as string;
    const list = values[argument];
    if (list === undefined) flags.add(argument);
    else list.push(args[++i] ?? '');
  }
  const isKnown = [...flags].every((flag) => ['--peers', '--small', '--all', ...MODES.map(flagOf)].includes(flag));
  const loads = (values['--load'] ?? []).map((name) => LOADS.find((load) => load === name));
  const runs = Number(values['--runs']?.at(-1) ?? DEFAULT_RUNS);
  if (!isKnown || !Number.isInteger(runs) || runs < 1 || loads.includes(undefined)) return null;
  const asked = MODES.filter((mode) => flags.has(flagOf(mode)) || flags.has('--all'));
  const attacks = values['--attack'] ?? [];
  const small = flags.has('--small');
  return {
    modes: asked.length === 0 ? ['speed'] : asked,
    peers: flags.has('--peers') || flags.has('--all'),
    small,
    runs,
    loads: loads.filter((load) => load !== undefined),
    attacks,
    keep: !small && loads.length === 0 && attacks.length === 0,
  };
}

const flagOf = (mode: Mode): string => `--${mode}`;
