/** How quick the command line is on each load, beside the peers on the same files in the same run. */
import { benchFile, readThrough, type BenchFile } from './files.js';
import { hasWorkers, inspect, mailscopeVersions } from './mailscope.js';
import type { Measurement } from './measure.js';
import { installedPeers, knownRatio, runPeer, type Peer } from './peers.js';
import { middle, publish } from './results.js';
import type { Options } from './options.js';
import type { Load } from './loads.js';

const MEGABYTES = { bulk: 258, commands: 139, mixed: 250 } as const;
type SpeedLoad = keyof typeof MEGABYTES;
/** Files beside peers are so many times as large, so that nobody's start decides. */
const BESIDE_PEERS = 4;
const SMALL = 0.1;

/** Times as fast as each peer that the command line must be: with one worker, and with the default ones. */
const TARGETS: Readonly<Record<string, Partial<Record<Load, { readonly one?: number; readonly default: number }>>>> = {
  suricata: { bulk: { one: 0.8, default: 1.5 }, commands: { one: 0.8, default: 1.5 } },
  snort: { bulk: { one: 2, default: 3 }, commands: { one: 2, default: 3 } },
  tshark: { bulk: { default: 4 }, commands: { default: 6 } },
};

interface Contender {
  readonly name: string;
  readonly run: (file: BenchFile) => Promise<Measurement>;
  readonly results: Measurement[];
}

export async function compareSpeed(options: Options): Promise<void> {
  const peers = options.peers ? installedPeers() : [];
  const scale = (options.peers ? BESIDE_PEERS : 1) * (options.small ? SMALL : 1);
  const rows: (readonly string[])[] = [];
  const findings: string[] = [];
  for (const load of loadsOf(options)) {
    const file = benchFile(load, Math.round(MEGABYTES[load] * scale * 1e6));
    const contenders = contendersFor(file, peers);
    // Taking turns, so that a slower minute of the machine hits everybody.
    for (let i = 0; i < options.runs; i++) {
      for (const { run, results } of contenders) {
        readThrough(file);
        results.push(await run(file));
      }
    }
    rows.push(...contenders.map((contender) => row(file, contender)));
    findings.push(...ratios(load, contenders));
  }
  const about =
    'The whole command line (`inspect --format eve`, every default protection) from start to end, seconds by the clock ' +
    `as the median of ${options.runs} runs in turns, each on a file that was read just before. Ratios are taken run by run.`;
  const columns = ['load', 'program', 'MB', 'packets', 'seconds', 'CPU s', 'MB/s', 'packets/s', 'peak MiB'];
  const title = options.peers ? 'Speed beside peers' : 'Speed';
  const versions = [...mailscopeVersions(), ...peers.map(({ version }) => version)];
  publish({ title, about, columns, rows, findings }, versions, options.keep);
}

function loadsOf({ loads }: Options): readonly SpeedLoad[] {
  const all = Object.keys(MEGABYTES) as SpeedLoad[];
  return loads.length === 0 ? all : all.filter((load) => loads.includes(load));
}

function contendersFor(file: BenchFile, peers: readonly Peer[]): readonly Contender[] {
  const workers = hasWorkers(file) ? (['one', 'default'] as const) : (['one'] as const);
  return [
    ...workers.map((choice) => ({ name: nameOf(choice), run: () => inspect(file.path, choice), results: [] })),
    ...peers.map((peer) => ({ name: peer.name, run: () => runPeer(peer, file.path), results: [] })),
  ];
}

const nameOf = (workers: 'one' | 'default'): string => (workers === 'one' ? 'mailscope --workers 1' : 'mailscope');

function row(file: BenchFile, { name, results }: Contender): readonly string[] {
  const seconds = middle(results.map((result) => result.seconds));
  const cpu = results.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
  const peaks = results.flatMap(({ peakMegabytes }) => peakMegabytes ?? []);
  return [
    file.load,
    name,
    (file.bytes / 1e6).toFixed(0),
    String(file.packets),
    seconds.toFixed(2),
    cpu.length === 0 ? '?' : middle(cpu).toFixed(2),
    (file.bytes / 1e6 / seconds).toFixed(0),
    (file.packets / seconds).toFixed(0),
    peaks.length === 0 ? '?' : Math.max(...peaks).toFixed(0),
  ];
}

/** How many times as fast as each peer, measured or known, and whether that is what it must be. */
function ratios(load: Load, contenders: readonly Contender[]): readonly string[] {
  const own = contenders.filter(({ name }) => name.startsWith('mailscope'));
  const suricata = contenders.find(({ name }) => name === 'suricata');
  return own.flatMap((contender) => {
    const workers = contender.name === 'mailscope' ? 'default' : 'one';
    const measured = contenders
      .filter((other) => !other.name.startsWith('mailscope'))
      .map((peer) => finding(load, contender, peer, 1, peer.name, workers));
    const derived = ['snort', 'zeek'].flatMap((name) => {
      const ratio = knownRatio(name, load);
      if (suricata === undefined || ratio === null || contenders.some((other) => other.name === name)) return [];
      return [finding(load, contender, suricata, ratio, name, workers)];
    });
    return [...measured, ...derived];
  });
}

function finding(
  load: Load,
  own: Contender,
  peer: Contender,
  factor: number,
  peerName: string,
  workers: 'one' | 'default',
): string {
  const pairs = own.results.map(({ seconds }, i) => ((peer.results[i]?.seconds ?? NaN) * factor) / seconds);
  const ratio = middle(pairs);
  const target = TARGETS[peerName]?.[load]?.[workers];
  const verdict = target === undefined ? '' : `, ${ratio >= target ? 'met' : 'MISSED'} (at least ${target})`;
  const origin = peerName === peer.name ? '' : ` (not installed: ${factor.toFixed(2)} times ${peer.name}'s time)`;
  return `${load}: ${own.name} is ${ratio.toFixed(2)} times as fast as ${peerName}${origin}${verdict}`;
}
