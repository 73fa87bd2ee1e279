/**
 * Entry of the built command line, `dist/cli/mailscope.js`: starts the program
 * that lies beside it. In: `program.js`, and `program.cache`, what V8 made of it
 * when it was built and run once. To compile the program takes longer than to
 * inspect a small capture, so this is left out where the cache is of the very V8
 * that runs. V8 refuses the cache of another version, other flags or a text of
 * another length, but would run the code of another text of equal length, and
 * crash on a damaged one: a checksum before it tells these. It is no signature.
 * Without a cache that holds, V8 compiles as ever. While the program is loaded,
 * the thread boots that it will want.
 */
import { readFileSync } from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import * as zlib from 'node:zlib';
import { startEarly, type EarlyThread } from './early-thread.js';

/** Octets of the CRC-32 of the program and what V8 made of it, which stands before the latter. */
const CHECKSUM_LENGTH = 4;

/** What the program exports. */
interface Program {
  readonly main: (early: EarlyThread | null) => void;
}

/** What Node calls a CommonJS module with. */
type Wrapper = (
  this: unknown,
  exports: unknown,
  require: NodeJS.Require,
  module: { readonly exports: unknown },
  file: string,
  folder: string,
) => void;

function load(file: string): Program {
  const program = readFileSync(file);
  const cachedData = cacheOf(file, program);
  // It is ASCII, by the build.
  const source = wrap(program.toString('latin1'));
  const script = new Script(source, { filename: file, ...(cachedData === null ? {} : { cachedData }) });
  const module = { exports: {} };
  const wrapper = script.runInThisContext() as Wrapper;
  wrapper.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  return module.exports as Program;
}

/** Null where none was made, or not of these octets of the program, or a Node 21 or 22.1 cannot tell: none is an error. */
function cacheOf(file: string, program: Buffer): Buffer | null {
  const { crc32 } = zlib as Partial<Pick<typeof zlib, 'crc32'>>;
  if (crc32 === undefined) return null;
  const cache = readCache(file.replace(/\.js$/, '.cache'));
  if (cache === null || cache.length <= CHECKSUM_LENGTH) return null;
  const made = cache.subarray(CHECKSUM_LENGTH);
  return crc32(made, crc32(program)) === cache.readUInt32LE(0) ? made : null;
}

function readCache(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

const early = startEarly(process.argv.slice(2), join(__dirname, '..', 'inspector', 'streams.js'));
load(join(__dirname, 'program.js')).main(early);
