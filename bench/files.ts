/** The generated captures, kept outside of the project between runs under a name that changes with the generator. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCaptureFile } from './capture-writer.js';
import { generate, type Generated } from './generate.js';
import type { Load } from './loads.js';

export interface BenchFile extends Generated {
  readonly load: Load;
  readonly path: string;
}

export const CACHE = join(tmpdir(), 'mailscope-bench');
export const SEED = 1;
const PIECE_BYTES = 1_048_576;
/** What decides the octets of a file. */
const GENERATOR_SOURCES =
  /^(capture-writer|random|messages|script|dialogues|short-dialogues|other-traffic|loads|program|generate)\.ts$/;

/** The capture of this load and size (in octets, or connections of `many-open`): generated unless an earlier run left it. */
export function benchFile(load: Load, size: number): BenchFile {
  mkdirSync(CACHE, { recursive: true });
  const path = join(CACHE, `${load}-${size}-${generatorVersion()}.pcap`);
  const facts = `${path}.json`;
  if (!existsSync(facts)) {
    process.stderr.write(`generating ${load} traffic, ${size}\n`);
    const made = writeCaptureFile(`${path}.partial`, (output) => generate({ load, size, seed: SEED }, output));
    renameSync(`${path}.partial`, path);
    writeFileSync(facts, JSON.stringify(made));
  }
  return { ...(JSON.parse(readFileSync(facts, 'utf8')) as Generated), load, path };
}

/** Reads the file once, so that whoever is measured on it next does not wait for the disk. */
export function readThrough({ path }: BenchFile): void {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    while (readSync(descriptor, piece) > 0);
  } finally {
    closeSync(descriptor);
  }
}

function generatorVersion(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(__dirname)
    .filter((name) => GENERATOR_SOURCES.test(name))
    .sort())
    hash.update(readFileSync(join(__dirname, name)));
  return hash.digest('hex').slice(0, 8);
}
