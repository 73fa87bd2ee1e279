import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { profilePolicy, type PipelineSink } from '../../engine/index.js';
import { inspectFile, type InspectOptions, type InspectResult } from '../../inspector/inspect-file.js';
import { reopenCapture } from '../../inspector/source/open-capture.js';
import { readChunks } from '../../inspector/source/read-chunks.js';

const SAMPLES = join(import.meta.dirname, '..', '..', 'assets', 'samples');
const SMALL = readFileSync(join(SAMPLES, 'small.pcap'));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailscope-inspect-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

function put(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function inspect(
  path: string,
  options: Partial<InspectOptions> = {},
): Promise<{ result: InspectResult; sessions: string[] }> {
  const sessions: string[] = [];
  const sink: PipelineSink = {
    sessionClosed: (session) => {
      const { protocol, client, commands, violations } = session.summary();
      sessions.push(JSON.stringify([session.id, protocol, client, commands, violations]));
    },
  };
  const result = await inspectFile(path, { policy: profilePolicy('modern'), ...options }, sink);
  return { result, sessions };
}

async function problemCode(path: string): Promise<string | undefined> {
  return (await inspect(path)).result.problem?.code;
}

describe('inspecting a saved capture', () => {
  it('finds the sessions of a small capture', async () => {
    const { result, sessions } = await inspect(join(SAMPLES, 'small.pcap'));
    expect(result).toMatchObject({ problem: null, cancelled: false });
    expect(result.totals).toMatchObject({ bytes: SMALL.length, sessions: sessions.length });
    expect(sessions.length).toBeGreaterThan(1);
  });

  it('finds the same sessions in the same capture, plain and compressed', async () => {
    const plain = await inspect(join(SAMPLES, 'small.pcap'));
    expect((await inspect(put('a.gz', gzipSync(SMALL)))).sessions).toEqual(plain.sessions);
    expect((await inspect(join(SAMPLES, 'small.pcap.gz'))).sessions).toEqual(plain.sessions);
    const halves = Buffer.concat([gzipSync(SMALL.subarray(0, 5000)), gzipSync(SMALL.subarray(5000))]);
    expect((await inspect(put('two-members', halves))).sessions).toEqual(plain.sessions);
  });

  it('reads a pipe to its end', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const writing = open(fifo, 'w').then(async (handle) => {
      await handle.writeFile(SMALL);
      await handle.close();
    });
    const plain = await inspect(join(SAMPLES, 'small.pcap'));
    const piped = await inspect(fifo);
    await writing;
    expect(piped.sessions).toEqual(plain.sessions);
  });

  it('delivers what came before the place where a capture was cut off', async () => {
    const cut = await inspect(put('cut.pcap', SMALL.subarray(0, SMALL.length - 3)));
    expect(cut.result.problem?.message).toMatch(/\d{4}/);
    expect(cut.sessions.length).toBe((await inspect(join(SAMPLES, 'small.pcap'))).sessions.length);
  });

  it('delivers what came before the place where a compressed capture was cut off, and names the cause', async () => {
    const compressed = readFileSync(join(SAMPLES, 'small.pcap.gz'));
    const { result, sessions } = await inspect(put('cut.gz', compressed.subarray(0, compressed.length - 9)));
    expect(result.problem?.code).toBe('gzip-truncated');
    expect(sessions.length).toBe((await inspect(join(SAMPLES, 'small.pcap'))).sessions.length);
    expect(gunzipSync(compressed).equals(SMALL)).toBe(true);
  });

  it('says what cannot be opened, and why', async () => {
    mkdirSync(join(folder, 'sub'));
    expect(await problemCode(join(folder, 'none.pcap'))).toBe('file-not-found');
    expect(await problemCode(join(folder, 'none', 'a.pcap'))).toBe('file-not-found');
    expect(await problemCode(join(folder, 'sub'))).toBe('file-is-directory');
    expect(await problemCode(put('empty.pcap', ''))).toBe('file-empty');
    expect(await problemCode('/dev/null')).toBe('file-not-regular');
  });

  it.skipIf(process.getuid?.() === 0)('says that a file may not be read', async () => {
    const path = put('secret.pcap', SMALL);
    chmodSync(path, 0);
    expect(await problemCode(path)).toBe('file-not-readable');
  });

  it('says of rubbish that it is no capture', async () => {
    const { result } = await inspect(put('letter.txt', 'Dear reader, this is not a capture at all.\n'));
    expect(result).toMatchObject({
      cancelled: false,
      totals: { packets: 0 },
      problem: { hint: expect.stringMatching(/./) },
    });
  });

  it('says of rubbish inside gzip that it is no capture', async () => {
    expect((await inspect(put('letter.gz', gzipSync('Dear reader, not a capture.\n')))).result.problem).not.toBeNull();
    expect((await inspect(put('nothing.gz', gzipSync('')))).result.problem).not.toBeNull();
  });

  it('stops when it is cancelled, with what it had, and calls that no problem', async () => {
    const cancel = new AbortController();
    const big = put('big.pcap', repeated(SMALL, 1600));
    const seen: number[] = [];
    const { result } = await inspect(big, {
      signal: cancel.signal,
      onProgress: ({ readBytes }) => {
        seen.push(readBytes);
        if (seen.length === 2) cancel.abort();
      },
    });
    expect(result).toMatchObject({ cancelled: true, problem: null });
    expect(seen).toEqual([2_097_152, 4_194_304]);
    expect(result.totals.packets).toBeGreaterThan(0);
  });

  it('can be cancelled while a pipe says nothing', async () => {
    const fifo = join(folder, 'silent');
    execFileSync('mkfifo', [fifo]);
    const writer = await open(fifo, 'r+');
    const cancel = new AbortController();
    await writer.write(SMALL.subarray(0, 24));
    const { result } = await inspect(fifo, { signal: cancel.signal, onProgress: () => cancel.abort() });
    await writer.close();
    expect(result).toMatchObject({ cancelled: true, problem: null });
  });

  it('lets others have their turn between pieces', async () => {
    let turns = 0;
    const ticking = setInterval(() => turns++, 0);
    await inspect(put('big.pcap', repeated(SMALL, 1600)));
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(2);
  });
});

describe('reading a file', () => {
  it('gives the same octets for every size of piece and every start', async () => {
    const path = put('bytes', SMALL);
    for (const [chunkBytes, from] of [
      [1, 10_000],
      [7, 0],
      [4096, 5],
      [1_048_576, 0],
    ] as const) {
      const handle = await open(path);
      const pieces: Buffer[] = [];
      for await (const chunk of readChunks(handle, { from, chunkBytes })) pieces.push(Buffer.from(chunk));
      await handle.close();
      expect(Buffer.concat(pieces).equals(SMALL.subarray(from))).toBe(true);
    }
  });

  it('knows a file again that only grew, and not one that was replaced, cut or rewritten', async () => {
    const path = put('a.pcap', SMALL);
    const { identity, handle } = await reopenCapture(path, await identityOf(path));
    await handle.close();
    writeFileSync(path, SMALL, { flag: 'a' });
    await (await reopenCapture(path, identity)).handle.close();
    writeFileSync(path, SMALL.subarray(0, 100), { flag: 'r+' });
    await (await reopenCapture(path, identity)).handle.close();
    writeFileSync(path, SMALL.subarray(0, 100));
    await expect(reopenCapture(path, identity)).rejects.toMatchObject({ problem: { code: 'file-changed' } });
    rmSync(path);
    await expect(reopenCapture(path, identity)).rejects.toMatchObject({ problem: { code: 'file-not-found' } });
  });
});

async function identityOf(path: string) {
  const handle = await open(path);
  const { dev, ino, size, mtimeMs } = await handle.stat();
  await handle.close();
  return { device: dev, inode: ino, sizeBytes: size, modifiedMs: mtimeMs };
}

/** The packets of a pcap `times` times after one another. */
function repeated(pcap: Buffer, times: number): Buffer {
  return Buffer.concat([pcap.subarray(0, 24), ...Array<Buffer>(times).fill(pcap.subarray(24))]);
}
