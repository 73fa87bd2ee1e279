/**
 * Decompresses gzip (RFC 1952), any number of members after one another. In:
 * borrowed compressed pieces. Out: owned decompressed pieces of at most 1 MiB.
 * The members are taken apart here and only the deflate body is given to zlib:
 * zlib's own gunzip throws away what it has when a file is cut off or when
 * something follows the last member, and a capture's worth is in what came
 * before. Zeros behind the last member are padding; a length that does not
 * agree is refused, the CRC is not computed.
 */
import type { TransformOptions } from 'node:stream';
import { createInflateRaw, type InflateRaw, type ZlibOptions } from 'node:zlib';
import { refuse } from '../problem.js';
import { ByteFeed } from './byte-feed.js';
import type { Chunks } from './read-chunks.js';

/** Compressed octets given to zlib at once; deflate makes at most 1032 of each, so 33 MiB wait at worst. */
const INPUT_BYTES = 32_768;
/** Octets zlib makes in one step; so much before a damaged place can be lost. */
const OUTPUT_BYTES = 131_072;
/** Octets given out at once, at most. */
const PIECE_BYTES = 1_048_576;
const INFLATE_OPTIONS: ZlibOptions & TransformOptions = {
  chunkSize: OUTPUT_BYTES,
  // Never reached: everything that one input makes is taken before the next is given.
  readableHighWaterMark: 2048 * INPUT_BYTES,
};

const FLAG_HEADER_CRC = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;

/** The decompressed octets of `chunks`. Throws `ProblemError` behind the last good octet. */
export async function* gunzipChunks(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  const feed = new ByteFeed(chunks);
  try {
    for (let member = 0; await hasMember(feed, member); member++) {
      await readMemberHeader(feed);
      const length = yield* inflateMember(feed);
      await readMemberTrailer(feed, length);
    }
  } finally {
    await feed.close();
  }
}

/** True when another member follows; zeros before the end are passed over. */
async function hasMember(feed: ByteFeed, member: number): Promise<boolean> {
  for (;;) {
    if (!(await feed.fill())) return false;
    if (member === 0 || feed.peek(1)[0] !== 0) break;
    feed.consume(1);
  }
  const start = feed.offset;
  const first = await feed.octet();
  const second = await feed.octet();
  if (first === 0x1f && second === 0x8b) return true;
  if (second === -1 && first === 0x1f) throw truncated(start);
  throw refuse(
    'gzip-trailing-data',
    `Behind the compressed data, from byte ${start} of the file on, stands something that is not gzip.`,
    'Everything before was inspected. If two files were joined, inspect them one by one.',
  );
}

/** RFC 1952 2.3.1; the two magic octets are consumed already. */
async function readMemberHeader(feed: ByteFeed): Promise<void> {
  const at = feed.offset - 2;
  const method = await feed.octet();
  const flags = await feed.octet();
  if (!(await feed.skip(6))) throw truncated(feed.offset);
  if (method !== 8 || (flags & 0xe0) !== 0) throw damaged(at, 'its header is unknown');
  if ((flags & FLAG_EXTRA) !== 0) {
    const low = await feed.octet();
    const high = await feed.octet();
    if (high === -1 || !(await feed.skip(low | (high << 8)))) throw truncated(feed.offset);
  }
  if ((flags & FLAG_NAME) !== 0) await skipText(feed);
  if ((flags & FLAG_COMMENT) !== 0) await skipText(feed);
  if ((flags & FLAG_HEADER_CRC) !== 0 && !(await feed.skip(2))) throw truncated(feed.offset);
}

async function skipText(feed: ByteFeed): Promise<void> {
  for (;;) {
    const octet = await feed.octet();
    if (octet === -1) throw truncated(feed.offset);
    if (octet === 0) return;
  }
}

/** Yields the member's octets and returns how many there were. */
async function* inflateMember(feed: ByteFeed): AsyncGenerator<Uint8Array, number, undefined> {
  const inflate = createInflateRaw(INFLATE_OPTIONS);
  const failure = new Failure(inflate);
  let length = 0;
  try {
    for (;;) {
      if (!(await feed.fill())) throw truncated(feed.offset);
      // Copied: zlib reads it in another thread while the source may already fill the buffer again.
      const input = Uint8Array.from(feed.peek(INPUT_BYTES));
      const before = inflate.bytesWritten;
      await failure.orDone((done) => inflate.write(input, done));
      const consumed = inflate.bytesWritten - before;
      for (const piece of takeOutput(inflate)) {
        length += piece.length;
        yield piece;
      }
      if (failure.error !== null) throw damaged(feed.offset, failure.error.message);
      feed.consume(consumed);
      if (consumed < input.length) return length;
    }
  } finally {
    inflate.destroy();
  }
}

function* takeOutput(inflate: InflateRaw): Generator<Uint8Array, void, undefined> {
  // Node 20 to 24 give all that there is at once, 26 one buffer after another.
  for (;;) {
    const output: unknown = inflate.read();
    if (!(output instanceof Uint8Array)) return;
    for (let at = 0; at < output.length; at += PIECE_BYTES) yield output.subarray(at, at + PIECE_BYTES);
  }
}

/** The stream's error, and waiting for a step that may end with it. */
class Failure {
  error: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(stream: InflateRaw) {
    stream.on('error', (error: Error) => {
      this.error = error;
      this.#wake();
    });
  }

  orDone(start: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      start(resolve);
    });
  }
}

/** CRC32 and length modulo 2^32, both little-endian. */
async function readMemberTrailer(feed: ByteFeed, length: number): Promise<void> {
  const at = feed.offset;
  if (!(await feed.skip(4))) throw truncated(feed.offset);
  let stated = 0;
  for (let i = 0; i < 4; i++) {
    const octet = await feed.octet();
    if (octet === -1) throw truncated(feed.offset);
    stated += octet * 2 ** (8 * i);
  }
  if (stated !== length % 2 ** 32) throw damaged(at, 'its length does not agree with what it says');
}

function truncated(offset: number): Error {
  return refuse(
    'gzip-truncated',
    `The compressed file ends in the middle, at byte ${offset}.`,
    'Everything before was inspected. The copy or the download may have been interrupted: fetch the file again.',
  );
}

function damaged(offset: number, reason: string): Error {
  return refuse(
    'gzip-damaged',
    `The compressed data is damaged near byte ${offset} of the file: ${reason}.`,
    'What could be decompressed before was inspected. Fetch the file again.',
  );
}
