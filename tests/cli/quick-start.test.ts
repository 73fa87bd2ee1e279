/** A program that begins sooner by the build's doing is the same program. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quickStart } from '../../scripts/quick-start.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mailscope-quick-'));
const ENTRY = join(folder, 'entry.ts');
const PROGRAM = join(folder, 'program.js');

async function buildEntry(source: string): Promise<void> {
  writeFileSync(ENTRY, source);
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [quickStart()],
    build: {
      ssr: ENTRY,
      target: 'node18',
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { external: isBuiltin, output: { format: 'cjs', entryFileNames: 'program.js' } },
    },
  });
}

function said(): readonly unknown[] {
  const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM], { encoding: 'utf8' });
  return [stdout === '' ? null : JSON.parse(stdout), stderr];
}

/** Has Node loaded the module? It keeps a list. */
const LOADED = `const isLoaded = (name: string) => (process as any).moduleLoadList.includes('NativeModule ' + name);`;

describe('a program that the build has begin sooner', () => {
  beforeAll(() => writeFileSync(join(folder, 'package.json'), '{}'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('loads modules of Node where they are used, also with new', async () => {
    await buildEntry(`
      import { StringDecoder } from 'node:string_decoder';
      import { crc32, constants } from 'node:zlib';
      ${LOADED}
      const before = isLoaded('zlib');
      const found = [crc32('mail'), new StringDecoder('utf8').write(Buffer.from('c3a9', 'hex')), constants.Z_NO_FLUSH];
      console.log(JSON.stringify([before, found, isLoaded('zlib')]));
    `);
    expect(said()).toEqual([[false, [crc32('mail'), 'é', 0], true], '']);
  });

  it('loads at once what it uses as a whole', async () => {
    await buildEntry(`
      import * as zlib from 'node:zlib';
      const all = (module: object) => 'crc32' in module;
      console.log(JSON.stringify(all(zlib)));
    `);
    expect(said()).toEqual([true, '']);
  });

  it('is ASCII, and says what it said before', async () => {
    await buildEntry(`
      // µ in a comment
      const words = ['…', \`a\${1}é\`, '\\u{1f600}', '😀', /[à-ÿ]😀/u.test('é😀'), { 'ключ': 1 }, 'a\\\\é'];
      console.log(JSON.stringify(words));
    `);
    expect([...readFileSync(PROGRAM)].every((octet) => octet < 128)).toBe(true);
    expect(said()).toEqual([['…', 'a1é', '😀', '😀', true, { ключ: 1 }, 'a\\é'], '']);
  });

  it('is not built where a backslash would get another meaning', async () => {
    await expect(buildEntry(`console.log(/\\é/.test('é'));`)).rejects.toThrow('write \\é without the backslash');
  });
});
