/**
 * Captures that a process left behind: it ended, by a crash or by force, before
 * it removed them. Found by their manifests in the subfolders of one folder.
 */
import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { LeftCapture } from '../../shared/capture.js';
import { MANIFEST_NAME, processStartedMs, readManifest, spoolFilePath, type Manifest } from './manifest.js';
import { isSpoolName } from './ring-names.js';
import { ProblemError, reasonOf, refuse, systemCode } from './problem-error.js';

/** Clocks are set and rounded; two processes with one number do not begin within so short a time. */
const SAME_START_MS = 2000;
/** From the beginning: a process that slept meanwhile takes itself for younger. */
const OWN_START_MS = processStartedMs();

/** The captures in the subfolders of `parent` whose process is gone, newest first. Never throws for what lies there. */
export function findLeftCaptures(parent: string): readonly LeftCapture[] {
  let names: readonly string[];
  try {
    names = readdirSync(parent);
  } catch {
    return [];
  }
  const found: LeftCapture[] = [];
  for (const name of names) {
    const folder = join(parent, name);
    const manifest = manifestIn(folder);
    if (manifest === null || isOwned(manifest)) continue;
    const { interfaceName, startedMs, state } = manifest;
    found.push({ folder, interfaceName, startedMs, bytes: bytesOf(folder, manifest), ended: state === 'closed' });
  }
  return found.sort((one, other) => other.startedMs - one.startedMs);
}

/**
 * Removes a capture's own files and its folder when nothing else is in it; files that the user named, elsewhere, are
 * the user's and stay. Throws `ProblemError`.
 */
export function removeLeftCapture(folder: string): void {
  const manifest = readManifest(folder);
  if (isOwned(manifest) && manifest.state === 'running')
    throw refuse('capture-running', `The capture in ${folder} is running.`, 'Stop it first.');
  try {
    if (manifest.filesFolder === '')
      for (const { name } of manifest.files) rmSync(spoolFilePath(folder, manifest, name), { force: true });
    // A process that was killed just while it changed files has left one that is not listed (any more).
    for (const name of readdirSync(folder)) if (isSpoolName(name)) rmSync(join(folder, name), { force: true });
    rmSync(join(folder, `${MANIFEST_NAME}.new`), { force: true });
    rmSync(join(folder, MANIFEST_NAME), { force: true });
    rmdirSync(folder);
  } catch (error) {
    // What else lies there is not ours.
    if (systemCode(error) === 'ENOTEMPTY' || systemCode(error) === 'EEXIST') return;
    throw refuse(
      'not-removed',
      `The capture in ${folder} could not be removed: ${reasonOf(error)}.`,
      'Remove it by hand.',
    );
  }
}

function manifestIn(folder: string): Manifest | null {
  try {
    return readManifest(folder);
  } catch (error) {
    if (error instanceof ProblemError) return null;
    throw error;
  }
}

/** True while the process that made the capture lives. */
function isOwned({ pid, processStartedMs: startedMs }: Manifest): boolean {
  // Who had our number before us began before us.
  if (pid === process.pid) return startedMs > OWN_START_MS - SAME_START_MS;
  // Numbers of processes come again when the system starts anew: this one is another's by now.
  if (startedMs < Date.now() - uptime() * 1000 - SAME_START_MS) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

function bytesOf(folder: string, manifest: Manifest): number {
  let bytes = 0;
  for (const { name } of manifest.files) {
    bytes += statSync(spoolFilePath(folder, manifest, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
