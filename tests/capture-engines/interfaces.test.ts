/** What this host tells about its interfaces, and the activity that its counters show. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { CaptureInterface } from '../../shared/capture.js';
import { capEngine } from '../../capture/engines/cap.js';
import { defaultMailFilter } from '../../capture/engines/mail-filter.js';
import { ACTIVITY_SAMPLES, ActivityMeter } from '../../capture/interfaces/activity-meter.js';
import { guessedKind } from '../../capture/interfaces/interface-kind.js';
import { byUsefulness } from '../../capture/interfaces/interface-order.js';
import { linuxCounters } from '../../capture/interfaces/interface-state.js';
import { buildHelper, type BuiltHelper } from './built-helper.js';
import { Driver, Namespace } from './driver.js';
import { mayMakeNamespaces } from './permitted.js';

describe.skipIf(!mayMakeNamespaces)('the list of interfaces', () => {
  let built: BuiltHelper;
  let namespace: Namespace;
  beforeAll(async () => {
    built = await buildHelper();
    namespace = new Namespace();
    namespace.addPair('left0', 'right0');
    namespace.run('ip', 'address', 'add', '192.0.2.9/24', 'dev', 'left0');
    namespace.run('ip', 'link', 'set', 'right0', 'alias', 'to the mail server');
    namespace.run('ip', 'link', 'add', 'idle0', 'type', 'veth', 'peer', 'name', 'idle1');
  }, 60_000);
  afterAll(() => {
    namespace.remove();
    built.remove();
  });

  test('is this namespace’s own, the useful first, with what may be captured on each', async () => {
    const { interfaces } = await new Driver(built, { kind: 'list' }, namespace.prefix).answer('interfaces');
    const listed = (interfaces as readonly CaptureInterface[]).map(
      ({ name, kind, isUp, description, addresses, permissions }) =>
        `${name} ${kind} ${isUp ? 'up' : 'down'} "${description}" ${addresses.includes('192.0.2.9') ? 'addressed ' : ''}` +
        (permissions.some(({ allowed }) => allowed) ? 'permitted' : 'refused'),
    );
    expect(listed.filter((line) => !/^(?:right0|ifb)/.test(line))).toEqual([
      'left0 virtual up "Virtual Ethernet" addressed permitted',
      'any any up "All interfaces at once" permitted',
      'lo loopback up "This computer itself (loopback)" permitted',
      'idle0 virtual down "Virtual Ethernet" refused',
      'idle1 virtual down "Virtual Ethernet" refused',
    ]);
    expect(listed.filter((line) => line.startsWith('right0'))).toEqual([
      'right0 virtual up "to the mail server" permitted',
    ]);
  });
});

test.skipIf(process.platform !== 'linux')('the capture helper is asked once for all who ask meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-asked-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const starts = join(folder, 'starts');
  const answer = JSON.stringify({ kind: 'probe', canOpen: true, devices: [{ name: 'lo' }] });
  const cap = capEngine({ file: '/bin/sh', args: ['-c', `echo >> '${starts}'; echo '${answer}' >&2`] });
  const asked = await Promise.all(['lo', 'any', 'lo'].map((name) => cap.permission(name)));
  expect(asked.map(({ allowed }) => allowed)).toEqual([true, false, true]);
  await cap.permission('lo');
  expect(readFileSync(starts, 'utf8')).toBe('\n\n');
});

test('interfaces stand in the order in which they are looked for', () => {
  const made = (name: string, kind: CaptureInterface['kind'], isUp: boolean, ...addresses: string[]) => ({
    name,
    kind,
    isUp,
    addresses,
  });
  const shuffled = [
    made('lo', 'loopback', true, '127.0.0.1'),
    made('eth10', 'ethernet', true, '192.0.2.1'),
    made('eth2', 'ethernet', true, '192.0.2.2'),
    made('docker0', 'bridge', true, '192.0.2.3'),
    made('eth3', 'ethernet', false),
    made('any', 'any', true),
    made('veth1', 'virtual', true),
  ];
  expect(shuffled.sort(byUsefulness).map(({ name }) => name)).toEqual([
    'eth2',
    'eth10',
    'docker0',
    'any',
    'lo',
    'veth1',
    'eth3',
  ]);
});

test.each([
  ['en0', 'Wi-Fi', 'wireless'],
  ['utun3', '', 'tunnel'],
  ['lo0', '', 'loopback'],
  ['\\Device\\NPF_{1}', 'Ethernet 2', 'ethernet'],
  ['awdl0', '', 'other'],
])('%s (%s) is taken for %s', (name, description, kind) => {
  expect(guessedKind(name, description)).toBe(kind);
});

test('the kernel’s counters are read by their columns', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       2    0    0    0     0          0         0      100       2    0    0    0     0       0          0
eth0.5:123456      70    0    9    0     0          0         0     1000      30    0    0    0     0       0          0
`;
  expect(linuxCounters(text)).toEqual([
    { name: 'lo', packets: 4, bytes: 200 },
    { name: 'eth0.5', packets: 100, bytes: 124_456 },
  ]);
});

describe('activity', () => {
  test('is the packets of each second, for the last minute', () => {
    let packets = 0;
    const meter = new ActivityMeter(() => [{ name: 'eth0', packets, bytes: 0 }]);
    for (let second = 0; second <= 100; second++) {
      packets += second;
      meter.sample(second * 1000);
    }
    expect(meter.activity()).toEqual([
      { name: 'eth0', packetsPerSecond: Array.from({ length: ACTIVITY_SAMPLES }, (_, index) => 41 + index) },
    ]);
  });

  test('forgets interfaces that are gone, and begins anew with one of the same name', () => {
    const states = [
      [
        ['eth0', 1000],
        ['tun0', 5],
      ],
      [['eth0', 10]],
      [['eth0', 30]],
    ] as const;
    let at = 0;
    const meter = new ActivityMeter(() => (states[at] ?? []).map(([name, packets]) => ({ name, packets, bytes: 0 })));
    for (at = 0; at < states.length; at++) meter.sample(at * 2000);
    expect(meter.activity()).toEqual([{ name: 'eth0', packetsPerSecond: [5, 10] }]);
  });
});

describe('the default filter', () => {
  test('is nothing without ports, and leaves out what is no port', () => {
    expect([defaultMailFilter([]), defaultMailFilter([0, 65_536, 1.5, Number.NaN])]).toEqual(['', '']);
  });

  test('names each port once, in order', () => {
    expect(defaultMailFilter([143, 25, 143], false)).toMatch(/^tcp port 25 or 143 or \(/);
  });
});
