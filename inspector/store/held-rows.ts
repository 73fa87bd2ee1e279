/**
 * Rows that were discarded while views are held and go on being shown by them.
 * What came after the views were last looked up is shown by none and let go at
 * once, so that a display that is paused for days keeps what it shows and no more.
 */
import type { RowTable } from './row-table.js';
import type { SessionStore, StoreChange } from './session-store.js';
import type { View } from './view.js';

export class HeldRows {
  readonly #sessions: HeldOfTable;
  readonly #violations: HeldOfTable;

  /** The views show what the store has now. */
  constructor(store: SessionStore) {
    this.#sessions = new HeldOfTable(store.sessions);
    this.#violations = new HeldOfTable(store.violations);
  }

  /** Takes over what was discarded. */
  discarded(change: StoreChange): void {
    this.#sessions.take(change.sessions.discarded);
    this.#violations.take(change.violations.discarded);
  }

  /** A view was looked up anew: lets go what none of them shows any more. */
  releaseUnseen(views: Iterable<View>): void {
    const all = [...views];
    this.#sessions.releaseUnseen(all.filter(({ spec }) => spec.kind === 'sessions'));
    this.#violations.releaseUnseen(all.filter(({ spec }) => spec.kind === 'violations'));
  }

  releaseAll(): void {
    this.#sessions.releaseUnseen([]);
    this.#violations.releaseUnseen([]);
  }
}

class HeldOfTable {
  readonly #table: RowTable;
  #slots: number[] = [];
  /** Views show no row that came later. */
  #lastSequence: number;

  constructor(table: RowTable) {
    this.#table = table;
    this.#lastSequence = table.lastSequence;
  }

  take(discarded: readonly number[]): void {
    const { values } = this.#table.sequence;
    const unseen: number[] = [];
    for (const slot of discarded) ((values[slot] as number) > this.#lastSequence ? unseen : this.#slots).push(slot);
    this.#table.release(unseen);
  }

  releaseUnseen(views: readonly View[]): void {
    const shown = new Uint8Array(this.#table.touched.length);
    for (const view of views) for (const slot of view.all()) shown[slot] = 1;
    this.#table.release(this.#slots.filter((slot) => shown[slot] === 0));
    this.#slots = this.#slots.filter((slot) => shown[slot] === 1);
    this.#lastSequence = this.#table.lastSequence;
  }
}
