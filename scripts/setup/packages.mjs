/**
 * The npm packages of the lock file, installed when they are missing or the
 * lock file has changed since. `cap` is compiled while they are installed; it
 * is optional, so a machine without compiler or libpcap gets all the others.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OWN_NODE_FOLDER, ownNode, removeUnusableNode } from './own-node.mjs';
import { NODE_MODULES, ROOT } from './paths.mjs';
import { SetupError, run, say } from './processes.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const STAMP = join(NODE_MODULES, '.mailscope-installed');
/** npm's own record of what it installed; newer than the lock file after `npm install`. */
const NPM_RECORD = join(NODE_MODULES, '.package-lock.json');

/** Installs the packages unless they are there already. */
export async function ensurePackages() {
  if (!arePackagesMissing()) return;
  say('installing packages (npm ci)');
  const status = await run(npmProgram(), ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: nativeBuildEnvironment(),
  });
  if (status !== 0) throw new SetupError('npm ci failed: see above; is a package registry reachable?');
  removeUnusableNode();
  writeFileSync(STAMP, fingerprint());
}

/** Whether `ensurePackages` would have something to do. */
export function arePackagesMissing() {
  const wanted = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return false;
  // Installed by hand (`npm install`) after the lock file was last written: adopted, not thrown away.
  if (!existsSync(NPM_RECORD) || statSync(NPM_RECORD).mtimeMs < statSync(LOCK).mtimeMs) return true;
  writeFileSync(STAMP, wanted);
  return false;
}

/** The lock file's content and what a native module depends on beside it: the Node that it was compiled for. */
function fingerprint() {
  const lock = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  const hasOwnNode = ownNode().startsWith(NODE_MODULES);
  const node = hasOwnNode ? 'own-node' : `abi${process.versions.modules}`;
  return `${lock} ${process.platform}-${process.arch} ${node}\n`;
}

/** npm beside the running Node where it lies there, else the one in PATH. */
function npmProgram() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

/**
 * Headers of the Node that native modules are compiled for: those that our own
 * will have brought along by then, or the running one has. Without them
 * node-gyp would download them from nodejs.org.
 * @returns {NodeJS.ProcessEnv}
 */
function nativeBuildEnvironment() {
  if (OWN_NODE_FOLDER !== null && process.platform !== 'win32') return { npm_config_nodedir: OWN_NODE_FOLDER };
  const prefix = join(dirname(process.execPath), '..');
  const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node_version.h'));
  return hasHeaders ? { npm_config_nodedir: prefix } : {};
}
