/**
 * `npm run bench:app`: how quick the window is, in the real Electron: opening a
 * capture of 2 GB, cancelling it, and sorting, searching and scrolling half a
 * million sessions. Arguments: two captures of one's own in place of those.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import {
  cancelUntilIdle,
  framesSeen,
  openUntilRows,
  preparePage,
  scrollUntilRows,
  searchUntilRows,
  sortUntilRows,
  watchFrames,
  type Frames,
} from './app-page.js';
import { benchFile } from './files.js';
import { mailscopeVersions } from './mailscope.js';
import { publish } from './results.js';

const LARGE_BYTES = 2e9;
/** About half a million sessions. */
const MANY_BYTES = 1130e6;
/** While a capture loads, this long is watched before it is cancelled. */
const LOADING_MS = 1500;
const COLUMNS = ['Bytes', 'Client', 'User', 'Last reply', 'From', 'Worst', 'TLS', 'Time', 'To'] as const;
const SEARCHES = ['10.64.3.', 'imap', 'no-such-word', 'user bye'] as const;
const PLACES = [0.5, 0.93, 0.07, 0.31] as const;
const LOAD_TIMEOUT_MS = 600_000;

type Row = readonly [what: string, milliseconds: number, target: number];

interface Command {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function main(): Promise<void> {
  const command = process.env['MAILSCOPE_ELECTRON'];
  if (command === undefined) throw new Error('start this benchmark with `npm run bench:app`');
  const [large = benchFile('bulk', LARGE_BYTES).path, many = benchFile('commands', MANY_BYTES).path] =
    process.argv.slice(2);
  const userData = mkdtempSync(join(tmpdir(), 'mailscope-bench-app-'));
  const electron = await launch(JSON.parse(command) as Command, userData);
  try {
    const page = await electron.firstWindow();
    await page.waitForLoadState('load');
    await preparePage(page);
    const rows = [...(await measureLarge(page, large)), ...(await measureMany(page, electron, many))];
    publishRows(rows, process.argv.length === 2);
  } finally {
    await electron.close();
    rmSync(userData, { recursive: true, force: true });
  }
}

async function launch({ executable, args, env }: Command, userData: string): Promise<ElectronApplication> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !/^(NODE_OPTIONS|NODE_ENV)$/.test(entry[0]),
    ),
  );
  return _electron.launch({
    executablePath: executable,
    args: [...args, '--disable-gpu', `--user-data-dir=${userData}`],
    env: { ...inherited, ...env },
    timeout: 60_000,
  });
}

async function measureLarge(page: Page, path: string): Promise<Row[]> {
  await watchFrames(page);
  const rows = await openUntilRows(page, path);
  await page.waitForTimeout(LOADING_MS);
  const loading = await framesSeen(page);
  const cancel = await cancelUntilIdle(page);
  return [
    ['2 GB: open to first rows', rows, 1000],
    ...frameRows('2 GB, loading', loading),
    ['2 GB: cancel to idle', cancel, 200],
  ];
}

async function measureMany(page: Page, electron: ElectronApplication, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  await page.getByRole('button', { name: 'Close capture' }).click();
  await page.getByRole('grid').waitFor({ state: 'detached' });
  await watchFrames(page);
  rows.push(['500k: open to first rows', await openUntilRows(page, path), 1000]);
  await page.waitForTimeout(LOADING_MS);
  rows.push(['500k, loading: sort by Bytes', await sortUntilRows(page, 'Bytes'), 200]);
  await page.waitForTimeout(LOADING_MS);
  rows.push(['500k, loading: search', await searchUntilRows(page, '10.64.3.'), 200]);
  await searchUntilRows(page, '');
  const start = Date.now();
  await page.locator('footer[data-phase="done"]').waitFor({ timeout: LOAD_TIMEOUT_MS });
  process.stderr.write(`loaded after ${((Date.now() - start) / 1000).toFixed(1)} s more\n`);
  rows.push(...frameRows('500k, loading', await framesSeen(page)));
  const total = await page.evaluate(
    () => Number(document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount')) - 1,
  );
  process.stderr.write(`${total} sessions\n`);
  await watchFrames(page);
  for (const column of COLUMNS) rows.push([`sort by ${column}`, await sortUntilRows(page, column), 200]);
  for (const text of SEARCHES) {
    rows.push([`search "${text}"`, await searchUntilRows(page, text), 200]);
    rows.push([`search nothing again`, await searchUntilRows(page, ''), 200]);
  }
  for (const place of PLACES) {
    const index = Math.floor(total * place);
    rows.push([`scroll to row ${index}`, await scrollUntilRows(page, index), 200]);
  }
  rows.push(...frameRows('500k, loaded', await framesSeen(page)));
  const memory = await electron.evaluate(() => process.memoryUsage().rss);
  process.stderr.write(`main process: ${(memory / 1e6).toFixed(0)} MB resident\n`);
  return rows;
}

function frameRows(when: string, { longestFrameMs, longestTaskMs, frames }: Frames): Row[] {
  return [
    [`${when}: longest of ${frames} frames`, longestFrameMs, 100],
    [`${when}: longest task`, longestTaskMs, 100],
  ];
}

function publishRows(rows: readonly Row[], isKept: boolean): void {
  // What never came is no answer in time.
  const missed = rows.filter(([, milliseconds, target]) => milliseconds < 0 || milliseconds > target);
  const verdict = missed.length === 0 ? 'all met' : `MISSED: ${missed.map(([what]) => what).join(', ')}`;
  const section = {
    title: 'The window',
    about: 'The real window under a virtual display; milliseconds until the page shows what was asked for.',
    columns: ['what', 'ms', 'at most'],
    rows: rows.map(([what, milliseconds, target]) => [
      what,
      milliseconds < 0 ? 'no change' : milliseconds.toFixed(0),
      String(target),
    ]),
    findings: [`targets: ${verdict}`],
  };
  publish(section, mailscopeVersions(), isKept);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
