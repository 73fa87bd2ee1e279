/**
 * Debian packages that npm cannot bring: what a window needs, what `cap` is
 * compiled with, what the tests compare with. As root on a machine with apt
 * they are installed; otherwise the exact command is printed, once, and
 * whatever works without them goes on.
 */
import { existsSync } from 'node:fs';
import { isRoot, outputOf, run, say } from './processes.mjs';

/** What Electron's executable is linked against or opens at its start. */
export const WINDOW_LIBRARIES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libatk-bridge2.0-0'];

/** A display where there is none. */
export const VIRTUAL_DISPLAY = ['xvfb', 'xauth'];

/** What node-gyp compiles `cap` with. */
export const NATIVE_BUILD = ['libpcap-dev', 'g++', 'make', 'python3'];

/** The second opinion of the tests and the benchmark. */
export const COMPARISON = ['tshark'];

/**
 * Sees to it that the packages are installed. Returns those that are missing
 * afterwards; on a system without dpkg, none are known to be missing.
 * @param {readonly string[]} packages
 * @returns {Promise<readonly string[]>}
 */
export async function ensureSystemLibraries(packages) {
  const missing = missingPackages(packages);
  if (missing.length === 0) return missing;
  if (!isRoot()) {
    say(`missing system packages; install them with\n  sudo apt-get install -y ${missing.join(' ')}`);
    return missing;
  }
  say(`installing system packages: ${missing.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-q', '--no-install-recommends', ...missing];
  if ((await run('apt-get', ['update', '-q'], { env, quiet: true })) === 0) {
    await run('apt-get', install, { env, quiet: true });
  }
  const left = missingPackages(packages);
  if (left.length > 0) say(`could not install ${left.join(' ')}; going on without`);
  return left;
}

/**
 * @param {readonly string[]} packages
 * @returns {readonly string[]}
 */
function missingPackages(packages) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/dpkg-query')) return [];
  const listing = outputOf('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status} ${Provides}\n']) ?? '';
  const installed = new Set();
  for (const line of listing.split('\n')) {
    const [name, status, ...provides] = line.split(/[ ,]+/);
    if (status !== 'installed') continue;
    // A successor such as libgtk-3-0t64 provides the old name.
    for (const known of [name, ...provides]) installed.add(known);
  }
  return packages.filter((name) => !installed.has(name));
}
