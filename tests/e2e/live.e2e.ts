/**
 * Live capture in the real window, with real traffic on loopback: started by a
 * double click, an attack is seen, announced, saved; sessions grow, the display
 * pauses. Skipped where capturing is not permitted.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  announced,
  answerSaving,
  appThatCaptures,
  chip,
  clickNotification,
  interfaceRow,
  keepNotifications,
  sessionRows,
  startOn,
  temporaryFolder,
} from './live-steps.js';
import { attack, MailClient, startMailServer } from './mail-conversation.js';
import { status, terminalRow } from './steps.js';

test('an attack on loopback is seen as it happens, announced, and saved', async (context) => {
  const app = await appThatCaptures(context);
  const { page } = app;
  await keepNotifications(app);
  const server = await startMailServer();
  await app.screenshot('live-welcome-dark');
  await startOn(page, 'lo');
  await page.getByText('Waiting for mail').waitFor();
  await attack(server);
  const rows = sessionRows(page);
  await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(1);
  await rows.first().getByText('Critical').waitFor();
  await rows.first().dblclick();
  expect(await terminalRow(page, /\*\*.*response, 1,600 bytes/)).toContain('->');
  const marks = page.getByRole('group', { name: 'Transcript' }).locator('[data-severity="critical"]');
  await expect.poll(() => marks.count()).toBeGreaterThan(0);
  await app.screenshot('live-running-dark');

  await expect
    .poll(() => announced(app))
    .toContainEqual({
      title: 'Critical: CRAM-MD5 response long enough to overflow',
      body: expect.stringMatching(/: 127\.0\.\d+\.\d+ to 127\.0\.43\.25, port 2525$/),
    });
  const before = (await announced(app)).length;
  await attack(server);
  await expect.poll(() => rows.count()).toBe(2);
  expect(await announced(app)).toHaveLength(before);

  await page.keyboard.press('Control+e');
  await chip(page).getByText('Stopped', { exact: true }).waitFor();
  const path = join(temporaryFolder(), 'saved.pcapng');
  await answerSaving(app, path);
  await page.keyboard.press('Control+s');
  await page.getByRole('status', { name: 'Saved capture' }).getByText(path).waitFor();
  const saved = readFileSync(path);
  expect(saved.readUInt32BE(0)).toBe(0x0a0d0d0a);
  expect(saved.includes('gw7.partner.example')).toBe(true);
  await page.getByRole('button', { name: 'Close capture' }).click();
  await page.getByRole('button', { name: 'Open the sample capture' }).waitFor();
  expect(await page.getByRole('region', { name: 'Captures that were not saved' }).count()).toBe(0);
  expect(app.output.filter((line) => /uncaught|page: error|Content Security Policy/.test(line))).toEqual([]);
});

test('a click on the notification leads to the violation', async (context) => {
  const app = await appThatCaptures(context);
  const { page } = app;
  await keepNotifications(app);
  const server = await startMailServer();
  await startOn(page, 'lo');
  await attack(server);
  await expect.poll(() => announced(app), { timeout: 20_000 }).not.toEqual([]);
  await page.keyboard.press('Control+2');
  await page.getByRole('grid', { name: 'Violations' }).waitFor();
  await clickNotification(app);
  await page.locator('article[data-current="true"]').getByText('CRAM-MD5 response long enough to overflow').waitFor();
  await terminalRow(page, /\*\*.*response, 1,600 bytes/);
});

test('a session grows while it is looked at, and its transcript stays at the end until one scrolls up', async (context) => {
  const app = await appThatCaptures(context);
  const { page } = app;
  const server = await startMailServer();
  await startOn(page, 'lo');
  const client = await MailClient.connect(server);
  await client.say('EHLO gw7.partner.example');
  await sessionRows(page).first().click();
  await terminalRow(page, /EHLO gw7/);
  for (let i = 0; i < 40; i++) await client.say(`NOOP ${i}`);
  await terminalRow(page, /NOOP 39/);
  await expect.poll(() => visibleText(page)).toContain('NOOP 39');
  const transcript = page.getByRole('group', { name: 'Transcript' });
  await transcript.hover();
  await page.mouse.wheel(0, -2000);
  await page.getByRole('button', { name: 'Jump to end' }).waitFor();
  await client.say('NOOP unseen');
  await terminalRow(page, /NOOP unseen/);
  expect(await visibleText(page)).not.toContain('NOOP unseen');
  await page.getByRole('button', { name: 'Jump to end' }).click();
  await expect.poll(() => visibleText(page)).toContain('NOOP unseen');
  await client.quit();
  await terminalRow(page, /221 2\.0\.0 bye/);
});

/** What stands in the rows of the terminal that are in view. */
async function visibleText(page: Page): Promise<string> {
  return (
    (await page.getByRole('group', { name: 'Transcript' }).locator('.xterm-rows').textContent())?.replace(
      /\u00a0/g,
      ' ',
    ) ?? ''
  );
}

test('the table of sessions stays at its end until one scrolls up, and again at the end', async (context) => {
  const app = await appThatCaptures(context, { size: { width: 1024, height: 640 } });
  const { page } = app;
  const server = await startMailServer();
  await startOn(page, 'lo');
  const sendSessions = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await (await MailClient.connect(server)).quit();
  };
  const rowOf = (session: number) =>
    page.getByRole('grid', { name: 'Sessions' }).locator(`[aria-rowindex="${session + 1}"]`);
  await sendSessions(30);
  await expect.poll(() => rowOf(30).isVisible(), { timeout: 20_000 }).toBe(true);
  await rowOf(30).hover();
  await page.mouse.wheel(0, -5000);
  await expect.poll(() => rowOf(1).isVisible()).toBe(true);
  await sendSessions(5);
  await status(page).getByText('35 sessions').waitFor();
  expect([await rowOf(1).isVisible(), await rowOf(35).count()]).toEqual([true, 0]);
  await page.mouse.wheel(0, 50_000);
  await expect.poll(() => rowOf(35).isVisible()).toBe(true);
  await sendSessions(5);
  await expect.poll(() => rowOf(40).isVisible()).toBe(true);
  await app.screenshot('live-many-dark-smallest');
});

test('the display pauses while the capture goes on', async (context) => {
  const app = await appThatCaptures(context);
  const { page } = app;
  const server = await startMailServer();
  await startOn(page, 'lo');
  await attack(server);
  await expect.poll(() => sessionRows(page).count(), { timeout: 20_000 }).toBe(1);
  await page.getByRole('button', { name: /^Pause the display/ }).click();
  for (let i = 0; i < 3; i++) await attack(server);
  const paused = page.getByRole('status', { name: 'Paused display' });
  await paused.getByText('3 new sessions').waitFor();
  await app.screenshot('live-paused-dark');
  expect(await sessionRows(page).count()).toBe(1);
  await paused.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => sessionRows(page).count()).toBe(4);
});

for (const engine of ['cap', 'tcpdump'] as const) {
  test(`capturing with ${engine} shows the same, and says which engine it is`, async (context) => {
    const app = await appThatCaptures(context);
    const { page } = app;
    const listed = await page.evaluate(() => window.mailscope?.invoke['interfaces:list'](null));
    const lo = listed?.ok === true ? listed.value.find(({ name }) => name === 'lo') : undefined;
    const permission = lo?.permissions.find((each) => each.engine === engine);
    if (permission?.allowed !== true) context.skip(`${engine}: ${permission?.reason ?? 'not known'}`);
    const server = await startMailServer();
    await interfaceRow(page, 'lo').click();
    await page.getByRole('button', { name: 'Start options' }).click();
    await page.getByRole('radio', { name: engine, exact: true }).press('Space');
    await page.getByText(`captures with ${engine}`).waitFor();
    await page.getByRole('button', { name: 'Start on lo' }).click();
    await chip(page).getByText('Live', { exact: true }).waitFor();
    await attack(server);
    await expect.poll(() => sessionRows(page).count(), { timeout: 20_000 }).toBe(1);
    await sessionRows(page).first().getByText('Critical').waitFor();
    await status(page).getByText(engine, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await chip(page).getByText('Stopped', { exact: true }).waitFor();
    const dropped = status(page).getByText(/^dropped/);
    expect(await dropped.textContent()).toBe(engine === 'cap' ? 'dropped not known' : 'dropped 0');
  });
}

test('a wrong filter is told in the words of the capture library before it is started', async (context) => {
  const app = await appThatCaptures(context, { colorScheme: 'light', size: { width: 1024, height: 640 } });
  const { page } = app;
  await interfaceRow(page, 'lo').click();
  await page.getByRole('button', { name: 'Start options' }).click();
  const filter = page.getByLabel('Filter', { exact: true });
  await expect.poll(() => filter.inputValue()).toMatch(/tcp port 25/);
  await filter.fill('tcp porrt 25');
  await page.getByText(/syntax error/).waitFor();
  expect(await filter.getAttribute('aria-invalid')).toBe('true');
  await app.screenshot('live-options-light-smallest');
  await filter.fill('tcp port 2525');
  await expect.poll(() => filter.getAttribute('aria-invalid')).toBe('false');
  await page.getByRole('button', { name: 'Start on lo' }).click();
  await chip(page).getByText('Live', { exact: true }).waitFor();
  await status(page).getByText('not known').waitFor();
  await app.screenshot('live-empty-light-smallest');
});
