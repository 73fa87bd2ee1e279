/** Writing a capture to a ring of files: what the files are, alone and together. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockCutter } from '../../capture/spool/block-cutter.js';
import { readManifest } from '../../capture/spool/manifest.js';
import { interfaceStatistics } from '../../capture/spool/pcapng-blocks.js';
import { outputNames } from '../../capture/spool/ring-names.js';
import { RingWriter } from '../../capture/spool/ring-writer.js';
import {
  contents,
  cut,
  packets,
  packetBlock,
  pcapng,
  pcapngHeaders,
  readCapture,
  ringOptions,
  somePackets,
} from './made-capture.js';
import { keptFiles, madeFolder } from './spool-folders.js';

describe('a ring of files', () => {
  it('holds, joined, every packet; each file is a capture of its own; the same at every chunk size', async () => {
    const folder = madeFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        somePackets,
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 100, max: 2000 }),
        async (made, sizes, fileBytes) => {
          const written: Buffer[][] = [];
          for (const pieces of [sizes, [1_000_000]]) {
            const own = join(folder, String(++run));
            const ring = new RingWriter(ringOptions(own, { ring: { fileBytes, files: 0, fileSeconds: 0 } }));
            const cutter = new BlockCutter(ring);
            for (const piece of cut(pcapng(made), pieces)) {
              cutter.push(piece);
              ring.flush();
            }
            expect(await ring.close(null)).toBe(null);
            written.push(keptFiles(own));
          }
          const [files = [], others = []] = written;
          expect(files.map((file) => file.toString('hex'))).toEqual(others.map((file) => file.toString('hex')));
          const joined = readCapture(Buffer.concat(files));
          expect(joined.damage).toBe(null);
          expect(contents(joined)).toEqual(contents(readCapture(pcapng(made))));
          for (const file of files) {
            const alone = readCapture(file);
            expect(alone.damage).toBe(null);
            expect(file.length <= fileBytes || alone.packets.length <= 1).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('gives up the oldest file, says so, and lists places that never change', async () => {
    const folder = madeFolder();
    const ring = new RingWriter(ringOptions(folder));
    const cutter = new BlockCutter(ring);
    cutter.push(pcapng(packets(100)));
    ring.flush();
    expect(await ring.close(null)).toBe(null);
    const manifest = readManifest(folder);
    expect(manifest).toMatchObject({
      state: 'closed',
      interfaceName: 'eth0',
      engine: 'dumpcap',
      filter: 'port 25',
      pid: process.pid,
      problem: null,
      discardedFiles: ring.discarded,
    });
    expect(manifest.files).toHaveLength(3);
    expect(ring.discarded).toBeGreaterThan(3);
    expect([ring.firstKept, ring.writtenBytes]).toEqual([
      manifest.files[0]?.start,
      manifest.files.reduce((end, { start, length }) => (start >= end ? start + length : end), 0),
    ]);
    expect(readdirSync(folder).sort()).toEqual(['capture.json', ...manifest.files.map(({ name }) => name)]);
    const last = readCapture(...keptFiles(folder)).packets.at(-1);
    expect(last?.octets).toBe(Buffer.alloc(100, 99).toString('hex'));
    expect(ring.packets).toBe(100);
  });

  it('begins a new file when the time of one is over, but never an empty one', async () => {
    const folder = madeFolder();
    let nowMs = 0;
    const ring = new RingWriter(
      ringOptions(folder, { ring: { fileBytes: 0, files: 0, fileSeconds: 60 }, now: () => nowMs }),
    );
    const cutter = new BlockCutter(ring);
    cutter.push(pcapngHeaders());
    nowMs = 100_000;
    ring.tick();
    expect(ring.files).toBe(1);
    for (const packet of packets(3)) {
      cutter.push(packetBlock(packet));
      ring.flush();
      nowMs += 61_000;
      ring.tick();
    }
    await ring.close(null);
    expect(keptFiles(folder).map((file) => readCapture(file).packets.length)).toEqual([1, 1, 1, 0]);
  });

  it('states drops file by file, so that together they are what the capture process counted', async () => {
    const folder = madeFolder();
    let dropped = 0;
    const ring = new RingWriter(
      ringOptions(folder, {
        ring: { fileBytes: 500, files: 0, fileSeconds: 0 },
        counts: () => ({ received: 100, dropped }),
      }),
    );
    const cutter = new BlockCutter(ring);
    cutter.push(pcapngHeaders());
    for (const packet of packets(20)) {
      dropped += 7;
      cutter.push(packetBlock(packet));
    }
    // What the driver of the process knows in the end goes before what the process wrote.
    cutter.push(interfaceStatistics({ received: 300, dropped: 300 }, 1, true));
    dropped = 150;
    await ring.close(null);
    expect(keptFiles(folder).length).toBeGreaterThan(3);
    expect(readCapture(...keptFiles(folder)).dropped).toBe(150);
  });

  it('keeps the statistics of the capture process as they are when there is one file', async () => {
    const folder = madeFolder();
    const ring = new RingWriter(ringOptions(folder, { ring: { fileBytes: 0, files: 0, fileSeconds: 0 } }));
    const capture = Buffer.concat([
      pcapng(packets(2)),
      interfaceStatistics({ received: 5, dropped: 3 }, 1_700_000_000_000_000, true),
    ]);
    new BlockCutter(ring).push(capture);
    await ring.close(null);
    expect(keptFiles(folder)).toEqual([capture]);
  });

  it('goes on with another section of the capture process in a file of its own', async () => {
    const folder = madeFolder();
    const ring = new RingWriter(ringOptions(folder, { ring: { fileBytes: 0, files: 0, fileSeconds: 0 } }));
    const capture = Buffer.concat([pcapng(packets(2)), pcapng(packets(3))]);
    new BlockCutter(ring).push(capture);
    await ring.close(null);
    expect(keptFiles(folder).map((file) => readCapture(file).packets.length)).toEqual([2, 3]);
    expect(Buffer.concat(keptFiles(folder)).equals(capture)).toBe(true);
  });

  it('names files after the one that the user named, as dumpcap does', async () => {
    const folder = madeFolder();
    const names = outputNames(join(folder, 'mail.pcapng'), true);
    const ring = new RingWriter(ringOptions(join(folder, 'list'), { names }));
    new BlockCutter(ring).push(pcapng(packets(30)));
    await ring.close(null);
    const found = readdirSync(folder).filter((name) => name !== 'list');
    expect(found).toHaveLength(3);
    expect(found.every((name) => /^mail_\d{5}_20\d{12}\.pcapng$/.test(name))).toBe(true);
    expect(readManifest(join(folder, 'list')).filesFolder).toBe(folder);
  });

  it('writes over the one file that the user named, and over nothing in a spool', async () => {
    const folder = madeFolder();
    const once = async (options: Parameters<typeof ringOptions>[1]): Promise<unknown> => {
      const ring = new RingWriter(ringOptions(join(folder, 'spool'), options));
      try {
        new BlockCutter(ring).push(pcapng(packets(2)));
        return await ring.close(null);
      } catch (error) {
        await ring.close(null);
        return error;
      }
    };
    const ring = { fileBytes: 0, files: 0, fileSeconds: 0 };
    const names = outputNames(join(folder, 'mail.pcapng'), false);
    expect([await once({ ring, names }), await once({ ring, names })]).toEqual([null, null]);
    expect(readCapture(readFileSync(join(folder, 'mail.pcapng'))).packets).toHaveLength(2);
    expect(await once({})).toBe(null);
    expect(await once({})).toMatchObject({ problem: { code: 'file-exists' } });
  });
});
