/**
 * Entry of the built command line, `dist/cli/mailscope.js`: starts the program
 * that lies beside it. In: `program.js`, and `program.cache`, what V8 made of it
 * when it was built and run once. To compile the program takes longer than to
 * inspect a small capture, so this is left out where the cache is of the very V8
 * that runs. V8 refuses the cache of another version, other flags or a text of
 * another length, but would run the code of another text of equal length, and
 * crash on a damaged one: a digest before it tells these. It is no signature.
 * Without a cache that holds, V8 compiles as ever.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Octets of the SHA-256 of the program and what V8 made of it, which stands before the latter. */
const DIGEST_LENGTH = 32;

/** What Node calls a CommonJS module with. */
type Wrapper = (
  this: unknown,
  exports: unknown,
  require: NodeJS.Require,
  module: { readonly exports: unknown },
  file: string,
  folder: string,
) => void;

function start(file: string): void {
  const program = readFileSync(file);
  const cachedData = cacheOf(file, program);
  const source = wrap(program.toString('utf8'));
  const script = new Script(source, { filename: file, ...(cachedData === null ? {} : { cachedData }) });
  const module = { exports: {} };
  const wrapper = script.runInThisContext() as Wrapper;
  wrapper.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
}

/** Null where none was made, or not of these octets of the program: neither is an error. */
function cacheOf(file: string, program: Buffer): Buffer | null {
  const cache = readCache(file.replace(/\.js$/, '.cache'));
  if (cache === null || cache.length <= DIGEST_LENGTH) return null;
  const made = cache.subarray(DIGEST_LENGTH);
  const digest = createHash('sha256').update(program).update(made).digest();
  return digest.equals(cache.subarray(0, DIGEST_LENGTH)) ? made : null;
}

function readCache(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

start(join(__dirname, 'program.js'));
