/** Every installed engine, for real, in network namespaces of the test's own: what is sent arrives, and every end is told. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CaptureEngineName } from '../../shared/capture.js';
import type { CaptureStatistics } from '../../capture/engines/capture-engine.js';
import type { Problem } from '../../shared/problem.js';
import { buildHelper, type BuiltHelper } from './built-helper.js';
import type { Task } from './capture-once.js';
import { readCapturedFile } from './captured.js';
import { Driver, Namespace, type Answer } from './driver.js';
import { installedEngines, mayMakeNamespaces } from './permitted.js';

const PORT = 2525;
/** Ethernet, IPv4 and UDP headers. */
const HEADERS = 42;

/** More than the kernel's ring for loopback holds (128 MiB, each packet twice). */
const SENT = 80_000;

let built: BuiltHelper;
let folder: string;
let namespace: Namespace;

beforeAll(async () => {
  built = await buildHelper();
  folder = mkdtempSync(join(tmpdir(), 'mailscope-capture-'));
}, 60_000);
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

const run = (task: Task): Driver => new Driver(built, task, namespace.prefix);

interface CaptureOptions {
  readonly interfaceName?: string;
  readonly filter?: string;
  readonly unread?: boolean;
}

function capture(engine: CaptureEngineName, options: CaptureOptions = {}): { driver: Driver; file: string } {
  const file = join(folder, `${engine}-${Math.floor(performance.now() * 1000)}`);
  const { interfaceName = 'lo', filter = 'udp', unread = false } = options;
  return { driver: run({ kind: 'capture', engine, interfaceName, filter, file, unread }), file };
}

async function send(count: number, bytes = 100): Promise<void> {
  const driver = run({ kind: 'datagrams', count, bytes, port: PORT });
  await driver.answer('sent');
  await driver.exited;
}

async function endOf(driver: Driver): Promise<{ problem: Problem | null; statistics: CaptureStatistics }> {
  const { ended, statistics } = await driver.answer('ended');
  await driver.exited;
  return { problem: (ended as { problem: Problem | null }).problem, statistics: statistics as CaptureStatistics };
}

const codeOf = async (driver: Driver): Promise<string> => (await endOf(driver)).problem?.code ?? 'none';

async function pidOf(driver: Driver): Promise<number> {
  return (await driver.answer('started'))['started'] as number;
}

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(execFileSync('cat', [`/proc/${pid}/status`], { encoding: 'utf8', stdio: 'pipe' }));
  } catch {
    return false;
  }
};

describe.skipIf(!mayMakeNamespaces).each(installedEngines)('%s', (engine) => {
  beforeEach(() => {
    namespace = new Namespace();
  });
  afterEach(() => namespace.remove());

  test('captures every packet, stamped with rising times of now, and stops cleanly', async () => {
    const { driver, file } = capture(engine);
    await driver.answer('octets');
    const beforeUs = Date.now() * 1000;
    await send(500);
    const afterUs = Date.now() * 1000;
    driver.order('stop');
    const { problem, statistics } = await endOf(driver);
    const { packets, damage } = readCapturedFile(file);
    const times = packets.map(({ timeUs }) => timeUs);
    // cap stamps when it takes a packet out of the kernel's ring, up to a second later.
    const lateUs = engine === 'cap' ? 1_500_000 : 1000;
    expect({
      problem,
      damage,
      sizes: [...new Set(packets.map(({ octets }) => octets.length))],
      count: packets.length,
      isRising: times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0)),
      isNow: (times[0] ?? 0) >= beforeUs - 1000 && (times.at(-1) ?? 0) <= afterUs + lateUs,
      dropped: statistics.dropped,
    }).toEqual({
      problem: null,
      damage: null,
      sizes: [HEADERS + 100],
      count: 500,
      isRising: true,
      isNow: true,
      dropped: engine === 'cap' ? null : 0,
    });
  });

  test('takes only what the filter lets through', async () => {
    const { driver, file } = capture(engine, { filter: `udp port ${PORT} and greater 400` });
    await driver.answer('octets');
    await send(20, 100);
    await send(5, 500);
    driver.order('stop');
    expect({
      code: await codeOf(driver),
      sizes: readCapturedFile(file).packets.map(({ octets }) => octets.length),
    }).toEqual({
      code: 'none',
      sizes: Array.from({ length: 5 }, () => HEADERS + 500),
    });
  });

  test('tells that it was killed, and what was captured until then stays', async () => {
    const { driver, file } = capture(engine);
    await driver.answer('octets');
    const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
    await send(100);
    await driver.answer('octets', ({ octets }) => (octets as number) > size + 100 * HEADERS);
    process.kill(await pidOf(driver), 'SIGKILL');
    const { problem } = await endOf(driver);
    expect({ problem, isMore: readCapturedFile(file).packets.length > 0 }).toEqual({
      problem: {
        code: 'capture-killed',
        message: `The capture process (${engine}) was killed from outside by SIGKILL.`,
        hint: expect.any(String) as string,
      },
      isMore: true,
    });
  });

  test('tells that the interface has gone away', async () => {
    namespace.addPair('one0', 'two0');
    const { driver } = capture(engine, { interfaceName: 'one0', filter: '' });
    await driver.answer('octets');
    namespace.run('ip', 'link', 'del', 'one0');
    expect((await endOf(driver)).problem).toMatchObject({
      code: 'interface-gone',
      message: 'The interface one0 has gone away; the capture ended.',
    });
  });

  test('says which filter is wrong in the words of libpcap, before and at the start', async () => {
    const check = run({ kind: 'check', engine, interfaceName: 'lo', filter: 'tcp prt 25' });
    const good = run({ kind: 'check', engine, interfaceName: 'lo', filter: 'tcp port 25' });
    const { driver } = capture(engine, { filter: 'tcp prt 25' });
    expect({
      refusal: (await check.answer('refusal'))['refusal'],
      good: (await good.answer('refusal'))['refusal'],
      problem: (await endOf(driver)).problem,
    }).toEqual({
      refusal: "can't parse filter expression: syntax error",
      good: null,
      problem: {
        code: 'capture-filter',
        message: "The capture filter is not valid: can't parse filter expression: syntax error.",
        hint: 'Correct the filter (it was: tcp prt 25), or leave it empty to capture everything.',
      },
    });
  });

  test.each(['nowhere0', '-', 'TCP@192.0.2.1:1', '/etc/passwd', 'rpcap://192.0.2.1/lo', '', 'a\0b'])(
    'knows no interface %j',
    async (interfaceName) => {
      expect(await codeOf(capture(engine, { interfaceName }).driver)).toBe('interface-unknown');
    },
  );

  test('says that an interface is down', async () => {
    namespace.addPair('one0', 'two0');
    namespace.run('ip', 'link', 'set', 'one0', 'down');
    const permission = run({ kind: 'permission', engine, interfaceName: 'one0', filter: '' });
    expect(await permission.answer('permission')).toEqual({
      permission: {
        engine,
        allowed: false,
        reason: 'The interface one0 is down, so nothing can be captured on it.',
        fix: 'sudo ip link set dev one0 up',
      },
    });
  });

  test('ends when its starter is killed, even when no packet comes', async () => {
    const { driver } = capture(engine, { filter: 'udp port 9' });
    await driver.answer('octets');
    const pid = await pidOf(driver);
    expect(isAlive(pid)).toBe(true);
    process.kill(driver.pid, 'SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
  });

  test.runIf(engine === 'cap')('tells that the interface was taken down, at which the native part aborts', async () => {
    namespace.addPair('one0', 'two0');
    const { driver } = capture(engine, { interfaceName: 'one0', filter: '' });
    await driver.answer('octets');
    namespace.run('ip', 'link', 'set', 'one0', 'down');
    expect(await codeOf(driver)).toBe('interface-down');
  });

  test.runIf(engine === 'tcpdump')('counts while it captures', async () => {
    const { driver } = capture(engine);
    await driver.answer('octets');
    await send(70);
    const counted = (answer: Answer): boolean => (answer['statistics'] as CaptureStatistics).received === 70;
    const asked = setInterval(() => driver.order('statistics'), 200);
    const { statistics } = await driver.answer('statistics', (answer) => !('ended' in answer) && counted(answer));
    clearInterval(asked);
    driver.order('stop');
    await endOf(driver);
    expect(statistics).toEqual({ received: 70, dropped: 0 });
  });

  test('kills a program that does not end when asked', async () => {
    const { driver } = capture(engine);
    await driver.answer('octets');
    const pid = await pidOf(driver);
    process.kill(pid, 'SIGSTOP');
    driver.order('stop');
    expect({ problem: (await endOf(driver)).problem, isAlive: isAlive(pid) }).toEqual({
      problem: null,
      isAlive: false,
    });
  });

  test.skipIf(engine === 'cap')(
    'tells what is dropped while nobody reads, and never more than was',
    async () => {
      const { driver, file } = capture(engine, { unread: true });
      await driver.answer('octets');
      await send(SENT, 1400);
      driver.order('read');
      driver.order('stop');
      const { problem, statistics } = await endOf(driver);
      const { packets, damage } = readCapturedFile(file);
      const dropped = statistics.dropped ?? Number.NaN;
      expect({ problem, damage, isLossy: dropped > 0 }).toEqual({ problem: null, damage: null, isLossy: true });
      // Loopback counts a dropped packet once or twice, as its ring happens to be full: half of it is told.
      expect(packets.length + dropped).toBeLessThanOrEqual(SENT);
      expect(packets.length + 2 * dropped).toBeGreaterThanOrEqual(SENT);
    },
    60_000,
  );
});
