/** Reads how many tests ran, and which failed, from the result file that vitest leaves. */
import { existsSync, readFileSync, rmSync } from 'node:fs';

/**
 * @typedef {object} Report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ assertionResults: { fullName: string, status: string }[] }[]} testResults
 */

/**
 * Counts of one run, after which the file is gone, so that no later run can
 * take it for its own. A run that failed without a failed test (a suite that
 * could not be loaded, an error outside of any test, no file at all) counts as
 * one failure: silence is never success.
 * @param {string} file
 * @param {number} status The run's exit status.
 * @returns {{ passed: number, failed: number, skipped: number, failures: string[] }}
 */
export function readTestCounts(file, status) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, failures: [] };
  /** @type {Report} */
  const report = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  const failed = Math.max(report.numFailedTests, status === 0 && report.numPassedTests > 0 ? 0 : 1);
  return {
    passed: report.numPassedTests,
    failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    ),
  };
}
