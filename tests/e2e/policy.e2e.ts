/**
 * The policy in the real window: a finding leads to its protection, the
 * protection is changed and applied, the open capture is judged again. Files
 * are chosen without the system's dialogs, which no test can press.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { launchApp, type LaunchedApp } from './launch.js';
import { openViolation, sampleOpened, status, terminalRow } from './steps.js';

const rail = (page: Page, name: RegExp): Locator =>
  page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name });
const row = (page: Page, id: string): Locator => page.locator(`[role="treeitem"][data-key="${id}"]`);
const inShort = (page: Page): Locator => page.getByRole('status', { name: 'Policy in short' });
const field = (page: Page, path: string): Locator => page.locator(`[data-policy-path="${path}"]`);
const LIMIT = 'protections.smtp-max-recipients.settings.limit';

async function openPolicy(page: Page, protection?: string): Promise<void> {
  await rail(page, /^Policy/).click();
  await page.getByRole('tree', { name: 'Protections' }).waitFor();
  if (protection !== undefined) await row(page, protection).click();
}

/** How many violations a search finds. */
async function violationsFound(page: Page, search: string): Promise<string> {
  await rail(page, /^Violations/).click();
  await page.getByLabel('Search violations').fill(search);
  await page.getByLabel('Search violations').press('Enter');
  const count = page.getByText(/^\d+ of \d+$/);
  await count.waitFor();
  return (await count.textContent()) ?? '';
}

/** Every open and save dialog of the app is answered with this path, or cancelled. */
async function answerDialogs(app: LaunchedApp, path: string | null): Promise<void> {
  await app.electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: chosen === null, filePaths: chosen === null ? [] : [chosen] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: chosen === null, filePath: chosen ?? '' });
  }, path);
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-policies-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a finding leads to its protection; switched off and re-inspected, the finding is gone', async () => {
  const app = await sampleOpened();
  const { page } = app;
  await openViolation(page, 'Unknown or unallowed command');
  await terminalRow(page, /\*\*.*WIZ/);
  await page.getByRole('button', { name: 'Policy: smtp-unknown-command' }).click();
  await expect.poll(() => row(page, 'smtp-unknown-command').getAttribute('aria-selected')).toBe('true');
  await page.getByRole('region', { name: 'Unknown SMTP command' }).getByText('Off', { exact: true }).click();
  await page.getByRole('button', { name: 'Apply' }).click();
  const notice = page.getByRole('status', { name: 'Policy of the open capture' });
  await expect.poll(() => notice.textContent()).toContain('sample.pcapng, was inspected with the Modern profile');
  expect(await violationsFound(page, 'Unknown or unallowed command')).toMatch(/^1 of/);
  await rail(page, /^Policy/).click();
  await app.screenshot('policy-reinspect-dark');
  await notice.getByRole('button', { name: 'Re-inspect' }).click();
  await notice.waitFor({ state: 'detached' });
  await status(page).getByText('Own policy').waitFor();
  await rail(page, /^Violations/).click();
  await page.getByText('No violation matches').waitFor();
  expect(app.output.filter((line) => /uncaught|page: error|Content Security Policy/.test(line))).toEqual([]);
});

test('another limit judges the same capture otherwise, and the violation says so', async () => {
  const { page } = await sampleOpened();
  await openPolicy(page, 'smtp-max-recipients');
  await field(page, LIMIT).fill('100000');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Re-inspect' }).click();
  await status(page).getByText('Own policy').waitFor();
  await rail(page, /^Violations/).click();
  await page.getByLabel('Search violations').fill('smtp-max-recipients');
  await page.getByText('No violation matches').waitFor();
  await openPolicy(page, 'smtp-max-recipients');
  await field(page, LIMIT).fill('50');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Re-inspect' }).click();
  await page.getByRole('button', { name: 'Re-inspect' }).waitFor({ state: 'detached' });
  await openViolation(page, 'smtp-max-recipients');
  await page.locator('article[data-current="true"]').getByText('50 recipients', { exact: true }).waitFor();
});

test('a profile is switched without losing own entries, and what is wrong is never applied', async () => {
  const app = await sampleOpened();
  const { page } = app;
  await openPolicy(page, 'smtp-max-recipients');
  const modern = await inShort(page).textContent();
  expect(modern).toMatch(/^active: \d+ of \d+, from the Modern profile$/);
  await field(page, LIMIT).fill('20');
  await page.getByRole('button', { name: /^Profile/ }).click();
  await page.getByRole('menuitemradio', { name: /^Mail Guard/ }).click();
  await expect.poll(() => inShort(page).textContent()).toMatch(/from Mail Guard, changed$/);
  expect(await field(page, LIMIT).inputValue()).toBe('20');
  await field(page, LIMIT).fill('0');
  await page.getByRole('tab', { name: /^Networks/ }).click();
  const link = page.getByRole('status', { name: 'Problem of the draft' }).getByRole('button', { name: LIMIT });
  await link.waitFor();
  expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
  await link.click();
  await expect.poll(() => field(page, LIMIT).evaluate((element) => element === document.activeElement)).toBe(true);
  await app.screenshot('policy-invalid-dark');
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await expect.poll(() => inShort(page).textContent()).toBe(modern);
});

test('a wrong line of the perimeter names line and column; the default list comes from the networks', async () => {
  const app = await launchApp({ colorScheme: 'light', size: { width: 1024, height: 640 } });
  const { page } = app;
  await openPolicy(page);
  await page.getByRole('tab', { name: /^Perimeter/ }).click();
  await page.getByRole('heading', { name: 'No list is used' }).waitFor();
  await page.getByRole('button', { name: 'Go to Networks' }).click();
  await page.keyboard.type('10.0.0.0/8');
  await field(page, 'networks.relays').fill('10.0.0.25');
  await page.getByRole('tab', { name: /^Perimeter/ }).click();
  await page.getByRole('button', { name: 'Insert the default list' }).click();
  const editor = page.getByLabel('Access list lines');
  expect((await editor.inputValue()).split('\n')[0]).toBe('permit tcp any host 10.0.0.25 eq 25');
  await editor.press('Control+End');
  await editor.pressSequentially('\npermit tcp any any eq 65536');
  const wrong = page.getByRole('region', { name: 'Wrong lines' });
  await wrong.getByRole('button', { name: 'Line 6, column 23' }).waitFor();
  expect(await wrong.getByRole('listitem').textContent()).toContain('Found "65536". Allowed: a port from 0 to 65535');
  expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
  await app.screenshot('policy-perimeter-light-smallest');
  for (let typed = 0; typed < 6; typed++) await editor.press('Backspace');
  await editor.pressSequentially(' 587');
  await page.getByRole('heading', { name: 'Your list is used' }).waitFor();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('not applied').waitFor({ state: 'detached' });
  await rail(page, /^Welcome/).click();
  await page.getByRole('button', { name: 'Open the sample capture' }).waitFor();
});

test('a policy goes out to a file and comes back as the same', async () => {
  const path = join(temporaryFolder(), 'site.json');
  const app = await launchApp();
  const { page } = app;
  await openPolicy(page, 'smtp-max-recipients');
  await field(page, LIMIT).fill('20');
  await answerDialogs(app, path);
  await page.getByRole('button', { name: 'Export' }).click();
  await expect.poll(() => inShort(page).textContent()).toMatch(/from site\.json$/);
  const document = {
    schema: 1,
    profile: 'modern',
    protections: { 'smtp-max-recipients': { settings: { limit: 20 } } },
  };
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(document);
  await page.getByRole('button', { name: 'Discard changes' }).click();
  expect(await field(page, LIMIT).inputValue()).toBe('100');
  await page.getByRole('button', { name: 'Import' }).click();
  await expect.poll(() => field(page, LIMIT).inputValue()).toBe('20');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('not applied').waitFor({ state: 'detached' });
  const held = await page.evaluate(() => window.mailscope?.invoke['policy:get'](null));
  expect(held).toMatchObject({
    ok: true,
    value: { document, path, isInForce: false, description: { name: 'site.json' } },
  });

  writeFileSync(path, '{ "schema": 1,\n  "networks": { "own": ["10.0.0.0/99"] } }\n');
  await page.getByRole('button', { name: 'Import' }).click();
  await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/networks\.own\[0\] \(line 2, column 25\)/);
  expect(await field(page, LIMIT).inputValue()).toBe('20');
  await app.screenshot('policy-refused-dark');
  await answerDialogs(app, null);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByRole('button', { name: 'Export' }).click();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('everything works by keyboard: find a protection, switch it off, apply, re-inspect', async () => {
  const { page } = await sampleOpened();
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      return element?.dataset['key'] ?? element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
  await page.keyboard.press('Control+3');
  await expect.poll(focused).toBe('smtp-bad-greeting');
  await page.keyboard.press('/');
  await page.keyboard.type('unknown smtp');
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toBe('smtp-unknown-command');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('radio');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.getByRole('radio', { name: 'Off' }).isChecked()).toBe(true);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Re-inspect' }).waitFor();
  for (let steps = 0; steps < 12 && (await focused()) !== 'Re-inspect'; steps++) await page.keyboard.press('Shift+Tab');
  expect(await focused()).toBe('Re-inspect');
  await page.keyboard.press('Enter');
  await status(page).getByText('Own policy').waitFor();
  await page.keyboard.press('Control+2');
  await page.getByRole('grid', { name: 'Violations' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('Unknown or unallowed command');
  await page.getByText('No violation matches').waitFor();
});

test('the policy of last time holds at the next start', async () => {
  const saved = { schema: 1, protections: { 'smtp-unknown-command': { action: 'off' } } };
  const { page } = await sampleOpened({ userFiles: { 'policy.json': JSON.stringify(saved) } });
  await status(page).getByText('Own policy').waitFor();
  await rail(page, /^Violations/).click();
  await page.getByLabel('Search violations').fill('Unknown or unallowed command');
  await page.getByText('No violation matches').waitFor();
  await openPolicy(page, 'smtp-unknown-command');
  expect(await page.getByRole('radio', { name: 'Off' }).isChecked()).toBe(true);
  expect(await page.getByRole('button', { name: 'Re-inspect' }).count()).toBe(0);
});

test('a saved policy that cannot be used is reported at the start, and the Modern profile holds', async () => {
  const app = await launchApp({ userFiles: { 'policy.json': '{ "schema": 1,\n  "profile": "stricter" }' } });
  const { page } = app;
  await page.getByText(/The saved policy cannot be used.*line 2, column 14/).waitFor();
  await app.screenshot('policy-unusable-dark');
  await openPolicy(page);
  await expect.poll(() => inShort(page).textContent()).toMatch(/from the Modern profile$/);
});
