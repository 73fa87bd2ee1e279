/** A live capture whose report cannot go on, with a stand-in for the capture program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { profilePolicy } from '../../engine/index.js';
import { captureLive } from '../../inspector/capture-live.js';
import { buildWorkers, removeWorkers, request, type BuiltWorkers } from './live-client.js';
import { playedCapture } from './played-capture.js';

const SAMPLE = join(import.meta.dirname, '..', '..', 'assets', 'samples', 'sample.pcapng');

let workers: BuiltWorkers;
beforeAll(async () => {
  workers = await buildWorkers();
}, 60_000);
afterAll(() => removeWorkers(workers));

it.skipIf(process.platform === 'win32')('ends its capture when its sessions cannot be taken any more', async () => {
  const played = playedCapture();
  played.play(readFileSync(SAMPLE));
  const phases: string[] = [];
  const { result } = captureLive(
    {
      policy: profilePolicy('modern'),
      request: request(join(played.folder, 'spool')),
      output: null,
      mailPorts: null,
      captureWorkerFile: workers.capture.file,
      capHelper: null,
      onProgress: ({ phase }) => void phases.push(phase),
    },
    {
      sessionOpened: () => {
        throw new Error('no room for the report');
      },
    },
  );
  await expect(result).rejects.toThrow('no room for the report');
  expect(phases.at(-1)).toBe('stopped');
});
