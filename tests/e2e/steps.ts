/** Steps that the end-to-end tests share: the sample opened, a violation opened, the terminal read. */
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchApp, ROOT, type LaunchedApp, type LaunchOptions } from './launch.js';

const SAMPLE = join(ROOT, 'assets', 'samples', 'sample.pcapng');

/** Rows of the terminal's buffer, as text. */
export function terminalText(page: Page): Promise<readonly string[]> {
  return page.getByRole('group', { name: 'Transcript' }).evaluate((element) => {
    const read = (element as { __terminalText?: () => readonly string[] }).__terminalText;
    return read === undefined ? [] : read();
  });
}

/** Waits until the terminal's buffer has a row that matches; that row. */
export async function terminalRow(page: Page, pattern: RegExp): Promise<string> {
  let found: string | undefined;
  await expect
    .poll(async () => (found = (await terminalText(page)).find((row) => pattern.test(row))), { timeout: 20_000 })
    .toBeDefined();
  return found ?? '';
}

/** The status bar. */
export function status(page: Page): Locator {
  return page.getByRole('contentinfo', { name: 'Status' });
}

/** The app with the sample capture read to its end. */
export async function sampleOpened(options: Omit<LaunchOptions, 'capture'> = {}): Promise<LaunchedApp> {
  const app = await launchApp({ capture: SAMPLE, ...options });
  await status(app.page)
    .getByRole('button', { name: /^Show violations/ })
    .waitFor();
  return app;
}

/** Searches the violations until so many are left, and opens the first with a double click. */
export async function openViolation(page: Page, search: string, found = 1): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('button', { name: /^Violations/ })
    .click();
  await page.getByLabel('Search violations').fill(search);
  const rows = page.getByRole('grid', { name: 'Violations' }).locator('[role="row"][aria-selected]');
  await expect.poll(() => rows.count()).toBe(found);
  await rows.first().dblclick();
}
