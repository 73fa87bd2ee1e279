/**
 * The whole way in the real window: a capture is opened, its findings lead to
 * the highlighted line of the transcript, secrets stay masked until somebody
 * asks. What the terminal shows is read from its buffer.
 */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from './launch.js';
import { openViolation, sampleOpened, status, terminalRow, terminalText } from './steps.js';

const SAMPLES = join(ROOT, 'assets', 'samples');

test('a violation leads to its line in the transcript, which is marked and highlighted', async () => {
  const app = await sampleOpened();
  await app.screenshot('sessions-dark');
  await openViolation(app.page, 'Unknown or unallowed command');
  expect(await terminalRow(app.page, /\*\*.*WIZ/)).toMatch(/15/);
  const marks = app.page.getByRole('group', { name: 'Transcript' }).locator('[data-severity="low"], [data-tint="low"]');
  await expect.poll(() => marks.count()).toBeGreaterThan(0);
  await app.screenshot('violation-in-transcript-dark');
  expect(app.output.filter((line) => /uncaught|page: error|Content Security Policy/.test(line))).toEqual([]);
});

test('the line that was jumped to is in view with its gutter mark, also when the window shrinks', async () => {
  const app = await sampleOpened({ size: { width: 1280, height: 800 } });
  await openViolation(app.page, 'smtp-max-recipients');
  await terminalRow(app.page, /\*\*.*RCPT TO/);
  await expect.poll(() => markOfActiveLine(app.page)).toBe('medium');
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1024, 640));
  await expect.poll(() => app.page.evaluate(() => window.innerHeight)).toBe(640);
  await expect.poll(() => markOfActiveLine(app.page)).toBe('medium');
});

/** Severity of the gutter mark on the active line; empty when there is none or the line is out of view. */
function markOfActiveLine(page: Page): Promise<string> {
  return page.getByRole('group', { name: 'Transcript' }).evaluate((transcript) => {
    const frame = transcript.getBoundingClientRect();
    const shown = [...transcript.querySelectorAll<HTMLElement>('.xterm-decoration')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.height > 0 && box.top >= frame.top && box.bottom <= frame.bottom;
    });
    const active = shown.find((element) => element.className.includes('active'))?.getBoundingClientRect();
    const marks = shown.filter((element) => element.querySelector('i') !== null);
    return marks.find((mark) => mark.getBoundingClientRect().top === active?.top)?.dataset['severity'] ?? '';
  });
}

test('the first session answers to the keyboard alone', async () => {
  const { page } = await sampleOpened();
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.closest('[aria-label]')?.getAttribute('aria-label') ?? null);
  await expect.poll(focused).toBe('Sessions');
  await page.getByRole('grid', { name: 'Sessions' }).locator('[aria-rowindex="2"]').waitFor();
  await page.keyboard.press('j');
  await terminalRow(page, /EHLO/);
  await page.keyboard.press('Enter');
  await expect.poll(focused).toMatch(/^Transcript/);
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe('Sessions');
});

test('another order begins at its first row, the worst', async () => {
  const { page } = await sampleOpened();
  const grid = page.getByRole('grid', { name: 'Sessions' });
  await grid.focus();
  await page.keyboard.press('End');
  await expect.poll(() => grid.locator('[aria-rowindex="2"]').count()).toBe(0);
  await page.getByRole('columnheader', { name: 'Worst' }).getByRole('button').click();
  await expect.poll(() => grid.locator('[aria-rowindex="2"]').getByText('Critical').isVisible()).toBe(true);
});

test('a password is masked until it is revealed, and masked again for the next session', async () => {
  const app = await sampleOpened();
  await openViolation(app.page, 'pop3-weak-password low', 2);
  const masked = await terminalRow(app.page, /PASS /);
  const length = Number(/PASS .*?(\d+) bytes/.exec(masked)?.[1]);
  await app.page.getByRole('button', { name: 'Reveal' }).click();
  const revealed = await terminalRow(app.page, new RegExp(`PASS \\S{${length}}\\s*$`));
  const password = /PASS (\S+)/.exec(revealed)?.[1] ?? '';
  await app.screenshot('revealed-dark');
  await app.page.getByRole('button', { name: 'Mask' }).click();
  await terminalRow(app.page, /PASS .*\d bytes/);
  expect(password).toHaveLength(length);
  expect((await terminalText(app.page)).join('\n')).not.toContain(`PASS ${password}`);
});

test('no control octet of the capture reaches the terminal', async () => {
  const app = await sampleOpened();
  await openViolation(app.page, 'smtp-binary-in-command high');
  await terminalRow(app.page, /MAIL FROM/);
  const codes = (await terminalText(app.page)).flatMap((row) =>
    Array.from(row, (character) => character.codePointAt(0) ?? 0),
  );
  expect(codes.filter((code) => code < 0x20 || (code >= 0x7f && code < 0xa0))).toEqual([]);
  await app.screenshot('binary-dark');
});

test('a second capture replaces the first, and rubbish says what it is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-captures-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const letter = join(folder, 'letter.txt');
  writeFileSync(letter, 'Dear reader, this is not a capture at all.\n');
  const second = join(folder, 'second.pcap');
  copyFileSync(join(SAMPLES, 'small.pcap'), second);
  const app = await sampleOpened();
  await app.page.evaluate((path) => window.mailscope?.invoke['capture:open']({ path }), second);
  await app.page.getByRole('group', { name: 'Open capture' }).getByText('second.pcap').waitFor();
  await status(app.page)
    .getByText(/\b3 sessions/)
    .waitFor();
  const refused = await app.page.evaluate((path) => window.mailscope?.invoke['capture:open']({ path }), letter);
  expect(refused).toMatchObject({
    ok: true,
    value: { phase: 'failed', problem: { message: expect.stringMatching(/./) } },
  });
  await app.page.getByRole('alert').first().waitFor();
  await app.screenshot('rubbish-dark');
  const recent = await app.page.evaluate(() => window.mailscope?.invoke['recent:list'](null));
  expect(recent).toMatchObject({ ok: true, value: [{ path: second, missing: false }] });
});

test('the page cannot go elsewhere, open windows, get permissions or load from the network', async () => {
  const app = await sampleOpened();
  const { page } = app;
  const before = page.url();
  expect(before).toBe('app://mailscope/index.html');
  const reach = await page.evaluate(async () => {
    location.href = 'https://example.org/';
    const opened = window.open('https://example.org/');
    const fetched = await fetch('https://example.org/').then(
      () => 'loaded',
      () => 'refused',
    );
    const script = document.createElement('script');
    script.textContent = 'document.title = "ran"';
    document.head.append(script);
    return {
      opened: opened !== null,
      fetched,
      title: document.title,
      notifications: await Notification.requestPermission(),
    };
  });
  expect(reach).toEqual({
    opened: false,
    fetched: 'refused',
    title: expect.stringContaining('Mailscope'),
    notifications: 'denied',
  });
  expect(page.url()).toBe(before);
  expect(app.electron.windows()).toHaveLength(1);
  const traversal = await page.evaluate(() =>
    fetch('app://mailscope/..%2f..%2fpackage.json').then(
      (answer) => answer.status,
      () => 0,
    ),
  );
  expect(traversal).not.toBe(200);
});

test('the window is usable at its smallest size, in the light theme', async () => {
  const app = await sampleOpened({ colorScheme: 'light' });
  await app.electron.evaluate(({ BrowserWindow, nativeTheme }) => {
    nativeTheme.themeSource = 'light';
    const window = BrowserWindow.getAllWindows()[0];
    window?.setSize(300, 300);
  });
  const [width, height] = await app.electron.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize() ?? [0, 0],
  );
  expect([width, height]).toEqual([1024, 640]);
  await openViolation(app.page, 'Unknown or unallowed command');
  await terminalRow(app.page, /\*\*.*WIZ/);
  await app.screenshot('smallest-light');
});
