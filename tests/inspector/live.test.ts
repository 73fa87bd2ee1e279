/** Live mode of the inspector, with a stand-in for the capture program: nothing here needs a privilege. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { BlockCutter } from '../../capture/spool/block-cutter.js';
import { buildWorkers, liveClient, removeWorkers, request, unnumbered, type BuiltWorkers } from './live-client.js';
import { playedCapture } from './played-capture.js';

const SAMPLE = join(import.meta.dirname, '..', '..', 'assets', 'samples', 'sample.pcapng');
const HEX = { direction: 'to_client', offset: 0, count: 64, reveal: false } as const;
const TRANSCRIPT = { reveal: false, expand: [], from: 0, count: 1000 };

let workers: BuiltWorkers;
beforeAll(async () => {
  workers = await buildWorkers();
}, 60_000);
afterAll(() => removeWorkers(workers));

/** The sample, and the place behind its n-th block. */
function sample(blocks: number): { readonly octets: Buffer; readonly place: number } {
  const octets = readFileSync(SAMPLE);
  let left = blocks;
  let place = 0;
  new BlockCutter({
    block: (_type, _buffer, start, end) => {
      if (left-- > 0) place += end - start;
    },
  }).push(octets);
  return { octets, place };
}

describe.skipIf(process.platform === 'win32')('a live capture in the inspector', { timeout: 60_000 }, () => {
  it('shows sessions from their first octets on, answers about them, and ends with what the file holds', async () => {
    const played = playedCapture();
    const live = liveClient(workers);
    const { client } = live;
    const { octets, place } = sample(46);
    played.play(octets.subarray(0, place));
    const first = await client.startLive(request(join(played.folder, 'spool')));
    expect(first).toMatchObject({
      phase: 'live',
      name: 'lo',
      problem: null,
      live: { phase: 'running', engine: 'dumpcap' },
    });

    const early = await live.until(
      ({ totals, live: status }) => totals.sessions > 0 && status?.inspectedBytes === place,
    );
    expect(early.live).toMatchObject({
      packets: early.totals.packets,
      writtenBytes: place,
      ringFiles: 1,
      dropped: null,
    });
    const open = (await live.sessions()).find(({ end }) => end === 'open');
    expect(open).toBeDefined();
    const sessionId = open?.id ?? 0;
    const before = await client.askSession('session:transcript', { sessionId, ...TRANSCRIPT });
    expect(before.items.length).toBeGreaterThan(0);
    expect((await client.askSession('session:hex', { sessionId, ...HEX })).octets.length).toBeGreaterThan(0);
    expect((await client.askSession('session:facts', { sessionId, reveal: false })).length).toBeGreaterThan(0);

    played.play(octets.subarray(place));
    await live.until(({ live: status }) => status?.inspectedBytes === octets.length);
    const after = await client.askSession('session:transcript', { sessionId, ...TRANSCRIPT });
    expect(after.items.length).toBeGreaterThan(before.items.length);

    const saved = join(played.folder, 'saved.pcapng');
    expect(await client.saveLive(saved)).toEqual({ bytes: octets.length, files: 1 });
    await client.stopLive();
    const last = await live.until(({ phase }) => phase === 'done');
    expect(last).toMatchObject({
      problem: null,
      live: { phase: 'stopped', problem: null, inspectedBytes: octets.length },
    });

    const file = liveClient(workers);
    await file.client.open(saved);
    await file.until(({ phase }) => phase === 'done');
    expect(await live.sessions()).toEqual(await file.sessions());
    expect(await live.violations()).toEqual(await file.violations());
    expect((await live.violations()).length).toBeGreaterThan(10);
    expect(last.totals).toEqual(file.client.status.totals);
    const inFile = await file.client.askSession('session:transcript', { sessionId, ...TRANSCRIPT });
    expect(unnumbered(await client.askSession('session:transcript', { sessionId, ...TRANSCRIPT }))).toEqual(
      unnumbered(inFile),
    );
  });

  it('keeps summary and findings of a session whose packets the ring gave up, and says that they are gone', async () => {
    const played = playedCapture();
    const live = liveClient(workers);
    const { client } = live;
    const { octets } = sample(0);
    const ring = { fileBytes: 20_000, files: 2, fileSeconds: 0 };
    const step = 16_000;
    played.play(octets.subarray(0, step));
    await client.startLive(request(join(played.folder, 'spool'), { ring }));
    // In steps, each inspected before the next, so that inspection is never outrun.
    for (let at = step; at < octets.length; at += step) {
      const packets = client.status.live?.packets ?? 0;
      played.play(octets.subarray(at, at + step));
      await live.until(
        ({ live: status }) => (status?.packets ?? 0) > packets && status?.inspectedBytes === status?.writtenBytes,
      );
    }
    await client.stopLive();
    const { live: status, problem, totals } = await live.until(({ phase }) => phase === 'done');
    expect([problem, status?.ringFiles]).toEqual([null, 2]);
    expect(status?.ringDiscarded).toBeGreaterThan(0);
    expect(status?.keptBytes).toBeLessThan(status?.writtenBytes ?? 0);

    const sessions = await live.sessions();
    const [oldest] = sessions;
    const sessionId = oldest?.id ?? 0;
    await expect(client.askSession('session:transcript', { sessionId, ...TRANSCRIPT })).rejects.toMatchObject({
      problem: { code: 'spool-discarded' },
    });
    await expect(client.askSession('session:hex', { sessionId, ...HEX })).rejects.toMatchObject({
      problem: { code: 'spool-discarded' },
    });
    const newest = sessions.at(-1)?.id ?? 0;
    expect((await client.askSession('session:transcript', { sessionId: newest, ...TRANSCRIPT })).total).toBeGreaterThan(
      0,
    );

    const file = liveClient(workers);
    await file.client.open(SAMPLE);
    await file.until(({ phase }) => phase === 'done');
    expect(await live.violations()).toEqual(await file.violations());
    expect(totals.violations).toEqual(file.client.status.totals.violations);
  });

  it('a capture program that is killed ends it with a clear problem; everything stays, and starting again works', async () => {
    const played = playedCapture();
    const live = liveClient(workers);
    const { client } = live;
    const { octets, place } = sample(200);
    played.play(octets.subarray(0, place));
    await client.startLive(request(join(played.folder, 'one')));
    await live.until(({ live: status }) => status?.inspectedBytes === place);
    const sessions = await live.sessions();
    expect(sessions.length).toBeGreaterThan(0);
    killStandIn(played.folder);
    const failed = await live.until(({ phase }) => phase !== 'live');
    expect(failed).toMatchObject({
      phase: 'done',
      problem: { code: 'capture-killed' },
      live: { phase: 'failed', problem: { code: 'capture-killed' }, packets: failed.totals.packets },
    });
    expect((await live.sessions()).map(({ id }) => id)).toEqual(sessions.map(({ id }) => id));
    const page = await client.askSession('session:transcript', { sessionId: sessions[0]?.id ?? 0, ...TRANSCRIPT });
    expect(page.total).toBeGreaterThan(0);

    const again = await client.startLive(request(join(played.folder, 'two')));
    expect(again).toMatchObject({ phase: 'live', problem: null, live: { phase: 'running', problem: null } });
  });

  it.skipIf(process.getuid?.() !== 0)(
    'a full disk ends it with a clear problem; everything stays (needs root)',
    async () => {
      const played = playedCapture();
      const disk = join(played.folder, 'disk');
      mkdirSync(disk);
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', disk]).status !== 0) {
        console.warn('a full disk is not tested: mounting is not permitted here');
        return;
      }
      onTestFinished(() => void spawnSync('umount', [disk]));
      const live = liveClient(workers);
      played.play(sample(0).octets);
      await live.client.startLive(request(join(disk, 'spool')));
      const ended = await live.until(({ phase }) => phase === 'done');
      expect(ended).toMatchObject({
        problem: { code: 'disk-full' },
        live: { phase: 'failed', problem: { code: 'disk-full' } },
      });
      expect(ended.totals.packets).toBe(ended.live?.packets);
      expect((await live.sessions()).length).toBeGreaterThan(10);
      const saved = join(played.folder, 'saved.pcapng');
      expect(await live.client.saveLive(saved)).toMatchObject({ bytes: ended.live?.writtenBytes });
    },
  );

  it('what cannot start fails with its reason, and leaves no folder behind', async () => {
    const played = playedCapture('something went wrong');
    const live = liveClient(workers);
    const status = await live.client.startLive(request(join(played.folder, 'spool')));
    expect(status).toMatchObject({ live: { phase: 'failed', packets: 0, problem: { code: 'capture-ended' } } });
    expect(await live.until(({ phase }) => phase !== 'live')).toMatchObject({
      phase: 'failed',
      problem: { code: 'capture-ended' },
    });
    await expect(live.client.saveLive(join(played.folder, 'x'))).rejects.toMatchObject({
      problem: { code: 'nothing-to-save' },
    });
  });

  it('opens the folder of a capture that is over, as a file', async () => {
    const played = playedCapture();
    const live = liveClient(workers);
    const { octets } = sample(0);
    played.play(octets);
    const folder = join(played.folder, 'spool');
    await live.client.startLive(request(folder, { ring: { fileBytes: 50_000, files: 0, fileSeconds: 0 } }));
    await live.until(
      ({ live: status }) =>
        status?.inspectedBytes === status?.writtenBytes &&
        status !== null &&
        (status?.writtenBytes ?? 0) >= octets.length,
    );
    await live.client.stopLive();
    await live.until(({ phase }) => phase === 'done');
    const [sessions, violations] = [await live.sessions(), await live.violations()];

    await live.client.open(folder);
    const opened = await live.until(({ phase }) => phase === 'done');
    expect(opened).toMatchObject({ name: 'lo', path: folder, live: null, problem: null });
    expect(opened.readBytes).toBe(opened.sizeBytes);
    expect([await live.sessions(), await live.violations()]).toEqual([sessions, violations]);
  });

  it('tells how it goes at most some ten times a second, and goes on doing so while nothing comes', async () => {
    const played = playedCapture();
    const live = liveClient(workers);
    const { octets } = sample(0);
    played.play(octets.subarray(0, 5000));
    await live.client.startLive(request(join(played.folder, 'spool')));
    const begun = performance.now();
    const before = live.statuses.length;
    for (let at = 5000; at < octets.length; at += 5000) {
      played.play(octets.subarray(at, at + 5000));
      await new Promise(setImmediate);
    }
    await live.until(({ live: status }) => status?.inspectedBytes === octets.length);
    const told = live.statuses.length - before;
    const quiet = live.statuses.length;
    await live.until(() => live.statuses.length > quiet + 1);
    expect(live.client.status.live?.packets).toBe(live.client.status.totals.packets);
    expect(told).toBeLessThanOrEqual((performance.now() - begun) / 90 + 2);
  });
});

/** Kills the stand-in: the one process that follows the file of this folder. */
function killStandIn(folder: string): void {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const found = lines.filter((line) => /^\s*\d+ tail /.test(line) && line.includes(folder));
  expect(found).toHaveLength(1);
  process.kill(Number.parseInt(found[0] ?? '', 10), 'SIGKILL');
}
