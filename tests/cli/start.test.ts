/** The entry of the built command line starts the program beside it, whatever its cache is worth. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'mailscope-start-'));
const PROGRAM = join(folder, 'program.js');
const CACHE = join(folder, 'program.cache');
const CHECKSUM_LENGTH = 4;
/** A run for its cache ends well, any other with a status of its own. */
const SOURCE = `'use strict';
const { basename } = require('node:path');
function said() { return ['one', basename(__filename), __dirname, typeof module.exports, ...process.argv.slice(2)]; }
exports.main = (early) => {
  const line = JSON.stringify([...said(), early]);
  if (process.argv[2] !== 'inspect') { console.log(line); process.exitCode = 3; }
};
`;
/** Of equal length. */
const OTHER_SOURCE = SOURCE.replace("'one'", "'two'").replace('exitCode = 3', 'exitCode = 4');

const EXPECTED = [3, '', ['one', 'program.js', folder, 'object', 'a', 'b', null]];
const OTHER_EXPECTED = [4, '', ['two', 'program.js', folder, 'object', 'a', 'b', null]];

function start(): readonly unknown[] {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'start.js'), 'a', 'b'], {
    encoding: 'utf8',
  });
  return [status ?? signal, stderr, stdout === '' ? null : JSON.parse(stdout)];
}

/** What the build makes of a program, by the build's own script. */
function cacheOf(source: string): Buffer {
  writeFileSync(PROGRAM, source);
  const script = join(ROOT, 'scripts', 'code-cache.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, PROGRAM, CACHE], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return readFileSync(CACHE);
}

/** V8's octets under a checksum that holds for this program, whatever they were made of. */
function sealed(program: string, made: Buffer): Buffer {
  const checksum = Buffer.alloc(CHECKSUM_LENGTH);
  checksum.writeUInt32LE(crc32(made, crc32(program)));
  return Buffer.concat([checksum, made]);
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
  });
  beforeEach(() => {
    rmSync(CACHE, { force: true });
    writeFileSync(PROGRAM, SOURCE);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('starts it with its arguments and its folder, without a cache and with one of any kind', () => {
    expect(start()).toEqual(EXPECTED);
    const cache = cacheOf(SOURCE);
    const bare = new Script(Module.wrap(SOURCE), { filename: PROGRAM }).createCachedData();
    const refused = sealed(SOURCE, new Script(Module.wrap(`${SOURCE} `)).createCachedData());
    const cuts = [CHECKSUM_LENGTH - 1, CHECKSUM_LENGTH, cache.length / 2, cache.length - 1].map((end) =>
      cache.subarray(0, end),
    );
    for (const octets of [cache, bare, refused, ...cuts, Buffer.from('no cache'), Buffer.alloc(0)]) {
      writeFileSync(CACHE, octets);
      expect(start()).toEqual(EXPECTED);
    }
  });

  it('runs what the cache holds when its checksum is of the program, so that the build keeps no cache in vain', () => {
    const made = cacheOf(OTHER_SOURCE).subarray(CHECKSUM_LENGTH);
    const cache = cacheOf(SOURCE);
    expect(cache.equals(sealed(SOURCE, cache.subarray(CHECKSUM_LENGTH)))).toBe(true);
    // Only a forged checksum shows from outside whose code ran.
    writeFileSync(CACHE, sealed(SOURCE, made));
    expect(start()).toEqual(OTHER_EXPECTED);
  });

  it('runs the program as it is when the cache is of another text of equal length', () => {
    cacheOf(OTHER_SOURCE);
    writeFileSync(PROGRAM, SOURCE);
    expect([OTHER_SOURCE.length, start()]).toEqual([SOURCE.length, EXPECTED]);
  });

  it('compiles the program when an octet of its cache is flipped, wherever it is', () => {
    const cache = cacheOf(SOURCE);
    const places = Array.from({ length: 8 }, (_, i) => CHECKSUM_LENGTH + Math.floor((i * (cache.length - 40)) / 8));
    for (const place of [0, ...places, cache.length - 1]) {
      const flipped = Buffer.from(cache);
      flipped[place] = (flipped[place] as number) ^ 0xff;
      writeFileSync(CACHE, flipped);
      expect(start()).toEqual(EXPECTED);
    }
  });

  it('is built with a cache that takes its name only when it is whole', () => {
    cacheOf(SOURCE);
    expect(readdirSync(folder).sort()).toEqual(['program.cache', 'program.js', 'start.js']);
  });
});
