/**
 * What the app does: one window, one open capture, settings and recent files.
 * Answers the page's questions; everything about the capture itself is relayed
 * to the inspector.
 */
import { join } from 'node:path';
import { app, clipboard, nativeTheme, type BrowserWindow } from 'electron';
import { describeProtections } from '../engine/index.js';
import { InspectorClient } from '../inspector/index.js';
import { refuse } from '../inspector/problem.js';
import type { InspectionStatus } from '../shared/inspection.js';
import type { MenuCommand, Settings } from '../shared/ipc.js';
import type { LaunchRequest } from './arguments.js';
import { appInfo } from './app-info.js';
import { chooseFile, choosePlace } from './file-dialogs.js';
import { push, registerChannels, type Answers } from './ipc/register.js';
import { capHelper } from './live/helper-node.js';
import { InterfaceWatch } from './live/interface-watch.js';
import { liveAnswers } from './live/live-answers.js';
import { LiveCaptures } from './live/live-captures.js';
import { ViolationNotices } from './live/violation-notices.js';
import { setMenu } from './menu.js';
import { capHelperFile, captureWorkerFile, sampleCapture, workerFile } from './names.js';
import { PolicyAnswers } from './policy/policy-answers.js';
import { RecentFile } from './recent.js';
import { SettingsFile } from './settings.js';
import { openWindow, recolour } from './window.js';

const CAPTURE_TYPES = [
  { name: 'Captures', extensions: ['pcap', 'pcapng', 'cap', 'dmp', 'gz'] },
  { name: 'All files', extensions: ['*'] },
];
const SAVED_TYPES = [{ name: 'pcapng', extensions: ['pcapng'] }];
const POLICY_TYPES = [
  { name: 'Policies', extensions: ['json'] },
  { name: 'All files', extensions: ['*'] },
];

export class Application {
  readonly #settings = new SettingsFile(join(app.getPath('userData'), 'settings.json'));
  readonly #recent = new RecentFile(join(app.getPath('userData'), 'recent.json'));
  readonly #inspector: InspectorClient;
  readonly #policy: PolicyAnswers;
  readonly #live: LiveCaptures;
  readonly #watch = new InterfaceWatch((activity) => push(this.#window, 'interfaces:activity', activity));
  #window: BrowserWindow | null = null;
  /** The user has said that the window may close while a capture runs. */
  #mayClose = false;

  constructor() {
    this.#policy = new PolicyAnswers({
      folder: app.getPath('userData'),
      chooseFile: () => chooseFile(this.#window, { title: 'Import a policy', filters: POLICY_TYPES }),
      choosePlace: (defaultPath) =>
        choosePlace(this.#window, { title: 'Export the policy', defaultPath, filters: POLICY_TYPES }),
      onChange: (state) => push(this.#window, 'policy:changed', state),
    });
    const helper = capHelper(capHelperFile(), app.isPackaged);
    const notices = new ViolationNotices({
      from: () => this.#settings.get().notifyFrom,
      clicked: (violation) => {
        this.#comeForward();
        push(this.#window, 'violation:show', violation);
      },
    });
    this.#inspector = new InspectorClient({
      workerFile: workerFile(),
      captureWorkerFile: captureWorkerFile(),
      capHelper: helper,
      policy: this.#policy.choice,
      onStatus: (status) => push(this.#window, 'inspection:status', status),
      onFound: (violations) => notices.announce(violations),
    });
    this.#live = new LiveCaptures({
      inspector: this.#inspector,
      settings: () => this.#settings.get(),
      folder: join(app.getPath('userData'), 'captures'),
      helper,
      choosePlace: (defaultPath) =>
        choosePlace(this.#window, { title: 'Save the capture', defaultPath, filters: SAVED_TYPES }),
    });
    nativeTheme.themeSource = this.#settings.get().theme;
    registerChannels(this.#answers(), () => this.#window);
    this.#window = openWindow();
    this.#window.on('close', (event) => {
      if (this.#mayClose || !this.#live.isRunning || this.#window?.webContents.isCrashed() === true) return;
      event.preventDefault();
      push(this.#window, 'window:close-asked', null);
    });
    this.#window.on('closed', () => {
      this.#window = null;
      this.#watch.listen(false);
      void this.#live.leave().then(() => this.#inspector.close());
    });
    this.#showMenu();
    nativeTheme.on('updated', () => this.#themeChanged());
  }

  /** Does what a command line or the desktop asks, and shows the window. */
  serve(request: LaunchRequest): void {
    this.#comeForward();
    if (request.kind === 'nothing') return;
    const path = request.kind === 'sample' ? sampleCapture() : request.path;
    // A capture that runs is not ended without asking.
    if (this.#live.isRunning) push(this.#window, 'capture:open-asked', { path });
    else void this.#open(path);
  }

  #comeForward(): void {
    if (this.#window?.isMinimized() === true) this.#window.restore();
    this.#window?.focus();
  }

  #answers(): Answers {
    const inspector = this.#inspector;
    return {
      ...this.#captureAnswers(),
      ...this.#policy.answers(),
      ...liveAnswers({
        live: this.#live,
        watch: this.#watch,
        holdViews: (held) => inspector.holdViews(held),
        inspecting: (open) => this.#inspecting(open),
      }),
      'window:close': async () => {
        await this.#live.leave();
        this.#mayClose = true;
        this.#window?.close();
        return null;
      },
      'clipboard:write': async ({ text }) => {
        await clipboard.writeText(text);
        return null;
      },
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
      'capture:choose': () => chooseFile(this.#window, { title: 'Open a capture', filters: CAPTURE_TYPES }),
      'capture:open': ({ path }) => this.#open(path),
      'capture:open-sample': () => this.#open(sampleCapture()),
      'capture:cancel': async () => {
        await this.#inspector.cancel();
        return null;
      },
      'capture:close': async () => {
        await this.#live.leave();
        this.#inspector.close();
        this.#policy.captureOpened(false);
        return null;
      },
      'capture:reinspect': () => {
        const { phase, path } = this.#inspector.status;
        if (phase === 'live')
          throw refuse(
            'capture-running',
            'A capture that runs goes on with the policy that it began with.',
            'Stop it, then inspect it again.',
          );
        return phase === 'idle' || phase === 'failed' ? null : this.#inspecting(() => this.#inspector.open(path));
      },
      'capture:status': () => this.#inspector.status,
    };
  }

  async #open(path: string): Promise<InspectionStatus> {
    await this.#live.leave();
    const status = await this.#inspecting(() => this.#inspector.open(path));
    // The sample is always on the welcome screen and needs no place among the recent ones.
    if (status.phase !== 'failed' && status.path === path && path !== sampleCapture()) {
      this.#recent.add(path, status.sizeBytes, Date.now());
    }
    return status;
  }

  /** Opens something with the policy that holds now. */
  async #inspecting(open: () => Promise<InspectionStatus>): Promise<InspectionStatus> {
    this.#inspector.setPolicy(this.#policy.choice);
    this.#policy.captureOpened(true);
    const status = await open();
    if (status.phase === 'failed' && this.#inspector.status.path === status.path) this.#policy.captureOpened(false);
    return status;
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
