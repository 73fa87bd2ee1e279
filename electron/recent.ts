/**
 * The captures opened lately, newest first. Names, sizes and times only; what
 * has gone from the disk since is shown as missing.
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import type { RecentCapture } from '../shared/ipc.js';
import { readJsonFile, writeJsonFile } from './json-file.js';

const KEPT = 12;

const ENTRY = z.object({ path: z.string().min(1), sizeBytes: z.number().min(0), openedAtMs: z.number().min(0) });
type Entry = z.infer<typeof ENTRY>;

export class RecentFile {
  readonly #path: string;
  #entries: readonly Entry[];

  constructor(path: string) {
    this.#path = path;
    this.#entries = readJsonFile(path, z.array(ENTRY)) ?? [];
  }

  list(): readonly RecentCapture[] {
    return this.#entries.map((entry) => ({ ...entry, name: basename(entry.path), missing: !exists(entry.path) }));
  }

  add(path: string, sizeBytes: number, openedAtMs: number): void {
    const others = this.#entries.filter((entry) => entry.path !== path);
    this.#keep([{ path, sizeBytes, openedAtMs }, ...others].slice(0, KEPT));
  }

  clear(): void {
    this.#keep([]);
  }

  #keep(entries: readonly Entry[]): void {
    this.#entries = entries;
    writeJsonFile(this.#path, entries);
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
