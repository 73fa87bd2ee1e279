/**
 * What the user set: theme, columns, panel sizes, how to capture, what to announce. In: a partial change. Out:
 * all settings. Each field of the file is checked by itself, so one bad value
 * costs that value only.
 */
import { z } from 'zod';
import { CAPTURE_ENGINES, DEFAULT_RING } from '../shared/capture.js';
import { NOTIFY_CHOICES, SETTING_RANGES, type Settings } from '../shared/ipc.js';
import { readJsonFile, writeJsonFile } from './json-file.js';

const NAME = z.string().min(1).max(64);
const ENTRIES = 64;

function few(entries: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(entries).length <= ENTRIES;
}

function within({ least, greatest }: { readonly least: number; readonly greatest: number }) {
  return z.number().int().min(least).max(greatest);
}

/** Shape of each setting, also of what the renderer may send. */
export const SETTING_SHAPES = {
  theme: z.enum(['system', 'light', 'dark']),
  sessionColumns: z.array(NAME).max(ENTRIES),
  sessionColumnWidths: z.record(NAME, z.number().min(0).max(10_000)).refine(few),
  panels: z.record(NAME, z.array(z.number().min(0).max(100)).max(16)).refine(few),
  captureEngine: z.enum(['auto', ...CAPTURE_ENGINES]),
  ringFileMebibytes: within(SETTING_RANGES.ringFileMebibytes),
  ringFiles: within(SETTING_RANGES.ringFiles),
  notifyFrom: z.enum(NOTIFY_CHOICES),
};

const MEBIBYTE = 1_048_576;

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  sessionColumns: [],
  sessionColumnWidths: {},
  panels: {},
  captureEngine: 'auto',
  ringFileMebibytes: DEFAULT_RING.fileBytes / MEBIBYTE,
  ringFiles: DEFAULT_RING.files,
  notifyFrom: 'high',
};

const TOLERANT = z.object({
  theme: SETTING_SHAPES.theme.catch(DEFAULT_SETTINGS.theme),
  sessionColumns: SETTING_SHAPES.sessionColumns.catch([]),
  sessionColumnWidths: SETTING_SHAPES.sessionColumnWidths.catch({}),
  panels: SETTING_SHAPES.panels.catch({}),
  captureEngine: SETTING_SHAPES.captureEngine.catch(DEFAULT_SETTINGS.captureEngine),
  ringFileMebibytes: SETTING_SHAPES.ringFileMebibytes.catch(DEFAULT_SETTINGS.ringFileMebibytes),
  ringFiles: SETTING_SHAPES.ringFiles.catch(DEFAULT_SETTINGS.ringFiles),
  notifyFrom: SETTING_SHAPES.notifyFrom.catch(DEFAULT_SETTINGS.notifyFrom),
});

export class SettingsFile {
  readonly #path: string;
  #settings: Settings;

  constructor(path: string) {
    this.#path = path;
    this.#settings = readJsonFile<Settings>(path, TOLERANT) ?? DEFAULT_SETTINGS;
  }

  get(): Settings {
    return this.#settings;
  }

  /** Changes what is given, keeps the rest, and writes. A disk that refuses leaves them for this run. */
  set(change: Partial<Settings>): Settings {
    this.#settings = { ...this.#settings, ...change };
    writeJsonFile(this.#path, this.#settings);
    return this.#settings;
  }
}
