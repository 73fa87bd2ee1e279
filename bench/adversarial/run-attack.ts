/**
 * A process that inspects ordinary traffic, then attacks, and prints what they
 * took, a line of JSON each. Run it with `--expose-gc`, so that memory is what is
 * really held; only the pipeline's own processor time counts.
 *
 *   node --expose-gc ... run-attack OPTIONS
 */
import { Pipeline, parsePolicy } from '../../engine/index.js';
import type { EffectivePolicy } from '../../engine/index.js';
import { CaptureWriter } from '../capture-writer.js';
import { eveSink } from '../eve-sink.js';
import { generate } from '../generate.js';
import type { Load } from '../loads.js';
import type { AttackCost, AttackRun, Cost } from './attack-cost.js';
import { ATTACKS } from './attacks.js';

const SAMPLES = 24;
/** Packets longer than this on average are compared with ordinary traffic of long packets. */
const LONG_PACKET_BYTES = 400;
const SEED = 7;

function main([options = '{}']: readonly string[]): void {
  const { names, bytes, normalBytes, limits } = JSON.parse(options) as AttackRun;
  const policyOf = (entries: Readonly<Record<string, unknown>> = {}): EffectivePolicy =>
    parsePolicy(JSON.stringify({ schema: 1, ...entries, limits }), 'attack');
  const normalCost = (load: Load): Cost =>
    inspect(policyOf(), normalBytes, (output) => void generate({ load, size: normalBytes, seed: SEED }, output));
  for (const load of ['bulk', 'commands'] as const) normalCost(load); // everything is compiled afterwards
  const normal = { bulk: normalCost('bulk'), commands: normalCost('commands') };
  for (const name of names) {
    const attack = ATTACKS.find((known) => known.name === name);
    if (attack === undefined) throw new Error(`there is no attack ${name}`);
    const before = heldBytes();
    const cost = inspect(policyOf(attack.policy), bytes, (output) => attack.write(output, bytes), attack.fileHeader);
    const load = cost.bytes / cost.packets > LONG_PACKET_BYTES ? 'bulk' : 'commands';
    const result: AttackCost = { ...cost, heldBytes: cost.heldBytes - before, name, load, normal: normal[load] };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
}

/** Pushes what `write` writes through a pipeline that reports in EVE. */
function inspect(
  policy: EffectivePolicy,
  bytes: number,
  write: (output: CaptureWriter) => void,
  fileHeader?: Uint8Array,
): Cost {
  const pipeline = new Pipeline({ policy, sink: eveSink('attack') });
  let seconds = 0;
  let held = 0;
  let nextSample = bytes / SAMPLES;
  const output = new CaptureWriter((octets) => {
    seconds += timed(() => pipeline.push(octets));
    if (output.bytes < nextSample) return;
    nextSample += bytes / SAMPLES;
    held = Math.max(held, heldBytes());
  }, fileHeader);
  write(output);
  output.flush();
  held = Math.max(held, heldBytes());
  seconds += timed(() => pipeline.end());
  const { bounded, sessions, notDecoded } = pipeline.totals;
  const dropped = { ...bounded, ...notDecoded };
  return { bytes: output.bytes, packets: output.packets, seconds, heldBytes: held, sessions, dropped };
}

/** Seconds of processor time, which others on the machine do not change much. */
function timed(act: () => void): number {
  const started = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

/** What the process holds after everything let go of was collected. */
function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

main(process.argv.slice(2));
