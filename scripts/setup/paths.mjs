/**
 * Where things lie in the clone. Everything that set-up makes stays inside it:
 * packages in `node_modules`, downloads in `.cache`, the build in `dist`.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const CACHE = join(ROOT, '.cache');
export const DIST = join(ROOT, 'dist');
export const NODE_MODULES = join(ROOT, 'node_modules');
export const CLI = join(DIST, 'cli', 'mailscope.js');
/** What `CLI` starts, and what V8 made of it. */
export const CLI_PROGRAM = join(DIST, 'cli', 'program.js');
export const CLI_CACHE = join(DIST, 'cli', 'program.cache');
export const SAMPLES = join(ROOT, 'assets', 'samples');

/** The capture that the app and the command line show when no other is named. */
export const SAMPLE_CAPTURE = join(SAMPLES, 'sample.pcapng');

/**
 * The file behind an executable of a package (`node_modules/.bin/NAME`).
 * @param {string} name
 */
export function packageBinary(name) {
  return join(NODE_MODULES, '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
}
