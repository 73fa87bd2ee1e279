/** Steps of the tests with live captures: permission, start, the capture process, what was announced. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, onTestFinished, type TestContext } from 'vitest';
import { launchApp, type LaunchedApp, type LaunchOptions } from './launch.js';

export interface Announced {
  readonly title: string;
  readonly body: string;
}

/** The app on its welcome screen; the test is skipped where `lo` may not be captured on. */
export async function appThatCaptures({ skip }: TestContext, options: LaunchOptions = {}): Promise<LaunchedApp> {
  const app = await launchApp(options);
  const { page } = app;
  // A window with a capture that runs asks before it closes; registered later, this runs before it is closed.
  onTestFinished(() => stopQuietly(app));
  const lo = interfaceRow(page, 'lo');
  await lo.waitFor();
  if ((await lo.getAttribute('data-allowed')) !== 'true') skip('capturing on lo is not permitted here');
  return app;
}

async function stopQuietly({ page }: LaunchedApp): Promise<void> {
  if (page.isClosed()) return;
  await page.evaluate(() => window.mailscope?.invoke['live:stop'](null)).catch(() => undefined);
}

export function interfaceRow(page: Page, name: string): Locator {
  return page.getByRole('listbox', { name: 'Interfaces' }).getByRole('option', { name: new RegExp(`^${name} `) });
}

/** Starts with a double click and waits until packets can come. */
export async function startOn(page: Page, name: string): Promise<void> {
  await interfaceRow(page, name).dblclick();
  await chip(page).getByText('Live', { exact: true }).waitFor();
}

/** What stands in the toolbar for a live capture. */
export function chip(page: Page): Locator {
  return page.getByRole('group', { name: 'Live capture' });
}

export function sessionRows(page: Page): Locator {
  return page.getByRole('grid', { name: 'Sessions' }).locator('[role="row"][aria-selected]');
}

/** Process id of the program that captures for this app. */
export async function captureProcess(app: LaunchedApp): Promise<number> {
  let found: readonly number[] = [];
  const parent = app.electron.process().pid ?? -1;
  await expect.poll(() => (found = captureChildren(parent)).length).toBe(1);
  return found[0] as number;
}

/** Children of a process that are capture programs. */
export function captureChildren(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const { comm, ppid } = processOf(pid);
      return ppid === parent && /^(dumpcap|tcpdump|node|cap-helper)$/.test(comm);
    });
}

/** Name and parent of a process; empty when it is gone. */
export function processOf(pid: number): { readonly comm: string; readonly ppid: number; readonly state: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, comm = '', state = '', ppid = '0'] = /^\d+ \((.*)\) (\S) (\d+)/.exec(stat) ?? [];
    return { comm, state, ppid: Number(ppid) };
  } catch {
    return { comm: '', state: '', ppid: 0 };
  }
}

/** From now on notifications are kept instead of shown: no test can read those of the desktop. */
export async function keepNotifications({ electron }: LaunchedApp): Promise<void> {
  await electron.evaluate(({ Notification }) => {
    const kept: Electron.Notification[] = [];
    Object.assign(globalThis, { keptNotifications: kept });
    Notification.isSupported = () => true;
    Notification.prototype.show = function show(this: Electron.Notification) {
      kept.push(this);
    };
  });
}

export function announced({ electron }: LaunchedApp): Promise<readonly Announced[]> {
  return electron.evaluate(() => {
    const { keptNotifications } = globalThis as unknown as { keptNotifications: Electron.Notification[] };
    return keptNotifications.map(({ title, body }) => ({ title, body }));
  });
}

/** Clicks on the first one. */
export async function clickNotification({ electron }: LaunchedApp): Promise<void> {
  await electron.evaluate(() => {
    const { keptNotifications } = globalThis as unknown as { keptNotifications: Electron.Notification[] };
    keptNotifications[0]?.emit('click');
  });
}

/** Every save dialog of the app is answered with this path, or cancelled. */
export async function answerSaving({ electron }: LaunchedApp, path: string | null): Promise<void> {
  await electron.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: chosen === null, filePath: chosen ?? '' });
  }, path);
}

/** A folder for the running test, removed afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-live-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
