/**
 * The real app, built, in a real Electron: launched for one test, closed with
 * it. `npm run test:e2e` says in `MAILSCOPE_ELECTRON` which Electron and how;
 * without it these tests do not run at all, rather than pass.
 *
 * Every app gets a user folder of its own, so that no recent file or setting
 * of one test reaches another, or the user's own.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

export const ROOT = join(__dirname, '..', '..');

/** Screenshots, to be looked at: kept after the run, overwritten by the next. */
export const SCREENSHOTS = join(ROOT, 'test-results', 'screenshots');

/** What `scripts/electron/command.mjs` found. */
export interface ElectronCommand {
  readonly executable: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly isStandIn: boolean;
}

export interface LaunchedApp {
  readonly electron: ElectronApplication;
  /** The first window's page, loaded. */
  readonly page: Page;
  /** What the main process and the page wrote to their consoles so far, line by line. */
  readonly output: readonly string[];
  /** Saves `test-results/screenshots/NAME.png`; its path. */
  screenshot(name: string): Promise<string>;
}

export interface LaunchOptions {
  /** The capture named on the command line; without it the app opens on its welcome screen. */
  readonly capture?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** Files that lie in the app's user folder before it starts, by their name. */
  readonly userFiles?: Readonly<Record<string, string>>;
  /** The app's user folder, for a test that starts the app twice; without it a new one, removed afterwards. */
  readonly userFolder?: string;
  /** Size of the window's content in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** Launches the app for the running test; it is closed when the test ends, with a screenshot when it failed. */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const command = electronCommand();
  const userData = options.userFolder ?? mkdtempSync(join(tmpdir(), 'mailscope-e2e-'));
  for (const [name, content] of Object.entries(options.userFiles ?? {})) writeFileSync(join(userData, name), content);
  const output: string[] = [];
  const electron = await _electron.launch({
    executablePath: command.executable,
    args: [...command.args, '--disable-gpu', `--user-data-dir=${userData}`, ...captureArgument(options)],
    env: { ...environment(), ...command.env },
    colorScheme: options.colorScheme ?? 'dark',
    timeout: 60_000,
  });
  electron.process().stderr?.on('data', (chunk: Buffer) => output.push(...chunk.toString().split('\n')));
  electron.on('console', (message) => output.push(`main: ${message.text()}`));
  const page = await electron.firstWindow();
  page.on('console', (message) => output.push(`page: ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => output.push(`page: uncaught: ${error.message}`));
  await page.waitForLoadState('load');
  if (options.size !== undefined) await resize(electron, options.size);
  const app = { electron, page, output, screenshot: (name: string) => screenshot(page, name) };
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await reportFailure(app, task.name);
    await electron.close();
    if (options.userFolder === undefined) rmSync(userData, { recursive: true, force: true });
  });
  return app;
}

function captureArgument(options: LaunchOptions): readonly string[] {
  return options.capture === undefined ? [] : [options.capture];
}

/** The Electron to test with; an error outside of `npm run test:e2e`. */
export function electronCommand(): ElectronCommand {
  const found = process.env['MAILSCOPE_ELECTRON'];
  if (found === undefined) throw new Error('start the end-to-end tests with `npm run test:e2e`');
  return JSON.parse(found) as ElectronCommand;
}

/** This process' environment without vitest's own switches, which Electron's Node would take for its own. */
export function environment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !/^(NODE_OPTIONS|NODE_ENV|VITEST.*|ELECTRON_RUN_AS_NODE)$/.test(name)) env[name] = value;
  }
  return env;
}

async function reportFailure(app: LaunchedApp, testName: string): Promise<void> {
  const path = await app.screenshot(`failed-${testName.replace(/[^a-z0-9]+/gi, '-')}`);
  process.stderr.write(`${app.output.join('\n')}\nscreenshot: ${path}\n`);
}

async function resize(electron: ElectronApplication, size: { width: number; height: number }): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, size);
}

async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const path = join(SCREENSHOTS, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
