/**
 * Pulls single octets and pieces out of a stream of borrowed pieces, and knows
 * at which offset of the whole it stands. Used where a format has small headers
 * between large bodies.
 */
import type { Chunks } from './read-chunks.js';

const NOTHING = new Uint8Array(0);

export class ByteFeed {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = NOTHING;
  #at = 0;
  #before = 0;

  constructor(chunks: Chunks) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Offset of the next octet. */
  get offset(): number {
    return this.#before + this.#at;
  }

  /** Makes at least one octet available; false at the end of the stream. */
  async fill(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      this.#before += this.#chunk.length;
      this.#at = 0;
      this.#chunk = NOTHING;
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
    }
    return true;
  }

  /** The next octet, or -1 at the end. */
  async octet(): Promise<number> {
    return (await this.fill()) ? (this.#chunk[this.#at++] as number) : -1;
  }

  /** Passes over `count` octets; false when the stream ended before. */
  async skip(count: number): Promise<boolean> {
    for (let left = count; left > 0;) {
      if (!(await this.fill())) return false;
      const step = Math.min(left, this.#chunk.length - this.#at);
      this.#at += step;
      left -= step;
    }
    return true;
  }

  /** What is available without waiting, at most `maximum` octets, borrowed; not consumed yet. */
  peek(maximum: number): Uint8Array {
    return this.#chunk.subarray(this.#at, this.#at + maximum);
  }

  /** Consumes octets that `peek` showed. */
  consume(count: number): void {
    this.#at += count;
  }

  /** Releases the source. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
