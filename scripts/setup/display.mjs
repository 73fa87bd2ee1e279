/**
 * A display for windows: the user's own, or a virtual one (Xvfb) for as long
 * as something runs.
 */
import { spawn } from 'node:child_process';
import { SetupError } from './processes.mjs';

const START_TIMEOUT_MS = 15_000;

/** Whether a window can be shown to somebody. Windows and macOS always have a display. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/**
 * Runs the work with the environment of a display: empty where there is one,
 * else that of an Xvfb which ends with the work.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDisplay(work) {
  if (hasDisplay()) return work({});
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const end = () => server.kill();
  process.once('exit', end);
  try {
    return await work({ DISPLAY: `:${await displayNumber(server)}` });
  } finally {
    process.off('exit', end);
    end();
  }
}

/**
 * Xvfb picks a free number and writes it to descriptor 3 once it accepts windows.
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>}
 */
function displayNumber(server) {
  return new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) => reject(new SetupError(`no virtual display: ${why}`));
    const timer = setTimeout(() => fail('Xvfb did not come up'), START_TIMEOUT_MS);
    let written = '';
    server.once('error', () => fail('Xvfb is not installed (apt-get install xvfb)'));
    server.once('exit', (code) => fail(`Xvfb ended with status ${code}`));
    server.stdio[3]?.on('data', (chunk) => {
      written += String(chunk);
      if (!written.includes('\n')) return;
      clearTimeout(timer);
      resolve(written.trim());
    });
  });
}
