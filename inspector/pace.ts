/**
 * Keeps status pushes to at most ten a second, and fewer when making one is
 * costly: after a push that took t, at least 4 t pass until the next, so that
 * four fifths of the time stay for the capture.
 */
const SHORTEST_MS = 100;
const SHARE = 4;

export class Pace {
  readonly #push: () => void;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | null = null;
  #notBefore: number;

  /** `now` in milliseconds, monotonic. */
  constructor(push: () => void, now: () => number = () => performance.now()) {
    this.#push = push;
    this.#now = now;
    this.#notBefore = now() + SHORTEST_MS;
  }

  /** Something changed: pushes as soon as the pace allows. */
  touch(): void {
    if (this.#timer !== null) return;
    const wait = Math.max(0, this.#notBefore - this.#now());
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** Pushes now, whatever the pace: the last word of a phase. */
  flush(): void {
    this.stop();
    const start = this.#now();
    this.#push();
    const took = this.#now() - start;
    this.#notBefore = start + took + Math.max(SHORTEST_MS, took * SHARE);
  }

  /** Forgets a push that waits. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
