/**
 * What ends or breaks a live capture in the real window: a killed process, an
 * interface that goes, a full disk, a ring too small, closing, a killed app. It
 * is said plainly, nothing captured is lost, and one can go on.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { launchApp } from './launch.js';
import {
  appThatCaptures,
  captureProcess,
  chip,
  interfaceRow,
  processOf,
  sessionRows,
  startOn,
  temporaryFolder,
} from './live-steps.js';
import { attack, sendMessage, startMailServer } from './mail-conversation.js';
import { status, terminalRow } from './steps.js';

const alert = (page: Page, text: RegExp) => page.getByRole('alert').filter({ hasText: text });

test('a session whose packets the ring gave up says so; what was found in it stays', async (context) => {
  const settings = JSON.stringify({ ringFileMebibytes: 1, ringFiles: 2 });
  const app = await appThatCaptures(context, { userFiles: { 'settings.json': settings } });
  const { page } = app;
  const server = await startMailServer();
  await startOn(page, 'lo');
  await attack(server);
  await expect.poll(() => sessionRows(page).count(), { timeout: 20_000 }).toBe(1);
  for (let i = 0; i < 4; i++) await sendMessage(server, 1_000_000);
  await status(page)
    .getByText(/given up/)
    .waitFor();
  await sessionRows(page).first().click();
  await alert(page, /have been discarded/).waitFor();
  await page.getByRole('article').getByText('CRAM-MD5 response long enough to overflow').waitFor();
  await app.screenshot('live-discarded-dark');
});

test('a disk that is full ends the capture with its reason, and what was seen stays', async (context) => {
  const app = await appThatCaptures(context, { colorScheme: 'light', size: { width: 1024, height: 640 } });
  const { page } = app;
  const folder = join(await app.electron.evaluate((electron) => electron.app.getPath('userData')), 'captures');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    context.skip('no small disk can be mounted here');
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  const server = await startMailServer();
  await startOn(page, 'lo');
  await attack(server);
  await expect.poll(() => sessionRows(page).count(), { timeout: 20_000 }).toBe(1);
  await sendMessage(server, 1_000_000);
  const strip = alert(page, /There is no room left/);
  await strip.waitFor();
  await strip.getByRole('button', { name: 'Start again' }).waitFor();
  expect(await sessionRows(page).count()).toBeGreaterThan(0);
  await app.screenshot('live-disk-full-light-smallest');
});

test('a capture process that is killed is reported; the sessions stay, and starting again works', async (context) => {
  const app = await appThatCaptures(context);
  const { page } = app;
  const server = await startMailServer();
  await startOn(page, 'lo');
  await attack(server);
  await expect.poll(() => sessionRows(page).count(), { timeout: 20_000 }).toBe(1);
  const killed = await captureProcess(app);
  process.kill(killed, 'SIGKILL');
  const strip = alert(page, /was killed from outside by SIGKILL/);
  await strip.waitFor();
  await chip(page).getByText('Ended', { exact: true }).waitFor();
  expect(await sessionRows(page).count()).toBe(1);
  await app.screenshot('live-killed-dark');
  await strip.getByRole('button', { name: 'Start again' }).click();
  await chip(page).getByText('Live', { exact: true }).waitFor();
  await page.getByText('Waiting for mail').waitFor();
  expect(await captureProcess(app)).not.toBe(killed);
  await attack(server);
  await expect.poll(() => sessionRows(page).count(), { timeout: 20_000 }).toBe(1);
  await page.keyboard.press('Control+e');
  await chip(page).getByText('Stopped', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Close capture' }).click();
  const left = page.getByRole('region', { name: 'Captures that were not saved' });
  await expect.poll(() => left.getByRole('button', { name: 'Reopen' }).count()).toBe(2);
  await app.screenshot('live-left-dark');
  await left.getByRole('button', { name: 'Reopen' }).first().click();
  await expect.poll(() => sessionRows(page).count()).toBe(1);
  await page.getByRole('button', { name: 'Close capture' }).click();
  await left.getByRole('button', { name: 'Remove' }).first().click();
  await expect.poll(() => left.getByRole('button', { name: 'Remove' }).count()).toBe(1);
});

test('an interface that is pulled out ends the capture with its reason', async (context) => {
  const app = await appThatCaptures(context, { colorScheme: 'light' });
  const { page } = app;
  const remove = (): void => void execFileSync('ip', ['link', 'del', 'msveth0'], { stdio: 'ignore' });
  try {
    execFileSync('ip', ['link', 'add', 'msveth0', 'type', 'veth', 'peer', 'name', 'msveth1'], { stdio: 'ignore' });
  } catch {
    context.skip('no interface can be made here');
  }
  onTestFinished(() => {
    try {
      remove();
    } catch {
      // The test took it away itself.
    }
  });
  for (const name of ['msveth0', 'msveth1']) execFileSync('ip', ['link', 'set', name, 'up']);
  await interfaceRow(page, 'msveth0').waitFor();
  await startOn(page, 'msveth0');
  remove();
  await alert(page, /msveth0 (has gone away|is down)/).waitFor({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Start again' }).waitFor();
  await app.screenshot('live-unplugged-light');
});

test('closing the window while a capture runs asks, then stops it in order', async (context) => {
  const app = await appThatCaptures(context);
  const { page } = app;
  await startOn(page, 'lo');
  const capturing = await captureProcess(app);
  const closeWindow = (): Promise<void> =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await closeWindow();
  const asking = page.getByRole('dialog', { name: 'Stop the capture on lo?' });
  await asking.waitFor();
  await app.screenshot('live-leave-dark');
  await asking.getByRole('button', { name: 'Keep capturing' }).click();
  await asking.waitFor({ state: 'detached' });
  expect(processOf(capturing).comm).not.toBe('');
  await closeWindow();
  const gone = new Promise((resolve) => app.electron.process().once('exit', resolve));
  await asking.getByRole('button', { name: 'Stop and quit' }).click();
  await gone;
  await expect.poll(() => processOf(capturing).state).toMatch(/^Z?$/);
});

test('an app that is killed leaves no capture process behind, and offers the capture at its next start', async (context) => {
  const userFolder = temporaryFolder();
  const app = await appThatCaptures(context, { userFolder });
  const server = await startMailServer();
  await startOn(app.page, 'lo');
  await attack(server);
  await expect.poll(() => sessionRows(app.page).count(), { timeout: 20_000 }).toBe(1);
  const capturing = await captureProcess(app);
  const main = app.electron.process();
  const gone = new Promise((resolve) => main.once('exit', resolve));
  main.kill('SIGKILL');
  await gone;
  await expect.poll(() => processOf(capturing).state, { timeout: 10_000 }).toMatch(/^Z?$/);

  const { page } = await launchApp({ userFolder });
  const left = page.getByRole('region', { name: 'Captures that were not saved' });
  await left.getByText(/^A capture of lo from .* was not ended, /).waitFor();
  await left.getByRole('button', { name: 'Reopen' }).click();
  await sessionRows(page).first().getByText('Critical').waitFor();
  await sessionRows(page).first().dblclick();
  await terminalRow(page, /\*\*.*response, 1,600 bytes/);
});
