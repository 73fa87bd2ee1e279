/**
 * The open views over one store. Rows change for everybody at once, at a
 * refresh, so that what a view says (`state`), shows (`rows`) and finds
 * (`indexOf`) belongs together.
 */
import type { ViewRows, ViewSpec, ViewState } from '../../shared/inspection.js';
import { refuse } from '../problem.js';
import type { SessionStore } from './session-store.js';
import { View } from './view.js';
import type { SessionRow, StoreChange, ViolationRow } from './rows.js';

/** Rows one question may ask for. */
export const ROWS_AT_ONCE = 1000;

export class Views {
  readonly #store: SessionStore;
  readonly #changed: (change: StoreChange) => void;
  readonly #views = new Map<number, View>();

  #held = false;

  /** `changed` is told of every change of the store, once. */
  constructor(store: SessionStore, changed: (change: StoreChange) => void = () => {}) {
    this.#store = store;
    this.#changed = changed;
  }

  /** Held views keep their rows; let go, they take all rows anew. Another order or search looks at all rows in any case. */
  hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.refresh();
    if (!held) for (const view of this.#views.values()) view.renew(this.#store.rows());
  }

  /** `version` continues the count of an earlier view of that id. Throws `ProblemError`. */
  open(viewId: number, spec: ViewSpec, version = 0): ViewState {
    this.refresh();
    const view = new View(viewId, spec, this.#store.rows(), version);
    this.#views.set(viewId, view);
    return view.state;
  }

  change(viewId: number, spec: ViewSpec): ViewState {
    this.refresh();
    const view = this.#view(viewId);
    view.change(spec, this.#store.rows());
    return view.state;
  }

  close(viewId: number): void {
    this.#views.delete(viewId);
  }

  rows(viewId: number, from: number, count: number): ViewRows {
    const view = this.#view(viewId);
    const rows = view.rows(from, Math.min(count, ROWS_AT_ONCE));
    const { state } = view;
    return view.spec.kind === 'sessions'
      ? { kind: 'sessions', state, from, rows: rows.map((row) => (row as SessionRow).value) }
      : { kind: 'violations', state, from, rows: rows.map((row) => (row as ViolationRow).value) };
  }

  /** Index of the session or violation `id` as sorted now, or -1. */
  indexOf(viewId: number, id: number): number {
    const view = this.#view(viewId);
    const row = view.spec.kind === 'sessions' ? this.#store.session(id) : this.#store.violation(id);
    return row === undefined ? -1 : view.indexOf(row);
  }

  /** Takes in what happened since the last refresh. */
  refresh(): void {
    const change = this.#store.refresh();
    this.#changed(change);
    if (this.#held) return;
    for (const view of this.#views.values()) view.update(change);
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
