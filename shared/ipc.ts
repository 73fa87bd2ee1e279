/**
 * Every channel between the main process and the renderer, once, with its input
 * and output. `electron/ipc` validates the inputs; the preload makes one
 * function of each. Errors cross as data, in `Answer`.
 */
import type { CaptureEngineChoice, CaptureInterface, InterfaceActivity, LeftCapture } from './capture.js';
import type { InspectionStatus, Problem, ViewRows, ViewSpec, ViewState } from './inspection.js';
import type { ImportedPolicy, PolicyCheck, PolicyDocument, PolicyState } from './policy.js';
import type { ProtectionDescription } from './protection.js';
import type { Fact, TranscriptPage } from './transcript.js';
import type { Violation } from './violation.js';
import type { DirectionName } from './violation.js';

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export type ThemeChoice = 'system' | 'light' | 'dark';
/** From which severity on a violation of a live capture is announced on the desktop. */
export const NOTIFY_CHOICES = ['off', 'high', 'critical'] as const;
export type NotifyChoice = (typeof NOTIFY_CHOICES)[number];

/** Least and greatest value of each setting that is a number. */
export const SETTING_RANGES = {
  ringFileMebibytes: { least: 1, greatest: 4096 },
  ringFiles: { least: 2, greatest: 1024 },
} as const;

export interface Settings {
  readonly theme: ThemeChoice;
  /** Column ids of the Sessions table, in order; empty for the default. */
  readonly sessionColumns: readonly string[];
  readonly sessionColumnWidths: Readonly<Record<string, number>>;
  /** Sizes of split panels by their name, in percent. */
  readonly panels: Readonly<Record<string, readonly number[]>>;
  /** Of the next live capture: its engine, and the ring of files that it is written to. */
  readonly captureEngine: CaptureEngineChoice;
  readonly ringFileMebibytes: number;
  readonly ringFiles: number;
  readonly notifyFrom: NotifyChoice;
}

/** What to capture on; what is absent comes from the settings, the filter from the mail ports. */
export interface LiveStart {
  readonly interfaceName: string;
  readonly engine?: CaptureEngineChoice;
  /** BPF as libpcap reads it; empty for everything. */
  readonly filter?: string;
  readonly promiscuous?: boolean;
}
export interface RecentCapture {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly openedAtMs: number;
  readonly missing: boolean;
}
export interface AppInfo {
  readonly version: string;
  readonly electron: string;
  readonly chromium: string;
  readonly node: string;
  readonly platform: string;
  /** True when the window runs on the stand-in Electron of development machines. */
  readonly standInElectron: boolean;
}
export interface HexPage {
  readonly direction: DirectionName;
  readonly offset: number;
  /** Octets as numbers 0..255; -1 for a missing octet; -2 for a masked one. */
  readonly octets: readonly number[];
  readonly streamLength: number;
}

/** Renderer asks, main answers. Name, input, output. */
export interface InvokeChannels {
  'interfaces:list': { input: null; output: readonly CaptureInterface[] };
  /** Begins or ends the pushes of `interfaces:activity`. */
  'interfaces:listen': { input: { readonly listening: boolean }; output: null };
  /** Captures in place of what is open; resolves once packets can come, or the capture failed. */
  'live:start': { input: LiveStart; output: InspectionStatus };
  /** Ends the live capture; what was captured stays open. */
  'live:stop': { input: null; output: null };
  /** Holds the views as they are, or lets them go; the capture goes on. */
  'live:pause': { input: { readonly paused: boolean }; output: null };
  /** Asks where to, and writes what the ring holds there; the path, or null when the user cancels. */
  'live:save': { input: null; output: string | null };
  /** The filter that is used when none is given. */
  'live:default-filter': { input: { readonly interfaceName: string }; output: string };
  /** Null when the filter is good, else the error text of the engine's own library. */
  'live:check-filter': { input: { readonly interfaceName: string; readonly filter: string }; output: string | null };
  /** Captures that were never saved, newest first. */
  'live:left': { input: null; output: readonly LeftCapture[] };
  /** Opens one of them in place of what is open. */
  'live:reopen': { input: { readonly folder: string }; output: InspectionStatus };
  /** Deletes one of them; what is left then. */
  'live:remove': { input: { readonly folder: string }; output: readonly LeftCapture[] };
  /** Ends the live capture, then closes the window: the answer to `window:close-asked`. */
  'window:close': { input: null; output: null };
  'clipboard:write': { input: { readonly text: string }; output: null };
  'app:info': { input: null; output: AppInfo };
  'settings:get': { input: null; output: Settings };
  'settings:set': { input: Partial<Settings>; output: Settings };
  'recent:list': { input: null; output: readonly RecentCapture[] };
  'recent:clear': { input: null; output: null };
  /** Shows the system's file dialog; null when the user cancels. */
  'capture:choose': { input: null; output: string | null };
  /** Opens a capture; replaces what is open. */
  'capture:open': { input: { readonly path: string }; output: InspectionStatus };
  'capture:open-sample': { input: null; output: InspectionStatus };
  'capture:cancel': { input: null; output: null };
  'capture:close': { input: null; output: null };
  /** Opens the open capture again, with the policy in force; null when none is open. */
  'capture:reinspect': { input: null; output: InspectionStatus | null };
  'capture:status': { input: null; output: InspectionStatus };
  'view:open': { input: ViewSpec; output: ViewState };
  'view:change': { input: { readonly viewId: number; readonly spec: ViewSpec }; output: ViewState };
  'view:rows': { input: { readonly viewId: number; readonly from: number; readonly count: number }; output: ViewRows };
  /** Index of a row in the view as sorted now, or -1. */
  'view:index-of': { input: { readonly viewId: number; readonly id: number }; output: number };
  'view:close': { input: { readonly viewId: number }; output: null };
  'session:transcript': {
    input: {
      readonly sessionId: number;
      readonly reveal: boolean;
      readonly expand: readonly number[];
      readonly from: number;
      readonly count: number;
    };
    output: TranscriptPage;
  };
  'session:facts': { input: { readonly sessionId: number; readonly reveal: boolean }; output: readonly Fact[] };
  'session:findings': { input: { readonly sessionId: number }; output: readonly Violation[] };
  'session:hex': {
    input: {
      readonly sessionId: number;
      readonly direction: DirectionName;
      readonly offset: number;
      readonly count: number;
      readonly reveal: boolean;
    };
    output: HexPage;
  };
  'protections:list': { input: null; output: readonly ProtectionDescription[] };
  'policy:get': { input: null; output: PolicyState };
  /** Judges a document without applying it. */
  'policy:check': { input: { readonly document: PolicyDocument }; output: PolicyCheck };
  /** Applies and saves a whole document, or nothing of it. `path`: the file that holds exactly this document. */
  'policy:apply': { input: { readonly document: PolicyDocument; readonly path: string | null }; output: PolicyState };
  /** Asks for a policy file and reads it; applies nothing. Null when the user cancels. */
  'policy:import': { input: null; output: ImportedPolicy | null };
  /** Asks where to, and writes a valid document there; the path, or null when the user cancels. */
  'policy:export': { input: { readonly document: PolicyDocument }; output: string | null };
}
export type InvokeChannel = keyof InvokeChannels;

/** Main tells, renderer listens. At most ten a second for `inspection:status`. */
export interface PushChannels {
  'inspection:status': InspectionStatus;
  /** Once a second, while somebody listens. */
  'interfaces:activity': readonly InterfaceActivity[];
  /** The user wants to close the window while a capture runs. */
  'window:close-asked': null;
  /** Something outside wants this capture opened while a live one runs. */
  'capture:open-asked': { readonly path: string };
  /** The user clicked on the notification of this violation. */
  'violation:show': Violation;
  'menu:command': MenuCommand;
  /** The policy changed, or whether the open capture was inspected with it. */
  'policy:changed': PolicyState;
  'theme:changed': { readonly dark: boolean };
}
export type PushChannel = keyof PushChannels;
export const MENU_COMMANDS = [
  'open',
  'close',
  'open-sample',
  'about',
  'settings',
  'shortcuts',
  'find',
  'start-stop',
  'save-capture',
  'pause-display',
  'sessions',
  'violations',
  'policy',
] as const;
export type MenuCommand = (typeof MENU_COMMANDS)[number];

/** What the preload puts at `window.mailscope`. */
export interface Bridge {
  invoke: {
    readonly [C in InvokeChannel]: (input: InvokeChannels[C]['input']) => Promise<Answer<InvokeChannels[C]['output']>>;
  };
  /** Returns the function that stops listening. */
  on: { readonly [C in PushChannel]: (listener: (message: PushChannels[C]) => void) => () => void };
  /** Path of a dropped file on this machine; empty when it has none. */
  pathOfFile: (file: unknown) => string;
}
