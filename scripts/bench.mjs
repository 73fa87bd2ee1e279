/** `npm run bench`: the benchmarks of `bench/` against the present build, beside other programs. Arguments go to them. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled } from './setup/ensure.mjs';
import { ROOT, packageBinary } from './setup/paths.mjs';
import { run, runMain } from './setup/processes.mjs';
import { COMPARISON, ensureSystemLibraries } from './setup/system-libraries.mjs';

await runMain(async () => {
  await ensureInstalled();
  await ensureSystemLibraries(COMPARISON);
  await ensureBuilt();
  return run(packageBinary('tsx'), [join(ROOT, 'bench', 'run.ts'), ...process.argv.slice(2)]);
});
