/** How many threads a capture is worth is told from its size, and of what cannot be had nothing is said here. */
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { worthwhileWorkers } from '../../inspector/worthwhile-workers.js';

const folder = mkdtempSync(join(tmpdir(), 'mailscope-worth-'));

function ofSize(bytes: number, name = `${bytes}.pcap`): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  truncateSync(path, bytes);
  return path;
}

describe('threads worth it', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are two halves from 32 MB on, or from 8 MB of gzip, and more for gigabytes', () => {
    const counts = [ofSize(31_999_999), ofSize(32_000_000), ofSize(7_999_999, 'a.gz'), ofSize(8_000_000, 'b.gz')];
    expect(counts.map((path) => worthwhileWorkers(path, 4, true))).toEqual([1, 2, 1, 2]);
    expect([ofSize(599_999_999), ofSize(600_000_000)].map((path) => worthwhileWorkers(path, 4, true))).toEqual([2, 4]);
    expect(worthwhileWorkers(ofSize(600_000_000), 1, true)).toBe(1);
  });

  it('are two shares only for a gigabyte and more where halves cannot be', () => {
    const counts = [ofSize(1_199_999_999), ofSize(1_200_000_000)].map((path) => worthwhileWorkers(path, 2, false));
    expect(counts).toEqual([1, 2]);
  });

  it('are as for the largest where nobody knows the size', () => {
    expect([worthwhileWorkers('-', 2, true), worthwhileWorkers('/dev/null', 3, true)]).toEqual([2, 3]);
  });

  it('are one for what cannot be had, without a word: who opens it says why', () => {
    const loop = join(folder, 'loop');
    symlinkSync(loop, loop);
    const absent = [join(folder, 'absent.pcap'), loop, 'a'.repeat(300), join(ofSize(1), 'within'), 'a\0b'];
    expect(absent.map((path) => worthwhileWorkers(path, 4, true))).toEqual([1, 1, 1, 1, 1]);
  });
});
