/** Two threads that inspect in halves: the same result from files, pipes and broken ones; questions; cancelling; failing. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profilePolicy, type PipelineSink } from '../../engine/index.js';
import { ShardedInspector } from '../../inspector/shards/sharded-inspector.js';
import type { StreamMessage } from '../../inspector/split/messages.js';
import { maySplit, SplitInspector, type SplitOptions } from '../../inspector/split/split-inspector.js';
import { buildWorker, type BuiltWorker } from './built-worker.js';
import { busyCapture } from './busy-capture.js';
import { heldBack } from './held-back.js';
import { idleMailbox, LONG_SECONDS, TOO_LONG_SECONDS } from './idle-mailbox.js';
import { FORMATS, inspectorWith, runWith, type Ran } from './shared-runs.js';

let streams: BuiltWorker;
let shard: BuiltWorker;
let folder = '';
beforeAll(async () => {
  streams = await buildWorker('inspector/streams.ts');
  shard = await buildWorker('inspector/shard.ts');
  folder = mkdtempSync(join(tmpdir(), 'mailscope-halves-'));
}, 60_000);
afterAll(() => {
  streams.remove();
  shard.remove();
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A capture of more than the shared memory holds: connections repeated at later packets. */
function large(times: number): Buffer {
  const one = busyCapture(5);
  return Buffer.concat([one.subarray(0, 24), ...Array<Buffer>(times).fill(one.subarray(24))]);
}

/** Captures that were split since the last `inspect`. */
let halves = 0;

/** The command line with real threads. */
function inspect(workers: number, args: readonly string[]): Promise<Ran> {
  halves = 0;
  const inspector = inspectorWith((options) => new ShardedInspector({ ...options, shardFile: shard.file }), {
    maySplit,
    split: (options) => {
      halves++;
      return new SplitInspector({ ...options, streamsFile: streams.file });
    },
  });
  return runWith(inspector, ['inspect', '--workers', String(workers), ...args]);
}

describe('two threads that inspect in halves', () => {
  it('say together what one says alone', async () => {
    const file = put('large.pcap', large(150));
    for (const format of FORMATS) {
      const args = ['--format', format, file];
      const split = await inspect(2, args);
      expect(halves).toBe(1);
      expect(split.out === (await inspect(1, args)).out).toBe(true);
    }
  }, 120_000);

  it('go on with the next capture, also behind a broken one', async () => {
    const octets = busyCapture(6);
    const damaged = Buffer.from(octets);
    damaged.fill(0xff, 20_000, 20_400);
    const files = [
      put('a.pcap', octets),
      put('cut.pcap', octets.subarray(0, 30_001)),
      put('damaged.pcap', damaged),
      put('letter.txt', 'Dear reader, this is no capture at all.'),
      put('whole.gz', gzipSync(octets)),
      put('cut.gz', gzipSync(octets).subarray(0, 5000)),
      join(folder, 'missing.pcap'),
      put('empty.pcap', ''),
      put('idle.pcap', idleMailbox({ isIdling: true, seconds: LONG_SECONDS, othersEverySeconds: 100 })),
      put('b.pcap', octets),
    ];
    for (const format of FORMATS) {
      const args = ['--format', format, '--fail-on', 'high', ...files];
      expect(await inspect(2, args)).toEqual(await inspect(1, args));
    }
  }, 120_000);

  it('read a pipe to its end, and say of rubbish in it at once that it is none', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const octets = large(30);
    const file = put('piped.pcap', octets);
    const writing = open(fifo, 'w').then(async (handle) => {
      await handle.writeFile(octets);
      await handle.close();
    });
    const piped = await inspect(2, ['--format', 'csv', fifo]);
    await writing;
    const plain = await inspect(1, ['--format', 'csv', file]);
    expect(piped.out.replaceAll(fifo, file) === plain.out).toBe(true);

    const silent = await open(fifo, 'r+');
    await silent.write('This is a letter and no capture, and nothing comes behind it.');
    const refused = await inspect(2, ['--format', 'csv', fifo]);
    await silent.close();
    expect(refused.status).toBe(3);
  }, 60_000);

  it('hand over octets that were held back, while they are many', async () => {
    const args = ['--format', 'eve', put('held.pcap', heldBack(6))];
    const messages: StreamMessage['kind'][] = [];
    void nextWorker((worker) => worker.on('message', ({ kind }: StreamMessage) => messages.push(kind)));
    const split = await inspect(2, args);
    expect(split.out === (await inspect(1, args)).out).toBe(true);
    expect(messages.filter((kind) => kind === 'early').length).toBeGreaterThan(1);
    expect(messages).not.toContain('ask');
  }, 60_000);

  it('ask each other whether a silent connection may be silent', async () => {
    for (const isIdling of [true, false]) {
      for (const seconds of [LONG_SECONDS, TOO_LONG_SECONDS]) {
        for (const othersEverySeconds of [null, 1, 300]) {
          const silence = { isIdling, seconds, othersEverySeconds, mailboxes: 5 };
          const args = ['--format', 'eve', put('silent.pcap', idleMailbox(silence))];
          const messages: StreamMessage['kind'][] = [];
          void nextWorker((worker) => worker.on('message', ({ kind }: StreamMessage) => messages.push(kind)));
          const split = await inspect(2, args);
          expect(split).toEqual(await inspect(1, args));
          expect(messages.includes('ask')).toBe(seconds === LONG_SECONDS || othersEverySeconds !== null);
        }
      }
    }
  }, 120_000);

  it('are shares where a policy judges handshakes, and always when there are three', async () => {
    const policy = put(
      'perimeter.json',
      JSON.stringify({ networks: { own: ['10.0.0.0/8'], mailServers: ['10.0.0.25'] } }),
    );
    const args = ['--format', 'eve', '--policy', policy, put('knocks.pcap', large(20))];
    const alone = await inspect(1, args);
    expect(alone.out).toContain('-denied');
    for (const workers of [2, 3]) {
      expect((await inspect(workers, args)).out === alone.out).toBe(true);
      expect(halves).toBe(0);
    }
    await inspect(3, ['--format', 'eve', join(folder, 'knocks.pcap')]);
    expect(halves).toBe(0);
  }, 120_000);

  it('stop when they are told to, with what was read until then', async () => {
    const file = put('long.pcap', large(600));
    const cancel = new AbortController();
    const inspector = threads();
    const seen: number[] = [];
    const run = {
      signal: cancel.signal,
      onProgress: ({ readBytes }: { readonly readBytes: number }) => {
        seen.push(readBytes);
        if (seen.length === 3) cancel.abort();
      },
    };
    let closed = 0;
    const result = await inspector.inspectFile(file, run, { sessionClosed: () => void closed++ });
    inspector.close();
    expect(result).toMatchObject({ cancelled: true, problem: null });
    // Pieces of 128, 256 and 512 KiB.
    expect(seen).toEqual([131_072, 393_216, 917_504]);
    expect(result.totals.bytes).toBeGreaterThan(900_000);
    expect(result.totals.bytes).toBeLessThan(readFileSync(file).length);
    expect(closed).toBe(result.totals.sessions);
  }, 60_000);

  it('stop when they are told to while a pipe is silent, and when they were told before', async () => {
    const fifo = join(folder, 'silent');
    execFileSync('mkfifo', [fifo]);
    const silent = await open(fifo, 'r+');
    await silent.write(busyCapture(2).subarray(0, 5000));
    const cancel = new AbortController();
    const inspector = threads();
    const run = { signal: cancel.signal, onProgress: () => cancel.abort() };
    expect(await inspector.inspectFile(fifo, run, {})).toMatchObject({ cancelled: true, totals: { bytes: 5000 } });
    await silent.close();
    const file = put('unread.pcap', large(600));
    expect(await inspector.inspectFile(file, { signal: AbortSignal.abort() }, {})).toMatchObject({ cancelled: true });
    inspector.close();
  }, 60_000);
});

describe('where something fails', () => {
  const run = { signal: new AbortController().signal };
  const broken: PipelineSink = {
    sessionClosed: () => {
      throw new Error('no room for it');
    },
  };

  it.each([
    ['at its start', `throw new Error('the thread is broken')`],
    [
      'later',
      `require('node:worker_threads').parentPort.on('message', () => { throw new Error('the thread is broken') })`,
    ],
    ['by ending', `setTimeout(() => process.exit(0)); throw new Error('the thread is broken')`],
  ])('the inspection ends with an error: the thread %s', async (name, program) => {
    const inspector = threads({ streamsFile: put(`${name.replaceAll(' ', '-')}.cjs`, program) });
    const file = put('any.pcap', large(600));
    await expect(inspector.inspectFile(file, run, {})).rejects.toThrow('the thread is broken');
    await expect(inspector.inspectFile(file, run, {})).rejects.toThrow('the thread is broken');
    inspector.close();
  });

  it('the inspection ends with an error: what was found cannot be written', async () => {
    const inspector = threads();
    await expect(inspector.inspectFile(put('any.pcap', large(600)), run, broken)).rejects.toThrow('no room for it');
    inspector.close();
  });

  it('the inspection does not wait for a pipe that is silent', async () => {
    const fifo = join(folder, 'unheard');
    execFileSync('mkfifo', [fifo]);
    const silent = await open(fifo, 'r+');
    await silent.write(busyCapture(2).subarray(0, 20_000));
    const inspector = threads();
    const through = nextWorker().then(untilEnd);
    await expect(inspector.inspectFile(fifo, run, broken)).rejects.toThrow('no room for it');
    await through;
    await expect(inspector.inspectFile(fifo, run, {})).rejects.toThrow('no room for it');
    inspector.close();
    await silent.close();
  }, 30_000);

  it('no thread waits for an answer for ever', async () => {
    const file = put('asked.pcap', idleMailbox({ isIdling: true, seconds: LONG_SECONDS, othersEverySeconds: 300 }));
    const inspector = threads();
    const worker = nextWorker();
    const through = worker.then(untilEnd);
    await expect(inspector.inspectFile(file, run, broken)).rejects.toThrow('no room for it');
    // The thread was never stopped, and came to the capture's end by itself.
    expect(await through).toContain('ask');
    inspector.close();
    await once(await worker, 'exit');
  }, 30_000);

  it('a thread that waits for its answer is ended, too', async () => {
    const file = put('asked.pcap', idleMailbox({ isIdling: true, seconds: LONG_SECONDS, othersEverySeconds: 300 }));
    const inspector = threads();
    const worker = nextWorker();
    const inspected = inspector.inspectFile(file, run, {});
    const asked = worker.then(async (made) => {
      for (;;) {
        const [{ kind }] = (await once(made, 'message')) as [StreamMessage];
        if (kind === 'ask') return;
      }
    });
    await asked;
    inspector.close();
    await once(await worker, 'exit');
    void inspected.catch(() => undefined);
  }, 30_000);
});

/** What a thread says until it is through with its capture. */
async function untilEnd(worker: Worker): Promise<string[]> {
  const kinds: string[] = [];
  return new Promise((resolve) => {
    worker.on('message', ({ kind }: StreamMessage) => {
      kinds.push(kind);
      if (kind === 'end') resolve(kinds);
    });
  });
}

/** The thread that is started next. */
function nextWorker(made: (worker: Worker) => void = () => undefined): Promise<Worker> {
  return new Promise((resolve) => {
    process.once('worker', (worker) => {
      made(worker);
      resolve(worker);
    });
  });
}

function threads(options: Partial<SplitOptions> = {}): SplitInspector {
  return new SplitInspector({
    streamsFile: streams.file,
    policy: profilePolicy('modern'),
    checksums: 'auto',
    decodeAs: new Map(),
    revealSecrets: false,
    ...options,
  });
}
