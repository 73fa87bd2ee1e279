/**
 * How far a pcapng file consists of whole blocks: what a process that was
 * killed, or a full disk, left of the last one does not count.
 */
import type { FileHandle } from 'node:fs/promises';
import { BlockCutter } from './block-cutter.js';
import { ProblemError } from './problem-error.js';

const READ_BYTES = 1_048_576;

/** The place behind the last whole block within the first `most` octets of a file. Throws what the system throws. */
export async function wholeBlocksEnd(handle: FileHandle, most = Infinity): Promise<number> {
  const cutter = new BlockCutter({ block: () => undefined });
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  try {
    for (let at = 0; at < most;) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, most - at), at);
      if (bytesRead === 0) break;
      cutter.push(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
  } catch (error) {
    // What cannot be understood ends what can be read.
    if (!(error instanceof ProblemError)) throw error;
  }
  return cutter.consumedBytes;
}
