/**
 * A map whose keys stand in the order in which they were set last, oldest first.
 * A `Map` keeps an order too, but finds its first entry by walking over all that
 * were removed before it, which takes long once it is used as a queue.
 */
export class RecencyMap<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private first: Entry<T> | null = null;
  private last: Entry<T> | null = null;

  get size(): number {
    return this.entries.size;
  }

  get(key: string): T | undefined {
    return this.entries.get(key)?.value;
  }

  /** Enters the value, or puts it in place of the key's old one; either way it is the newest. */
  set(key: string, value: T): void {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { key, value, previous: null, next: null };
      this.entries.set(key, entry);
    } else {
      if (entry === this.last) {
        entry.value = value;
        return;
      }
      this.unlink(entry);
      entry.value = value;
    }
    entry.previous = this.last;
    entry.next = null;
    if (this.last === null) this.first = entry;
    else this.last.next = entry;
    this.last = entry;
  }

  /** The value that was set longest ago. */
  get oldest(): T | undefined {
    return this.first?.value;
  }

  /** Removes what was set longest ago; returns its key, undefined when the map is empty. */
  removeOldest(): string | undefined {
    const { first } = this;
    if (first === null) return undefined;
    this.unlink(first);
    this.entries.delete(first.key);
    return first.key;
  }

  private unlink(entry: Entry<T>): void {
    const { previous, next } = entry;
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    else next.previous = previous;
  }
}

interface Entry<T> {
  readonly key: string;
  value: T;
  previous: Entry<T> | null;
  next: Entry<T> | null;
}
