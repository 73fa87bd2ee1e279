/** `npm run bench:app`: how quick the window is, in a real Electron, under a virtual display where there is none. Arguments go to it. */
import { join } from 'node:path';
import { electronCommand } from './electron/command.mjs';
import { withDisplay } from './setup/display.mjs';
import { ensureBuilt, ensureInstalled } from './setup/ensure.mjs';
import { ROOT, packageBinary } from './setup/paths.mjs';
import { run, runMain } from './setup/processes.mjs';
import { VIRTUAL_DISPLAY, WINDOW_LIBRARIES, ensureSystemLibraries } from './setup/system-libraries.mjs';

await runMain(async () => {
  await ensureInstalled();
  await ensureSystemLibraries([...WINDOW_LIBRARIES, ...VIRTUAL_DISPLAY]);
  await ensureBuilt();
  const electron = await electronCommand();
  const args = [join(ROOT, 'bench', 'app.ts'), ...process.argv.slice(2)];
  return withDisplay((display) =>
    run(packageBinary('tsx'), args, { env: { ...display, MAILSCOPE_ELECTRON: JSON.stringify(electron) } }),
  );
});
