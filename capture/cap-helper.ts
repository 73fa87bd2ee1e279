/**
 * The capture helper: the only process in which the native package `cap` runs.
 * `capture NAME FILTER` writes pcapng to standard output until standard input
 * closes; `check NAME FILTER` tries a filter; `probe` tells what this process
 * could open. Answers and errors are one JSON line on standard error.
 *
 * While packets keep coming, cap does not return to the event loop, so output
 * is written synchronously: a reader that is slow holds the helper back, and
 * the kernel's ring drops, instead of memory growing here. What is asked for by
 * closing the input is then seen late; the driver kills after a grace time.
 */
import type { Cap, CapModule } from 'cap';
import { canOpenInterfaces } from './engines/cap-rights.js';
import type { CapAnswer } from './engines/cap-ear.js';
import { linkTypeOf } from './engines/cap-link-type.js';
import { PacketOutput } from './engines/packet-output.js';
import { captureStart } from './pcapng/write.js';

/** cap's fixed snap length; a longer frame arrives cut. */
const SNAP_LENGTH = 65_535;
/** Where libpcap delivers at once, each packet takes 64 KiB of it: room for 2000. */
const KERNEL_BUFFER_BYTES = 134_217_728;
const APPLICATION = 'Mailscope capture helper';

/** Whatever cap still points into natively lives as long as this process. */
const heldForever: unknown[] = [];

function tell(answer: CapAnswer): void {
  process.stderr.write(`${JSON.stringify(answer)}\n`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function load(): Promise<CapModule | null> {
  try {
    return (await import('cap')).default;
  } catch (error) {
    tell({ kind: 'not-loaded', text: textOf(error) });
    process.exitCode = 1;
    return null;
  }
}

interface Opened {
  readonly cap: Cap;
  readonly buffer: Buffer;
  readonly linkType: string;
}

function open(module: CapModule, name: string, filter: string): Opened {
  // Not from the pool: its memory must be this buffer's own, at one place.
  const buffer = Buffer.alloc(SNAP_LENGTH);
  const cap = new module.Cap();
  heldForever.push(cap, buffer);
  return { cap, buffer, linkType: cap.open(name, filter, KERNEL_BUFFER_BYTES, buffer) };
}

/** Opens; a refusal is told as the filter's when the interface opens without it. */
function tryOpen(module: CapModule, name: string, filter: string): Opened | null {
  try {
    return open(module, name, filter);
  } catch (error) {
    tell({ kind: filter !== '' && opensWithout(module, name) ? 'filter' : 'error', text: textOf(error) });
    return null;
  }
}

function opensWithout(module: CapModule, name: string): boolean {
  try {
    open(module, name, '').cap.close();
    return true;
  } catch {
    return false;
  }
}

/** Ends the process where it stands: a handle that was half opened must not be cleaned up. */
function leave(status: number): never {
  process.exit(status);
}

function capture(module: CapModule, name: string, filter: string): void {
  const opened = tryOpen(module, name, filter);
  if (opened === null) leave(1);
  const { cap, buffer } = opened;
  const linkType = linkTypeOf(opened.linkType);
  const output = new PacketOutput(1, linkType, SNAP_LENGTH, (code) => {
    if (code !== 'EPIPE') tell({ kind: 'error', text: `what was captured could not be written (${code})` });
    leave(1);
  });
  output.start(captureStart({ name, linkType, snapLength: SNAP_LENGTH, filter }, APPLICATION));
  cap.on('packet', (length) => output.packet(buffer, length));
  const end = (): void => {
    cap.close();
    output.flush();
    leave(0);
  };
  process.stdin.on('end', end).on('error', end).resume();
}

function check(module: CapModule, name: string, filter: string): void {
  leave(tryOpen(module, name, filter) === null ? 1 : 0);
}

function probe(module: CapModule): void {
  const devices = module.Cap.deviceList().map(({ name, description, addresses }) => ({
    name,
    description: description ?? '',
    addresses: addresses.flatMap(({ addr }) => addr ?? []),
  }));
  tell({ kind: 'probe', canOpen: canOpenInterfaces(devices.length), devices });
}

async function main(): Promise<void> {
  const [task = '', name = '', filter = ''] = process.argv.slice(2);
  const module = await load();
  if (module === null) return;
  if (task === 'capture') capture(module, name, filter);
  else if (task === 'check') check(module, name, filter);
  else if (task === 'probe') probe(module);
  else tell({ kind: 'error', text: `the capture helper knows no task ${JSON.stringify(task)}` });
}

main().catch((error: unknown) => {
  tell({ kind: 'error', text: textOf(error) });
  process.exitCode = 1;
});
