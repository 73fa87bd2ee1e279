/**
 * Which Electron runs the app, and how it is called. Order: the folder in
 * `ELECTRON_OVERRIDE_DIST_PATH`; the official binary, if it is there or can be
 * downloaded; the stand-in.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ownNode } from '../setup/own-node.mjs';
import { ROOT } from '../setup/paths.mjs';
import { SetupError, isRoot } from '../setup/processes.mjs';
import { downloadOfficial, executableName, officialExecutable } from './official.mjs';
import { STAND_IN_EXECUTABLE, canStandIn, ensureStandIn } from './stand-in.mjs';

/**
 * @typedef {object} ElectronCommand
 * @property {string} executable
 * @property {readonly string[]} args To be followed by the app's own arguments.
 * @property {Readonly<Record<string, string>>} env To be added to the environment.
 * @property {boolean} isStandIn
 */

/**
 * Finds an Electron, fetching one where needed.
 * @returns {Promise<ElectronCommand>}
 */
export async function electronCommand() {
  const own = overriddenExecutable() ?? officialExecutable() ?? (await downloadOfficial());
  if (own !== null) return command(own, false);
  if (!canStandIn()) {
    throw new SetupError(
      'Electron could not be downloaded; let ELECTRON_OVERRIDE_DIST_PATH name a folder that has it, ' +
        'or ELECTRON_MIRROR a server',
    );
  }
  await ensureStandIn();
  return command(STAND_IN_EXECUTABLE, true);
}

/** @returns {string | null} */
function overriddenExecutable() {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (!folder) return null;
  const executable = join(folder, executableName());
  if (!existsSync(executable)) throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH: there is no ${executable}`);
  return executable;
}

/**
 * @param {string} executable
 * @param {boolean} isStandIn
 * @returns {ElectronCommand}
 */
function command(executable, isStandIn) {
  // Chromium refuses to sandbox root; everybody else keeps the sandbox.
  const sandbox = isRoot() ? ['--no-sandbox'] : [];
  return {
    executable,
    args: isStandIn ? sandbox : [ROOT, ...sandbox],
    env: {
      // `cap` is compiled for this one.
      MAILSCOPE_NODE: ownNode(),
      ...(isStandIn ? { MAILSCOPE_STAND_IN_ELECTRON: '1', MAILSCOPE_APP_DIR: ROOT } : {}),
    },
    isStandIn,
  };
}
