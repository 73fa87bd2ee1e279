/**
 * The interfaces of this host with what may be captured on them. Linux tells
 * them itself, seen from this process' network namespace; elsewhere the engines
 * list them. Every pair of interface and engine is asked (`permission`), some
 * at a time; no traffic is read for it.
 */
import { networkInterfaces } from 'node:os';
import { CAPTURE_ENGINES, type CaptureInterface, type InterfaceKind } from '../../shared/capture.js';
import type { CaptureEngines } from '../engines/engines.js';
import { ANY_INTERFACE, interfaceState, linuxAttribute, linuxInterfaceNames } from './interface-state.js';
import { guessedKind, kindWords, linuxDeviceType, linuxInterfaceKind } from './interface-kind.js';
import { byUsefulness } from './interface-order.js';

/** An interface before anybody was asked for permission. */
export type FoundInterface = Omit<CaptureInterface, 'permissions' | 'engine'>;

/** Probes at once; each is a short process. */
const PROBES_AT_ONCE = 8;

/** The most useful first: up with addresses, then `any`, loopback, the rest. */
export async function listInterfaces(engines: CaptureEngines): Promise<readonly CaptureInterface[]> {
  const found = process.platform === 'linux' ? linuxInterfaces() : await listedInterfaces(engines);
  // Engine by engine: one that asks the same for every interface then asks once for several.
  const pairs = CAPTURE_ENGINES.flatMap((engine) => found.map(({ name }) => ({ engine, name })));
  const answers = await inBatches(pairs, PROBES_AT_ONCE, ({ engine, name }) => engines[engine].permission(name));
  const permitted = found.map((each, i) => {
    const permissions = answers.filter((_, at) => at % found.length === i);
    return { ...each, permissions, engine: permissions.find(({ allowed }) => allowed)?.engine ?? null };
  });
  return permitted.sort(byUsefulness);
}

async function inBatches<T, R>(items: readonly T[], workers: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: workers }, work));
  return results;
}

function linuxInterfaces(): readonly FoundInterface[] {
  return [ANY_INTERFACE, ...linuxInterfaceNames()].map((name) => {
    const kind = linuxInterfaceKind(name);
    const alias = linuxAttribute(name, 'ifalias');
    return {
      name,
      description: alias === '' ? kindWords(kind, linuxDeviceType(name)) : alias,
      kind,
      isUp: isLinuxUp(name),
      addresses: addressesOf(name),
    };
  });
}

/** Up, and not without a carrier. */
function isLinuxUp(name: string): boolean {
  const state = linuxAttribute(name, 'operstate');
  return interfaceState(name) === 'up' && !['down', 'lowerlayerdown', 'notpresent'].includes(state);
}

function addressesOf(name: string): readonly string[] {
  return (networkInterfaces()[name] ?? []).map(({ address }) => address);
}

async function listedInterfaces(engines: CaptureEngines): Promise<readonly FoundInterface[]> {
  const lists = await Promise.all(CAPTURE_ENGINES.map(async (name) => (await engines[name].devices?.()) ?? []));
  const byName = new Map(lists.flat().map((device) => [device.name, device]));
  return [...byName.values()].map(({ name, description, addresses }) => {
    const kind: InterfaceKind = guessedKind(name, description);
    const known = [...new Set([...addressesOf(name), ...addresses])];
    return { name, description: description || kindWords(kind), kind, isUp: known.length > 0, addresses: known };
  });
}
