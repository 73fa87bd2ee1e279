/**
 * `node scripts/code-cache.mjs`, a part of the build: runs the built command
 * line once over the sample capture and keeps beside it what V8 compiled
 * meanwhile, for `cli/start.ts`. A build without it works as well, only slower.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { devNull } from 'node:os';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import { CLI_CACHE, CLI_PROGRAM, SAMPLE_CAPTURE } from './setup/paths.mjs';

// The same text and name as in cli/start.ts: V8 takes the cache for no other.
const script = new Script(Module.wrap(readFileSync(CLI_PROGRAM, 'utf8')), { filename: CLI_PROGRAM });
const inspect = ['inspect', '--workers', '1', '--format', 'eve', '--output', devNull, SAMPLE_CAPTURE];
process.argv.splice(2, Infinity, ...inspect);
process.once('exit', (status) => {
  if (status === 0) writeFileSync(CLI_CACHE, script.createCachedData());
});
const module = { exports: {} };
const wrapper = script.runInThisContext();
wrapper.call(
  module.exports,
  module.exports,
  Module.createRequire(CLI_PROGRAM),
  module,
  CLI_PROGRAM,
  dirname(CLI_PROGRAM),
);
