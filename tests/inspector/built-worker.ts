/** Builds the worker thread's file as the app has it, into a folder of the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'vite';

export interface BuiltWorker {
  readonly file: string;
  remove(): void;
}

/** `entry`: the program, in the clone. */
export async function buildWorker(entry = 'inspector/worker.ts'): Promise<BuiltWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-worker-'));
  const root = join(import.meta.dirname, '..', '..');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(root, entry),
      target: 'node18',
      outDir: folder,
      minify: false,
      rolldownOptions: {
        external: isBuiltin,
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  });
  return {
    file: join(folder, basename(entry).replace(/\.ts$/, '.cjs')),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
