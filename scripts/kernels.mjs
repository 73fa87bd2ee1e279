/**
 * `npm run kernels`: compiles `engine/simd/kernels.as` into `kernel-code.ts`
 * beside it, or with `--print` to standard output. The module is made twice, for
 * memory of one thread and for memory that threads share, because it has to
 * declare which it is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { ROOT } from './setup/paths.mjs';

const FOLDER = join(ROOT, 'engine', 'simd');
/** All that WebAssembly may have: who makes a memory decides how much it is. */
const MEMORY = ['--importMemory', '--noExportMemory', '--maximumMemory', '65536'];
const SPEED = ['--enable', 'simd', '--runtime', 'stub', '--noAssert', '--optimizeLevel', '3', '--converge'];
const SHARED = ['--enable', 'threads', '--sharedMemory'];

/**
 * @param {readonly string[]} options
 * @returns {Promise<string>} in base64
 */
async function compiled(options) {
  const source = readFileSync(join(FOLDER, 'kernels.as'), 'utf8');
  let made = '';
  const { error } = await asc.main(['kernels.ts', '--outFile', 'kernels.wasm', ...options], {
    readFile: (name) => (name === 'kernels.ts' ? source : null),
    writeFile: (_name, contents) => {
      made = Buffer.from(contents).toString('base64');
    },
    listFiles: () => [],
    stderr: process.stderr,
  });
  if (error !== null) throw error;
  return made;
}

const product = `/**
 * Made by \`npm run kernels\` out of kernels.as, not written: WebAssembly in
 * base64, once for memory of one thread and once for memory that threads share.
 */
export const KERNEL_CODE =
  '${await compiled([...SPEED, ...MEMORY])}';

export const SHARED_KERNEL_CODE =
  '${await compiled([...SPEED, ...MEMORY, ...SHARED])}';
`;
if (process.argv.includes('--print')) process.stdout.write(product);
else writeFileSync(join(FOLDER, 'kernel-code.ts'), product);
