/** What this machine lets the tests do; each test says which of these it needs. */
import { execFileSync } from 'node:child_process';
import { CAPTURE_ENGINES, type CaptureEngineName } from '../../shared/capture.js';
import { findProgram } from '../../capture/engines/run-program.js';
import { hasCap } from './built-helper.js';

/** Root on Linux that may make network namespaces. */
export const mayMakeNamespaces = canMakeNamespaces();
if (!mayMakeNamespaces) console.warn('live capture is not tested: no network namespace can be made here (not root?)');

function canMakeNamespaces(): boolean {
  const name = `mailscope-test-${process.pid}-probe`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Engines that are installed here; of the others it is said that they are not tested. */
export const installedEngines: readonly CaptureEngineName[] = CAPTURE_ENGINES.filter((name) => {
  const isThere = name === 'cap' ? hasCap : findProgram(name) !== null;
  if (!isThere) console.warn(`the engine ${name} is not tested: it is not installed`);
  return isThere;
});
