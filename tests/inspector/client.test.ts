import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { InspectorClient } from '../../inspector/client.js';
import type { InspectionStatus, ViewSpec } from '../../shared/inspection.js';
import type { Violation } from '../../shared/violation.js';
import type { TranscriptItem } from '../../shared/transcript.js';
import { buildWorker, type BuiltWorker } from './built-worker.js';

const SAMPLES = join(import.meta.dirname, '..', '..', 'assets', 'samples');
const SAMPLE = join(SAMPLES, 'sample.pcapng');
const SESSIONS: ViewSpec = { kind: 'sessions', sort: { column: 'time', descending: false }, search: '' };
const VIOLATIONS: ViewSpec = { kind: 'violations', sort: { column: 'severity', descending: true }, search: '' };

let worker: BuiltWorker;
let folder = '';
beforeAll(async () => {
  worker = await buildWorker();
}, 60_000);
afterAll(() => worker.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailscope-client-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

interface Watched {
  readonly client: InspectorClient;
  readonly statuses: readonly InspectionStatus[];
  /** Resolves with the next status (or the present one) that is no `loading`. */
  readonly finished: () => Promise<InspectionStatus>;
}

function watch(workerFile = worker.file): Watched {
  const statuses: InspectionStatus[] = [];
  let wake = (): void => undefined;
  const client = new InspectorClient({
    workerFile,
    policy: { profile: 'modern' },
    onStatus: (status) => {
      statuses.push(status);
      wake();
    },
  });
  onTestFinished(() => client.close());
  const finished = async (): Promise<InspectionStatus> => {
    while (client.status.phase === 'loading') await new Promise<void>((resolve) => (wake = resolve));
    return client.status;
  };
  return { client, statuses, finished };
}

async function opened(path: string): Promise<Watched> {
  const watched = watch();
  await watched.client.open(path);
  await watched.finished();
  return watched;
}

async function violationsOf(client: InspectorClient, viewId: number): Promise<readonly Violation[]> {
  const rows = await client.rows(viewId, 0, 1000);
  return rows.kind === 'violations' ? rows.rows : [];
}

function texts(items: readonly TranscriptItem[]): string[] {
  return items.flatMap((item) =>
    item.kind === 'line' ? [item.runs.map((run) => ('text' in run ? run.text : `[${run.kind}]`)).join('')] : [],
  );
}

describe('the inspector in its worker thread', () => {
  it('inspects the sample and shows its rows, sorted, in views', async () => {
    const { client } = await opened(SAMPLE);
    expect(client.status).toMatchObject({
      phase: 'done',
      name: 'sample.pcapng',
      problem: null,
      readBytes: client.status.sizeBytes,
    });
    const sessions = await client.openView(SESSIONS);
    const violations = await client.openView(VIOLATIONS);
    expect(sessions.total).toBe(client.status.totals.sessions);
    expect(client.status.totals.sessions).toBeGreaterThan(20);
    const counted = Object.values(client.status.totals.violationsByProtection).length;
    const rows = await violationsOf(client, violations.viewId);
    expect(new Set(rows.map((row) => row.protection)).size).toBe(counted);
    expect(rows[0]?.severity).toBe('critical');
    const last = rows.at(-1);
    expect(await client.indexOf(violations.viewId, last?.id ?? 0)).toBe(rows.length - 1);
    expect(await client.askSession('session:findings', { sessionId: last?.sessionId ?? 0 })).toContainEqual(last);
  });

  it('gives a transcript in which each violation marks its line, with its number', async () => {
    const { client } = await opened(SAMPLE);
    const view = await client.openView(VIOLATIONS);
    expect(view.total).toBeGreaterThan(10);
    for (const violation of await violationsOf(client, view.viewId)) {
      const page = await client.askSession('session:transcript', {
        sessionId: violation.sessionId,
        reveal: false,
        expand: [],
        from: 0,
        count: 20_000,
      });
      const line = page.items.find((item) => item.kind === 'line' && item.number === violation.line);
      expect(line).toMatchObject({
        kind: 'line',
        direction: violation.direction,
        findings: expect.arrayContaining([violation.id]),
      });
      expect(page.items).toHaveLength(page.total);
    }
  });

  it('gives the same transcript and octets from a compressed capture', async () => {
    const path = join(folder, 'sample.pcapng.gz');
    writeFileSync(path, gzipSync(readFileSync(SAMPLE)));
    const [plain, compressed] = [await opened(SAMPLE), await opened(path)];
    const view = await plain.client.openView(SESSIONS);
    const rows = await plain.client.rows(view.viewId, 20, 3);
    for (const { id } of rows.rows) {
      const ask = { sessionId: id, reveal: false, expand: [], from: 0, count: 1000 };
      const hex = { sessionId: id, direction: 'to_server', offset: 2, count: 100, reveal: false } as const;
      expect(await compressed.client.askSession('session:transcript', ask)).toEqual(
        await plain.client.askSession('session:transcript', ask),
      );
      expect(await compressed.client.askSession('session:hex', hex)).toEqual(
        await plain.client.askSession('session:hex', hex),
      );
    }
  });

  it('shows the octets of a stream from any offset, the same as from its start', async () => {
    const { client } = await opened(SAMPLE);
    const view = await client.openView({ ...SESSIONS, sort: { column: 'bytes', descending: true } });
    const id = (await client.rows(view.viewId, 0, 1)).rows[0]?.id ?? 0;
    const at = (offset: number, count: number) =>
      client.askSession('session:hex', { sessionId: id, direction: 'to_server', offset, count, reveal: true });
    const whole = await at(0, 300);
    expect(whole.octets).toHaveLength(Math.min(300, whole.streamLength));
    const part = await at(10, 20);
    expect(part).toEqual({ ...whole, offset: 10, octets: whole.octets.slice(10, 30) });
    expect((await at(whole.streamLength, 10)).octets).toEqual([]);
  });

  it('hides secrets until they are asked for, in the transcript and in the octets', async () => {
    const { client } = await opened(SAMPLE);
    const view = await client.openView(SESSIONS);
    const rows = await client.rows(view.viewId, 0, 1000);
    let seen = 0;
    for (const { id } of rows.rows) {
      const ask = { sessionId: id, reveal: false, expand: [], from: 0, count: 20_000 };
      const masked = await client.askSession('session:transcript', ask);
      if (masked.masked === 0) continue;
      const revealed = await client.askSession('session:transcript', { ...ask, reveal: true });
      expect(texts(masked.items).some((text) => text.includes('[masked]'))).toBe(true);
      expect(texts(revealed.items).some((text) => text.includes('[masked]'))).toBe(false);
      const hex = { sessionId: id, direction: 'to_server', offset: 0, count: 30_000, reveal: false } as const;
      expect((await client.askSession('session:hex', hex)).octets).toContain(-2);
      expect((await client.askSession('session:hex', { ...hex, reveal: true })).octets).not.toContain(-2);
      seen++;
    }
    expect(seen).toBeGreaterThan(0);
  });

  it('keeps views over captures: empty while none is open, filled by the next, versions rising', async () => {
    const { client, finished } = watch();
    const { viewId } = await client.openView(SESSIONS);
    expect(await client.rows(viewId, 0, 10)).toEqual({
      kind: 'sessions',
      from: 0,
      rows: [],
      state: { viewId, version: 0, total: 0, unfiltered: 0 },
    });
    const versions: number[] = [];
    const totals: number[] = [];
    const note = (): void => {
      const state = client.status.views.find((view) => view.viewId === viewId);
      versions.push(state?.version ?? -1);
      totals.push(state?.total ?? -1);
    };
    for (const name of ['sample.pcapng', 'small.pcap']) {
      await client.open(join(SAMPLES, name));
      await finished();
      note();
    }
    client.close();
    note();
    expect(totals).toEqual([expect.any(Number), 3, 0]);
    expect(totals[0]).toBeGreaterThan(3);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(client.status).toMatchObject({ phase: 'idle', path: '' });
  });

  it('opens the second of two captures when both are asked for at once', async () => {
    const { client, finished } = watch();
    const both = [client.open(SAMPLE), client.open(join(SAMPLES, 'small.pcap'))];
    await Promise.all(both);
    expect(await finished()).toMatchObject({ phase: 'done', name: 'small.pcap', totals: { sessions: 3 } });
  });

  it.each([
    ['no such file', 'none.pcap', null, 'file-not-found'],
    ['an empty file', 'empty.pcap', '', 'file-empty'],
    ['a letter', 'letter.txt', 'Dear reader, this is not a capture at all.\n', expect.any(String)],
  ])('answers the very call that opens %s with what is wrong', async (_what, name, content, code) => {
    const path = join(folder, name);
    if (content !== null) writeFileSync(path, content);
    const { client } = watch();
    expect(await client.open(path)).toMatchObject({
      phase: 'failed',
      path,
      problem: { code, hint: expect.stringMatching(/./) },
    });
    expect(await client.open(SAMPLE)).toMatchObject({ problem: null });
  });

  it('inspects a damaged capture as far as it goes and says where it broke', async () => {
    const path = join(folder, 'cut.pcap');
    writeFileSync(path, readFileSync(join(SAMPLES, 'small.pcap')).subarray(0, -5));
    const { client } = await opened(path);
    expect(client.status).toMatchObject({
      phase: 'done',
      totals: { sessions: 3 },
      problem: { message: expect.stringMatching(/\d/) },
    });
  });

  it('says that the file was changed or is gone when a transcript is asked for later', async () => {
    const path = join(folder, 'a.pcap');
    copyFileSync(join(SAMPLES, 'small.pcap'), path);
    const { client } = await opened(path);
    const view = await client.openView(SESSIONS);
    const id = (await client.rows(view.viewId, 0, 1)).rows[0]?.id ?? 0;
    const ask = () => client.askSession('session:facts', { sessionId: id, reveal: false });
    writeFileSync(path, 'something else');
    await expect(ask()).rejects.toMatchObject({ problem: { code: 'file-changed' } });
    rmSync(path);
    await expect(ask()).rejects.toMatchObject({ problem: { code: 'file-not-found' } });
  });

  it('answers unknown sessions, views and columns with a problem and goes on', async () => {
    const { client } = await opened(join(SAMPLES, 'small.pcap'));
    await expect(client.askSession('session:findings', { sessionId: 1 })).rejects.toMatchObject({
      problem: { code: 'session-unknown' },
    });
    await expect(client.rows(77, 0, 1)).rejects.toMatchObject({ problem: { code: 'view-unknown' } });
    await expect(client.openView({ ...SESSIONS, sort: { column: 'x', descending: false } })).rejects.toMatchObject({
      problem: { code: 'view-unknown-column' },
    });
    expect((await client.openView(SESSIONS)).total).toBe(3);
  });

  it('has nothing to tell of sessions while nothing is open', async () => {
    await expect(watch().client.askSession('session:findings', { sessionId: 1 })).rejects.toMatchObject({
      problem: { code: 'nothing-open' },
    });
  });

  it('cancels', async () => {
    const path = join(folder, 'big.pcap');
    const small = readFileSync(join(SAMPLES, 'small.pcap'));
    writeFileSync(path, Buffer.concat([small, ...Array<Buffer>(6000).fill(small.subarray(24))]));
    const { client, finished } = watch();
    const opening = client.open(path);
    await client.cancel();
    await opening;
    const status = await finished();
    expect(status).toMatchObject({ phase: 'cancelled', problem: null });
    expect(status.readBytes).toBeLessThan(status.sizeBytes);
  });
});

describe('a worker thread that crashes', () => {
  it('becomes a failed inspection with a clear problem, and its open questions are answered', async () => {
    const file = join(folder, 'crashing.cjs');
    writeFileSync(file, "require('node:worker_threads').parentPort.on('message', () => { throw new Error('boom'); });");
    const { client, finished } = watch(file);
    const opening = client.open('/tmp/a.pcap');
    const asked = client.askSession('session:findings', { sessionId: 1 });
    await expect(asked).rejects.toMatchObject({
      problem: { code: 'inspector-crashed', message: expect.stringContaining('boom') },
    });
    expect(await opening).toMatchObject({
      phase: 'failed',
      path: '/tmp/a.pcap',
      problem: { code: 'inspector-crashed' },
    });
    expect(await finished()).toMatchObject({ phase: 'failed' });
    await expect(client.askSession('session:findings', { sessionId: 1 })).rejects.toMatchObject({
      problem: { code: 'nothing-open' },
    });
  });

  it('is told from one that ran out of memory', async () => {
    const file = join(folder, 'greedy.cjs');
    writeFileSync(file, "const e = new Error('heap'); e.code = 'ERR_WORKER_OUT_OF_MEMORY'; throw e;");
    expect(await watch(file).client.open('/tmp/a.pcap')).toMatchObject({
      phase: 'failed',
      problem: { code: 'inspector-out-of-memory' },
    });
  });
});

describe('a pipe without a writer', () => {
  it('is refused at once, because nothing could end the wait for its writer', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { client } = await opened(pipe);
    expect(client.status.phase).toBe('failed');
    expect(client.status.problem?.code).toBe('file-is-pipe');
  });
});
