/** Writing in the real world: slow pipes, closed pipes, full disks, documents larger than memory should hold. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FdWriter } from '../../cli/fd-writer.js';
import { FileSpool } from '../../cli/spool.js';

function refusal(code: string): Error {
  return Object.assign(new Error(`${code}: refused`), { code });
}

describe('the writer of a descriptor', () => {
  it('writes in large pieces and survives short writes, interruptions and slow readers', () => {
    const written: Uint8Array[] = [];
    const refusals = ['EAGAIN', 'EINTR'];
    const writer = new FdWriter(1, undefined, (_fd, octets) => {
      const code = refusals.shift();
      if (code !== undefined) throw refusal(code);
      const piece = Uint8Array.from(octets.subarray(0, 30_000));
      written.push(piece);
      return piece.length;
    });
    const text = 'é日\n'.repeat(30_000);
    for (const character of text.match(/.{1,1000}/gsu) ?? []) writer.write(character);
    writer.flush();
    expect([Buffer.concat(written).toString('utf8') === text, written.length < 15, writer.state]).toEqual([
      true,
      true,
      'open',
    ]);
  });

  it('lets the first lines be seen at once, and more and more come together behind them', () => {
    const written: number[] = [];
    const writer = new FdWriter(1, undefined, (_fd, octets) => {
      written.push(octets.length);
      return octets.length;
    });
    for (let i = 0; i < 200; i++) writer.write(`${'x'.repeat(511)}\n`);
    // The next text might have been three times as long in UTF-8.
    expect(written).toEqual([1024, 4096, 16_384, 64_512]);
  });

  it('stops quietly, once, when the reader went away', () => {
    let calls = 0;
    let stops = 0;
    const writer = new FdWriter(
      1,
      () => stops++,
      () => {
        calls++;
        throw refusal('EPIPE');
      },
    );
    writer.write('x');
    writer.flush();
    writer.write('y'.repeat(100_000));
    writer.flush();
    expect([writer.state, calls, stops]).toEqual(['closed', 1, 1]);
  });

  it('remembers why the system refused', () => {
    const writer = new FdWriter(1, undefined, () => {
      throw refusal('ENOSPC');
    });
    writer.write('x');
    writer.flush();
    expect(writer.state).toMatchObject({ code: 'ENOSPC' });
  });
});

describe('the spool', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailscope-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([10_000, 1_000_000])('gives everything back in order, with %i characters of memory', (memory) => {
    const spool = new FileSpool(memory, folder);
    const texts = Array.from({ length: 20_000 }, (_, i) => `${i} é日😀\n`);
    for (const text of texts) spool.append(text);
    const spilled = readdirSync(folder).length;
    let drained = '';
    spool.drainTo((text) => (drained += text));
    expect([drained === texts.join(''), spilled, readdirSync(folder)]).toEqual([true, memory < 100_000 ? 1 : 0, []]);
  });

  it('removes its file when the command ends before it was read', () => {
    const spool = new FileSpool(1, folder);
    spool.append('secret findings');
    const made = readdirSync(folder).length;
    spool.dispose();
    expect([made, readdirSync(folder)]).toEqual([1, []]);
  });
});
