/**
 * A capture of some 44,000 sessions in the real window: it shows its first
 * sessions soon, stays responsive while it loads, stops when told to, and sorts,
 * searches and scrolls without waiting. The bounds are several times what a
 * slow machine needs; `npm run bench:app` measures the real figures.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  cancelUntilIdle,
  framesSeen,
  openUntilRows,
  preparePage,
  scrollUntilRows,
  searchUntilRows,
  sortUntilRows,
  watchFrames,
} from '../../bench/app-page.js';
import { writeCaptureFile } from '../../bench/capture-writer.js';
import { generate } from '../../bench/generate.js';
import { launchApp } from './launch.js';
import { status } from './steps.js';

const CAPTURE_BYTES = 100e6;
const OPEN_MS = 5000;
const FRAME_MS = 800;
const ANSWER_MS = 1500;

function largeCapture(): { readonly path: string; readonly sessions: number } {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-large-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'large.pcap');
  const { sessions } = writeCaptureFile(path, (output) =>
    generate({ load: 'commands', size: CAPTURE_BYTES, seed: 1 }, output),
  );
  return { path, sessions };
}

/** A time that was measured, and is neither none nor above the bound. */
function expectWithin(milliseconds: number, bound: number): void {
  expect.soft(milliseconds).toBeGreaterThanOrEqual(0);
  expect.soft(milliseconds).toBeLessThan(bound);
}

test('a large capture shows its first sessions soon, and loading it stops when told to', async () => {
  const { path } = largeCapture();
  const { page } = await launchApp();
  await preparePage(page);
  expectWithin(await openUntilRows(page, path), OPEN_MS);
  expectWithin(await cancelUntilIdle(page), ANSWER_MS);
  await status(page).getByText('cancelled, part of the file was read').waitFor();
});

test('a large capture leaves the window responsive, and is sorted, searched and scrolled at once', async () => {
  const { path, sessions } = largeCapture();
  const app = await launchApp();
  const { page } = app;
  await preparePage(page);
  await watchFrames(page);
  expectWithin(await openUntilRows(page, path), OPEN_MS);
  await page.locator('footer[data-phase="done"]').waitFor({ timeout: 60_000 });
  expectWithin((await framesSeen(page)).longestFrameMs, FRAME_MS);
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(sessions + 1));
  for (const column of ['Bytes', 'Client', 'Last reply']) expectWithin(await sortUntilRows(page, column), ANSWER_MS);
  for (const text of ['10.64.3.', 'no-such-word', '']) expectWithin(await searchUntilRows(page, text), ANSWER_MS);
  for (const row of [sessions - 1000, 77, sessions / 2]) {
    expectWithin(await scrollUntilRows(page, Math.floor(row)), ANSWER_MS);
  }
  await app.screenshot('large-capture-dark');
});
