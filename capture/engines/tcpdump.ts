/**
 * tcpdump as an engine, where nothing better is there: classic pcap on standard
 * output, prose on standard error. Kernel time stamps; counters whenever it is
 * asked by a signal, and at its end.
 */
import type { ChildProcess } from 'node:child_process';
import type { CapturePermission } from '../../shared/capture.js';
import { socketSightings } from '../interfaces/interface-kind.js';
import { interfaceState } from '../interfaces/interface-state.js';
import { allowed, refused, refusedInterface, refusedProgram, systemFacts, type Refusal } from './advice.js';
import type { CaptureEngine, CaptureProcess, CaptureStart } from './capture-engine.js';
import { refusedCapture, startChild } from './child-capture.js';
import { engineMissing, notPermitted, oneLine, unknownInterface } from './problems.js';
import { findProgram, runProgram } from './run-program.js';
import { TcpdumpEar } from './tcpdump-ear.js';

const NAME = 'tcpdump';
const KERNEL_BUFFER_KIB = 65_536;
/** tcpdump has the kernel hand over once a second. */
const DRAIN_MS = 1200;
/** How often it is asked for its counters at most. */
const ASK_EVERY_MS = 1000;

export function tcpdumpEngine(): CaptureEngine {
  return { name: NAME, format: 'pcap', permission, checkFilter, start };
}

async function permission(interfaceName: string): Promise<CapturePermission> {
  const program = findProgram(NAME);
  if (program === null) return refusal({ kind: 'missing' });
  if (!program.executable) return refusal({ kind: 'not-executable', path: program.path });
  const noInterface = refusedInterface(NAME, interfaceName);
  if (noInterface !== null) return noInterface;
  const { status, stderr, startError } = await runProgram(program.path, ['-i', interfaceName, '-L']);
  if (status === 0) return allowed(NAME);
  if (startError !== '') return refusal({ kind: 'not-startable', path: program.path, code: startError });
  if (/permission|not permitted/i.test(stderr)) return refusal({ kind: 'no-privilege', path: program.path });
  return refused(NAME, `tcpdump cannot open ${oneLine(interfaceName)}: ${oneLine(stderr)}.`);
}

function refusal(why: Refusal): CapturePermission {
  return refusedProgram(NAME, why, systemFacts());
}

async function checkFilter(filter: string, interfaceName: string): Promise<string | null> {
  const program = findProgram(NAME);
  if (program === null || filter.trim() === '') return null;
  // After `--` the expression, which could begin with a hyphen.
  const { status, stderr } = await runProgram(program.path, ['-i', interfaceName, '-d', '--', filter]);
  if (status === 0) return null;
  const ear = new TcpdumpEar();
  ear.push(Buffer.from(`${stderr}\n`));
  return ear.told?.kind === 'filter' ? oneLine(ear.told.text) : null;
}

function start(request: CaptureStart): CaptureProcess {
  const program = findProgram(NAME);
  if (program === null) return refusedCapture('pcap', engineMissing(NAME, 'it is not installed'));
  const { interfaceName, filter, promiscuous } = request;
  if (interfaceState(interfaceName) === 'absent') return refusedCapture('pcap', unknownInterface(interfaceName));
  const sightings = socketSightings(interfaceName);
  const args = ['-n', '-U', '-i', interfaceName, '-B', String(KERNEL_BUFFER_KIB * sightings)];
  if (!promiscuous) args.push('-p');
  args.push('-w', '-');
  if (filter.trim() !== '') args.push('--', filter);
  const ear = new TcpdumpEar(sightings);
  return startChild({
    engine: NAME,
    format: 'pcap',
    request,
    file: program.path,
    args,
    ear,
    ask: (child) => child.kill('SIGINT'),
    watchesInput: false,
    drainMs: DRAIN_MS,
    refresh: askForCounters(ear),
    refusal: async () => notPermitted([await permission(interfaceName)]),
  });
}

/** The signal kills a tcpdump that has not begun, so it is sent only to one that has said so. */
function askForCounters(ear: TcpdumpEar): (child: ChildProcess) => void {
  let askedAt = Number.NEGATIVE_INFINITY;
  return (child) => {
    const now = performance.now();
    if (!ear.isListening || process.platform === 'win32' || now - askedAt < ASK_EVERY_MS) return;
    askedAt = now;
    child.kill(process.platform === 'linux' ? 'SIGUSR1' : 'SIGINFO');
  };
}
