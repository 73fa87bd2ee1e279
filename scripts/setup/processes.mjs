/**
 * Running other programs, and speaking to whoever runs these scripts. Progress
 * goes to stderr: stdout belongs to the program that is being started.
 */
import { spawn, spawnSync } from 'node:child_process';
import { ROOT } from './paths.mjs';

/** A reason to stop that the user can act on: printed without a stack. */
export class SetupError extends Error {}

/** @param {string} message */
export function say(message) {
  process.stderr.write(`mailscope: ${message}\n`);
}

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] Added to this process' environment.
 * @property {boolean} [quiet] Output is kept and shown only when the program fails.
 * @property {number} [timeoutMs] The program is ended after this time.
 */

/**
 * Runs a program in the clone's root to its end; the result is its exit status,
 * or 1 when a signal ended it. It ends with this process.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd: ROOT,
      env: { ...process.env, ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      shell: process.platform === 'win32' && program.endsWith('.cmd'),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    const end = () => child.kill();
    process.once('exit', end);
    /** @type {Buffer[]} */
    const kept = [];
    child.stdout?.on('data', (chunk) => kept.push(chunk));
    child.stderr?.on('data', (chunk) => kept.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', end);
      if (code !== 0 && options.quiet) process.stderr.write(Buffer.concat(kept));
      resolve(code ?? 1);
    });
  });
}

/**
 * What a program writes to stdout, or null when it cannot be run or fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {string | null}
 */
export function outputOf(program, args) {
  const result = spawnSync(program, [...args], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return result.error || result.status !== 0 ? null : result.stdout;
}

/** Whether this process is root (never on Windows). */
export function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * The top of every script: runs it, prints what stopped it, sets the status.
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  // Leaving through `exit` ends the programs that were started, a display among them.
  process.once('SIGTERM', () => process.exit(143));
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`mailscope: ${error instanceof SetupError ? error.message : describe(error)}\n`);
    process.exitCode = 1;
  }
}

/** @param {unknown} error */
function describe(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
