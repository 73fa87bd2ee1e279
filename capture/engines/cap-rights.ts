/**
 * Whether this process could open an interface with libpcap, without opening
 * one (cap opens in promiscuous mode, which the system's log would tell).
 */
import { constants, readdirSync } from 'node:fs';
import { readText } from '../interfaces/interface-state.js';
import { mayAccess } from './run-program.js';

/** capabilities(7): CAP_NET_RAW. */
const CAP_NET_RAW = 13n;

export function canOpenInterfaces(devicesFound: number): boolean {
  if (process.platform === 'linux') return hasCapability(readText('/proc/self/status'), CAP_NET_RAW);
  if (process.platform === 'win32') return devicesFound > 0;
  return bpfDevices().some((path) => mayAccess(path, constants.R_OK | constants.W_OK));
}

/** Reads `CapEff` of proc_pid_status(5). */
export function hasCapability(status: string, capability: bigint): boolean {
  const [, effective] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return effective !== undefined && ((BigInt(`0x${effective}`) >> capability) & 1n) === 1n;
}

function bpfDevices(): readonly string[] {
  try {
    return readdirSync('/dev')
      .filter((name) => name.startsWith('bpf'))
      .map((name) => `/dev/${name}`);
  } catch {
    return [];
  }
}
