/** What every file of the ring begins with: the present section's header and its interfaces, as the capture process gave them. */
import { damagedOutput } from './block-cutter.js';

/** Octets of headers that are kept; no capture on one interface comes near. */
const MOST_BYTES = 1_048_576;

export class Preamble {
  littleEndian = true;
  #blocks: Uint8Array[] = [];
  #bytes = 0;

  /** True when packets may follow. */
  get isComplete(): boolean {
    return this.#blocks.length > 1;
  }

  /** Begins another section; its length is not known. */
  section(buffer: Uint8Array, start: number, end: number, littleEndian: boolean): void {
    const header = Uint8Array.from(buffer.subarray(start, end));
    header.fill(0xff, 16, 24);
    this.littleEndian = littleEndian;
    this.#blocks = [header];
    this.#bytes = header.length;
  }

  interface(buffer: Uint8Array, start: number, end: number): void {
    this.#bytes += end - start;
    if (this.#bytes > MOST_BYTES) throw damagedOutput(this.#bytes, `more than ${MOST_BYTES} bytes of headers`);
    this.#blocks.push(Uint8Array.from(buffer.subarray(start, end)));
  }

  /** The headers as one piece. */
  octets(): Uint8Array {
    return Buffer.concat(this.#blocks);
  }
}
