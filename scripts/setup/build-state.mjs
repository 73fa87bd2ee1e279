/**
 * Whether `dist` is what the sources would give: a fingerprint of every source
 * file's path, size and time, kept beside the build. No file is read for it.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, ROOT } from './paths.mjs';

const STAMP = join(DIST, '.built-from');
const SOURCES = ['shared', 'engine', 'capture', 'inspector', 'electron', 'renderer', 'cli'];
const BUILD_SCRIPTS = ['scripts/build.mjs', 'scripts/quick-start.mjs', 'scripts/code-cache.mjs'];
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', ...BUILD_SCRIPTS];

/** Whether the build is older than what it is made from. */
export function isBuildStale() {
  return !existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== sourceFingerprint();
}

/**
 * Records what the build was made from.
 * @param {string} fingerprint Taken before the build, so that an edit during it counts as newer.
 */
export function recordBuild(fingerprint) {
  mkdirSync(DIST, { recursive: true });
  writeFileSync(STAMP, fingerprint);
}

/** Changes whenever a source file is added, removed or written. */
export function sourceFingerprint() {
  const hash = createHash('sha256');
  for (const file of FILES) addFile(hash, file);
  for (const folder of SOURCES) addFolder(hash, folder);
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} folder
 */
function addFolder(hash, folder) {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return;
  const entries = readdirSync(path, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const inner = join(folder, entry.name);
    if (entry.isDirectory()) addFolder(hash, inner);
    else addFile(hash, inner);
  }
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} file
 */
function addFile(hash, file) {
  const { mtimeMs, size } = statSync(join(ROOT, file));
  hash.update(`${file}\0${size}\0${mtimeMs}\n`);
}
