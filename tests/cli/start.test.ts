/** The entry of the built command line starts the program beside it, whatever its cache is worth. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'mailscope-start-'));
const PROGRAM = join(folder, 'program.js');
const CACHE = join(folder, 'program.cache');
const SOURCE = `'use strict';
const { basename } = require('node:path');
function said() { return [basename(__filename), __dirname, typeof module.exports, ...process.argv.slice(2)]; }
console.log(JSON.stringify(said()));
process.exitCode = 3;
`;

/** What V8 makes of a text under the program's name. */
function cacheOf(source: string): Buffer {
  return new Script(Module.wrap(source), { filename: PROGRAM }).createCachedData();
}

function start(): readonly unknown[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'start.js'), 'a', 'b'], {
    encoding: 'utf8',
  });
  return [status, stderr, JSON.parse(stdout)];
}

describe('the entry of the built command line', () => {
  beforeAll(async () => {
    await build({
      root: ROOT,
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      build: {
        ssr: join(ROOT, 'cli/start.ts'),
        target: 'node18',
        outDir: folder,
        emptyOutDir: false,
        rolldownOptions: { output: { format: 'cjs', entryFileNames: 'start.js' } },
      },
    });
    writeFileSync(PROGRAM, SOURCE);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('starts it with its arguments and its folder, without a cache and with one of any kind', () => {
    const expected = [3, '', ['program.js', folder, 'object', 'a', 'b']];
    expect(start()).toEqual(expected);
    const program = readFileSync(PROGRAM, 'utf8');
    const cache = cacheOf(program);
    const cut = cache.subarray(0, cache.length / 2);
    for (const octets of [cache, cut, cacheOf(`${program} `), Buffer.from('no cache'), Buffer.alloc(0)]) {
      writeFileSync(CACHE, octets);
      expect(start()).toEqual(expected);
    }
  });
});
