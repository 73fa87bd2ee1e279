/** Where things lie and what they are called, once for the whole main process. */
import { join } from 'node:path';

/** The page's own origin: a scheme of its own, so that CSP and storage have one and nothing else shares it. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://mailscope`;
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/** This file runs as dist/electron/main.js, so this is the folder of package.json, or the archive of a package. */
const ROOT = join(__dirname, '..', '..');
const DIST = join(ROOT, 'dist');

/** The capture that comes with the app. */
const SAMPLE_CAPTURE = join(ROOT, 'assets', 'samples', 'sample.pcapng');

export const RENDERER_FOLDER = join(DIST, 'renderer');
export const PRELOAD_FILE = join(DIST, 'electron', 'preload.js');

/** Worker threads read the disk, not the archive of a packaged app. */
export function workerFile(): string {
  return unpacked(join(DIST, 'inspector', 'worker.js'));
}

/** The capture supervisor's thread, and beside it the helper that a child process runs. */
export function captureWorkerFile(): string {
  return unpacked(join(DIST, 'capture', 'worker.js'));
}

export function capHelperFile(): string {
  return unpacked(join(DIST, 'capture', 'cap-helper.js'));
}

export function sampleCapture(): string {
  return unpacked(SAMPLE_CAPTURE);
}

function unpacked(path: string): string {
  return path.replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked');
}
