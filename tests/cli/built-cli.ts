/** Builds the command line and its threads as they are shipped, into a folder of the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from 'vite';
import { quickStart } from '../../scripts/quick-start.mjs';

const ROOT = join(import.meta.dirname, '..', '..');

export interface BuiltCommandLine {
  /** `mailscope.js`. */
  readonly file: string;
  remove(): void;
}

/** Entries, and their outputs without the ending. */
const PROGRAMS = {
  'cli/start.ts': 'cli/mailscope',
  'cli/program.ts': 'cli/program',
  'capture/worker.ts': 'capture/worker',
  'inspector/shard.ts': 'inspector/shard',
  'inspector/streams.ts': 'inspector/streams',
};

export async function buildCommandLine(): Promise<BuiltCommandLine> {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-cli-'));
  for (const [entry, output] of Object.entries(PROGRAMS)) {
    await build({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      plugins: entry === 'cli/program.ts' ? [quickStart()] : [],
      ssr: { noExternal: true, external: ['cap'] },
      build: {
        ssr: join(ROOT, entry),
        target: 'node18',
        outDir: join(folder, dirname(output)),
        emptyOutDir: false,
        minify: false,
        rolldownOptions: {
          external: (id) => id === 'cap' || isBuiltin(id),
          output: { format: 'cjs', entryFileNames: `${basename(output)}.js`, codeSplitting: false },
        },
      },
    });
  }
  return {
    file: join(folder, 'cli', 'mailscope.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
