/**
 * `node scripts/code-cache.mjs [PROGRAM CACHE]`, a part of the build: runs the
 * built command line once over the sample capture and keeps beside it what V8
 * compiled meanwhile, for `cli/start.ts`: the CRC-32 of the program and of what
 * follows, then V8's octets. The file is there whole or not at all. A build
 * without it works as well, only slower.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';
import { CLI_CACHE, CLI_PROGRAM, SAMPLE_CAPTURE } from './setup/paths.mjs';

const inspect = ['inspect', '--workers', '1', '--format', 'eve', '--output', devNull, SAMPLE_CAPTURE];
const [file = CLI_PROGRAM, cache = CLI_CACHE] = process.argv.splice(2, Infinity, ...inspect);
const program = readFileSync(file);
// The same text as in cli/start.ts: V8 is asked for the code of no other.
const script = new Script(Module.wrap(program.toString('latin1')), { filename: file });
process.once('exit', (status) => {
  if (status === 0) keep(script.createCachedData());
});
const module = { exports: {} };
const wrapper = script.runInThisContext();
wrapper.call(module.exports, module.exports, Module.createRequire(file), module, file, dirname(file));
module.exports.main(null);

/** @param {Buffer} made */
function keep(made) {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(made, crc32(program)));
  const unfinished = `${cache}.${process.pid}`;
  writeFileSync(unfinished, Buffer.concat([checksum, made]));
  renameSync(unfinished, cache);
}
