/** The end-to-end tests: a display, an Electron, and vitest told about both. */
import { electronCommand } from '../electron/command.mjs';
import { withDisplay } from '../setup/display.mjs';
import { packageBinary } from '../setup/paths.mjs';
import { run } from '../setup/processes.mjs';
import { VIRTUAL_DISPLAY, WINDOW_LIBRARIES, ensureSystemLibraries } from '../setup/system-libraries.mjs';

/**
 * Runs them against the present build; the result is vitest's exit status.
 * @param {readonly string[]} vitestArgs
 * @returns {Promise<number>}
 */
export async function endToEndTests(vitestArgs) {
  await ensureSystemLibraries([...WINDOW_LIBRARIES, ...VIRTUAL_DISPLAY]);
  const electron = await electronCommand();
  const args = ['run', '--config', 'vitest.e2e.config.mts', ...vitestArgs];
  return withDisplay((display) =>
    run(packageBinary('vitest'), args, {
      env: { ...display, MAILSCOPE_ELECTRON: JSON.stringify(electron) },
    }),
  );
}
