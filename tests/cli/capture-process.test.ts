/** `mailscope capture` as a process, with a stand-in for the capture program: signals, files, exit statuses. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { playedCapture, type PlayedCapture } from '../inspector/played-capture.js';
import { buildCommandLine, type BuiltCommandLine } from './built-cli.js';

const RING = ['-b', 'filesize:50', '-b', 'files:3'];
const SAMPLE = join(import.meta.dirname, '..', '..', 'assets', 'samples', 'sample.pcapng');

let commandLine: BuiltCommandLine;
beforeAll(async () => {
  commandLine = await buildCommandLine();
}, 60_000);
afterAll(() => commandLine.remove());

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** TMPDIR of the process. */
  readonly temporary: string;
}

function start({ folder }: PlayedCapture, ...args: readonly string[]): Running {
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary, { recursive: true });
  // In a process group of its own, as a terminal has it.
  const child = spawn(process.execPath, [commandLine.file, ...args], {
    env: { ...process.env, TMPDIR: temporary },
    detached: true,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (status) => resolve({ status, out, err }));
  });
  return { child, ended, temporary };
}

function capture(played: PlayedCapture, ...args: readonly string[]): Running {
  return start(played, 'capture', '-i', 'lo', '--engine', 'dumpcap', ...args);
}

type Line = Readonly<Record<string, unknown>>;

function lines(...texts: readonly string[]): Line[] {
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line),
  );
}

/** Records without the name of the capture; the last, of the whole run, is left out. */
function records(...texts: readonly string[]): Line[] {
  return lines(...texts)
    .filter((record) => record['event_type'] !== 'stats')
    .map(({ pcap_filename: _name, ...record }) => record);
}

/** Resolves when the file has so many lines at least. */
async function hasLines(file: string, count: number): Promise<void> {
  while (!existsSync(file) || readFileSync(file, 'utf8').split('\n').length <= count) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function inspected(played: PlayedCapture): Promise<Line[]> {
  return records((await start(played, 'inspect', '-F', 'eve', SAMPLE).ended).out);
}

describe.skipIf(process.platform === 'win32')('mailscope capture', { timeout: 60_000 }, () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'writes records as sessions end, and at %s the rest, with totals and nothing left behind',
    async (signal) => {
      const played = playedCapture();
      const out = join(played.folder, 'eve.json');
      const octets = readFileSync(SAMPLE);
      played.play(octets.subarray(0, 150_000));
      const running = capture(played, '-F', 'eve', '-o', out);
      await hasLines(out, 10);
      expect(running.child.exitCode).toBe(null);
      expect(readdirSync(running.temporary)).toHaveLength(1);
      const early = readFileSync(out, 'utf8').split('\n').length;
      played.play(octets.subarray(150_000));
      await hasLines(out, early + 10);
      running.child.kill(signal);
      const { status, err } = await running.ended;
      expect([status, err]).toEqual([
        0,
        expect.stringMatching(/^mailscope: lo: \d+ packets captured by dumpcap, drops not known, /),
      ]);
      const all = lines(readFileSync(out, 'utf8'));
      expect(all.at(-1)).toMatchObject({ event_type: 'stats' });
      expect(records(readFileSync(out, 'utf8'))).toEqual(await inspected(played));
      expect(readdirSync(running.temporary)).toEqual([]);
    },
  );

  it('ends in order at Ctrl+C in a terminal, which the capture program hears at the same time', async () => {
    const played = playedCapture();
    const out = join(played.folder, 'eve.json');
    played.play(readFileSync(SAMPLE));
    const running = capture(played, '-F', 'eve', '-o', out);
    await hasLines(out, 50);
    process.kill(-(running.child.pid ?? 0), 'SIGINT');
    const { status, err } = await running.ended;
    expect([status, err]).toEqual([0, expect.stringMatching(/^mailscope: lo: \d+ packets captured/)]);
    expect(records(readFileSync(out, 'utf8'))).toEqual(await inspected(played));
  });

  it('opens its output anew at SIGHUP: what came before is in the renamed file, nothing is lost', async () => {
    const played = playedCapture();
    const out = join(played.folder, 'eve.json');
    const octets = readFileSync(SAMPLE);
    played.play(octets.subarray(0, 150_000));
    const running = capture(played, '-F', 'eve', '-o', out);
    await hasLines(out, 10);
    renameSync(out, `${out}.1`);
    running.child.kill('SIGHUP');
    await hasLines(out, 0);
    played.play(octets.subarray(150_000));
    await hasLines(out, 10);
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(0);
    const [before, after] = [readFileSync(`${out}.1`, 'utf8'), readFileSync(out, 'utf8')];
    expect(records(before, after)).toEqual(await inspected(played));
    expect(records(before).length).toBeGreaterThan(9);
  });

  it('begins a new CSV file with its heading', async () => {
    const played = playedCapture();
    const out = join(played.folder, 'findings.csv');
    played.play(readFileSync(SAMPLE));
    const running = capture(played, '-F', 'csv', '-o', out);
    await hasLines(out, 3);
    renameSync(out, `${out}.1`);
    running.child.kill('SIGHUP');
    await hasLines(out, 1);
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(0);
    const heading = (file: string): string => readFileSync(file, 'utf8').split('\r\n')[0] ?? '';
    expect(heading(out)).toMatch(/^capture,time,packet,/);
    expect(heading(out)).toBe(heading(`${out}.1`));
  });

  it('keeps the packets in the file that is named, and finds in it what it found live', async () => {
    const played = playedCapture();
    const [out, kept] = [join(played.folder, 'eve.json'), join(played.folder, 'kept.pcapng')];
    played.play(readFileSync(SAMPLE));
    const running = capture(played, '-F', 'eve', '-o', out, '-w', kept);
    await hasLines(out, 50);
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(0);
    expect(readdirSync(running.temporary)).toEqual([]);
    expect(readFileSync(kept).equals(readFileSync(SAMPLE))).toBe(true);
    const again = await start(played, 'inspect', '-F', 'eve', kept).ended;
    const alerts = (text: string): Line[] => records(text).filter((record) => record['event_type'] === 'alert');
    expect(alerts(again.out).length).toBeGreaterThan(10);
    expect(alerts(readFileSync(out, 'utf8'))).toEqual(alerts(again.out));
  });

  it('with -b writes a ring of files named after the one that is named', async () => {
    const played = playedCapture();
    const folder = join(played.folder, 'kept');
    const out = join(played.folder, 'eve.json');
    mkdirSync(folder);
    const octets = readFileSync(SAMPLE);
    const running = capture(played, '-F', 'eve', '-o', out, '-w', join(folder, 'mail.pcapng'), ...RING);
    // In steps of which two may wait at a time: the two whole files of 50 KiB that always stay hold them.
    for (let at = 0; at < octets.length; at += 40_000) {
      const before = existsSync(out) ? readFileSync(out, 'utf8').split('\n').length : 0;
      played.play(octets.subarray(at, at + 40_000));
      await hasLines(out, before);
    }
    running.child.kill('SIGINT');
    expect((await running.ended).status).toBe(0);
    const names = readdirSync(folder).sort();
    expect(names).toEqual([
      expect.stringMatching(/^mail_00003_20\d{12}\.pcapng$/),
      expect.stringMatching(/^mail_00004_20\d{12}\.pcapng$/),
      expect.stringMatching(/^mail_00005_20\d{12}\.pcapng$/),
    ]);
    for (const name of names) {
      const { status } = await start(played, 'inspect', '-q', join(folder, name)).ended;
      expect(status).toBe(0);
    }
  });

  it('ends by itself after -a duration, with a report in any format, and says by its status what it found', async () => {
    const played = playedCapture();
    played.play(readFileSync(SAMPLE));
    const json = capture(played, '-F', 'json', '-a', 'duration:1', '-q');
    const text = capture(played, '-a', 'duration:1', '--fail-on', 'high');
    const document = await json.ended;
    expect([document.status, document.err]).toEqual([0, '']);
    expect(JSON.parse(document.out)).toMatchObject({ inputs: [{ path: 'lo', problem: null }] });
    const report = await text.ended;
    expect([report.status, report.out]).toEqual([20, expect.stringContaining('findings')]);
  });

  it('says with 4 that it could not start, and with 3 that the capture broke off', async () => {
    const played = playedCapture();
    const missing = await start(played, 'capture', '-i', 'mailscope-no0', '-F', 'json').ended;
    expect(missing).toMatchObject({ status: 4, out: '' });
    expect(missing.err).toContain('mailscope: mailscope-no0: ');
    expect(readdirSync(join(played.folder, 'tmp'))).toEqual([]);

    const broken = playedCapture();
    const out = join(broken.folder, 'eve.json');
    broken.play(readFileSync(SAMPLE));
    const running = capture(broken, '-F', 'eve', '-o', out);
    await hasLines(out, 50);
    broken.play(Buffer.from('this is no block of any capture'));
    const { status, err } = await running.ended;
    expect([status, err]).toEqual([3, expect.stringContaining('cannot be read on')]);
    expect(records(readFileSync(out, 'utf8'))).toEqual(await inspected(broken));
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const played = playedCapture();
    played.play(readFileSync(SAMPLE));
    const { child, ended, temporary } = capture(played, '-F', 'eve', '-q');
    child.stdout?.once('data', () => child.stdout?.destroy());
    await new Promise((resolve) => child.stdout?.once('close', resolve));
    played.play(readFileSync(SAMPLE));
    expect(await ended).toMatchObject({ status: 0, err: '' });
    expect(readdirSync(temporary)).toEqual([]);
  });
});
