/**
 * What the app does: one window, one open capture, settings and recent files.
 * Answers the page's questions; everything about the capture itself is relayed
 * to the inspector.
 */
import { join } from 'node:path';
import { app, dialog, nativeTheme, type BrowserWindow } from 'electron';
import { describeProtections } from '../engine/index.js';
import { InspectorClient } from '../inspector/index.js';
import type { InspectionStatus } from '../shared/inspection.js';
import type { MenuCommand, Settings } from '../shared/ipc.js';
import type { LaunchRequest } from './arguments.js';
import { appInfo } from './app-info.js';
import { push, registerChannels, type Answers } from './ipc/register.js';
import { setMenu } from './menu.js';
import { sampleCapture, workerFile } from './names.js';
import { RecentFile } from './recent.js';
import { SettingsFile } from './settings.js';
import { openWindow, recolour } from './window.js';

const CAPTURE_TYPES = [
  { name: 'Captures', extensions: ['pcap', 'pcapng', 'cap', 'dmp', 'gz'] },
  { name: 'All files', extensions: ['*'] },
];

export class Application {
  readonly #settings = new SettingsFile(join(app.getPath('userData'), 'settings.json'));
  readonly #recent = new RecentFile(join(app.getPath('userData'), 'recent.json'));
  readonly #inspector: InspectorClient;
  #window: BrowserWindow | null;

  constructor() {
    this.#inspector = new InspectorClient({
      workerFile: workerFile(),
      policy: { profile: 'modern' },
      onStatus: (status) => push(this.#window, 'inspection:status', status),
    });
    nativeTheme.themeSource = this.#settings.get().theme;
    registerChannels(this.#answers(), () => this.#window);
    this.#window = openWindow();
    this.#window.on('closed', () => {
      this.#window = null;
      this.#inspector.close();
    });
    this.#showMenu();
    nativeTheme.on('updated', () => this.#themeChanged());
  }

  /** Does what a command line or the desktop asks, and shows the window. */
  serve(request: LaunchRequest): void {
    if (this.#window?.isMinimized() === true) this.#window.restore();
    this.#window?.focus();
    if (request.kind === 'sample') void this.#open(sampleCapture());
    if (request.kind === 'file') void this.#open(request.path);
  }

  #answers(): Answers {
    const inspector = this.#inspector;
    return {
      ...this.#captureAnswers(),
      'app:info': appInfo,
      'settings:get': () => this.#settings.get(),
      'settings:set': (change) => this.#changeSettings(change),
      'recent:list': () => this.#recent.list(),
      'recent:clear': () => {
        this.#recent.clear();
        return null;
      },
      'view:open': (spec) => inspector.openView(spec),
      'view:change': ({ viewId, spec }) => inspector.changeView(viewId, spec),
      'view:rows': ({ viewId, from, count }) => inspector.rows(viewId, from, count),
      'view:index-of': ({ viewId, id }) => inspector.indexOf(viewId, id),
      'view:close': async ({ viewId }) => {
        await inspector.closeView(viewId);
        return null;
      },
      'session:transcript': (input) => inspector.askSession('session:transcript', input),
      'session:facts': (input) => inspector.askSession('session:facts', input),
      'session:findings': (input) => inspector.askSession('session:findings', input),
      'session:hex': (input) => inspector.askSession('session:hex', input),
      'protections:list': () => describeProtections(),
    };
  }

  #captureAnswers(): Pick<Answers, Extract<keyof Answers, `capture:${string}`>> {
    return {
      'capture:choose': () => this.#choose(),
      'capture:open': ({ path }) => this.#open(path),
      'capture:open-sample': () => this.#open(sampleCapture()),
      'capture:cancel': async () => {
        await this.#inspector.cancel();
        return null;
      },
      'capture:close': () => {
        this.#inspector.close();
        return null;
      },
      'capture:status': () => this.#inspector.status,
    };
  }

  async #open(path: string): Promise<InspectionStatus> {
    const status = await this.#inspector.open(path);
    // The sample is always on the welcome screen and needs no place among the recent ones.
    if (status.phase !== 'failed' && status.path === path && path !== sampleCapture()) {
      this.#recent.add(path, status.sizeBytes, Date.now());
    }
    return status;
  }

  async #choose(): Promise<string | null> {
    const options = { title: 'Open a capture', properties: ['openFile' as const], filters: CAPTURE_TYPES };
    const window = this.#window;
    const { canceled, filePaths } = await (window === null
      ? dialog.showOpenDialog(options)
      : dialog.showOpenDialog(window, options));
    return canceled ? null : (filePaths[0] ?? null);
  }

  #changeSettings(change: Partial<Settings>): Settings {
    const settings = this.#settings.set(change);
    if (nativeTheme.themeSource !== settings.theme) {
      nativeTheme.themeSource = settings.theme;
      this.#showMenu();
    }
    return settings;
  }

  #showMenu(): void {
    const command = (name: MenuCommand): void => push(this.#window, 'menu:command', name);
    setMenu({ command, setTheme: (theme) => void this.#changeSettings({ theme }) }, this.#settings.get().theme);
  }

  #themeChanged(): void {
    if (this.#window === null) return;
    recolour(this.#window);
    push(this.#window, 'theme:changed', { dark: nativeTheme.shouldUseDarkColors });
  }
}
