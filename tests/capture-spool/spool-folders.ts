/** Folders of the tests, and what lies in them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readManifest } from '../../capture/spool/manifest.js';

/** A folder that is removed when the test is over. */
export function madeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-spool-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The kept files of a spool, oldest first. */
export function keptFiles(folder: string): Buffer[] {
  return readManifest(folder).files.map(({ name }) => readFileSync(join(folder, name)));
}
