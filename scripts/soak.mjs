/** `npm run soak`: ten minutes of live capture on loopback against the present build, memory sampled. Arguments go to it. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled } from './setup/ensure.mjs';
import { ROOT, packageBinary } from './setup/paths.mjs';
import { run, runMain } from './setup/processes.mjs';

await runMain(async () => {
  await ensureInstalled();
  await ensureBuilt();
  return run(packageBinary('tsx'), [join(ROOT, 'bench', 'soak-run.ts'), ...process.argv.slice(2)]);
});
