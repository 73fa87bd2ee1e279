/** Builds the command line and its threads as they are shipped, into a folder of the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname, '..', '..');

export interface BuiltCommandLine {
  /** `mailscope.js`. */
  readonly file: string;
  remove(): void;
}

export async function buildCommandLine(): Promise<BuiltCommandLine> {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-cli-'));
  for (const entry of ['cli/mailscope.ts', 'capture/worker.ts', 'inspector/shard.ts', 'inspector/streams.ts']) {
    await build({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      ssr: { noExternal: true, external: ['cap'] },
      build: {
        ssr: join(ROOT, entry),
        target: 'node18',
        outDir: join(folder, dirname(entry)),
        emptyOutDir: false,
        minify: false,
        rolldownOptions: {
          external: (id) => id === 'cap' || isBuiltin(id),
          output: { format: 'cjs', entryFileNames: '[name].js', codeSplitting: false },
        },
      },
    });
  }
  return {
    file: join(folder, 'cli', 'mailscope.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
