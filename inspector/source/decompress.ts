/** Takes compression away from a stream of octets, recognised by its first octets. */
import { refuse, type ProblemError } from '../problem.js';
import { gunzipChunks } from './gunzip.js';
import type { Chunks } from './read-chunks.js';

/** True when octets that begin so are compressed, also in a way that is refused. */
export function isCompressed(head: Uint8Array): boolean {
  return compressionOf([head]) !== 'none';
}

/** The octets as they were before they were compressed; what is not compressed passes through. Throws `ProblemError`. */
export async function* decompressedChunks(chunks: Chunks): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  while (length < 4) {
    const next = await iterator.next();
    if (next.done === true) {
      ended = true;
      break;
    }
    // Copied, because it must outlive the next read; usually one piece suffices and is passed on as it is.
    const piece = next.value;
    length += piece.length;
    head.push(length < 4 ? Uint8Array.from(piece) : piece);
  }
  const whole = followed(head, ended ? null : iterator);
  const kind = compressionOf(head);
  if (kind === 'gzip') yield* gunzipChunks(whole);
  else if (kind === 'none') yield* whole;
  else {
    await iterator.return?.();
    throw unsupported(kind);
  }
}

async function* followed(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array> | null,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* head;
    for (;;) {
      const next = await rest?.next();
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    await rest?.return?.();
  }
}

type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'lz4';

const MAGICS: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
];

function compressionOf(head: readonly Uint8Array[]): Compression {
  const first = head.length === 1 ? (head[0] as Uint8Array) : Buffer.concat(head);
  for (const [kind, magic] of MAGICS) if (magic.every((octet, i) => first[i] === octet)) return kind;
  return 'none';
}

function unsupported(kind: Compression): ProblemError {
  return refuse(
    `${kind}-unsupported`,
    `The file is compressed with ${kind}, which this version cannot read.`,
    `Decompress it first (${kind} -d), or save it as plain pcapng or as .gz.`,
  );
}
