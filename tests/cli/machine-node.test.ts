/** The built command line says the same on the Node of the machine, which may be years older, as on its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCommandLine, type BuiltCommandLine } from './built-cli.js';

const SAMPLES = join(import.meta.dirname, '..', '..', 'assets', 'samples');

/** npm runs on the machine's, and names it. */
const machineNode = process.env['npm_node_execpath'] ?? process.execPath;

function versionOf(node: string): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
}

const isOther = versionOf(machineNode) !== process.version;
const title = isOther ? `on Node ${versionOf(machineNode)}` : 'on another Node (skipped: npm runs on this one as well)';

describe.skipIf(!isOther)(title, () => {
  let commandLine: BuiltCommandLine;

  beforeAll(async () => {
    commandLine = await buildCommandLine();
  });
  afterAll(() => commandLine.remove());

  function inspected(node: string, workers: string, name: string): readonly unknown[] {
    const args = ['inspect', '-F', 'eve', '--workers', workers, join(SAMPLES, name)];
    const { status, stdout, stderr } = spawnSync(node, [commandLine.file, ...args], { encoding: 'utf8' });
    return [status, stdout, stderr];
  }

  it.each([
    ['one thread', '1', 'sample.pcapng'],
    ['two halves', '2', 'sample.pcapng'],
    ['three shares', '3', 'sample.pcapng'],
    ['gzip', '2', 'small.pcapng.gz'],
  ])('%s', (_, workers, name) => {
    const expected = inspected(process.execPath, workers, name);
    expect(expected[0]).toBe(0);
    expect(inspected(machineNode, workers, name)).toEqual(expected);
  });
});
