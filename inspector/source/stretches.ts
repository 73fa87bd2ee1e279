/**
 * Reading a part of a capture a second time. Plain files and spools are read
 * from the middle; compressed files from their start, and what lies before is
 * passed over.
 */
import type { SpoolReader } from '../../capture/spool/index.js';
import { decompressedChunks } from './decompress.js';
import { reopenCapture, type FileIdentity } from './open-capture.js';
import { readChunks, type Chunks } from './read-chunks.js';

export interface OpenStretch {
  readonly chunks: Chunks;
  /** Octet (decompressed) with which the first piece begins: the one asked for, or 0. */
  readonly from: number;
  close(): Promise<void>;
}

export interface Stretches {
  /** Opens the capture at an octet (decompressed). Throws `ProblemError` when it is gone, changed or given up. */
  open(byteOffset: number, signal: AbortSignal): Promise<OpenStretch>;
}

/** The parts of a file that is still the one that was opened. */
export function fileStretches(path: string, identity: FileIdentity): Stretches {
  return {
    open: async (byteOffset, signal) => {
      const { handle } = await reopenCapture(path, identity);
      const head = Buffer.alloc(2);
      await handle.read(head, 0, 2, 0);
      const isGzip = head[0] === 0x1f && head[1] === 0x8b;
      const from = isGzip ? 0 : byteOffset;
      const octets = readChunks(handle, { from, signal });
      return { chunks: isGzip ? decompressedChunks(octets) : octets, from, close: () => handle.close() };
    },
  };
}

/** The parts of a spool that are still kept. */
export function spoolStretches(reader: () => Promise<SpoolReader>): Stretches {
  return {
    open: async (byteOffset, signal) => {
      const spool = await reader();
      return {
        chunks: spool.readFrom(byteOffset, { signal }),
        from: byteOffset,
        close: () => Promise.resolve(),
      };
    },
  };
}
