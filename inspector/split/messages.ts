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

/** The thread's first message. */
export interface StreamStart {
  readonly limits: Limits;
  readonly checksums: ChecksumMode;
  readonly decodeAs: DecodeAs;
  /** Pieces of the capture lie here, each from a multiple of `slotBytes` on. */
  readonly memory: SharedMemory;
  readonly slotBytes: number;
  /** What happened in a slot's piece is written here, from a multiple of `ROOM_BYTES` on. */
  readonly rooms: SharedArrayBuffer;
  /** Words by which the threads wait for each other (`SIGNAL`). */
  readonly signals: SharedArrayBuffer;
}

/** Words: the answer to `ask`; how many slots were given back of a file; 1 when no more of it is wanted. */
export const SIGNAL = { answer: 0, returned: 1, stop: 2 } as const;
export const SIGNALS = 3;
/** Values of the word for the answer. */
export const ANSWER = { none: 0, no: 1, yes: 2 } as const;

export type StreamOrder =
  /** A capture begins. */
  | { readonly kind: 'begin' }
  /** It is this file: the thread reads it itself, slot after slot, and then is through. */
  | { readonly kind: 'file'; readonly descriptor: number }
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
  /** Everything was told. `problem`: of the capture; `unread`: why its file was not read to the end. */
  | {
      readonly kind: 'end';
      readonly counts: StreamCounts;
      readonly problem: Problem | null;
      readonly unread: Problem | null;
    };
