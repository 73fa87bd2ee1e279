/**
 * Hands the octets of a capture to several threads through memory that they
 * share: a ring of slots, each of which is written again only when every thread
 * is through with it. So the capture is read and decompressed once, and no
 * thread runs ahead of the slowest by more than the ring holds.
 */
import { newSharedMemory } from '../engine/index.js';

/** To hand on a piece costs a thread some 0.2 ms: half as much makes a capture of large messages a fifth slower. */
export const SLOT_BYTES = 2_097_152;
export const SLOTS = 4;
/** As long as fewer slots than this wait for the threads, a slot is handed on before it is full. */
const EAGER = 2;

export class SharedSlots {
  /** For the threads, as `sharedOctets` of the engine takes it. */
  readonly memory = newSharedMemory(SLOTS * SLOT_BYTES);
  readonly #octets = new Uint8Array(this.memory instanceof SharedArrayBuffer ? this.memory : this.memory.buffer);
  readonly #hand: (slot: number, length: number) => void;
  #handed = 0;
  #returned = 0;
  /** Octets in the slot that is being filled. */
  #filled = 0;
  #wake: (() => void) | null = null;
  #failure: Error | null = null;

  /** `hand` tells the threads of a slot. */
  constructor(hand: (slot: number, length: number) => void) {
    this.#hand = hand;
  }

  /** An empty slot for the octets that are put next; waits while all slots are in use. */
  async room(): Promise<Uint8Array> {
    this.flush();
    while (this.#waiting === SLOTS) await this.#returning();
    return this.#octets.subarray(this.#slot * SLOT_BYTES, (this.#slot + 1) * SLOT_BYTES);
  }

  /** Takes octets, borrowed until it resolves; waits while all slots are in use. What lies in `room` is not copied. */
  async put(octets: Uint8Array): Promise<void> {
    if (octets.buffer === this.#octets.buffer) {
      this.#filled = octets.length;
      this.flush();
      return;
    }
    for (let at = 0; at < octets.length;) {
      while (this.#waiting === SLOTS) await this.#returning();
      const length = Math.min(octets.length - at, SLOT_BYTES - this.#filled);
      this.#octets.set(octets.subarray(at, at + length), this.#slot * SLOT_BYTES + this.#filled);
      this.#filled += length;
      at += length;
      if (this.#filled === SLOT_BYTES || this.#waiting < EAGER) this.flush();
    }
  }

  /** Hands on what is in the slot that is being filled. */
  flush(): void {
    if (this.#filled === 0) return;
    const { slot, length } = { slot: this.#slot, length: this.#filled };
    this.#handed++;
    this.#filled = 0;
    this.#hand(slot, length);
  }

  /** All threads are through with the slot that was handed on first. */
  returned(): void {
    this.#returned++;
    if (this.#waiting < EAGER) this.flush();
    this.#wake?.();
  }

  /** No slot comes back any more: whoever waits for one gets this error. */
  fail(error: Error): void {
    this.#failure = error;
    this.#wake?.();
  }

  get #slot(): number {
    return this.#handed % SLOTS;
  }

  get #waiting(): number {
    return this.#handed - this.#returned;
  }

  async #returning(): Promise<void> {
    if (this.#failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== null) throw this.#failure;
  }
}
