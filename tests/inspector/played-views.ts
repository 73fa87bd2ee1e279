/** A store with two views that a history is played into, and beside it everything that the views should show. */
import fc from 'fast-check';
import { SessionStore } from '../../inspector/store/session-store.js';
import { Views } from '../../inspector/store/views.js';
import type { SortOrder, ViewSpec } from '../../shared/inspection.js';
import {
  SESSION_COLUMNS,
  VIOLATION_COLUMNS,
  type SessionColumn,
  type ViolationColumn,
} from '../../shared/view-columns.js';
import { anySession, anyViolation } from './any-rows.js';
import { MadeSession } from './made-sessions.js';
import { naiveOrder, naiveSearch, SESSION_KEY, sessionFields, VIOLATION_KEY, violationFields } from './naive-views.js';

const SESSIONS = 1;
const VIOLATIONS = 2;
const SEARCHES = ['', 'an', 'anna', 'QUEUED 4a', '10.0', 'är', 'smtp gaps', '25', 'detect'];

export const historyStep = fc.record({
  what: fc.constantFrom('open', 'open', 'change', 'close', 'refresh', 'look'),
  at: fc.nat(),
  values: anySession,
  found: fc.array(anyViolation, { maxLength: 3 }),
  search: fc.constantFrom(...SEARCHES),
  column: fc.nat(),
  descending: fc.boolean(),
});
export type Step = typeof historyStep extends fc.Arbitrary<infer S> ? S : never;

export class Played {
  readonly store: SessionStore;
  readonly views: Views;
  readonly seen: MadeSession[] = [];
  readonly #open: MadeSession[] = [];
  #made = 0;
  #specs: readonly [ViewSpec, ViewSpec];

  constructor(maximum: number, first: Step) {
    this.store = new SessionStore(maximum);
    this.views = new Views(this.store);
    this.#specs = specsOf(first);
    this.views.open(SESSIONS, this.#specs[0]);
    this.views.open(VIOLATIONS, this.#specs[1]);
  }

  play(step: Step): void {
    const chosen = this.#open[step.at % Math.max(1, this.#open.length)];
    if (step.what === 'open') {
      const session = new MadeSession(++this.#made * 0x1_0000_0001, step.values).find(...step.found);
      this.#open.push(session);
      this.seen.push(session);
      this.store.sessionOpened(session);
      this.views.refresh();
    } else if (step.what === 'change') chosen?.change(step.values).find(...step.found);
    else if (step.what === 'close' && chosen !== undefined) {
      this.#open.splice(this.#open.indexOf(chosen), 1);
      this.store.sessionClosed(chosen.change(step.values));
    } else if (step.what === 'look') {
      this.#specs = specsOf(step);
      this.views.change(SESSIONS, this.#specs[0]);
      this.views.change(VIOLATIONS, this.#specs[1]);
    } else this.views.refresh();
  }

  /** What both views show, and what sorting and searching all that is kept by hand would show. */
  look(): { readonly shown: readonly Shown[]; readonly expected: readonly Shown[] } {
    this.views.refresh();
    const [ofSessions, ofViolations] = this.#specs;
    const kept = this.seen.filter((session) => this.store.session(session.id) !== undefined);
    const sessions = kept.map((session) => session.summary());
    const violations = sessions
      .flatMap(({ id }) => this.store.session(id)?.violations ?? [])
      .sort((a, b) => a.id - b.id);
    const sessionKey = SESSION_KEY[ofSessions.sort.column as SessionColumn];
    const violationKey = VIOLATION_KEY[ofViolations.sort.column as ViolationColumn];
    return {
      shown: [this.#shown(SESSIONS), this.#shown(VIOLATIONS)],
      expected: [
        expectedOf(
          sessions,
          naiveOrder(naiveSearch(sessions, sessionFields, ofSessions.search), sessionKey, ofSessions.sort),
        ),
        expectedOf(
          violations,
          naiveOrder(naiveSearch(violations, violationFields, ofViolations.search), violationKey, ofViolations.sort),
        ),
      ],
    };
  }

  #shown(viewId: number): Shown {
    const { rows, state } = this.views.rows(viewId, 0, 1000);
    const places = rows.map(({ id }) => this.views.indexOf(viewId, id));
    return { rows, places, total: state.total, unfiltered: state.unfiltered };
  }
}

/** `places`: where the view says that its rows are. */
interface Shown {
  readonly rows: readonly unknown[];
  readonly places: readonly number[];
  readonly total: number;
  readonly unfiltered: number;
}

function expectedOf(all: readonly unknown[], rows: readonly unknown[]): Shown {
  return { rows, places: rows.map((_, index) => index), total: rows.length, unfiltered: all.length };
}

function specsOf({ column, descending, search }: Step): readonly [ViewSpec, ViewSpec] {
  const sort = (columns: readonly string[]): SortOrder => ({
    column: columns[column % columns.length] ?? '',
    descending,
  });
  return [
    { kind: 'sessions', sort: sort(SESSION_COLUMNS), search },
    { kind: 'violations', sort: sort(VIOLATION_COLUMNS), search },
  ];
}
