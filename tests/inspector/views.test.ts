import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionStore } from '../../inspector/store/session-store.js';
import { Views } from '../../inspector/store/views.js';
import { ProblemError } from '../../inspector/problem.js';
import type { ViewSpec } from '../../shared/inspection.js';
import { SESSION_COLUMNS, VIOLATION_COLUMNS, type SessionColumn } from '../../shared/view-columns.js';
import type { SessionSummary } from '../../shared/session.js';
import { MadeSession, makeViolation } from './made-sessions.js';

const BY_TIME: ViewSpec = { kind: 'sessions', sort: { column: 'time', descending: false }, search: '' };

function idsOf(views: Views, viewId: number, from = 0, count = 1000): number[] {
  return views.rows(viewId, from, count).rows.map((row) => row.id);
}

/** What a column compares, written down independently of the code under test. */
const NAIVE_KEY: Partial<Record<SessionColumn, (row: SessionSummary) => number | string>> = {
  time: (row) => row.startUs,
  messages: (row) => row.messages,
  user: (row) => row.user,
  bytes: (row) => row.bytesToServer + row.bytesToClient,
  duration: (row) => row.endUs - row.startUs,
};

function naive(sessions: readonly MadeSession[], column: SessionColumn, descending: boolean, word: string): number[] {
  const key = NAIVE_KEY[column] ?? (() => 0);
  const rows = sessions
    .map((session, arrival) => ({ row: session.summary(), arrival }))
    .filter(
      ({ row }) => word === '' || [row.user, row.helo, row.lastReply].some((text) => text.toLowerCase().includes(word)),
    )
    .sort((a, b) => {
      const [left, right] = [key(a.row), key(b.row)];
      const order = left < right ? -1 : left > right ? 1 : 0;
      return (descending ? -order : order) || a.arrival - b.arrival;
    });
  return rows.map(({ row }) => row.id);
}

const step = fc.record({
  what: fc.constantFrom('open', 'change', 'close', 'refresh'),
  at: fc.nat(),
  messages: fc.nat(5),
  user: fc.constantFrom('anna', 'bert', 'Anna Z', ''),
  startUs: fc.nat(4),
  bytesToServer: fc.nat(3),
});

describe('live views', () => {
  it('show, at any moment of any history, what sorting and searching everything would show', () => {
    const column = fc.constantFrom<SessionColumn>('time', 'messages', 'user', 'bytes', 'duration');
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        column,
        fc.boolean(),
        fc.constantFrom('', 'anna'),
        (steps, by, descending, word) => {
          const store = new SessionStore(1000);
          const views = new Views(store);
          views.open(1, { kind: 'sessions', sort: { column: by, descending }, search: word });
          const sessions: MadeSession[] = [];
          const open: MadeSession[] = [];
          for (const { what, at, ...values } of steps) {
            const chosen = open[at % Math.max(1, open.length)];
            if (what === 'open') {
              const session = new MadeSession(sessions.length + 1, values);
              sessions.push(session);
              open.push(session);
              store.sessionOpened(session);
              views.refresh();
            } else if (what === 'change') chosen?.change(values);
            else if (what === 'close' && chosen !== undefined) {
              open.splice(open.indexOf(chosen), 1);
              store.sessionClosed(chosen.change(values));
            } else views.refresh();
          }
          views.refresh();
          const expected = naive(sessions, by, descending, word);
          expect(idsOf(views, 1)).toEqual(expected);
          expect(expected.map((id) => views.indexOf(1, id))).toEqual(expected.map((_, index) => index));
          expect(views.states()[0]).toMatchObject({ total: expected.length, unfiltered: sessions.length });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('give any page of the rows', () => {
    const store = new SessionStore(1000);
    const views = new Views(store);
    for (let id = 1; id <= 25; id++) store.sessionClosed(new MadeSession(id));
    views.open(1, BY_TIME);
    expect(idsOf(views, 1, 0, 3)).toEqual([1, 2, 3]);
    expect(idsOf(views, 1, 20, 10)).toEqual([21, 22, 23, 24, 25]);
    expect(idsOf(views, 1, 25, 10)).toEqual([]);
    expect(views.rows(1, 24, 10)).toEqual({
      kind: 'sessions',
      from: 24,
      state: { viewId: 1, version: 0, total: 25, unfiltered: 25 },
      rows: [new MadeSession(25).summary()],
    });
  });

  it('raise their version only when their own rows changed', () => {
    const store = new SessionStore(1000);
    const views = new Views(store);
    const session = new MadeSession(1);
    store.sessionOpened(session);
    views.open(1, BY_TIME, 41);
    views.open(2, { ...BY_TIME, kind: 'violations' });
    views.refresh();
    expect(views.states().map((state) => state.version)).toEqual([41, 0]);
    session.change({ messages: 9 });
    views.refresh();
    expect(views.states().map((state) => state.version)).toEqual([42, 0]);
    session.find(makeViolation(1, 'smtp-bad-greeting'));
    views.refresh();
    expect(views.states().map((state) => [state.version, state.total])).toEqual([
      [43, 1],
      [1, 1],
    ]);
  });

  it('follow a change of order, of search and of kind', () => {
    const store = new SessionStore(1000);
    const views = new Views(store);
    store.sessionClosed(new MadeSession(1, { user: 'zoe', messages: 1 }).find(makeViolation(1, 'smtp-bad-greeting')));
    store.sessionClosed(new MadeSession(2, { user: 'adam', messages: 2 }));
    views.open(1, BY_TIME);
    views.change(1, { ...BY_TIME, sort: { column: 'user', descending: false } });
    expect(idsOf(views, 1)).toEqual([2, 1]);
    expect(views.change(1, { ...BY_TIME, search: 'ZO e' })).toEqual({ viewId: 1, version: 2, total: 1, unfiltered: 2 });
    expect(views.change(1, { ...BY_TIME, kind: 'violations' })).toEqual({
      viewId: 1,
      version: 3,
      total: 1,
      unfiltered: 1,
    });
  });

  it('show the violations of one session only, when asked to', () => {
    const store = new SessionStore(1000);
    const views = new Views(store);
    for (const id of [1, 2])
      store.sessionClosed(new MadeSession(id).find(makeViolation(id, 'a'), makeViolation(id, 'b')));
    views.open(1, { kind: 'violations', sort: { column: 'time', descending: false }, search: '', sessionId: 2 });
    expect(idsOf(views, 1)).toEqual([3, 4]);
    expect(views.indexOf(1, 1)).toBe(-1);
  });

  it('lose the rows of discarded sessions', () => {
    const store = new SessionStore(2);
    const views = new Views(store);
    views.open(1, BY_TIME);
    for (const id of [1, 2, 3, 4]) {
      store.sessionOpened(new MadeSession(id));
      views.refresh();
    }
    expect(idsOf(views, 1)).toEqual([3, 4]);
    expect(views.states()[0]).toEqual({ viewId: 1, version: 4, total: 2, unfiltered: 2 });
  });

  it('sort addresses by number and IPv4 before IPv6', () => {
    const store = new SessionStore(100);
    const views = new Views(store);
    const addresses = ['fe80::1', '10.0.0.10', '2001:db8::2', '10.0.0.2', '::1'];
    addresses.forEach((address, i) => store.sessionClosed(new MadeSession(i, { client: { address, port: 1 } })));
    views.open(1, { ...BY_TIME, sort: { column: 'client', descending: false } });
    expect(idsOf(views, 1).map((id) => addresses[id])).toEqual([
      '10.0.0.2',
      '10.0.0.10',
      '::1',
      '2001:db8::2',
      'fe80::1',
    ]);
  });

  it('can be sorted by every column that exists and refuse any other', () => {
    const views = new Views(new SessionStore(10));
    for (const column of SESSION_COLUMNS) views.open(1, { ...BY_TIME, sort: { column, descending: true } });
    for (const column of VIOLATION_COLUMNS)
      views.open(1, { kind: 'violations', sort: { column, descending: true }, search: '' });
    expect(() => views.open(1, { ...BY_TIME, sort: { column: '__proto__', descending: false } })).toThrow(ProblemError);
    expect(() => views.rows(99, 0, 1)).toThrow('no open view 99');
  });
});
