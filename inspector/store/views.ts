/**
 * The open views over one store. Rows change for everybody at once, at a
 * refresh, so that what a view says (`state`), shows (`rows`) and finds
 * (`indexOf`) belongs together.
 */
import type { ViewRows, ViewSpec, ViewState } from '../../shared/inspection.js';
import { refuse } from '../problem.js';
import { HeldRows } from './held-rows.js';
import type { SessionStore, StoreChange } from './session-store.js';
import { View } from './view.js';

/** Rows one question may ask for. */
export const ROWS_AT_ONCE = 1000;

export class Views {
  readonly #store: SessionStore;
  readonly #changed: (change: StoreChange) => void;
  readonly #views = new Map<number, View>();
  /** What held views go on showing of what was discarded; null while they are not held. */
  #held: HeldRows | null = null;

  /** `changed` is told of every change of the store, once. */
  constructor(store: SessionStore, changed: (change: StoreChange) => void = () => {}) {
    this.#store = store;
    this.#changed = changed;
  }

  /** Held views keep their rows; let go, they take all rows anew. Another order or search looks at all rows in any case. */
  hold(held: boolean): void {
    if (held === (this.#held !== null)) return;
    this.refresh();
    if (held) this.#held = new HeldRows(this.#store);
    else {
      for (const view of this.#views.values()) view.renew();
      this.#held?.releaseAll();
      this.#held = null;
    }
  }

  /** `version` continues the count of an earlier view of that id. Throws `ProblemError`. */
  open(viewId: number, spec: ViewSpec, version = 0): ViewState {
    this.refresh();
    const view = new View(viewId, spec, this.#store, version);
    this.#views.set(viewId, view);
    this.#held?.releaseUnseen(this.#views.values());
    return view.state;
  }

  change(viewId: number, spec: ViewSpec): ViewState {
    this.refresh();
    const view = this.#view(viewId);
    view.change(spec, this.#held === null);
    this.#held?.releaseUnseen(this.#views.values());
    return view.state;
  }

  close(viewId: number): void {
    this.#views.delete(viewId);
  }

  rows(viewId: number, from: number, count: number): ViewRows {
    const view = this.#view(viewId);
    const slots = Array.from(view.rows(from, Math.min(count, ROWS_AT_ONCE)));
    const { state } = view;
    const { sessions, violations } = this.#store;
    return view.spec.kind === 'sessions'
      ? { kind: 'sessions', state, from, rows: slots.map((slot) => sessions.summary(slot)) }
      : { kind: 'violations', state, from, rows: slots.map((slot) => violations.violation(slot)) };
  }

  /** Index of the session or violation `id` as sorted now, or -1. */
  indexOf(viewId: number, id: number): number {
    const view = this.#view(viewId);
    const { sessions, violations } = this.#store;
    const slot = (view.spec.kind === 'sessions' ? sessions : violations).slotOf(id);
    return slot === -1 ? -1 : view.indexOf(slot);
  }

  /** Takes in what happened since the last refresh. */
  refresh(): void {
    const change = this.#store.refresh();
    this.#changed(change);
    if (this.#held !== null) {
      this.#held.discarded(change);
      return;
    }
    for (const view of this.#views.values())
      view.update(view.spec.kind === 'sessions' ? change.sessions : change.violations);
    this.#store.sessions.release(change.sessions.discarded);
    this.#store.violations.release(change.violations.discarded);
  }

  states(): readonly ViewState[] {
    return Array.from(this.#views.values(), (view) => view.state);
  }

  #view(viewId: number): View {
    const view = this.#views.get(viewId);
    if (view === undefined) throw refuse('view-unknown', `There is no open view ${viewId}.`, 'Open the view again.');
    return view;
  }
}
