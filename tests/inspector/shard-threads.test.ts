/** Threads that share an inspection: the same result from files, pipes and broken ones; cancelling; failing. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profilePolicy } from '../../engine/index.js';
import type { MergedSink } from '../../inspector/shards/merge.js';
import { ShardedInspector, type ShardedOptions } from '../../inspector/shards/sharded-inspector.js';
import { SLOT_BYTES } from '../../inspector/shared-slots.js';
import { buildWorker, type BuiltWorker } from './built-worker.js';
import { busyCapture } from './busy-capture.js';
import { FORMATS, inspectorWith, runWith, type Ran } from './shared-runs.js';

let shard: BuiltWorker;
let folder = '';
beforeAll(async () => {
  shard = await buildWorker('inspector/shard.ts');
  folder = mkdtempSync(join(tmpdir(), 'mailscope-threads-'));
}, 60_000);
afterAll(() => {
  shard.remove();
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A capture of several pieces of shared memory and more than the ring holds: connections repeated at later packets. */
function large(times: number): Buffer {
  const one = busyCapture(5);
  return Buffer.concat([one.subarray(0, 24), ...Array<Buffer>(times).fill(one.subarray(24))]);
}

/** The command line with real threads. */
function inspect(workers: number, args: readonly string[]): Promise<Ran> {
  const inspector = inspectorWith((options) => new ShardedInspector({ ...options, shardFile: shard.file }));
  return runWith(inspector, ['inspect', '--workers', String(workers), ...args]);
}

describe('threads that share an inspection', () => {
  it('say together what one says alone', async () => {
    const file = put('large.pcap', large(150));
    for (const format of FORMATS) {
      const args = ['--format', format, file];
      expect((await inspect(3, args)).out === (await inspect(1, args)).out).toBe(true);
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
      put('letter.txt', Buffer.from('Dear reader, this is no capture at all.')),
      put('whole.gz', gzipSync(octets)),
      put('cut.gz', gzipSync(octets).subarray(0, 5000)),
      join(folder, 'missing.pcap'),
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

  it('stop when they are told to, with what was read until then', async () => {
    const file = put('long.pcap', large(600));
    const cancel = new AbortController();
    const inspector = threads({ shardFile: shard.file });
    const seen: number[] = [];
    const run = {
      signal: cancel.signal,
      onProgress: ({ readBytes }: { readonly readBytes: number }) => {
        seen.push(readBytes);
        if (seen.length === 3) cancel.abort();
      },
    };
    const result = await inspector.inspectFile(file, run, nowhere());
    inspector.close();
    expect(result).toMatchObject({ cancelled: true, problem: null });
    expect(seen).toEqual([1, 2, 3].map((pieces) => pieces * SLOT_BYTES));
    expect(result.totals.bytes).toBeGreaterThan(2_000_000);
    expect(result.totals.bytes).toBeLessThan(readFileSync(file).length);
  }, 60_000);

  it('end the inspection with an error when one of them fails', async () => {
    const broken = put('broken.cjs', Buffer.from(`throw new Error('the thread is broken')`));
    const inspector = threads({ shardFile: broken });
    const run = { signal: new AbortController().signal };
    const file = put('any.pcap', large(600));
    await expect(inspector.inspectFile(file, run, nowhere())).rejects.toThrow('the thread is broken');
    inspector.close();
  });

  it('end the inspection with an error when what they found cannot be written', async () => {
    const inspector = threads({ shardFile: shard.file });
    const sink: MergedSink = {
      ...nowhere(),
      piece: () => {
        throw new Error('no room for it');
      },
    };
    const run = { signal: new AbortController().signal };
    await expect(inspector.inspectFile(put('any.pcap', large(600)), run, sink)).rejects.toThrow('no room for it');
    inspector.close();
  });
});

function threads(options: Pick<ShardedOptions, 'shardFile'>): ShardedInspector {
  return new ShardedInspector({
    workers: 2,
    policy: profilePolicy('modern'),
    policyChoice: { profile: 'modern' },
    checksums: 'auto',
    decodeAs: new Map(),
    revealSecrets: false,
    format: 'eve',
    ...options,
  });
}

function nowhere(): MergedSink {
  return { piece() {}, session() {}, finding() {}, share() {} };
}
