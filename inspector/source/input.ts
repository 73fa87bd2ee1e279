/** A capture as a stream of octets that can be read once, and what is known of it meanwhile. */
import type { Problem } from '../../shared/inspection.js';
import type { Chunks, Room } from './read-chunks.js';
import type { Stretches } from './stretches.js';

export interface CaptureInput {
  /** `-` for standard input. */
  readonly path: string;
  readonly name: string;
  /** On disk; 0 when that cannot be known. */
  readonly sizeBytes: number;
  /** For reading parts a second time; null when that cannot be. */
  readonly stretches: Stretches | null;
  /** Octets read from disk so far, before decompression. */
  readonly readBytes: number;
  /** What could not be read although reading went on; null when nothing. */
  readonly lost: Problem | null;
  /**
   * To be called once. Ends early and without an error when the signal is aborted. `room`: where
   * pieces may be read to at once; a piece lies there, or somewhere else.
   */
  chunks(signal?: AbortSignal, room?: Room): Chunks;
  /** Descriptor of a file whose octets are the capture as they are, to be read instead of `chunks`; null for any other. */
  plainFile?(): Promise<number | null>;
  close(): Promise<void>;
}
