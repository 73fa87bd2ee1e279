/**
 * `npm test`: everything, in a fresh clone too. A step that fails does not keep
 * the later ones from running; the last line is `N passed, N failed`, where
 * each check counts as one and each test as one.
 */
import { mkdirSync } from 'node:fs';
import { endToEndTests } from './test/end-to-end.mjs';
import { readTestCounts } from './test/counts.mjs';
import { ensureBuilt, ensureInstalled } from './setup/ensure.mjs';
import { ROOT, packageBinary } from './setup/paths.mjs';
import { run, runMain } from './setup/processes.mjs';
import { COMPARISON, ensureSystemLibraries } from './setup/system-libraries.mjs';
import { join } from 'node:path';

const RESULTS = join(ROOT, 'test-results');

/** Checks that say yes or no: their name, program and arguments. */
const CHECKS = /** @type {const} */ ([
  ['types', 'tsc', '--noEmit', '-p', '.'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['unused code', 'knip'],
]);

/** @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts */

/** @type {(Counts & { name: string, seconds: number })[]} */
const results = [];

/**
 * Runs a step and notes what it counted.
 * @param {string} name
 * @param {() => Promise<Counts>} work
 */
async function step(name, work) {
  process.stdout.write(`\n== ${name}\n`);
  const start = performance.now();
  const counts = await work();
  results.push({ name, ...counts, seconds: (performance.now() - start) / 1000 });
}

/**
 * A step that only says yes or no.
 * @param {string} name
 * @param {() => Promise<number>} work Gives an exit status; throwing counts as a failure too.
 */
async function check(name, work) {
  await step(name, async () => {
    const status = await work().catch((/** @type {Error} */ error) => {
      process.stderr.write(`${error.message}\n`);
      return 1;
    });
    return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0, failures: [] };
  });
}

/**
 * A step of tests, run by vitest with a result file.
 * @param {string} name
 * @param {(vitestArgs: readonly string[]) => Promise<number>} work
 */
async function tests(name, work) {
  const file = join(RESULTS, `${name.replaceAll(' ', '-')}.json`);
  await step(name, async () => {
    const status = await work(['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]).catch(
      (/** @type {Error} */ error) => {
        process.stderr.write(`${error.message}\n`);
        return 1;
      },
    );
    return readTestCounts(file, status);
  });
}

function summary() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write('\n');
  for (const { name, passed, failed, skipped, failures, seconds } of results) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    const mark = failed > 0 ? 'FAILED' : 'ok';
    process.stdout.write(`${mark.padEnd(7)} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s\n`);
    for (const failure of failures) process.stdout.write(`        ${failure}\n`);
  }
  if (total.skipped > 0) process.stdout.write(`${total.skipped} skipped: see above for what was absent\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
}

await runMain(async () => {
  await ensureInstalled();
  await ensureSystemLibraries(COMPARISON);
  mkdirSync(RESULTS, { recursive: true });
  for (const [name, program, ...args] of CHECKS) await check(name, () => run(packageBinary(program), args));
  await check('build', () => ensureBuilt().then(() => 0));
  await tests('unit tests', (args) => run(packageBinary('vitest'), ['run', ...args]));
  await tests('end to end', endToEndTests);
  return summary();
});
