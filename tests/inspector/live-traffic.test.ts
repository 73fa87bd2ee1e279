/** Live capture of real traffic on loopback, with each engine that is installed and permitted here. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { captureEngines } from '../../capture/engines/engines.js';
import { nodeHelper } from '../../capture/engines/helper-program.js';
import { CAPTURE_ENGINES, DEFAULT_RING } from '../../shared/capture.js';
import { ATTACKS, ORDINARY, play, startServer } from '../../bench/mail-traffic.js';
import { soak } from '../../bench/soak.js';
import { buildHelper } from '../capture-engines/built-helper.js';
import { buildWorkers, liveClient, removeWorkers, request, type BuiltWorkers } from './live-client.js';

const PACKETS = 200_000;
const SENDER = `
const socket = require('node:dgram').createSocket('udp4');
const [port, count, bytes] = process.argv.slice(1).map(Number);
const octets = Buffer.alloc(bytes, 0x61);
let sent = 0;
socket.connect(port, '127.0.0.1', function burst() {
  let open = 0;
  for (let i = 0; i < 500 && sent < count; i++, sent++, open++)
    socket.send(octets, (error) => { if (error) throw error; if (--open === 0) sent < count ? setImmediate(burst) : socket.close(); });
});`;

const helper = await buildHelper();
const engines = captureEngines(nodeHelper(helper.helper));
const permissions = await Promise.all(CAPTURE_ENGINES.map((name) => engines[name].permission('lo')));
const permitted = permissions.filter(({ allowed }) => allowed).map(({ engine }) => engine);
for (const { engine, allowed, reason } of permissions)
  if (!allowed) console.warn(`capturing on lo with ${engine} is not tested: ${reason}`);

let workers: BuiltWorkers;
beforeAll(async () => {
  workers = await buildWorkers();
}, 60_000);
afterAll(() => {
  removeWorkers(workers);
  helper.remove();
});

function spoolParent(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-traffic-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function serverPort(): Promise<number> {
  const server = await startServer();
  onTestFinished(() => server.close());
  return server.port;
}

/** Sends all packets while they are captured. `hold` is called before, and what it returns after. */
async function flood(
  bytes: number,
  hold: (port: number) => (() => void) | undefined,
): Promise<{ readonly captured: number; readonly dropped: number; readonly packetsPerSecond: number }> {
  const sink = createSocket({ type: 'udp4', recvBufferSize: 4096 });
  onTestFinished(() => void sink.close());
  await new Promise<void>((resolve) => {
    sink.bind(0, '127.0.0.1', resolve);
  });
  const { port } = sink.address();
  const live = liveClient(workers);
  const filter = `udp port ${port}`;
  await live.client.startLive(request(join(spoolParent(), 'spool'), { filter, ring: DEFAULT_RING }));
  const release = hold(port);
  const begun = performance.now();
  const args = ['-e', SENDER, String(port), String(PACKETS), String(bytes)];
  const sender = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  expect(await new Promise((resolve) => sender.once('exit', resolve))).toBe(0);
  const seconds = (performance.now() - begun) / 1000;
  release?.();
  await live.client.stopLive();
  const { live: status, totals } = await live.until(({ phase }) => phase === 'done');
  const { packets: captured = -1, dropped } = status ?? {};
  expect([totals.packets, totals.droppedPackets]).toEqual([captured, dropped]);
  return { captured, dropped: dropped ?? -1, packetsPerSecond: Math.round(PACKETS / seconds) };
}

/**
 * The kernel sees each packet on loopback twice, going and coming, and counts both when there is no room: half of
 * that is what was lost, but for the packets of which it took one sighting, some at each time the room runs out.
 */
function expectAccounted(captured: number, dropped: number): void {
  const unaccounted = Math.abs(PACKETS - captured - dropped);
  expect(unaccounted).toBeLessThanOrEqual(dropped === 0 ? 0 : PACKETS / 1000);
}

function dumpcapOf(port: number): number {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const found = lines.filter((line) => /^\s*\d+ \S*dumpcap /.test(line) && line.includes(`udp port ${port}`));
  expect(found).toHaveLength(1);
  return Number.parseInt(found[0] ?? '', 10);
}

describe.skipIf(permitted.length === 0)(
  'capturing real traffic (needs the right to capture on lo)',
  { timeout: 120_000 },
  () => {
    it.each(permitted)('the same packets, live and from the spool, give identical alerts: %s', async (engine) => {
      const port = await serverPort();
      const live = liveClient(workers, helper.helper);
      const folder = join(spoolParent(), 'spool');
      const started = await live.client.startLive(
        request(folder, { engine, filter: `tcp port ${port}`, ring: DEFAULT_RING }),
      );
      expect(started).toMatchObject({ phase: 'live', live: { phase: 'running', engine, problem: null } });
      await play(port, ORDINARY);
      await Promise.all(ATTACKS.map((part) => play(port, part)));
      for (const part of ATTACKS) await play(port, part);
      await live.client.stopLive();
      const { totals, live: status, problem } = await live.until(({ phase }) => phase === 'done');
      expect(problem).toBe(null);
      expect(status).toMatchObject({ phase: 'stopped', packets: totals.packets, dropped: engine === 'cap' ? null : 0 });
      expect(totals.sessions).toBe(1 + 2 * ATTACKS.length);

      const again = liveClient(workers, helper.helper);
      await again.client.open(folder);
      const reopened = await again.until(({ phase }) => phase === 'done');
      const violations = await live.violations();
      expect(new Set(violations.map(({ protection }) => protection)).size).toBeGreaterThan(5);
      expect(violations).toEqual(await again.violations());
      expect(await live.sessions()).toEqual(await again.sessions());
      expect(totals).toEqual(reopened.totals);
    });

    it.skipIf(!permitted.includes('dumpcap'))(
      `of ${PACKETS} packets as fast as loopback takes them, each is captured or told as dropped (needs dumpcap)`,
      async () => {
        const { captured, dropped, packetsPerSecond } = await flood(200, () => undefined);
        console.info(`${packetsPerSecond} packets/s: ${captured} captured, ${dropped} dropped`);
        expectAccounted(captured, dropped);
        expect(captured).toBeGreaterThan(PACKETS / 2);
      },
    );

    it.skipIf(!permitted.includes('dumpcap'))(
      'what is lost because the capture program stood still is told (needs dumpcap)',
      async () => {
        const { captured, dropped } = await flood(1000, (port) => {
          const pid = dumpcapOf(port);
          process.kill(pid, 'SIGSTOP');
          return () => process.kill(pid, 'SIGCONT');
        });
        console.info(`while it stood still: ${captured} captured, ${dropped} dropped`);
        expectAccounted(captured, dropped);
        expect(dropped).toBeGreaterThan(PACKETS / 10);
      },
    );

    it('a session is shown while it goes on, and grows', async () => {
      const port = await serverPort();
      const live = liveClient(workers, helper.helper);
      const engine = permitted[0] ?? 'dumpcap';
      await live.client.startLive(request(join(spoolParent(), 'spool'), { engine, filter: `tcp port ${port}` }));
      const client = connect(port, '127.0.0.1');
      onTestFinished(() => void client.destroy());
      client.write('EHLO client.example\r\n');
      await live.until(({ totals }) => totals.sessions === 1);
      const [young] = await live.sessions();
      expect(young).toMatchObject({ protocol: 'smtp', end: 'open', mailFrom: '' });
      client.write('MAIL FROM:<a@example.org>\r\n');
      const { packets } = live.client.status.totals;
      await live.until(({ totals }) => totals.packets > packets);
      client.end('QUIT\r\n');
      const closed = async (): Promise<boolean> => (await live.sessions())[0]?.end === 'closed';
      while (!(await closed())) await live.until(() => true);
      expect(await live.sessions()).toMatchObject([
        { id: young?.id, helo: 'client.example', mailFrom: 'a@example.org' },
      ]);
    });

    it.skipIf(!permitted.includes('dumpcap'))('runs on in the same memory (needs dumpcap)', async () => {
      const samples = await soak({
        inspectorWorker: workers.inspector.file,
        captureWorker: workers.capture.file,
        engine: 'dumpcap',
        seconds: 20,
        sampleSeconds: 2,
      });
      const [first, ...later] = samples.filter(({ seconds }) => seconds >= 8);
      const last = later.at(-1);
      // The ring has wrapped, sessions have been let go, and everything that came was inspected.
      expect(last?.ringDiscarded).toBeGreaterThan(0);
      expect(last?.discardedSessions).toBeGreaterThan(100);
      expect(last?.sessions).toBeGreaterThan(first?.sessions ?? Infinity);
      expect(last?.lagBytes).toBe(0);
      expect(last?.residentMegabytes).toBeLessThan((first?.residentMegabytes ?? 0) + 60);
    });
  },
);
