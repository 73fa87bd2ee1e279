/**
 * Every channel between the main process and the renderer, once, with its input
 * and output. `electron/ipc` validates the inputs; the preload makes one
 * function of each. Errors cross as data, in `Answer`.
 */
import type { InspectionStatus, Problem, ViewRows, ViewSpec, ViewState } from './inspection.js';
import type { ProtectionDescription } from './protection.js';
import type { Fact, TranscriptPage } from './transcript.js';
import type { Violation } from './violation.js';
import type { DirectionName } from './violation.js';

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export type ThemeChoice = 'system' | 'light' | 'dark';
export interface Settings {
  readonly theme: ThemeChoice;
  /** Column ids of the Sessions table, in order; empty for the default. */
  readonly sessionColumns: readonly string[];
  readonly sessionColumnWidths: Readonly<Record<string, number>>;
  /** Sizes of split panels by their name, in percent. */
  readonly panels: Readonly<Record<string, readonly number[]>>;
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
}
export type InvokeChannel = keyof InvokeChannels;

/** Main tells, renderer listens. At most ten a second for `inspection:status`. */
export interface PushChannels {
  'inspection:status': InspectionStatus;
  'menu:command': MenuCommand;
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
  'sessions',
  'violations',
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
