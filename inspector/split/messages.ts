/** What crosses between the thread in which streams are put in order and the one that hears the dialogues. */
import type {
  BatchSize,
  ChecksumMode,
  DecodeAs,
  Limits,
  SharedMemory,
  StreamBatch,
  StreamCounts,
} from '../../engine/index.js';
import type { Problem } from '../../shared/inspection.js';

/** The thread's `workerData`. */
export interface StreamStart {
  readonly limits: Limits;
  readonly checksums: ChecksumMode;
  readonly decodeAs: DecodeAs;
  /** Pieces of the capture lie here, each from a multiple of `slotBytes` on. */
  readonly memory: SharedMemory;
  readonly slotBytes: number;
  /** What happened in a slot's piece is written here, from a multiple of `ROOM_BYTES` on. */
  readonly rooms: SharedArrayBuffer;
  /** One word, for the answer to `ask`; 0 while there is none. */
  readonly answer: SharedArrayBuffer;
}

/** Values of the word for the answer. */
export const ANSWER = { none: 0, no: 1, yes: 2 } as const;

export type StreamOrder =
  /** A capture begins. */
  | { readonly kind: 'begin' }
  /** Its next octets lie in this slot; they stay there until the last batch of them was taken. */
  | { readonly kind: 'octets'; readonly slot: number; readonly length: number }
  /** That was all of it. */
  | { readonly kind: 'end' };

export type StreamMessage =
  /** Events of a piece of which more follow, and the last events of all. `length`: of the piece, 0 behind the last. */
  | { readonly kind: 'early'; readonly batch: StreamBatch; readonly slot: number; readonly length: number }
  /** The last of a piece, in the slot's room. */
  | {
      readonly kind: 'batch';
      readonly size: BatchSize;
      readonly slot: number;
      readonly length: number;
      readonly isFinished: boolean;
    }
  /** Is silence agreed in this conversation? The thread waits for the answer. */
  | { readonly kind: 'ask'; readonly conversation: number }
  /** Everything was told. */
  | { readonly kind: 'end'; readonly counts: StreamCounts; readonly problem: Problem | null };
