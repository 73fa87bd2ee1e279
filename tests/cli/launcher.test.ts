/** `bin/mailscope` runs the build on the Node that was installed with it, wherever it is called from. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LAUNCHER = join(import.meta.dirname, '..', '..', 'bin', 'mailscope');
/** Stands for a Node: says which one it is and what it was called with, and ends with a status of its own. */
const nodeNamed = (name: string): string => `#!/bin/sh\nprintf '%s\\n' ${name} "$@"\nexit 20\n`;
const HEAP = ['--min-semi-space-size=8', '--max-semi-space-size=8'];

let clone = '';

function executable(path: string, content: string): void {
  writeFileSync(path, content);
  chmodSync(path, 0o755);
}

/** Status, stdout and stderr of the launcher, called through a link from another folder. */
function launched(...args: readonly string[]): readonly unknown[] {
  const path = `${join(clone, 'path')}:${process.env['PATH']}`;
  const link = join(clone, 'path', 'mailscope');
  const { status, stdout, stderr } = spawnSync(link, args, {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  return [status, stdout.split('\n'), stderr];
}

describe.skipIf(process.platform === 'win32')('bin/mailscope', () => {
  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'mailscope launcher '));
    for (const folder of ['bin', 'path', 'dist/cli', 'node_modules/.bin']) {
      mkdirSync(join(clone, folder), { recursive: true });
    }
    copyFileSync(LAUNCHER, join(clone, 'bin', 'mailscope'));
    symlinkSync(join(clone, 'bin', 'mailscope'), join(clone, 'path', 'mailscope'));
    executable(join(clone, 'path', 'node'), nodeNamed('path'));
    executable(join(clone, 'path', 'getconf'), '#!/bin/sh\necho 2\n');
    executable(join(clone, 'node_modules', '.bin', 'node'), nodeNamed('own'));
    writeFileSync(join(clone, 'dist', 'cli', 'mailscope.js'), '');
  });
  afterEach(() => rmSync(clone, { recursive: true, force: true }));

  const program = (): string => join(clone, 'dist', 'cli', 'mailscope.js');

  it('runs the build on the Node beside it, with the arguments as they are, and ends with its status', () => {
    expect(launched('inspect', 'a capture.pcap', '*', '')).toEqual([
      20,
      ['own', ...HEAP, '--v8-pool-size=2', program(), 'inspect', 'a capture.pcap', '*', '', ''],
      '',
    ]);
  });

  it('takes the Node in PATH where none was installed', () => {
    rmSync(join(clone, 'node_modules'), { recursive: true });
    expect(launched('--version')).toEqual([20, ['path', ...HEAP, '--v8-pool-size=2', program(), '--version', ''], '']);
  });

  it.each(['5', '16', 'undefined', ''])('gives V8 four threads where the system says %j of its cores', (said) => {
    executable(join(clone, 'path', 'getconf'), `#!/bin/sh\necho ${said}\n`);
    expect(launched('--version')).toEqual([20, ['own', ...HEAP, '--v8-pool-size=4', program(), '--version', ''], '']);
  });

  it('says what to do when nothing is built', () => {
    rmSync(join(clone, 'dist'), { recursive: true });
    expect(launched('--version')).toEqual([1, [''], 'mailscope: it is not built yet: run `npm run build` first\n']);
  });
});
