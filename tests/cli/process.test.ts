/** The real program as a process: its descriptors and its exit status. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function mailscope(args: readonly string[], { input = '', closeOutput = false } = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'cli/mailscope.ts', ...args], { cwd: ROOT });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  if (closeOutput) child.stdout.destroy();
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, out, err }));
  });
}

describe('the program', { timeout: 120_000 }, () => {
  it('reads standard input, delivers a document, and says what was wrong with it', async () => {
    const { status, out, err } = await mailscope(['inspect', '-F', 'json', '-'], { input: 'this is no capture' });
    expect([status, err.split(':').slice(0, 2)]).toEqual([3, ['mailscope', ' standard input']]);
    expect(JSON.parse(out)).toMatchObject({
      inputs: [{ path: '-', totals: { packets: 0 } }],
      sessions: [],
      violations: [],
    });
  });

  it('ends quietly with 0 when nobody reads its output', async () => {
    expect(await mailscope(['protections', '--json'], { closeOutput: true })).toEqual({ status: 0, out: '', err: '' });
  });
});
