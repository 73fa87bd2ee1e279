/**
 * Whether an interface is there and up. On Linux from `/proc/net/dev`, which
 * shows the network namespace of this process (`/sys/class/net` shows the one
 * it was mounted in); elsewhere only engines know, so the answer is `unknown`.
 */
import { readFileSync } from 'node:fs';

/** Linux' pseudo interface for all of them. */
export const ANY_INTERFACE = 'any';

export type InterfaceState = 'up' | 'down' | 'absent' | 'unknown';

/** What dumpcap would take for a pipe, a socket or a remote host instead of an interface. */
const NO_INTERFACE = /^$|^-|^TCP@|:\/\/|[/\0]/i;

export function interfaceState(name: string): InterfaceState {
  if (NO_INTERFACE.test(name) && process.platform !== 'win32') return 'absent';
  if (process.platform !== 'linux') return 'unknown';
  if (name === ANY_INTERFACE) return 'up';
  if (!linuxInterfaceNames().includes(name)) return 'absent';
  return isLinuxInterfaceUp(name) ? 'up' : 'down';
}

/** Names in the kernel's order; none when `/proc` is not readable. */
export function linuxInterfaceNames(): readonly string[] {
  return linuxCounters().map(({ name }) => name);
}

export interface InterfaceCounters {
  readonly name: string;
  /** Packets and octets in both directions since the interface exists. */
  readonly packets: number;
  readonly bytes: number;
}

/** One line of `/proc/net/dev`: `name: bytes packets errs drop fifo frame compressed multicast bytes packets ...`. */
export function linuxCounters(text: string = readText('/proc/net/dev')): readonly InterfaceCounters[] {
  return text.split('\n').flatMap((line) => {
    const colon = line.lastIndexOf(':');
    if (colon < 0) return [];
    const values = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    const [bytesIn = 0, packetsIn = 0] = values;
    const [bytesOut = 0, packetsOut = 0] = values.slice(8);
    return [{ name: line.slice(0, colon).trim(), packets: packetsIn + packetsOut, bytes: bytesIn + bytesOut }];
  });
}

/** Attribute of an interface in sysfs, trimmed; empty when there is none. */
export function linuxAttribute(name: string, attribute: string): string {
  return readText(`/sys/class/net/${name}/${attribute}`).trim();
}

const IFF_UP = 1;

function isLinuxInterfaceUp(name: string): boolean {
  const flags = linuxAttribute(name, 'flags');
  return flags === '' || (Number(flags) & IFF_UP) !== 0;
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
