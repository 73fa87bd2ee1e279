/** The two steps that everything else stands on: packages, and a build of the present sources. */
import { join } from 'node:path';
import { isBuildStale } from './build-state.mjs';
import { ROOT } from './paths.mjs';
import { arePackagesMissing, ensurePackages } from './packages.mjs';
import { SetupError, run, say } from './processes.mjs';
import { NATIVE_BUILD, ensureSystemLibraries } from './system-libraries.mjs';

/** Packages, and beforehand what their native parts are compiled with. */
export async function ensureInstalled() {
  if (arePackagesMissing()) await ensureSystemLibraries(NATIVE_BUILD);
  await ensurePackages();
}

/** Builds when a source is newer than the build. */
export async function ensureBuilt() {
  if (!isBuildStale()) return;
  say('building');
  const status = await run(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { quiet: true });
  if (status !== 0) throw new SetupError('the build failed: see above');
}
