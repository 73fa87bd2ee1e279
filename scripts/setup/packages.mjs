/**
 * The npm packages of the lock file, installed when they are missing or the
 * lock file has changed since. `cap` is compiled when they are there, for the
 * Node that is then used; it is optional, so a machine without compiler or
 * libpcap gets all the others.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ownNode, removeUnusableNode } from './own-node.mjs';
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
  // No script of a package runs before it is known that our own Node does; `cap` alone has one that is needed.
  const status = await run(npmProgram(), ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) throw new SetupError('npm ci failed: see above; is a package registry reachable?');
  removeUnusableNode();
  await compileCap();
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

async function compileCap() {
  const env = nativeBuildEnvironment();
  if ((await run(npmProgram(), ['rebuild', 'cap', '--loglevel=error'], { env, quiet: true })) === 0) return;
  say('cap could not be compiled, see above: live capture needs dumpcap or tcpdump');
  rmSync(join(NODE_MODULES, 'cap'), { recursive: true, force: true });
}

/**
 * Headers of the Node that native modules are compiled for, where it has
 * brought them along: without them node-gyp would download them from nodejs.org.
 * @returns {NodeJS.ProcessEnv}
 */
function nativeBuildEnvironment() {
  const prefix = join(dirname(ownNode()), '..');
  const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node_version.h'));
  return hasHeaders ? { npm_config_nodedir: prefix } : {};
}
