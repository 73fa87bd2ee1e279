/** The app comes up at all: a window with its title, walled off as it should be. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { electronCommand, environment, launchApp } from './launch.js';

test('starting without a capture opens one window that is called Mailscope', async () => {
  const app = await launchApp();
  await app.screenshot('welcome-dark');

  expect(app.electron.windows()).toHaveLength(1);
  expect(await app.page.title()).toContain('Mailscope');
});

test('the page has neither Node nor Electron at hand', async () => {
  const app = await launchApp();

  const reach = await app.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
  );

  expect(reach).toEqual([]);
});

test('an app on a stand-in Electron says so on stderr', async ({ skip }) => {
  const command = electronCommand();
  if (!command.isStandIn) skip('this is the official Electron');
  const userData = mkdtempSync(join(tmpdir(), 'mailscope-e2e-'));
  const app = spawn(command.executable, [...command.args, '--disable-gpu', `--user-data-dir=${userData}`], {
    env: { ...environment(), ...command.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    if (app.exitCode === null && app.kill()) await once(app, 'exit');
    rmSync(userData, { recursive: true, force: true });
  });

  const lines = createInterface(app.stderr);
  for await (const line of lines) if (line.includes('stand-in Electron 25')) return;
  expect.unreachable('the app ended without saying it');
});
