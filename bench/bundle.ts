/** A benchmark's program as one file of plain JavaScript, as the product is built: compiling at run time costs speed. */
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const ROOT = join(import.meta.dirname ?? __dirname, '..');

/** Builds `entry` (a path within the clone) into a folder of its own; returns the program's path. */
export async function bundle(entry: string): Promise<string> {
  const name = entry.replaceAll(/[^a-z]+/g, '-');
  const outDir = join(tmpdir(), 'mailscope-bench', `${name}-${process.pid}`);
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: join(ROOT, entry),
      target: 'node20',
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        external: (id) => isBuiltin(id),
        output: { format: 'cjs', entryFileNames: 'program.cjs', codeSplitting: false },
      },
    },
  });
  return join(outDir, 'program.cjs');
}
