/** Interfaces, live statuses and captures that were left, for the fake bridge. */
import type { CaptureInterface, CapturePermission, LeftCapture, LiveStatus } from '../../shared/capture.js';
import type { InvokeChannel, InvokeChannels } from '../../shared/ipc.js';
import type { Problem } from '../../shared/problem.js';

const FIX = 'sudo dpkg-reconfigure wireshark-common && sudo usermod -aG wireshark kim';

const PERMITTED: readonly CapturePermission[] = [
  { engine: 'dumpcap', allowed: true, reason: '', fix: '' },
  { engine: 'cap', allowed: false, reason: 'The bundled engine has only the rights of this user.', fix: '' },
  { engine: 'tcpdump', allowed: false, reason: 'tcpdump is not installed.', fix: 'sudo apt-get install tcpdump' },
];
const REFUSED: readonly CapturePermission[] = [
  { engine: 'dumpcap', allowed: false, reason: 'Capturing is not switched on for ordinary users.', fix: FIX },
  ...PERMITTED.slice(1),
];

export function fakeInterface(name: string, change: Partial<CaptureInterface> = {}): CaptureInterface {
  return {
    name,
    description: '',
    kind: 'ethernet',
    isUp: true,
    addresses: ['192.0.2.25'],
    permissions: PERMITTED,
    engine: 'dumpcap',
    ...change,
  };
}

export const FAKE_INTERFACES: readonly CaptureInterface[] = [
  fakeInterface('eth0', { addresses: ['192.0.2.25', '2001:db8::25'] }),
  fakeInterface('wlan0', { kind: 'wireless', isUp: false, addresses: [] }),
  fakeInterface('lo', { kind: 'loopback', addresses: ['127.0.0.1', '::1'] }),
];

/** The same computer for a user who may not capture. */
export const REFUSED_INTERFACES: readonly CaptureInterface[] = FAKE_INTERFACES.map((each) => ({
  ...each,
  permissions: REFUSED,
  engine: null,
}));

export const FAKE_FOLDER = '/home/kim/.config/Mailscope/captures/2026-11-20T03-14-00.000Z';

export function fakeLive(change: Partial<LiveStatus> = {}): LiveStatus {
  return {
    phase: 'running',
    interfaceName: 'eth0',
    engine: 'dumpcap',
    engineReason: 'dumpcap was chosen: it stamps packets in the kernel.',
    filter: 'tcp port 25',
    startedMs: Date.UTC(2026, 10, 20, 3, 14),
    packets: 4812,
    packetsPerSecond: 1204,
    dropped: null,
    writtenBytes: 5_000_000,
    keptBytes: 5_000_000,
    inspectedBytes: 4_800_000,
    ringFiles: 1,
    ringDiscarded: 0,
    folder: FAKE_FOLDER,
    problem: null,
    ...change,
  };
}

export const FAKE_LEFT: LeftCapture = {
  folder: '/captures/left',
  interfaceName: 'eth0',
  startedMs: Date.UTC(2026, 10, 19, 22, 5),
  bytes: 1_200_000,
  ended: false,
};

type LiveChannel =
  Extract<InvokeChannel, `live:${string}` | `interfaces:${string}`> | 'window:close' | 'clipboard:write';
type LiveFakes = {
  [C in LiveChannel]: (input: InvokeChannels[C]['input']) => InvokeChannels[C]['output'] | Problem;
};

/** Answers; `open` gives the status of what was opened. */
export function fakeLiveAnswers(open: () => InvokeChannels['live:start']['output']): LiveFakes {
  return {
    'interfaces:list': () => FAKE_INTERFACES,
    'interfaces:listen': () => null,
    'live:start': open,
    'live:stop': () => null,
    'live:pause': () => null,
    'live:save': () => '/home/kim/eth0.pcapng',
    'live:default-filter': () => 'tcp port 25 or 110 or 143',
    'live:check-filter': ({ filter }) =>
      filter.includes('porrt') ? "can't parse filter expression: syntax error" : null,
    'live:left': () => [],
    'live:reopen': open,
    'live:remove': () => [],
    'window:close': () => null,
    'clipboard:write': () => null,
  };
}
