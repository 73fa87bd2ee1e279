import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionStore } from '../../inspector/store/session-store.js';
import { Views } from '../../inspector/store/views.js';
import type { SortOrder, ViewSpec } from '../../shared/inspection.js';
import type { SessionSummary } from '../../shared/session.js';
import { SESSION_COLUMNS, VIOLATION_COLUMNS } from '../../shared/view-columns.js';
import type { Violation } from '../../shared/violation.js';
import { anySession, anyViolation } from './any-rows.js';
import { historyStep, Played } from './played-views.js';
import { MadeSession, makeSummary, makeViolation } from './made-sessions.js';
import { naiveOrder, naiveSearch, SESSION_KEY, sessionFields, VIOLATION_KEY } from './naive-views.js';

const SESSIONS = 1;
describe('views of any history', () => {
  it('show what sorting and searching everything would show, in every column', () => {
    fc.assert(
      fc.property(fc.array(historyStep, { minLength: 1, maxLength: 40 }), (steps) => {
        const played = new Played(1000, steps[0]!);
        for (const step of steps) played.play(step);
        const { shown, expected } = played.look();
        expect(shown).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('do so also when sessions and violations have to go', () => {
    fc.assert(
      fc.property(
        fc.array(historyStep, { minLength: 10, maxLength: 60 }),
        fc.integer({ min: 1, max: 6 }),
        (steps, maximum) => {
          const played = new Played(maximum, steps[0]!);
          for (const step of steps) {
            played.play(step);
            if (step.what !== 'refresh') continue;
            const { shown, expected } = played.look();
            expect(shown).toEqual(expected);
          }
          const { shown, expected } = played.look();
          expect(shown).toEqual(expected);
          expect(played.store.sessions.size).toBeLessThanOrEqual(maximum);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('give back each row as it was, whatever had its place before', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anySession, anyViolation), { minLength: 1, maxLength: 12 }), (rows) => {
        const store = new SessionStore(3);
        const views = new Views(store);
        rows.forEach(([values, violation], i) => {
          store.sessionClosed(new MadeSession(i + 1, values).find({ ...violation, sessionId: i + 1 }));
          views.refresh();
        });
        const known = store.session(rows.length);
        const [values, violation] = rows.at(-1)!;
        const expected = new MadeSession(rows.length, values).find(violation).summary();
        expect([known?.value, known?.violations]).toEqual([
          expected,
          [{ ...violation, sessionId: rows.length, id: rows.length }],
        ]);
      }),
    );
  });
});

describe('views of very many rows', () => {
  const MANY = 20_000;
  const samples = fc.sample(anySession, { numRuns: 500, seed: 1 });
  const found = fc.sample(anyViolation, { numRuns: 500, seed: 2 });
  const sessions: SessionSummary[] = [];
  const violations: Violation[] = [];
  const store = new SessionStore(MANY * 2);
  for (let i = 0; i < MANY; i++) {
    const violation = { ...found[i % 499]!, sessionId: i + 1 };
    const user = i % 3 === 0 ? `user-${(i * 7919) % MANY}` : samples[i % 500]!.user!;
    const session = new MadeSession(i + 1, { ...samples[(i * 31) % 500], user, startUs: (i * 7) % 1000 }).find(
      violation,
    );
    store.sessionClosed(session);
    sessions.push(session.summary());
    violations.push({ ...violation, id: i + 1 });
  }
  const views = new Views(store);
  const allIds = (kind: ViewSpec['kind'], column: string, descending: boolean): number[] => {
    const { total } = views.open(1, { kind, sort: { column, descending }, search: '' });
    return Array.from({ length: Math.ceil(total / 1000) }, (_, page) => views.rows(1, page * 1000, 1000).rows).flatMap(
      (rows) => rows.map(({ id }) => id),
    );
  };

  it.each(SESSION_COLUMNS)('have the sessions in the order of %s', (column) => {
    for (const descending of [false, true]) {
      const expected = naiveOrder(sessions, SESSION_KEY[column], { column, descending });
      expect(allIds('sessions', column, descending)).toEqual(expected.map(({ id }) => id));
    }
  });

  it.each(VIOLATION_COLUMNS)('have the violations in the order of %s', (column) => {
    const expected = naiveOrder(violations, VIOLATION_KEY[column], { column, descending: true });
    expect(allIds('violations', column, true)).toEqual(expected.map(({ id }) => id));
  });

  it('find the same rows by any words, also when words are added', () => {
    const sort: SortOrder = { column: 'user', descending: false };
    views.open(1, { kind: 'sessions', sort, search: '' });
    for (const search of ['u', 'user-1', 'user-19', 'user-19 smtp', '4001', 'none-such', 'är']) {
      const { total } = views.change(1, { kind: 'sessions', sort, search });
      const expected = naiveOrder(naiveSearch(sessions, sessionFields, search), SESSION_KEY.user, sort);
      expect(total).toBe(expected.length);
      expect(views.rows(1, 0, 200).rows.map(({ id }) => id)).toEqual(expected.slice(0, 200).map(({ id }) => id));
    }
  });
});

describe('held views', () => {
  it('go on showing what is discarded meanwhile, and let it go afterwards', () => {
    const store = new SessionStore(2);
    const views = new Views(store);
    const spec: ViewSpec = { kind: 'sessions', sort: { column: 'time', descending: false }, search: '' };
    views.open(SESSIONS, spec);
    for (const id of [1, 2]) store.sessionOpened(new MadeSession(id).find(makeViolation(id, 'smtp-a')));
    views.hold(true);
    for (let id = 3; id <= 300; id++) {
      store.sessionOpened(new MadeSession(id, { user: `user-${id}` }));
      views.refresh();
    }
    expect(views.rows(SESSIONS, 0, 10).rows).toMatchObject([
      makeSummary(1, { worst: 'medium', violations: { critical: 0, high: 0, medium: 1, low: 0, info: 0 } }),
      { id: 2 },
    ]);
    expect(views.change(SESSIONS, { ...spec, search: 'user-299' }).total).toBe(1);
    expect(views.rows(SESSIONS, 0, 10).rows.map(({ id }) => id)).toEqual([299]);
    views.hold(false);
    views.change(SESSIONS, spec);
    expect(views.rows(SESSIONS, 0, 10).rows.map(({ id }) => id)).toEqual([299, 300]);
    // Their slots are used again: what was held has been let go.
    for (let id = 301; id <= 340; id++) {
      store.sessionOpened(new MadeSession(id));
      views.refresh();
    }
    expect(Math.max(...store.sessions.slots())).toBeLessThan(10);
  });
});
