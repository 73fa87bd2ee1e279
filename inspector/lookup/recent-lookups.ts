/** Keeps the results of the last few lookups, by key; a failed one is forgotten. */
export class RecentLookups<T> {
  readonly #kept = new Map<string, Promise<T>>();

  constructor(private readonly maximum: number) {}

  /** What was found before for the key, or what `find` finds now. */
  get(key: string, find: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    const found = known ?? find();
    this.#kept.delete(key);
    this.#kept.set(key, found);
    if (known === undefined) {
      found.catch(() => {
        if (this.#kept.get(key) === found) this.#kept.delete(key);
      });
    }
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.maximum) break;
      this.#kept.delete(oldest);
    }
    return found;
  }
}
