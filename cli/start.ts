/**
 * Entry of the built command line, `dist/cli/mailscope.js`: starts the program
 * that lies beside it. In: `program.js`, and `program.cache`, what V8 made of it
 * when it was built and run once. To compile the program takes longer than to
 * inspect a small capture, so this is left out where the cache is of the very
 * V8 that runs; V8 itself refuses any other, and then compiles as ever.
 */
import { readFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

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
  const source = wrap(readFileSync(file, 'utf8'));
  const cachedData = cacheOf(file);
  const script = new Script(source, { filename: file, ...(cachedData === null ? {} : { cachedData }) });
  const module = { exports: {} };
  const wrapper = script.runInThisContext() as Wrapper;
  wrapper.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
}

/** Null where none was made, which is no error. */
function cacheOf(file: string): Buffer | null {
  try {
    return readFileSync(file.replace(/\.js$/, '.cache'));
  } catch {
    return null;
  }
}

start(join(__dirname, 'program.js'));
