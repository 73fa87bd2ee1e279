/** `mailscope policy check`: says of each file that it is a policy, or all that it can say is wrong. */
import { basename } from 'node:path';
import { checkPolicy, displayString, policyProblems } from '../../engine/index.js';
import type { PolicyDescription, PolicyProblem } from '../../shared/policy.js';
import { CommandError, EXIT, type ExitStatus } from '../exit-status.js';
import type { Inspector, Terminal } from '../host.js';
import { readPolicy } from '../load-policy.js';

const NOTHING_REPORTED = 'The perimeter list reports nothing: no line "deny ... log" stands in it.';

/** Goes through all files, also behind a wrong one. */
export function checkPolicies(files: readonly string[], terminal: Terminal, inspector: Inspector): ExitStatus {
  const verdicts = files.map((file) => isValid(file, terminal, inspector));
  return verdicts.every(Boolean) ? EXIT.done : EXIT.usage;
}

function isValid(file: string, terminal: Terminal, inspector: Inspector): boolean {
  const shownFile = displayString(file);
  const text = readOrTell(file, terminal, inspector);
  if (text === null) return false;
  const { description } = checkPolicy(text, basename(file));
  if (description !== null) {
    terminal.out.write(`${shownFile}: valid: ${description.active} of ${description.total} protections active\n`);
    if (reportsNothing(description)) terminal.out.write(`  ${NOTHING_REPORTED}\n`);
    return true;
  }
  let hint = '';
  for (const problem of policyProblems(text, basename(file))) {
    // The same hint under each of many lines would bury them.
    if (hint !== '' && hint !== problem.hint) terminal.out.write(`  ${displayString(hint)}\n`);
    ({ hint } = problem);
    terminal.out.write(`${shownFile}:${placeAndFault(problem)}\n`);
  }
  terminal.out.write(`  ${displayString(hint)}\n`);
  return false;
}

/** True of a perimeter list that denies, but logs nothing of it. */
function reportsNothing({ perimeter }: PolicyDescription): boolean {
  return perimeter !== null && !perimeter.some((line) => /^deny\b.*\blog(-input)?\b/.test(line));
}

function placeAndFault({ line, column, path, found, allowed }: PolicyProblem): string {
  const what = path === '' ? '' : ` ${displayString(path)}:`;
  return `${line}:${column}:${what} found ${displayString(found)}, allowed is ${displayString(allowed)}`;
}

function readOrTell(file: string, terminal: Terminal, inspector: Inspector): string | null {
  try {
    return readPolicy(file, inspector.profiles);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.err.write(`mailscope: ${displayString(error.message)}\n  ${displayString(error.hint)}\n`);
    return null;
  }
}
