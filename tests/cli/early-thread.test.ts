/** A thread is started before the program is loaded exactly where the program will want it, and does no harm elsewhere. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEarly } from '../../cli/early-thread.js';
import { buildCommandLine, type BuiltCommandLine } from './built-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'mailscope-early-'));
const LARGE = join(folder, 'large.pcap');
const SMALL = join(folder, 'small.pcap');
const THREAD = join(folder, 'thread.cjs');
/** Of a pcap file, little-endian, of Ethernet. */
const HEADER = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');

beforeAll(() => {
  for (const [path, length] of [
    [LARGE, 32_000_000],
    [SMALL, 31_999_999],
  ] as const) {
    writeFileSync(path, '');
    truncateSync(path, length);
  }
  const descriptor = openSync(LARGE, 'r+');
  writeSync(descriptor, HEADER);
  closeSync(descriptor);
  writeFileSync(
    THREAD,
    `require('node:worker_threads').parentPort.on('message', (sent) => { throw new Error(sent); });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Was a thread started? It is ended. */
async function isStarted(...args: string[]): Promise<boolean> {
  const early = startEarly(args, THREAD);
  await early?.thread.terminate();
  return early !== null;
}

describe.skipIf(availableParallelism() < 2)('a thread that is started early', () => {
  it('is started where a large capture is inspected by two', async () => {
    expect(await isStarted('inspect', LARGE)).toBe(true);
    expect(await isStarted('inspect', '--workers', '2', LARGE)).toBe(true);
    expect(await isStarted('inspect', '--workers=2', '-F', 'eve', LARGE)).toBe(true);
  });

  it('is not started for a small capture, another command, or another number of threads', async () => {
    for (const args of [
      ['inspect', SMALL],
      ['inspect', join(folder, 'absent.pcap')],
      ['inspect'],
      ['policy', LARGE],
      ['inspect', '--workers', '1', LARGE],
      ['inspect', '--workers=3', LARGE],
      [],
    ]) {
      expect([args, await isStarted(...args)]).toEqual([args, false]);
    }
  });

  it('is told to have failed when it did', async () => {
    const early = startEarly(['inspect', LARGE], THREAD);
    if (early === null) throw new Error('no thread was started');
    expect(early.hasFailed).toBe(false);
    const gone = new Promise((resolve) => early.thread.once('exit', resolve));
    early.thread.postMessage('it fails');
    await gone;
    expect(early.hasFailed).toBe(true);
  });
});

describe('the built command line with a thread that was started early', () => {
  let commandLine: BuiltCommandLine;
  beforeAll(async () => {
    commandLine = await buildCommandLine();
  }, 60_000);
  afterAll(() => commandLine.remove());

  function run(...args: string[]): readonly unknown[] {
    const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine.file, ...args], { encoding: 'utf8' });
    return [status, stdout, stderr];
  }

  it('says of a capture what it says with one thread', () => {
    const [status, stdout, stderr] = run('inspect', '--format', 'eve', LARGE);
    expect([status, stderr]).toEqual([3, expect.stringContaining('large.pcap')]);
    expect(run('inspect', '--format', 'eve', '--workers', '1', LARGE)).toEqual([status, stdout, stderr]);
  });

  it('says what is wrong with a path of which not even the size can be had', () => {
    const loop = join(folder, 'loop.pcap');
    symlinkSync(loop, loop);
    for (const path of [loop, 'a'.repeat(300)]) {
      const [status, , stderr] = run('inspect', path);
      expect([status, stderr]).toEqual([3, expect.stringMatching(/^mailscope: /)]);
    }
  });

  it('ends with its status where the thread is not needed after all', () => {
    expect(run('inspect', '--no-such-option', LARGE)[0]).toBe(2);
    expect(run('inspect', '--policy', join(folder, 'absent.json'), LARGE)[0]).toBe(2);
    const folderOfLarge = run('inspect', '--output', folder, LARGE);
    expect(folderOfLarge[0]).toBe(2);
  });
});
