/**
 * `npm run build`: sources to `dist`. Nine programs for Node, each one CommonJS
 * file with its dependencies inside (a sandboxed preload may not require a
 * second file, and the command line runs without `node_modules`), what V8 makes
 * of the command line, and the page for Chromium. Left outside: what Electron itself provides, and `cap`, which
 * is native and optional.
 */
import { chmodSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { quickStart } from './quick-start.mjs';
import { recordBuild, sourceFingerprint } from './setup/build-state.mjs';
import { ownNode } from './setup/own-node.mjs';
import { CLI, CLI_PROGRAM, DIST, ROOT } from './setup/paths.mjs';
import { run, runMain } from './setup/processes.mjs';

/** The oldest hosts: Electron 25 has Node 18 and Chromium 114. */
const NODE_TARGET = 'node18';
const PAGE_TARGET = 'chrome114';
const PROVIDED = ['electron', 'cap'];

/** Entries, and where they are not named alike, their output. */
const NODE_PROGRAMS = {
  'electron/main.ts': '',
  'electron/preload.ts': '',
  'inspector/worker.ts': '',
  'inspector/shard.ts': '',
  'inspector/streams.ts': '',
  'capture/worker.ts': '',
  'capture/cap-helper.ts': '',
  'cli/start.ts': CLI,
  'cli/program.ts': CLI_PROGRAM,
};

/**
 * @param {string} entry
 * @param {string} output
 * @returns {import('vite').InlineConfig}
 */
function nodeProgram(entry, output) {
  return {
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: output === CLI_PROGRAM ? [quickStart()] : [],
    ssr: { noExternal: true, external: PROVIDED },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      ssr: join(ROOT, entry),
      target: NODE_TARGET,
      outDir: dirname(output),
      emptyOutDir: false,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        external: (id) => PROVIDED.includes(id) || isBuiltin(id),
        // What a program does not use is left out, whatever else its module exports: a thread starts sooner.
        treeshake: { moduleSideEffects: false },
        output: {
          format: 'cjs',
          entryFileNames: basename(output),
          codeSplitting: false,
          // Modules are strict, and so is what they are made into.
          banner: output === CLI ? "#!/usr/bin/env node\n'use strict';" : "'use strict';",
        },
      },
    },
  };
}

/** @returns {import('vite').InlineConfig} */
function page() {
  return {
    root: join(ROOT, 'renderer'),
    base: './',
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    build: {
      target: PAGE_TARGET,
      outDir: join(DIST, 'renderer'),
      emptyOutDir: true,
      sourcemap: true,
      // The page's policy allows no data: fonts and no inline script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // One page from a local file: a second request costs more than a large chunk.
      chunkSizeWarningLimit: 4096,
    },
  };
}

async function main() {
  const fingerprint = sourceFingerprint();
  rmSync(DIST, { recursive: true, force: true });
  const programs = Object.entries(NODE_PROGRAMS).map(([entry, output]) =>
    build(nodeProgram(entry, output || join(DIST, entry.replace(/\.ts$/, '.js')))),
  );
  await Promise.all([...programs, build(page())]);
  chmodSync(CLI, 0o755);
  // Should it fail, the command line only starts more slowly.
  await run(ownNode(), [join(ROOT, 'scripts', 'code-cache.mjs')]);
  recordBuild(fingerprint);
  return 0;
}

await runMain(main);
