/**
 * The three engines of one host, and which of them captures: `auto` takes the
 * first permitted one in the order of `CAPTURE_ENGINES`. The choice is told in
 * words, because how good a capture is (kernel time stamps, drop counters)
 * depends on it.
 */
import { CAPTURE_ENGINES, type CaptureEngineChoice, type CaptureEngineName } from '../../shared/capture.js';
import type { CapturePermission } from '../../shared/capture.js';
import { interfaceState } from '../interfaces/interface-state.js';
import { capEngine } from './cap.js';
import type { CaptureEngine, EngineChoice } from './capture-engine.js';
import { dumpcapEngine } from './dumpcap.js';
import type { HelperProgram } from './helper-program.js';
import { notPermitted, unknownInterface } from './problems.js';
import { tcpdumpEngine } from './tcpdump.js';

export type CaptureEngines = Readonly<Record<CaptureEngineName, CaptureEngine>>;

/** Makes the engines; nothing is started or looked up yet. `capHelper`: how `cap-helper.js` is run (`nodeHelper`). */
export function captureEngines(capHelper: HelperProgram): CaptureEngines {
  return { dumpcap: dumpcapEngine(), cap: capEngine(capHelper), tcpdump: tcpdumpEngine() };
}

/** What speaks for each engine, as the user reads it. */
const MERITS: Readonly<Record<CaptureEngineName, string>> = {
  dumpcap: 'it stamps packets in the kernel, counts what was dropped, and holds the privileges apart from the app',
  cap: 'it is bundled; it stamps packets itself and does not know what was dropped',
  tcpdump: 'it stamps packets in the kernel and counts what was dropped',
};

/** Finds the engine for one interface: the one asked for, or with `auto` the best that may capture there. */
export async function chooseEngine(
  choice: CaptureEngineChoice,
  interfaceName: string,
  engines: CaptureEngines,
): Promise<EngineChoice> {
  if (interfaceState(interfaceName) === 'absent') return { kind: 'refused', problem: unknownInterface(interfaceName) };
  if (choice !== 'auto') return chosenByUser(engines[choice], await engines[choice].permission(interfaceName));
  const refusals: CapturePermission[] = [];
  for (const name of CAPTURE_ENGINES) {
    const permission = await engines[name].permission(interfaceName);
    if (permission.allowed) return { kind: 'chosen', engine: engines[name], reason: automaticReason(name, refusals) };
    refusals.push(permission);
  }
  return { kind: 'refused', problem: notPermitted(refusals) };
}

function chosenByUser(engine: CaptureEngine, permission: CapturePermission): EngineChoice {
  if (!permission.allowed) return { kind: 'refused', problem: notPermitted([permission]) };
  return { kind: 'chosen', engine, reason: `${engine.name} was asked for: ${MERITS[engine.name]}.` };
}

function automaticReason(name: CaptureEngineName, refusals: readonly CapturePermission[]): string {
  const chosen = `${name} was chosen: ${MERITS[name]}.`;
  if (refusals.length === 0) return chosen;
  return `${chosen} Not chosen: ${refusals.map(({ engine, reason }) => `${engine} (${withoutStop(reason)})`).join(', ')}.`;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
