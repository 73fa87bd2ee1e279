/** A spool as an input: what the ring gave up before it was read is passed over, counted and told. */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BlockCutter } from '../../capture/spool/block-cutter.js';
import { SpoolGrowth } from '../../capture/spool/growth.js';
import { readManifest } from '../../capture/spool/manifest.js';
import { RingWriter } from '../../capture/spool/ring-writer.js';
import { profilePolicy } from '../../engine/index.js';
import { inspectFile, newPipeline, runInspection } from '../../inspector/inspect-file.js';
import { SpoolInput } from '../../inspector/source/spool-input.js';
import { readCapture, ringOptions } from '../capture-spool/made-capture.js';
import { keptFiles, madeFolder } from '../capture-spool/spool-folders.js';

const SAMPLE = join(import.meta.dirname, '..', '..', 'assets', 'samples', 'sample.pcapng');
const policy = profilePolicy('modern');

async function wrapped(folder: string): Promise<SpoolGrowth> {
  const ring = new RingWriter(ringOptions(folder, { ring: { fileBytes: 50_000, files: 2, fileSeconds: 0 } }));
  new BlockCutter(ring).push(readFileSync(SAMPLE));
  expect(await ring.close(null)).toBe(null);
  const growth = new SpoolGrowth();
  growth.update(ring.writtenBytes, true);
  return growth;
}

it('an inspection that comes too late inspects what is left, at its right place, and says what it missed', async () => {
  const folder = madeFolder();
  const growth = await wrapped(folder);
  const input = new SpoolInput(folder, growth, 'eth0');
  const stretches: number[] = [];
  const pipeline = newPipeline({ policy }, { sessionClosed: ({ stretch }) => stretches.push(stretch.firstByte) });
  const { problem, totals } = await runInspection(input, pipeline, {});
  const [first] = readManifest(folder).files;
  expect(problem).toMatchObject({ code: 'spool-outrun', message: expect.stringContaining(`${first?.start} bytes`) });
  expect(totals.packets).toBe(readCapture(...keptFiles(folder)).packets.length);
  expect([input.readBytes, totals.bytes]).toEqual([growth.writtenBytes, growth.writtenBytes]);
  expect(Math.min(...stretches)).toBeGreaterThan(first?.start ?? 0);
});

it('opened when the capture is over, what was given up long ago is no problem of this reading', async () => {
  const folder = madeFolder();
  await wrapped(folder);
  const { problem, totals } = await inspectFile(folder, { policy }, {});
  expect([problem, totals.packets]).toEqual([null, readCapture(...keptFiles(folder)).packets.length]);
});
