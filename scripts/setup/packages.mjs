/**
 * The npm packages of the lock file, installed when they are missing or the
 * lock file has changed since. `cap` is compiled while they are installed; it
 * is optional, so a machine without compiler or libpcap gets all the others.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NODE_MODULES, ROOT } from './paths.mjs';
import { SetupError, run, say } from './processes.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const STAMP = join(NODE_MODULES, '.mailscope-installed');
/** npm's own record of what it installed; newer than the lock file after `npm install`. */
const NPM_RECORD = join(NODE_MODULES, '.package-lock.json');

/** Installs the packages unless they are there already. */
export async function ensurePackages() {
  const wanted = lockFingerprint();
  if (arePackagesCurrent(wanted)) return;
  say('installing packages (npm ci)');
  const status = await run(npmProgram(), ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: nativeBuildEnvironment(),
  });
  if (status !== 0) throw new SetupError('npm ci failed: see above; is a package registry reachable?');
  writeFileSync(STAMP, wanted);
}

/** Whether `ensurePackages` would have something to do. */
export function arePackagesMissing() {
  return !arePackagesCurrent(lockFingerprint());
}

/** @param {string} wanted */
function arePackagesCurrent(wanted) {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return true;
  // Installed by hand (`npm install`) after the lock file was last written: adopted, not thrown away.
  if (!existsSync(NPM_RECORD) || statSync(NPM_RECORD).mtimeMs < statSync(LOCK).mtimeMs) return false;
  writeFileSync(STAMP, wanted);
  return true;
}

/** The lock file's content and what a native module depends on beside it. */
function lockFingerprint() {
  const lock = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  return `${lock} ${process.platform}-${process.arch} abi${process.versions.modules}\n`;
}

/** npm beside the running Node where it lies there, else the one in PATH. */
function npmProgram() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

/**
 * Node's headers where the running Node has brought them along: without them
 * node-gyp would download them from nodejs.org.
 * @returns {NodeJS.ProcessEnv}
 */
function nativeBuildEnvironment() {
  const prefix = join(dirname(process.execPath), '..');
  const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node_version.h'));
  return hasHeaders ? { npm_config_nodedir: prefix } : {};
}
