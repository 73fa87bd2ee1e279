/** A thread is started before the program is loaded exactly where the program will want it, and does no harm elsewhere. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCaptureFile } from '../../bench/capture-writer.js';
import { generate } from '../../bench/generate.js';
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

/** Notes what the command line does with threads and with V8, which it goes on doing. */
const NOTES = `
const { appendFileSync } = require('node:fs');
const threads = require('node:worker_threads');
const v8 = require('node:v8');
const note = (text) => appendFileSync(process.env.NOTES, text + '\\n');
if (threads.isMainThread) {
  threads.Worker = class extends threads.Worker {
    constructor(file, options) {
      threads.started = (threads.started ?? 0) + 1;
      super(threads.started === 1 && process.env.FAIL_FIRST ? process.env.FAIL_FIRST : file, options);
      this.note = threads.started === 1 ? 'first' : 'other';
      note(this.note);
    }
    terminate() {
      note(this.note + ' ended');
      return super.terminate();
    }
  };
  const { setFlagsFromString } = v8;
  v8.setFlagsFromString = (flags) => {
    note(flags.replace(/.*=/, ''));
    setFlagsFromString(flags);
  };
}
`;

describe.skipIf(availableParallelism() < 2)('the built command line with a thread that was started early', () => {
  const hook = join(folder, 'notes.cjs');
  const notes = join(folder, 'notes.txt');
  const mail = join(folder, 'mail.pcap');
  const small = join(folder, 'small-mail.pcap');
  const failing = join(folder, 'failing.cjs');
  let commandLine: BuiltCommandLine;
  beforeAll(async () => {
    commandLine = await buildCommandLine();
    writeFileSync(hook, NOTES);
    writeFileSync(failing, `throw new Error('it fails');`);
    for (const [file, size] of [
      [mail, 33e6],
      [small, 25e6],
    ] as const) {
      writeCaptureFile(file, (output) => generate({ load: 'bulk', size, seed: 7 }, output));
    }
  }, 60_000);
  afterAll(() => commandLine.remove());

  function run(...args: string[]): readonly unknown[] {
    const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine.file, ...args], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    return [status, stdout, stderr];
  }

  /** Of a run: what it noted, its status, and a digest of its output. */
  function noted(args: readonly string[], environment: NodeJS.ProcessEnv = {}): readonly unknown[] {
    writeFileSync(notes, '');
    const env = { ...process.env, ...environment, NOTES: notes, NODE_OPTIONS: `--require ${hook}` };
    const all = [commandLine.file, 'inspect', '--format', 'eve', ...args];
    const { status, stdout } = spawnSync(process.execPath, all, { env, maxBuffer: 2 ** 28 });
    return [readFileSync(notes, 'utf8').trim().split('\n'), status, crc32(stdout)];
  }

  it('uses it, and no other, and says what one thread says', () => {
    const [one, status, digest] = noted(['--workers', '1', mail]);
    expect([one, status]).toEqual([[''], 0]);
    const isMeasured = Number.parseInt(process.versions.v8, 10) >= 14;
    // Thorough compilation waits once it is known that packets are few, and no longer than the capture.
    const calls = isMeasured ? ['300000', '18000'] : [];
    expect(noted([mail])).toEqual([['first', ...calls, 'first ended'], 0, digest]);
  });

  it('starts another when it has failed before it was wanted', () => {
    // While the first capture is inspected, by one thread, the other has long ended.
    const [found, status] = noted([small, mail], { FAIL_FIRST: failing });
    expect([(found as string[]).filter((line) => !/\d/.test(line)), status]).toEqual([
      ['first', 'other', 'other ended'],
      0,
    ]);
  });

  it('ends it where the policy lets no two halves work', () => {
    const policy = join(folder, 'perimeter.json');
    writeFileSync(policy, JSON.stringify({ networks: { own: ['10.0.0.0/8'], mailServers: ['10.0.0.25'] } }));
    expect(noted(['--policy', policy, mail])[0]).toEqual(['first', 'first ended']);
  });

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
    expect(run('inspect', '--output', folder, LARGE)[0]).toBe(2);
  });
});
