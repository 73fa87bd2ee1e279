/** The capture commands against captures that the test makes up. */
import { describe, expect, it } from 'vitest';
import { captureFiles } from '../../cli/capture/capture-files.js';
import type { CaptureOrder, CaptureOutcome, Captures } from '../../cli/capture/captures.js';
import { interfacesTable } from '../../cli/capture/interfaces.js';
import { runCommandLine } from '../../cli/command-line.js';
import { CAPTURED_IS_KEPT, type CaptureInterface, type LiveStatus } from '../../shared/capture.js';
import { totals, violation } from '../report/report-samples.js';
import { fakeInspector, fakeTerminal, type FakeTerminal } from './fake-host.js';

const LIVE: LiveStatus = {
  phase: 'stopped',
  interfaceName: 'eth0',
  engine: 'cap',
  engineReason: '',
  filter: 'port 25',
  startedMs: 0,
  packets: 1234,
  packetsPerSecond: 0,
  dropped: null,
  writtenBytes: 2048,
  keptBytes: 2048,
  inspectedBytes: 2048,
  ringFiles: 1,
  ringDiscarded: 0,
  folder: '/tmp/x',
  problem: null,
};

const INTERFACES: readonly CaptureInterface[] = [
  {
    name: 'eth0',
    description: 'Ethernet',
    kind: 'ethernet',
    isUp: true,
    addresses: ['192.0.2.1', '2001:db8::1'],
    permissions: [{ engine: 'dumpcap', allowed: true, reason: '', fix: '' }],
    engine: 'dumpcap',
  },
  {
    name: 'wlan0\u001b[31m',
    description: 'Wireless',
    kind: 'wireless',
    isUp: false,
    addresses: [],
    permissions: [
      {
        engine: 'dumpcap',
        allowed: false,
        reason: 'You are not in the group wireshark.',
        fix: 'sudo adduser me wireshark',
      },
      { engine: 'cap', allowed: false, reason: 'It is down.', fix: '' },
    ],
    engine: null,
  },
];

interface FakeCaptures extends Captures {
  readonly orders: CaptureOrder[];
}

function fakeCaptures(outcome: Partial<CaptureOutcome> = {}): FakeCaptures {
  const orders: CaptureOrder[] = [];
  return {
    orders,
    start: (order) => {
      orders.push(order);
      order.onProgress(LIVE, () => totals());
      const result = { totals: totals(), problem: null, live: LIVE, hasStarted: true, ...outcome };
      return { stop: () => undefined, result: Promise.resolve(result) };
    },
    interfaces: () => Promise.resolve(INTERFACES),
  };
}

async function run(
  args: string,
  captures = fakeCaptures(),
  terminal = fakeTerminal(),
): Promise<readonly [number, FakeTerminal]> {
  return [await runCommandLine(args.split(' '), terminal, fakeInspector(), captures), terminal];
}

describe('the options of capture', () => {
  it('are handed on, -p being the policy', async () => {
    const captures = fakeCaptures();
    const [status] = await run(
      'capture -i eth0 -f tcp -b filesize:1024 -b files:4 -b duration:60 --no-promiscuous --engine tcpdump -p strict -d tcp.port==2526,smtp --checksums off --reveal-secrets',
      captures,
    );
    expect(status).toBe(0);
    expect(captures.orders).toEqual([
      {
        interfaceName: 'eth0',
        engine: 'tcpdump',
        filter: 'tcp',
        promiscuous: false,
        ring: { fileBytes: 1_048_576, files: 4, fileSeconds: 60 },
        folder: expect.stringContaining('mailscope-capture-'),
        output: null,
        policy: expect.objectContaining({ name: 'strict' }),
        checksums: 'off',
        decodeAs: new Map([[2526, 'smtp']]),
        revealSecrets: true,
        onProgress: expect.any(Function),
      },
    ]);
  });

  it('have defaults: promiscuous, the mail ports, the best engine, a temporary ring', async () => {
    const captures = fakeCaptures();
    await run('capture -i eth0', captures);
    expect(captures.orders).toMatchObject([
      {
        engine: 'auto',
        filter: null,
        promiscuous: true,
        ring: { fileBytes: 67_108_864, files: 8, fileSeconds: 0 },
        output: null,
      },
    ]);
  });

  it.each([
    ['capture', "required option '-i, --interface <name>'"],
    ['capture -i eth0 -b filesize', 'Expected filesize:N, files:N, duration:N'],
    ['capture -i eth0 -b files:0', 'N from 1'],
    ['capture -i eth0 -a files:3', 'Expected duration:N'],
    ['capture -i eth0 --engine snoop', 'Allowed choices are auto, dumpcap, cap, tcpdump'],
    ['capture -i eth0 -w out.pcapng -b files:3', 'needs to know when a file is full'],
    ['capture -i eth0 -w /tmp', 'is a folder'],
    ['capture -i eth0 -w -', 'standard output cannot hold the packets'],
    ['capture -i eth0 -w out -o ./out', 'is to hold the packets too'],
    ['capture -i eth0 -a duration:2147484', 'N from 1 to 2147483'],
    ['capture -i eth0 -p nonsense', 'policy nonsense: there is no such file'],
  ])('are refused with 2 when they are wrong: %s', async (args, message) => {
    const captures = fakeCaptures();
    const [status, terminal] = await run(args, captures);
    expect([status, captures.orders]).toEqual([2, []]);
    expect(terminal.err.text).toContain(message);
  });

  it('without -b keep one file without bound, with it the ring that is asked for', () => {
    const files = (options: object): unknown => {
      const made = captureFiles({ ringBuffer: {}, ...options } as never);
      made.remove();
      return [made.ring, made.output];
    };
    expect(files({ write: 'a.pcapng' })).toEqual([
      { fileBytes: 0, files: 0, fileSeconds: 0 },
      { path: 'a.pcapng', isRing: false },
    ]);
    expect(files({ write: 'a.pcapng', ringBuffer: { duration: 5 } })).toEqual([
      { fileBytes: 0, files: 0, fileSeconds: 5 },
      { path: 'a.pcapng', isRing: true },
    ]);
  });
});

it('a place that may not be looked at is left to the capture, which says why', async () => {
  const captures = fakeCaptures();
  const tooLong = `/tmp/${'x'.repeat(300)}/mail.pcapng`;
  const [status] = await run(`capture -i eth0 -w ${tooLong}`, captures);
  expect([status, captures.orders.map(({ output }) => output?.path)]).toEqual([0, [tooLong]]);
});

describe('the end of a capture', () => {
  it('is told with what was captured; what the engine does not know is not made up', async () => {
    const [status, terminal] = await run('capture -i eth0');
    expect([status, terminal.err.text]).toEqual([
      0,
      'mailscope: eth0: 1234 packets captured by cap, drops not known, 2.0 kB\n',
    ]);
  });

  it('is not awaited to tell a finding: with text each stands on stderr at once', async () => {
    const captures = fakeCaptures();
    const found: Captures = {
      ...captures,
      start: (order, sink) => {
        sink.finding?.(violation({ line: 17 }));
        return captures.start(order, sink);
      },
    };
    const err = async (args: string): Promise<string> => (await run(args, found as FakeCaptures))[1].err.text;
    const line =
      '2026-11-21 08:00:42  critical  CRAM-MD5 response long enough to overflow (smtp-cram-md5-overflow)  ' +
      '198.51.100.7:41222 -> 10.0.0.25:25, line 17\n';
    expect(await err('capture -i eth0')).toContain(line);
    expect(await err('capture -i eth0 -q')).not.toContain('CRAM-MD5');
    expect(await err('capture -i eth0 -F eve')).not.toContain('CRAM-MD5');
  });

  it('has the status 4 when it did not begin, 3 when it broke off', async () => {
    const problem = { code: 'interface-gone', message: 'The interface is gone.', hint: 'Plug it in.' };
    const [notBegun, terminal] = await run('capture -i eth0 -F json', fakeCaptures({ problem, hasStarted: false }));
    expect([notBegun, terminal.out.text, terminal.err.text]).toEqual([
      4,
      '',
      'mailscope: eth0: The interface is gone.\n  Plug it in.\n',
    ]);
    const filter = { code: 'capture-filter', message: 'The filter is wrong.', hint: '' };
    expect((await run('capture -i eth0 -f x', fakeCaptures({ problem: filter, hasStarted: false })))[0]).toBe(2);
    const [broken, other] = await run('capture -i eth0 -F json -q', fakeCaptures({ problem }));
    expect([broken, other.err.text]).toEqual([3, 'mailscope: eth0: The interface is gone.\n  Plug it in.\n']);
    expect(JSON.parse(other.out.text)).toMatchObject({ inputs: [{ path: 'eth0', problem }] });
  });
});

it('a capture that breaks off does not promise packets that go with the command', async () => {
  const hint = `${CAPTURED_IS_KEPT} Plug it in.`;
  const told = async (args: string, hasStarted: boolean): Promise<string> => {
    const problem = { code: 'interface-gone', message: 'The interface is gone.', hint };
    const [, terminal] = await run(`capture -i eth0 -q ${args}`.trim(), fakeCaptures({ problem, hasStarted }));
    return terminal.err.text.split('\n')[1] ?? '';
  };
  expect([await told('-w mail.pcapng', true), await told('', true), await told('', false)]).toEqual([
    `  ${hint}`,
    '  What was captured until then has been inspected; -w FILE would keep it. Plug it in.',
    '  Plug it in.',
  ]);
});

describe('mailscope interfaces', () => {
  it('lists them with what captures there, and what to do where nothing may', async () => {
    const [status, terminal] = await run('interfaces');
    expect([status, terminal.err.text]).toEqual([0, '']);
    expect(terminal.out.text).toBe(
      [
        'NAME           STATE  KIND      CAPTURE  ADDRESSES              DESCRIPTION',
        'eth0           up     ethernet  dumpcap  192.0.2.1 2001:db8::1  Ethernet',
        'wlan0\\x1B[31m  down   wireless  no                              Wireless',
        '',
        'wlan0\\x1B[31m (dumpcap): You are not in the group wireshark.',
        '  sudo adduser me wireshark',
        '',
        'wlan0\\x1B[31m (cap): It is down.',
        '',
      ].join('\n'),
    );
  });

  it('says once what keeps several from being captured on', () => {
    const down = { ...INTERFACES[1]!, name: 'wlan1' };
    const other = { ...down, name: 'wlan2', permissions: down.permissions.slice(1) };
    const [, ...below] = interfacesTable([INTERFACES[0]!, down, { ...down, name: 'wwan0' }, other]).split('\n\n');
    expect(below).toEqual([
      'wlan1, wwan0 (dumpcap): You are not in the group wireshark.\n  sudo adduser me wireshark',
      'wlan1, wwan0 (cap): It is down.',
      'wlan2: It is down.\n',
    ]);
  });

  it('as JSON gives everything; -D is another name', async () => {
    const [, terminal] = await run('-D --json');
    expect(JSON.parse(terminal.out.text)).toEqual(INTERFACES);
  });
});
