/**
 * `npm run test:e2e`: the tests that drive the real app in a real Electron
 * window, under a virtual display where there is none. Arguments go to vitest.
 */
import { endToEndTests } from './test/end-to-end.mjs';
import { ensureBuilt, ensureInstalled } from './setup/ensure.mjs';
import { runMain } from './setup/processes.mjs';

await runMain(async () => {
  await ensureInstalled();
  await ensureBuilt();
  return endToEndTests(process.argv.slice(2));
});
