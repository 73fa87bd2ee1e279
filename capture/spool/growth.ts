/**
 * How far a running capture has come, told by its supervisor: a follower reads
 * up to here and waits for more. Nothing that is counted here changes any more.
 */
export class SpoolGrowth {
  #writtenBytes = 0;
  #isClosed = false;
  readonly #waiting = new Set<() => void>();

  /** Octets of the virtual stream, whole blocks. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** True when nothing more comes. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** More was written, or the capture is over. */
  update(writtenBytes: number, isClosed: boolean): void {
    this.#writtenBytes = Math.max(this.#writtenBytes, writtenBytes);
    this.#isClosed ||= isClosed;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves when more than `bytes` octets are written, the capture is over, or the signal is aborted. */
  async beyond(bytes: number, signal?: AbortSignal): Promise<void> {
    while (this.#writtenBytes <= bytes && !this.#isClosed && !isAborted(signal)) await this.#next(signal);
  }

  #next(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}

/** A capture that is not running: it reaches so far. */
export function endedGrowth(bytes: number): SpoolGrowth {
  const growth = new SpoolGrowth();
  growth.update(bytes, true);
  return growth;
}

/** A function, because the compiler does not expect the answer to change between two looks. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
