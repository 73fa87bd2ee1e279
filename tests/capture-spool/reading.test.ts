/** Reading a spool: while it grows, after the ring gave files up, after its process was killed, and joined into one file. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BlockCutter } from '../../capture/spool/block-cutter.js';
import { SpoolGrowth } from '../../capture/spool/growth.js';
import { findLeftCaptures, removeLeftCapture } from '../../capture/spool/left-captures.js';
import { readManifest, writeManifest } from '../../capture/spool/manifest.js';
import { openSpool, type SpoolReader } from '../../capture/spool/reader.js';
import { outputNames } from '../../capture/spool/ring-names.js';
import { RingWriter } from '../../capture/spool/ring-writer.js';
import { saveSpool } from '../../capture/spool/save-spool.js';
import { contents, packetBlock, packets, pcapng, pcapngHeaders, readCapture, ringOptions } from './made-capture.js';
import { keptFiles, madeFolder } from './spool-folders.js';

const BIG_RING = { fileBytes: 2000, files: 0, fileSeconds: 0 };

interface Writing {
  readonly folder: string;
  readonly ring: RingWriter;
  readonly growth: SpoolGrowth;
  write(from: number, to: number): void;
  end(): Promise<void>;
}

function writing(folder: string, ring = BIG_RING): Writing {
  const writer = new RingWriter(ringOptions(folder, { ring }));
  const cutter = new BlockCutter(writer);
  const growth = new SpoolGrowth();
  const made = packets(1000);
  cutter.push(pcapngHeaders());
  return {
    folder,
    ring: writer,
    growth,
    write: (from, to) => {
      for (const packet of made.slice(from, to)) cutter.push(packetBlock(packet));
      writer.flush();
      growth.update(writer.writtenBytes, false);
    },
    end: async () => {
      expect(await writer.close(null)).toBe(null);
      growth.update(writer.writtenBytes, true);
    },
  };
}

async function octets(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

/** The stream from a place on, with filler where files were given up. */
function filled(reader: SpoolReader, from: number): Promise<Buffer> {
  return octets(reader.readFrom(from, { onDiscarded: () => undefined }));
}

describe('reading a spool that grows', () => {
  it('waits for what is still to come, and ends when the capture is over', async () => {
    const w = writing(madeFolder());
    w.write(0, 10);
    const following = octets((await openSpool(w.folder, w.growth)).readFrom(0, { follow: true }));
    for (let i = 10; i < 300; i += 10) {
      w.write(i, i + 10);
      await new Promise(setImmediate);
    }
    await w.end();
    const read = await following;
    expect(read.equals(Buffer.concat(keptFiles(w.folder)))).toBe(true);
    expect(contents(readCapture(read))).toEqual(contents(readCapture(pcapng(packets(300)))));
  });

  it('without following, ends at what is written; at any place of the stream', async () => {
    const w = writing(madeFolder());
    w.write(0, 60);
    const reader = await openSpool(w.folder, w.growth);
    const whole = Buffer.concat(keptFiles(w.folder));
    expect(whole.length).toBe(w.ring.writtenBytes);
    for (const at of [0, 1, 1999, 2000, 2001, 4444, whole.length - 1, whole.length]) {
      expect((await octets(reader.readFrom(at))).equals(whole.subarray(at))).toBe(true);
    }
    await w.end();
  });

  it('ends without an error when it is aborted while it waits', async () => {
    const w = writing(madeFolder());
    w.write(0, 5);
    const abort = new AbortController();
    const reader = await openSpool(w.folder, w.growth);
    const stream = reader.readFrom(0, { follow: true, signal: abort.signal });
    const first = await stream.next();
    expect(first.value?.length).toBe(w.ring.writtenBytes);
    const waiting = stream.next();
    abort.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await w.end();
  });
});

describe('reading what a ring gave up', () => {
  const ring = { fileBytes: 2000, files: 3, fileSeconds: 0 };

  it('says that it was discarded', async () => {
    const w = writing(madeFolder(), ring);
    w.write(0, 200);
    const reader = await openSpool(w.folder, w.growth);
    expect(reader.firstKept).toBe(w.ring.firstKept);
    await expect(octets(reader.readFrom(0))).rejects.toMatchObject({ problem: { code: 'spool-discarded' } });
    await expect(octets(reader.readFrom(w.ring.firstKept - 4))).rejects.toMatchObject({
      problem: { code: 'spool-discarded' },
    });
    expect((await octets(reader.readFrom(w.ring.firstKept))).equals(Buffer.concat(keptFiles(w.folder)))).toBe(true);
    await w.end();
  });

  it('passes over it when asked to, and every later place stays what it was', async () => {
    const w = writing(madeFolder(), ring);
    w.write(0, 200);
    await w.end();
    const kept = readCapture(...keptFiles(w.folder));
    let given = 0;
    const reader = await openSpool(w.folder);
    const stream = await octets(reader.readFrom(0, { onDiscarded: (bytes) => (given += bytes) }));
    const read = readCapture(stream);
    expect(given).toBe(reader.firstKept);
    expect(stream.length).toBe(w.ring.writtenBytes);
    expect(read.damage).toBe(null);
    expect(read.packets.map(({ at, octets: hex }) => [at, hex])).toEqual(
      kept.packets.map(({ at, octets: hex }) => [at + given, hex]),
    );
  });

  it('keeps reading the file it is in, and passes over the ones it comes too late for', async () => {
    const w = writing(madeFolder(), ring);
    w.write(0, 5);
    const reader = await openSpool(w.folder, w.growth);
    const given: number[] = [];
    const stream = reader.readFrom(0, { follow: true, onDiscarded: (bytes) => given.push(bytes) });
    const first = await stream.next();
    const begin = Buffer.from(first.value ?? []);
    w.write(5, 200);
    await w.end();
    const rest = await octets(stream);
    const read = readCapture(begin, rest);
    expect(read.damage).toBe(null);
    expect(given).toHaveLength(1);
    expect(begin.length + rest.length).toBe(w.ring.writtenBytes);
    expect(read.packets.slice(0, 5).map(({ octets: hex }) => hex.slice(0, 2))).toEqual(['00', '01', '02', '03', '04']);
    expect(read.packets.at(-1)?.octets.slice(0, 2)).toBe('c7');
  });

  it('says it when somebody took a file away', async () => {
    const w = writing(madeFolder());
    w.write(0, 60);
    await w.end();
    const manifest = readManifest(w.folder);
    writeManifest(w.folder, {
      ...manifest,
      files: [...manifest.files.slice(0, -1), { ...manifest.files.at(-1)!, name: 'gone' }],
    });
    await expect(filled(await openSpool(w.folder), 0)).rejects.toMatchObject({
      problem: { code: 'spool-file-missing' },
    });
  });
});

describe('saving a spool as one file', () => {
  it('joins what is kept, while the capture runs and after', async () => {
    const w = writing(madeFolder());
    const target = join(madeFolder(), 'saved.pcapng');
    w.write(0, 70);
    expect(await saveSpool(w.folder, target)).toEqual({ bytes: w.ring.writtenBytes, files: w.ring.files });
    expect(contents(readCapture(readFileSync(target)))).toEqual(contents(readCapture(pcapng(packets(70)))));
    w.write(70, 90);
    await w.end();
    await saveSpool(w.folder, target);
    const saved = readCapture(readFileSync(target));
    expect(saved.damage).toBe(null);
    expect(contents(saved)).toEqual(contents(readCapture(pcapng(packets(90)))));
  });

  it('leaves out a packet of which only a part is there', async () => {
    const w = writing(madeFolder());
    w.write(0, 3);
    const target = join(madeFolder(), 'saved.pcapng');
    const last = join(w.folder, readManifest(w.folder).files.at(-1)!.name);
    writeFileSync(last, packetBlock(packets(1)[0]!).subarray(0, 50), { flag: 'a' });
    await saveSpool(w.folder, target);
    expect(readCapture(readFileSync(target))).toMatchObject({ damage: null, packets: { length: 3 } });
  });

  it('refuses what cannot be, touches nothing of that name, and leaves no half file', async () => {
    const w = writing(madeFolder());
    w.write(0, 3);
    await w.end();
    const elsewhere = madeFolder();
    mkdirSync(join(elsewhere, 'folder', 'inner'), { recursive: true });
    const code = (target: string): Promise<unknown> =>
      saveSpool(w.folder, target).then(
        () => 'saved',
        (error: { problem?: { code: string } }) => error.problem?.code,
      );
    expect(await code(join(elsewhere, 'missing', 'x.pcapng'))).toBe('folder-missing');
    expect(await code(join(elsewhere, 'folder'))).toBe('is-folder');
    expect(await code(join(w.folder, readManifest(w.folder).files[0]!.name))).toBe('save-onto-spool');
    expect(readdirSync(elsewhere)).toEqual(['folder']);
    await expect(saveSpool(elsewhere, join(elsewhere, 'x'))).rejects.toMatchObject({
      problem: { code: 'spool-missing' },
    });
  });
});

describe('a capture whose process was killed', { timeout: 60_000 }, () => {
  it('loses nothing that was flushed: it is found, read to the last whole packet, saved and removed', async () => {
    const parent = madeFolder();
    const folder = join(parent, 'one');
    const program = fileURLToPath(new URL('writing-process.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', program, folder, '200000', '4'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    while ((readManifest(folder).files[0]?.start ?? 0) === 0) await new Promise(setImmediate);
    expect(findLeftCaptures(parent)).toEqual([]);
    expect(() => removeLeftCapture(folder)).toThrow('running');
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;

    const sizes = keptFiles(folder).reduce((sum, file) => sum + file.length, 0);
    expect(findLeftCaptures(parent)).toEqual([
      { folder, interfaceName: 'eth0', startedMs: 1_700_000_000_000, bytes: sizes, ended: false },
    ]);
    const reader = await openSpool(folder);
    const read = readCapture(await octets(reader.readFrom(reader.firstKept)));
    expect(read.damage).toBe(null);
    // Three full files at least, of 139 packets each.
    expect(read.packets.length).toBeGreaterThan(3 * 138);
    const target = join(parent, 'saved.pcapng');
    await saveSpool(folder, target);
    expect(readCapture(readFileSync(target))).toMatchObject({ damage: null, packets: { length: read.packets.length } });
    // As when it is killed between making a file and listing it.
    writeFileSync(join(folder, 'packets-99999.pcapng'), pcapngHeaders());
    removeLeftCapture(folder);
    expect(existsSync(folder)).toBe(false);
  });

  it('is known by when its process began: one that slept is still ours, one from before us or the system is gone', async () => {
    const parent = madeFolder();
    const w = writing(join(parent, 'one'));
    w.write(0, 3);
    const manifest = readManifest(w.folder);
    const begun = manifest.processStartedMs;
    const HOUR_MS = 3_600_000;
    const BOOT_MS = Math.floor(Date.now() - uptime() * 1000);
    const isFound = (pid: number, processStartedMs: number): boolean => {
      writeManifest(w.folder, { ...manifest, pid, processStartedMs });
      return findLeftCaptures(parent).length === 1;
    };
    expect([
      isFound(process.pid, begun),
      isFound(process.pid, begun + HOUR_MS),
      isFound(process.pid, begun - HOUR_MS),
      isFound(process.ppid, begun - 60_000),
      isFound(process.ppid, BOOT_MS - HOUR_MS),
    ]).toEqual([false, false, true, false, true]);
    await w.end();
  });

  it('leaves files that the user named where they are', async () => {
    const parent = madeFolder();
    const named = madeFolder();
    const ring = new RingWriter(
      ringOptions(join(parent, 'one'), { ring: BIG_RING, names: outputNames(join(named, 'mail.pcapng'), false) }),
    );
    new BlockCutter(ring).push(pcapng(packets(3)));
    await ring.close(null);
    removeLeftCapture(join(parent, 'one'));
    expect([readdirSync(parent), readdirSync(named)]).toEqual([[], ['mail.pcapng']]);
  });

  it.each([
    ['a moment that is no date', { startedMs: 8.64e15 + 1 }],
    ['a problem without words', { problem: {} }],
    ['a list without files', { files: {} }],
  ])('is passed over when its manifest holds %s', async (_what, wrong) => {
    const parent = madeFolder();
    const w = writing(join(parent, 'one'));
    w.write(0, 3);
    await w.end();
    writeManifest(w.folder, { ...readManifest(w.folder), ...(wrong as object) });
    expect(() => readManifest(w.folder)).toThrow('damaged');
    expect(findLeftCaptures(parent)).toEqual([]);
  });

  it('is not removed together with what else lies in its folder, and no manifest leads out of it', async () => {
    const parent = madeFolder();
    const w = writing(join(parent, 'one'));
    w.write(0, 3);
    await w.end();
    writeFileSync(join(w.folder, 'notes.txt'), 'mine');
    writeFileSync(join(parent, 'precious.pcapng'), 'mine too');
    const manifest = readManifest(w.folder);
    const files = [{ ...manifest.files[0]!, name: '../precious.pcapng' }];
    writeManifest(w.folder, { ...manifest, files });
    expect(() => removeLeftCapture(w.folder)).toThrow('damaged');
    writeManifest(w.folder, manifest);
    removeLeftCapture(w.folder);
    expect([readdirSync(w.folder), readdirSync(parent).sort()]).toEqual([['notes.txt'], ['one', 'precious.pcapng']]);
  });
});
