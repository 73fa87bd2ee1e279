/** The generated captures, kept outside of the project between runs under a name that changes with the generator. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Load } from './dialogues.js';
import { generate, type Generated } from './generate.js';

export interface BenchFile extends Generated {
  readonly load: Load;
  readonly path: string;
}

const SEED = 1;
/** What decides the octets of a file. */
const GENERATOR_SOURCES = /^(random|messages|dialogues|program|generate)\.ts$/;

/** The capture of this load and size: generated unless an earlier run left it. */
export function benchFile(folder: string, load: Load, megabytes: number): BenchFile {
  const cache = join(tmpdir(), 'mailscope-bench');
  mkdirSync(cache, { recursive: true });
  const path = join(cache, `${load}-${megabytes}mb-${generatorVersion(folder)}.pcap`);
  const facts = `${path}.json`;
  if (!existsSync(facts)) {
    process.stderr.write(`generating ${megabytes} MB of ${load} traffic\n`);
    const made = generate({ load, bytes: megabytes * 1e6, file: `${path}.partial`, seed: SEED });
    renameSync(`${path}.partial`, path);
    writeFileSync(facts, JSON.stringify(made));
  }
  return { ...(JSON.parse(readFileSync(facts, 'utf8')) as Generated), load, path };
}

function generatorVersion(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder)
    .filter((name) => GENERATOR_SOURCES.test(name))
    .sort())
    hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 8);
}
