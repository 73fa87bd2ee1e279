/** Builds the capture helper as the app has it, and the driver of these tests, where they find `cap` in the clone's packages. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache');

export interface BuiltHelper {
  readonly folder: string;
  /** The built `capture/cap-helper.ts`. */
  readonly helper: string;
  /** The built `capture-once.ts`. */
  readonly driver: string;
  remove(): void;
}

/** Whether the native part of `cap` is there. */
export const hasCap = existsSync(join(ROOT, 'node_modules', 'cap', 'build', 'Release', 'cap.node'));

export async function buildHelper(): Promise<BuiltHelper> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'capture-engines-'));
  // For the test with an ordinary user.
  chmodSync(folder, 0o755);
  await buildProgram(join(ROOT, 'capture', 'cap-helper.ts'), folder);
  await buildProgram(join(ROOT, 'tests', 'capture-engines', 'capture-once.ts'), folder);
  return {
    folder,
    helper: join(folder, 'cap-helper.cjs'),
    driver: join(folder, 'capture-once.cjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function buildProgram(entry: string, folder: string): Promise<void> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, external: ['cap'] },
    build: {
      ssr: entry,
      target: 'node18',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        external: (id) => id === 'cap' || isBuiltin(id),
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  });
}
