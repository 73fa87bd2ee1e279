/**
 * What the thread does that puts streams in order. In: orders, or a file that it
 * reads into the shared slots as they become free. Out: messages in their order.
 */
import { readSync } from 'node:fs';
import { batchRoom, ROOM_BYTES, sharedOctets, StreamHalf, type StreamBatch } from '../../engine/index.js';
import type { Problem } from '../../shared/inspection.js';
import { SLOTS } from '../shared-slots.js';
import { readProblem } from '../source/read-chunks.js';
import { ANSWER, SIGNAL, type StreamMessage, type StreamOrder, type StreamStart } from './messages.js';

/** Octets of a file's first piece; each later one is twice as large, up to a slot: so the other thread has work soon. */
const FIRST_BYTES = 131_072;

export class StreamThread {
  readonly #start: StreamStart;
  readonly #tell: (message: StreamMessage, handedOver?: readonly ArrayBuffer[]) => void;
  readonly #signals: Int32Array;
  readonly #memory: Uint8Array;
  #half: StreamHalf | null = null;
  /** The piece that is being taken. */
  #present = { slot: 0, length: 0 };

  constructor(start: StreamStart, tell: (message: StreamMessage, handedOver?: readonly ArrayBuffer[]) => void) {
    this.#start = start;
    this.#tell = tell;
    this.#signals = new Int32Array(start.signals);
    this.#memory = sharedOctets(start.memory);
  }

  take(order: StreamOrder): void {
    if (order.kind === 'begin') {
      const { limits, checksums, decodeAs } = this.#start;
      this.#half = new StreamHalf({ limits, checksums, decodeAs }, this);
      return;
    }
    const half = this.#half;
    if (half === null) throw new Error('no capture was begun');
    if (order.kind === 'octets') this.#takePiece(half, order.slot, order.length);
    else this.#end(half, order.kind === 'file' ? this.#readFile(half, order.descriptor) : null);
  }

  /** For `StreamHalf`. A copy crosses: the room is needed for what comes next. */
  early(batch: StreamBatch): void {
    const integers = batch.integers.slice();
    const numbers = batch.numbers.slice();
    const details = batch.details.slice();
    const octets = batch.octets.slice();
    const handedOver = [integers, numbers, details, octets].map(({ buffer }) => buffer);
    this.#tell({ kind: 'early', batch: { integers, numbers, details, octets }, ...this.#present }, handedOver);
  }

  /** For `StreamHalf`. */
  isWaiting(conversation: number): boolean {
    Atomics.store(this.#signals, SIGNAL.answer, ANSWER.none);
    this.#tell({ kind: 'ask', conversation });
    Atomics.wait(this.#signals, SIGNAL.answer, ANSWER.none);
    return Atomics.load(this.#signals, SIGNAL.answer) === ANSWER.yes;
  }

  /** Reads the file to its end, or until it is damaged or no longer wanted; returns why it could not. */
  #readFile(half: StreamHalf, descriptor: number): Problem | null {
    const { slotBytes } = this.#start;
    let position = 0;
    let wanted = Math.min(FIRST_BYTES, slotBytes);
    for (let piece = 0; !half.isFinished && this.#isFree(piece); piece++) {
      const slot = piece % SLOTS;
      let length: number;
      try {
        length = readSync(descriptor, this.#slot(slot, wanted), { position });
      } catch (error) {
        return readProblem(error, position).problem;
      }
      if (length === 0) return null;
      position += length;
      wanted = Math.min(wanted * 2, slotBytes);
      this.#takePiece(half, slot, length);
    }
    return null;
  }

  /** Waits until the piece of this number has a slot; false when it is not wanted any more. */
  #isFree(piece: number): boolean {
    for (;;) {
      if (Atomics.load(this.#signals, SIGNAL.stop) === 1) return false;
      const returned = Atomics.load(this.#signals, SIGNAL.returned);
      if (piece - returned < SLOTS) return true;
      Atomics.wait(this.#signals, SIGNAL.returned, returned);
    }
  }

  #takePiece(half: StreamHalf, slot: number, length: number): void {
    this.#present = { slot, length };
    half.take(this.#slot(slot, length), batchRoom(this.#start.rooms, slot * ROOM_BYTES));
    this.#tell({ kind: 'batch', size: half.size, slot, length, isFinished: half.isFinished });
  }

  #end(half: StreamHalf, unread: Problem | null): void {
    this.#present = { slot: 0, length: 0 };
    this.early(half.end());
    this.#tell({ kind: 'end', counts: half.counts, problem: half.problem, unread });
    this.#half = null;
  }

  #slot(slot: number, length: number): Uint8Array {
    const { buffer, byteOffset } = this.#memory;
    return new Uint8Array(buffer, byteOffset + slot * this.#start.slotBytes, length);
  }
}
