/**
 * Wireshark's capture program as an engine: pcapng on standard output, errors
 * and drop counters in its sync-pipe talk. Kernel time stamps; the drop counter
 * is known when it ends (it tells no other time). Its privileges (file
 * capabilities, group `wireshark`) are its own.
 */
import type { CapturePermission } from '../../shared/capture.js';
import { socketSightings } from '../interfaces/interface-kind.js';
import { interfaceState } from '../interfaces/interface-state.js';
import { allowed, refused, refusedInterface, refusedProgram, systemFacts, type Refusal } from './advice.js';
import type { CaptureDevice, CaptureEngine, CaptureProcess, CaptureStart } from './capture-engine.js';
import { refusedCapture, startChild } from './child-capture.js';
import { dumpcapDevices } from './dumpcap-devices.js';
import { engineMissing, notPermitted, oneLine, unknownInterface } from './problems.js';
import { findProgram, runProgram } from './run-program.js';
import { SyncPipeEar } from './sync-pipe.js';

const NAME = 'dumpcap';
/** Room in the kernel, MiB: a second of a busy link, instead of dumpcap's 2. */
const KERNEL_BUFFER_MIB = 64;
/** dumpcap has the kernel hand over every 100 ms (before 4.0: 250). */
const DRAIN_MS = 400;

export function dumpcapEngine(): CaptureEngine {
  return { name: NAME, format: 'pcapng', permission, checkFilter, start, devices };
}

async function permission(interfaceName: string): Promise<CapturePermission> {
  const program = findProgram(NAME);
  if (program === null) return refusal({ kind: 'missing' });
  if (!program.executable) return refusal({ kind: 'not-executable', path: program.path });
  const noInterface = refusedInterface(NAME, interfaceName);
  if (noInterface !== null) return noInterface;
  // Asking for the link types opens the interface, but reads nothing from it.
  const { status, stderr, startError } = await runProgram(program.path, ['-Z', 'none', '-i', interfaceName, '-L']);
  if (status === 0) return allowed(NAME);
  if (startError !== '') return refusal({ kind: 'not-startable', path: program.path, code: startError });
  const text = toldBy(stderr)?.text ?? '';
  if (isRefusal(text)) return refusal({ kind: 'no-privilege', path: program.path });
  return refused(NAME, `dumpcap cannot open ${oneLine(interfaceName)}: ${oneLine(text)}.`);
}

function refusal(why: Refusal): CapturePermission {
  return refusedProgram(NAME, why, systemFacts());
}

function isRefusal(text: string): boolean {
  return /permission|not permitted/i.test(text);
}

function toldBy(stderr: string): { readonly kind: string; readonly text: string } | null {
  const ear = new SyncPipeEar();
  ear.push(Buffer.from(stderr));
  return ear.told;
}

async function checkFilter(filter: string, interfaceName: string): Promise<string | null> {
  const program = findProgram(NAME);
  if (program === null || filter.trim() === '') return null;
  const { stderr } = await runProgram(program.path, ['-Z', 'none', '-i', interfaceName, '-f', filter, '-d']);
  const told = toldBy(stderr);
  return told?.kind === 'filter' ? oneLine(told.text) : null;
}

async function devices(): Promise<readonly CaptureDevice[]> {
  const program = findProgram(NAME);
  if (program === null) return [];
  return dumpcapDevices((await runProgram(program.path, ['-D', '-M'])).stdout);
}

function start(request: CaptureStart): CaptureProcess {
  const program = findProgram(NAME);
  if (program === null) return refusedCapture('pcapng', engineMissing(NAME, 'it is not installed'));
  const { interfaceName, filter, promiscuous } = request;
  if (interfaceState(interfaceName) === 'absent') return refusedCapture('pcapng', unknownInterface(interfaceName));
  const sightings = socketSightings(interfaceName);
  const args = ['-Z', 'none', '-q', '-i', interfaceName, '-B', String(KERNEL_BUFFER_MIB * sightings)];
  if (!promiscuous) args.push('-p');
  if (filter.trim() !== '') args.push('-f', filter);
  return startChild({
    engine: NAME,
    format: 'pcapng',
    request,
    file: program.path,
    args: [...args, '-w', '-'],
    ear: new SyncPipeEar(sightings),
    ask: (child) => child.kill('SIGINT'),
    watchesInput: false,
    drainMs: DRAIN_MS,
    refusal: async () => notPermitted([await permission(interfaceName)]),
  });
}
