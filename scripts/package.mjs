/**
 * `npm run package`: the app as packages for this system, by electron-builder;
 * arguments go to it. Where only the stand-in Electron can be had, the app is
 * packaged unpacked (`--dir`), to see that it works; such a package is not for
 * anybody else, and its folder is named so.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { electronCommand } from './electron/command.mjs';
import { ensureBuilt, ensureInstalled } from './setup/ensure.mjs';
import { ROOT, packageBinary } from './setup/paths.mjs';
import { run, runMain, say } from './setup/processes.mjs';

/** Younger than the stand-in, so not in electron-builder.yml: the page has a scheme of its own, files need no privileges. */
const NEWER_FUSE = '--config.electronFuses.grantFileProtocolExtraPrivileges=false';

await runMain(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const electron = await electronCommand();
  const args = process.argv.slice(2);
  if (!electron.isStandIn) return run(packageBinary('electron-builder'), ['--publish', 'never', NEWER_FUSE, ...args]);
  const output = join(ROOT, 'release', 'stand-in');
  say(`packaging with the stand-in Electron, for trying out only: ${output}`);
  const status = await run(packageBinary('electron-builder'), [
    '--publish',
    'never',
    '--linux',
    'dir',
    `--config.electronDist=${dirname(electron.executable)}`,
    `--config.directories.output=${output}`,
    '--config.npmRebuild=false',
  ]);
  // What leads the stand-in to this clone's build has no place beside the archive.
  rmSync(join(output, 'linux-unpacked', 'resources', 'app'), { recursive: true, force: true });
  return status;
});
