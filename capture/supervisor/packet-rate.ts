/** Packets per second over the last seconds, from a count that only rises. */
const WINDOW_MS = 3000;
const SHORTEST_MS = 200;

export class PacketRate {
  #samples: { readonly atMs: number; readonly packets: number }[] = [];

  /** `nowMs` from a monotonic clock. Returns the rate, rounded. */
  sample(packets: number, nowMs: number): number {
    const last = this.#samples.at(-1);
    if (last === undefined || nowMs - last.atMs >= SHORTEST_MS) this.#samples.push({ atMs: nowMs, packets });
    // One sample from before the window stays as its beginning.
    while (this.#samples.length > 2 && nowMs - (this.#samples[1]?.atMs ?? nowMs) >= WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0];
    if (first === undefined || nowMs - first.atMs < SHORTEST_MS) return 0;
    return Math.round(((packets - first.packets) * 1000) / (nowMs - first.atMs));
  }
}
