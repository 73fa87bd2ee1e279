/** Writing to a file while the inspection goes on: order, bounded memory, short writes, full disks. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync, writev } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileWriter, type FileCalls } from '../../cli/file-writer.js';

const NODE: FileCalls = { writeSync, writev, ftruncateSync };
const LINES = Array.from({ length: 100_000 }, (_, i) => `${i} é日😀 ${'x'.repeat(i % 97)}\n`);
const TEXT = LINES.join('');

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('the writer of a file', () => {
  let folder: string;
  let file: string;
  let fd: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailscope-test-'));
    file = join(folder, 'report');
    fd = openSync(file, 'w');
  });
  afterEach(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['in one turn', Infinity],
    ['in many turns', 997],
  ])('keeps the order of what comes %s', async (_, linesPerTurn) => {
    let stops = 0;
    const writer = new FileWriter(fd, () => stops++);
    for (const [i, line] of LINES.entries()) {
      if (i % 3 === 0) writer.write(line);
      else writer.writeUtf8(Buffer.from(line));
      if (i % 5000 === 0) writer.flush();
      if (i % linesPerTurn === linesPerTurn - 1) await turn();
    }
    writer.write('y'.repeat(1_000_000));
    writer.write('end');
    await writer.finish();
    const written = readFileSync(file, 'utf8');
    expect([written === `${TEXT}${'y'.repeat(1_000_000)}end`, writer.state, stops]).toEqual([true, 'open', 0]);
  });

  it('gives the system one call at a time, and writes itself when all its pieces are under way', async () => {
    let underWay = 0;
    let mostUnderWay = 0;
    let octets = 0;
    let written = 0;
    const writer = new FileWriter(fd, undefined, {
      ...NODE,
      writeSync: (...all) => {
        const length = writeSync(...all);
        written += length;
        return length;
      },
      writev: (to, pieces, position, done) => {
        mostUnderWay = Math.max(mostUnderWay, ++underWay);
        octets += pieces.reduce((sum, { length }) => sum + length, 0);
        writev(to, pieces, position, (error, length) => {
          underWay--;
          done(error, length);
        });
      },
    });
    for (const line of LINES) writer.write(line);
    await writer.finish();
    expect(readFileSync(file, 'utf8') === TEXT).toBe(true);
    expect(octets + written).toBe(Buffer.byteLength(TEXT));
    expect([mostUnderWay, octets > 1_500_000 && octets < 4_000_000, written > 2_000_000]).toEqual([1, true, true]);
  });

  it('goes on where a call of the system wrote less than it was given', async () => {
    const writer = new FileWriter(fd, undefined, {
      ...NODE,
      writev: (to, [first], position, done) => {
        const length = Math.min(1000, first?.length ?? 0);
        const octets = Buffer.from((first as Uint8Array).subarray(0, length));
        setImmediate(() => done(null, writeSync(to, octets, 0, length, position)));
      },
    });
    for (const [i, line] of LINES.entries()) {
      writer.write(line);
      if (i % 1000 === 0) await turn();
    }
    await writer.finish();
    expect([readFileSync(file, 'utf8') === TEXT, writer.state]).toEqual([true, 'open']);
  });

  it('leaves what was written until the disk was full, says so once, and takes nothing more', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const room = 2_000_000;
    let stops = 0;
    const writer = new FileWriter(fd, () => stops++, {
      ...NODE,
      writeSync: (to, octets, offset, length, position) => {
        if (position >= room && position < room + 500_000) throw full;
        return writeSync(to, octets, offset, length, position);
      },
      writev: (to, pieces, position, done) => {
        const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
        if (position + length <= room) writev(to, pieces, position, done);
        else setImmediate(() => done(full, 0));
      },
    });
    for (const line of LINES) writer.write(line);
    await writer.finish();
    writer.write('more');
    const left = readFileSync(file);
    expect([writer.state, stops]).toEqual([full, 1]);
    expect(left.length).toBeGreaterThan(1_000_000);
    expect(left.equals(Buffer.from(TEXT).subarray(0, left.length))).toBe(true);
  });
});
