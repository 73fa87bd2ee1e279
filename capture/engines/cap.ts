/**
 * The bundled engine: our capture helper with the native package `cap`. Time
 * stamps of our own, no drop counter, always promiscuous, frames cut at 65,535
 * octets. The helper runs with the user's rights and has none of its own.
 */
import type { CapturePermission } from '../../shared/capture.js';
import { interfaceState } from '../interfaces/interface-state.js';
import { allowed, macosRefusal, refused, refusedInterface, systemFacts, windowsRefusal } from './advice.js';
import { capAnswers, CapEar, type CapAnswer } from './cap-ear.js';
import type { CaptureDevice, CaptureEngine, CaptureProcess, CaptureStart } from './capture-engine.js';
import { refusedCapture, startChild } from './child-capture.js';
import type { HelperProgram } from './helper-program.js';
import { engineMissing, notPermitted, oneLine, unknownInterface } from './problems.js';
import { runProgram } from './run-program.js';

const NAME = 'cap';
/** Where libpcap gathers packets in blocks, it hands over once a second. */
const DRAIN_MS = 1200;
const NO_NODE = 'there is no Node here that can run the capture helper';

export function capEngine(helper: HelperProgram): CaptureEngine {
  // Its answer is the same for every interface, and to start it takes a while: one for all who ask meanwhile.
  let asked: Promise<CapAnswer | null> | null = null;
  const probe = (): Promise<CapAnswer | null> => (asked ??= probeHelper(helper).finally(() => (asked = null)));
  return {
    name: NAME,
    format: 'pcapng',
    permission: (interfaceName) => permission(helper, interfaceName, probe),
    checkFilter: (filter, interfaceName) => checkFilter(helper, filter, interfaceName),
    start: (request) => start(helper, request),
    devices: () => devices(helper),
  };
}

async function permission(
  helper: HelperProgram,
  interfaceName: string,
  probe = (): Promise<CapAnswer | null> => probeHelper(helper),
): Promise<CapturePermission> {
  if (helper.file === null) return refused(NAME, `The bundled engine cannot run: ${NO_NODE}.`);
  const answer = await probe();
  if (answer === null) return refused(NAME, 'The capture helper does not answer.');
  if (answer.kind !== 'probe') return notLoaded(answer.text);
  if (!answer.canOpen) return noPrivilege();
  const noInterface = refusedInterface(NAME, interfaceName);
  if (noInterface !== null) return noInterface;
  if (answer.devices.some(({ name }) => name === interfaceName)) return allowed(NAME);
  return refused(NAME, `libpcap offers no interface ${oneLine(interfaceName)}.`);
}

function noPrivilege(): CapturePermission {
  if (process.platform === 'darwin') return macosRefusal(NAME, systemFacts());
  if (process.platform === 'win32') return windowsRefusal(NAME);
  // A fix would give the right to every script that this Node runs, so none is offered.
  return refused(
    NAME,
    'The bundled engine has only the rights of this user, and capturing is not among them; dumpcap has rights of its own.',
  );
}

function notLoaded(text: string): CapturePermission {
  if (/libpcap/.test(text)) {
    return refused(
      NAME,
      'libpcap is not installed.',
      systemFacts().family === 'debian' ? 'sudo apt-get install libpcap0.8' : '',
    );
  }
  const fix = /NODE_MODULE_VERSION|Cannot find module|build\/Release/.test(text) ? 'npm rebuild cap' : '';
  return refused(NAME, `The native package cap cannot be loaded: ${oneLine(text)}.`, fix);
}

/** What the helper could open; null when it did not answer. */
async function probeHelper(helper: HelperProgram): Promise<CapAnswer | null> {
  if (helper.file === null) return null;
  const { stderr } = await runProgram(helper.file, [...helper.args, 'probe']);
  return capAnswers(stderr)[0] ?? null;
}

async function devices(helper: HelperProgram): Promise<readonly CaptureDevice[]> {
  const answer = await probeHelper(helper);
  return answer?.kind === 'probe' ? answer.devices : [];
}

async function checkFilter(helper: HelperProgram, filter: string, interfaceName: string): Promise<string | null> {
  if (helper.file === null || filter.trim() === '') return null;
  const { stderr } = await runProgram(helper.file, [...helper.args, 'check', interfaceName, filter]);
  const answer = capAnswers(stderr).find(({ kind }) => kind === 'filter');
  return answer?.kind === 'filter' ? oneLine(answer.text) : null;
}

function start(helper: HelperProgram, request: CaptureStart): CaptureProcess {
  if (helper.file === null) return refusedCapture('pcapng', engineMissing(NAME, NO_NODE));
  const { interfaceName, filter } = request;
  if (interfaceState(interfaceName) === 'absent') return refusedCapture('pcapng', unknownInterface(interfaceName));
  return startChild({
    engine: NAME,
    format: 'pcapng',
    request,
    file: helper.file,
    args: [...helper.args, 'capture', interfaceName, filter.trim()],
    ear: new CapEar(),
    ask: (child) => child.stdin?.end(),
    watchesInput: true,
    drainMs: DRAIN_MS,
    refusal: async () => notPermitted([await permission(helper, interfaceName)]),
  });
}
