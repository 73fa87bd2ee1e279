/** The built command line says the same on the Node of the machine, which may be years older, as on its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCommandLine, type BuiltCommandLine } from './built-cli.js';

const SAMPLES = join(import.meta.dirname, '..', '..', 'assets', 'samples');
const SAMPLE = join(SAMPLES, 'sample.pcapng');

/** npm runs on the machine's, and names it. */
const machineNode = process.env['npm_node_execpath'] ?? process.execPath;

function versionOf(node: string): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
}

const isOther = versionOf(machineNode) !== process.version;
const title = isOther ? `on Node ${versionOf(machineNode)}` : 'on another Node (skipped: npm runs on this one as well)';

describe.skipIf(!isOther)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailscope-node-'));
  const compressed = join(folder, 'repeated.pcap.gz');
  let commandLine: BuiltCommandLine;

  beforeAll(async () => {
    commandLine = await buildCommandLine();
    const small = readFileSync(join(SAMPLES, 'small.pcap'));
    // Some 440 KB out of a few: more than zlib's buffer holds, which Nodes give out differently.
    const packets = Array<Buffer>(40).fill(small.subarray(24));
    writeFileSync(compressed, gzipSync(Buffer.concat([small.subarray(0, 24), ...packets])));
  });
  afterAll(() => {
    commandLine.remove();
    rmSync(folder, { recursive: true });
  });

  function inspected(node: string, workers: string, path: string): readonly unknown[] {
    const args = ['inspect', '-F', 'eve', '--workers', workers, path];
    const { status, stdout, stderr } = spawnSync(node, [commandLine.file, ...args], { encoding: 'utf8' });
    return [status, stdout, stderr];
  }

  it.each([
    ['one thread', '1', SAMPLE],
    ['two halves', '2', SAMPLE],
    ['three shares', '3', SAMPLE],
    ['gzip', '2', compressed],
  ])('%s', (_, workers, path) => {
    const expected = inspected(process.execPath, workers, path);
    expect(expected[0]).toBe(0);
    expect(inspected(machineNode, workers, path)).toEqual(expected);
  });
});
