/**
 * Electron's official binary: where it lies, and whether it can be had. It is
 * downloaded from GitHub (or the mirror that `ELECTRON_MIRROR` names) by the
 * script that the `electron` package brings.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { CACHE, NODE_MODULES } from '../setup/paths.mjs';
import { run, say } from '../setup/processes.mjs';

const PACKAGE = join(NODE_MODULES, 'electron');
const REACHABLE_TIMEOUT_MS = 2_500;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;
const FAILURE_NOTE = join(CACHE, 'electron-download-failed');
/** A server found out of reach is not asked again for this long. */
const FAILURE_HOLDS_MS = 24 * 3_600_000;

/**
 * The executable, or null when it is not downloaded.
 * @returns {string | null}
 */
export function officialExecutable() {
  const pathFile = join(PACKAGE, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = join(PACKAGE, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : null;
}

/** The executable's name within a folder of Electron, by platform. */
export function executableName() {
  if (process.platform === 'darwin') return join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * Tries to download it: quickly and quietly not at all when its server is out
 * of reach.
 * @returns {Promise<string | null>} The executable, or null.
 */
export async function downloadOfficial() {
  if (hasFailedLately() || !(await isServerReachable())) {
    noteFailure();
    return null;
  }
  say('downloading Electron');
  const status = await run(process.execPath, [join(PACKAGE, 'install.js')], {
    quiet: true,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  const executable = status === 0 ? officialExecutable() : null;
  if (executable === null) noteFailure();
  return executable;
}

function hasFailedLately() {
  return existsSync(FAILURE_NOTE) && Date.now() - statSync(FAILURE_NOTE).mtimeMs < FAILURE_HOLDS_MS;
}

function noteFailure() {
  if (hasFailedLately()) return;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(FAILURE_NOTE, 'Delete this file to have the download tried again.\n');
}

/** @returns {Promise<boolean>} */
function isServerReachable() {
  const server = process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror'] ?? 'https://github.com/';
  return new Promise((resolve) => {
    const timer = setTimeout(() => probe.destroy(new Error('timeout')), REACHABLE_TIMEOUT_MS);
    const finish = (/** @type {boolean} */ isReachable) => {
      clearTimeout(timer);
      resolve(isReachable);
    };
    const probe = request(server, { method: 'HEAD' }, (response) => {
      response.resume();
      finish((response.statusCode ?? 500) < 500);
    });
    probe.once('error', () => finish(false));
    probe.end();
  });
}
