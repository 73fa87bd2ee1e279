/**
 * Cuts the output of a capture process at the boundaries of pcapng blocks. In:
 * chunks of any size. Out: whole blocks, one after the other, borrowed until
 * the call returns. Only a block that spans chunks is copied. Refuses what is
 * no pcapng, with the place; what came before has been handed on.
 */
import { CAPTURED_IS_KEPT } from '../../shared/capture.js';
import { BLOCK, BLOCK_FRAME_BYTES, LONGEST_BLOCK_BYTES } from './pcapng-blocks.js';
import { refuse, type ProblemError } from './problem-error.js';

/** Takes whole blocks: [start, end) of `buffer`. */
export interface BlockSink {
  block(type: number, buffer: Uint8Array, start: number, end: number, littleEndian: boolean): void;
}

/** What takes the output of a capture process and makes blocks of it. */
export interface OutputCutter {
  /** Throws `ProblemError` when the output is no capture. */
  push(chunk: Uint8Array): void;
  /** Octets that wait for the rest of their block. */
  readonly carriedBytes: number;
}

export class BlockCutter implements OutputCutter {
  readonly #sink: BlockSink;
  readonly #longest: number;
  #littleEndian: boolean | null = null;
  #carry: Uint8Array = new Uint8Array(4096);
  #carried = 0;
  /** Octets of the output that became whole blocks. */
  #consumed = 0;

  constructor(sink: BlockSink, longestBlock = LONGEST_BLOCK_BYTES) {
    this.#sink = sink;
    this.#longest = longestBlock;
  }

  get carriedBytes(): number {
    return this.#carried;
  }

  /** Octets of the whole blocks so far: the place behind the last one. */
  get consumedBytes(): number {
    return this.#consumed;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && this.#carried > 0) at = this.#fillCarry(chunk, at);
    while (at < chunk.length) {
      const length = this.#blockLength(chunk, at, chunk.length);
      if (length === 0 || length > chunk.length - at) break;
      this.#deliver(chunk, at, at + length);
      at += length;
    }
    if (at < chunk.length) this.#append(chunk, at, chunk.length);
  }

  /** Completes the carried block as far as the chunk reaches; returns the place behind what it took. */
  #fillCarry(chunk: Uint8Array, at: number): number {
    const wanted = this.#blockLength(this.#carry, 0, this.#carried) || BLOCK_FRAME_BYTES;
    const end = Math.min(chunk.length, at + wanted - this.#carried);
    this.#append(chunk, at, end);
    const length = this.#blockLength(this.#carry, 0, this.#carried);
    if (length !== 0 && length === this.#carried) {
      this.#carried = 0;
      this.#deliver(this.#carry, 0, length);
    }
    return end;
  }

  /** Length of the block at `at`; 0 when too little of it is there to know. */
  #blockLength(buffer: Uint8Array, at: number, end: number): number {
    if (end - at < BLOCK_FRAME_BYTES) return 0;
    const isSection = uint32(buffer, at, false) === BLOCK.section;
    if (isSection) this.#littleEndian = this.#byteOrder(buffer, at + 8);
    if (this.#littleEndian === null) throw damagedOutput(this.#consumed, 'no section header at the beginning');
    const length = uint32(buffer, at + 4, this.#littleEndian);
    if (length < BLOCK_FRAME_BYTES || length % 4 !== 0 || length > this.#longest)
      throw damagedOutput(this.#consumed, `a block of ${length} bytes`);
    return length;
  }

  #byteOrder(buffer: Uint8Array, at: number): boolean {
    if (uint32(buffer, at, true) === 0x1a2b3c4d) return true;
    if (uint32(buffer, at, false) === 0x1a2b3c4d) return false;
    throw damagedOutput(this.#consumed, 'a section header without byte-order magic');
  }

  #deliver(buffer: Uint8Array, start: number, end: number): void {
    const littleEndian = this.#littleEndian === true;
    if (uint32(buffer, end - 4, littleEndian) !== end - start)
      throw damagedOutput(this.#consumed, 'a block whose two lengths differ');
    const isSection = uint32(buffer, start, false) === BLOCK.section;
    const type = isSection ? BLOCK.section : uint32(buffer, start, littleEndian);
    this.#sink.block(type, buffer, start, end, littleEndian);
    this.#consumed += end - start;
  }

  #append(chunk: Uint8Array, start: number, end: number): void {
    const total = this.#carried + end - start;
    if (total > this.#carry.length) {
      const larger = new Uint8Array(Math.max(total, this.#carry.length * 2));
      larger.set(this.#carry.subarray(0, this.#carried));
      this.#carry = larger;
    }
    this.#carry.set(chunk.subarray(start, end), this.#carried);
    this.#carried = total;
  }
}

/** The error of output that cannot be understood. */
export function damagedOutput(at: number, found: string): ProblemError {
  return refuse(
    'capture-output-damaged',
    `The capture program's output cannot be read on: ${found}, at byte ${at}.`,
    `${CAPTURED_IS_KEPT} Start the capture again, or choose another capture engine.`,
  );
}

function uint32(buffer: Uint8Array, at: number, littleEndian: boolean): number {
  const a = buffer[at] as number;
  const b = buffer[at + 1] as number;
  const c = buffer[at + 2] as number;
  const d = buffer[at + 3] as number;
  return (littleEndian ? a | (b << 8) | (c << 16) | (d << 24) : d | (c << 8) | (b << 16) | (a << 24)) >>> 0;
}
