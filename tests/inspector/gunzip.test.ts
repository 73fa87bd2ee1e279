import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../inspector/problem.js';
import { decompressedChunks } from '../../inspector/source/decompress.js';
import type { Chunks } from '../../inspector/source/read-chunks.js';

/** Gives the octets in pieces, each in the same buffer, as reading a file does. */
async function* borrowed(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    buffer.fill(0xee);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

async function collect(chunks: Chunks): Promise<{ data: Buffer; code: string; message: string }> {
  const pieces: Buffer[] = [];
  try {
    for await (const chunk of chunks) pieces.push(Buffer.from(chunk));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { data: Buffer.concat(pieces), code: error.problem.code, message: error.problem.message };
  }
  return { data: Buffer.concat(pieces), code: '', message: '' };
}

function decompress(bytes: Uint8Array, size = 65_536): Promise<{ data: Buffer; code: string; message: string }> {
  return collect(decompressedChunks(borrowed(bytes, size)));
}

/** Not compressible, so that cutting the compressed octets cuts the data at a place that can be foretold. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 12345;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    bytes[i] = state >> 16;
  }
  return bytes;
}

describe('reading compressed captures', () => {
  it('passes plain octets on unchanged, whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
        bytes[0] = 0x0a;
        expect((await decompress(bytes, size)).data.equals(bytes)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('decompresses any number of members in any pieces', async () => {
    const member = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(member, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 80 }),
        async (members, size) => {
          const result = await decompress(Buffer.concat(members.map((bytes) => gzipSync(bytes))), size);
          expect(result).toEqual({ data: Buffer.concat(members), code: '', message: '' });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('skips every optional field of a member header', async () => {
    const plain = gzipSync('hello');
    const header = Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3]);
    const fields = Buffer.concat([Buffer.from([3, 0, 1, 2, 3]), Buffer.from('name\0comment\0'), Buffer.from([9, 9])]);
    const result = await decompress(Buffer.concat([header, fields, plain.subarray(10)]), 7);
    expect(result).toEqual({ data: Buffer.from('hello'), code: '', message: '' });
  });

  it('expands highly compressible data in pieces of at most 1 MiB', async () => {
    const sizes: number[] = [];
    for await (const chunk of decompressedChunks(borrowed(gzipSync(Buffer.alloc(40_000_000)), 65_536)))
      sizes.push(chunk.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(40_000_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_048_576);
  });

  it('delivers everything before the place where a compressed file was cut off', async () => {
    const data = noise(300_000);
    const whole = gzipSync(data);
    const result = await decompress(whole.subarray(0, 200_000));
    expect(result.code).toBe('gzip-truncated');
    expect(result.message).toContain('at byte 200000');
    expect(result.data.equals(data.subarray(0, result.data.length))).toBe(true);
    expect(result.data.length).toBeGreaterThan(199_000 - 32_768);
  });

  it('notices a cut at every place of a small file and never invents data', async () => {
    const whole = gzipSync('MAIL FROM:<a@example.org>');
    for (let length = 4; length < whole.length; length++) {
      const result = await decompress(whole.subarray(0, length));
      expect([length, result.code]).toEqual([length, 'gzip-truncated']);
      expect('MAIL FROM:<a@example.org>'.startsWith(result.data.toString())).toBe(true);
    }
  });

  it('delivers the members before trailing rubbish and says where it begins', async () => {
    const member = gzipSync('good');
    const result = await decompress(Buffer.concat([member, Buffer.from('rubbish')]));
    expect(result).toEqual({
      data: Buffer.from('good'),
      code: 'gzip-trailing-data',
      message: expect.stringContaining(`from byte ${member.length} `),
    });
  });

  it('takes zeros behind the last member for padding', async () => {
    const result = await decompress(Buffer.concat([gzipSync('good'), Buffer.alloc(512)]));
    expect(result).toEqual({ data: Buffer.from('good'), code: '', message: '' });
  });

  it('says that a damaged body is damaged', async () => {
    const data = noise(1000);
    const whole = gzipSync(data, { level: 0 });
    whole[10] = 0x07;
    expect((await decompress(whole)).code).toBe('gzip-damaged');
  });

  it('says that a length does not agree', async () => {
    const whole = gzipSync('good');
    whole[whole.length - 1] = 1;
    expect(await decompress(whole)).toEqual({
      data: Buffer.from('good'),
      code: 'gzip-damaged',
      message: expect.stringContaining('length'),
    });
  });

  it.each([
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
    ['bzip2', [0x42, 0x5a, 0x68, 0x39]],
    ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ])('names %s instead of calling it rubbish', async (kind, magic) => {
    expect((await decompress(Uint8Array.from(magic))).code).toBe(`${kind}-unsupported`);
  });
});
