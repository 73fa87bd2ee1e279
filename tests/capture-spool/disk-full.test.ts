/** A disk that is full: a file system of a few pages, made by the test. Needs root; skipped elsewhere. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { BlockCutter } from '../../capture/spool/block-cutter.js';
import { openSpool } from '../../capture/spool/reader.js';
import { readManifest } from '../../capture/spool/manifest.js';
import { RingWriter } from '../../capture/spool/ring-writer.js';
import { saveSpool } from '../../capture/spool/save-spool.js';
import { packetBlock, packets, pcapngHeaders, readCapture, ringOptions } from './made-capture.js';
import { madeFolder } from './spool-folders.js';

const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

function smallDisk(kibibytes: number): string | null {
  const folder = madeFolder();
  if (!mount('-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder)) return null;
  onTestFinished(() => void spawnSync('umount', [folder]));
  return folder;
}

/** KiB of the disk, octets of a file: it is full in the middle of a file, or just when one begins. */
const CASES = [256, 64, 48].flatMap((disk) => [0, 100_000, 20_000, 8192, 3000].map((file) => [disk, file] as const));

it.skipIf(!mayMount).each(CASES)(
  'a full disk (%i KiB, files of %i) ends the capture with a clear problem, and all whole packets can be read (needs root)',
  async (kibibytes, fileBytes) => {
    const disk = smallDisk(kibibytes);
    if (disk === null) {
      console.warn('a full disk is not tested: mounting is not permitted here');
      return;
    }
    const folder = join(disk, 'capture');
    const ring = new RingWriter(ringOptions(folder, { ring: { fileBytes, files: 0, fileSeconds: 0 } }));
    const cutter = new BlockCutter(ring);
    const block = packetBlock(packets(1, 1000)[0]!);
    cutter.push(pcapngHeaders());
    let problem: unknown = null;
    let given = 0;
    while (problem === null && given < 1000) {
      try {
        cutter.push(block);
        given++;
        ring.flush();
      } catch (error) {
        problem = (error as { problem: unknown }).problem;
      }
    }
    expect(problem).toMatchObject({ code: 'disk-full', message: expect.stringContaining('no room') });
    expect(await ring.close(problem as never)).toBe(problem);
    expect(readManifest(folder)).toMatchObject({ state: 'closed', problem: { code: 'disk-full' } });

    const pieces: Buffer[] = [];
    for await (const piece of (await openSpool(folder)).readFrom(0)) pieces.push(Buffer.from(piece));
    const read = readCapture(...pieces);
    expect(read.damage).toBe(null);
    expect(read.packets).toHaveLength(ring.packets);
    expect(ring.packets).toBeGreaterThan(10);
    expect(given - ring.packets).toBeLessThanOrEqual(2);

    const target = join(madeFolder(), 'saved.pcapng');
    await saveSpool(folder, target);
    expect(readCapture(readFileSync(target)).packets).toHaveLength(ring.packets);
    await expect(saveSpool(folder, join(disk, 'saved.pcapng'))).rejects.toMatchObject({
      problem: { code: 'disk-full', hint: expect.stringMatching(/^Nothing was saved/) as string },
    });
  },
);
