/**
 * `npm start [-- CAPTURE]`: the app on a capture, or on the bundled sample,
 * in a fresh clone too. Without a display the same capture's findings are
 * printed by the command line instead.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { electronCommand } from './electron/command.mjs';
import { ownNode } from './setup/own-node.mjs';
import { hasDisplay } from './setup/display.mjs';
import { ensureBuilt, ensureInstalled } from './setup/ensure.mjs';
import { CLI, SAMPLE_CAPTURE } from './setup/paths.mjs';
import { SetupError, run, runMain, say } from './setup/processes.mjs';
import { WINDOW_LIBRARIES, ensureSystemLibraries } from './setup/system-libraries.mjs';

async function main() {
  const capture = chosenCapture(process.argv.slice(2));
  await ensureInstalled();
  await ensureBuilt();
  return hasDisplay() ? openWindow(capture) : printFindings(capture);
}

/** @param {readonly string[]} args */
function chosenCapture(args) {
  if (args.length > 1) throw new SetupError('one capture at a time: npm start -- CAPTURE');
  const [named] = args;
  if (named === undefined) return SAMPLE_CAPTURE;
  // npm runs scripts in the clone's root; the name is meant where the user stands.
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), named);
  if (!existsSync(path)) throw new SetupError(`there is no file ${path}`);
  return path;
}

/** @param {string} capture */
async function openWindow(capture) {
  await ensureSystemLibraries(WINDOW_LIBRARIES);
  const electron = await electronCommand();
  return run(electron.executable, [...electron.args, capture], { env: electron.env });
}

/**
 * Status 0 whatever was found: that the capture could not be shown in a window
 * is said, and is no failure.
 * @param {string} capture
 */
async function printFindings(capture) {
  say('there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): printing the findings instead');
  return run(ownNode(), [CLI, 'inspect', capture]);
}

await runMain(main);
