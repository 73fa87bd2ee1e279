/**
 * Keeps notifications few: at most one per protection and source in ten
 * minutes. In: what would be announced. Out: whether it may be. Bounded: when
 * very many sources are remembered, the oldest are forgotten.
 */
const QUIET_MS = 600_000;
const REMEMBERED = 10_000;

export class NoticeLimit {
  readonly #now: () => number;
  /** When each was announced, oldest first. */
  readonly #announced = new Map<string, number>();

  /** `now` in milliseconds, monotonic. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** True for the first in ten minutes, which then counts as announced. */
  admits(protection: string, source: string): boolean {
    const now = this.#now();
    this.#forget(now);
    const key = `${protection} ${source}`;
    if (this.#announced.has(key)) return false;
    this.#announced.set(key, now);
    return true;
  }

  #forget(now: number): void {
    for (const [key, atMs] of this.#announced) {
      if (now - atMs < QUIET_MS && this.#announced.size < REMEMBERED) return;
      this.#announced.delete(key);
    }
  }
}
