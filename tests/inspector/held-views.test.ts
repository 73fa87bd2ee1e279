import { describe, expect, it } from 'vitest';
import { tellSevere } from '../../inspector/severe.js';
import { SessionStore } from '../../inspector/store/session-store.js';
import { ViolationTable } from '../../inspector/store/violation-table.js';
import { Views } from '../../inspector/store/views.js';
import type { ViewSpec } from '../../shared/inspection.js';
import type { Violation } from '../../shared/violation.js';
import { MadeSession, makeViolation } from './made-sessions.js';

const BY_TIME: ViewSpec = { kind: 'sessions', sort: { column: 'time', descending: false }, search: '' };

const idsOf = (views: Views): number[] => views.rows(1, 0, 100).rows.map((row) => row.id);

describe('held views', () => {
  it('stay as they are, also in their version, and show everything once they are let go', () => {
    const store = new SessionStore(100);
    const views = new Views(store);
    views.open(1, BY_TIME);
    store.sessionOpened(new MadeSession(1));
    views.refresh();
    views.hold(true);
    const before = views.states();
    for (const id of [3, 2]) store.sessionOpened(new MadeSession(id));
    views.refresh();
    expect([idsOf(views), views.states()]).toEqual([[1], before]);
    views.hold(false);
    expect(idsOf(views)).toEqual([1, 2, 3]);
    expect(views.states()).toEqual([{ viewId: 1, version: (before[0]?.version ?? 0) + 1, total: 3, unfiltered: 3 }]);
    store.sessionOpened(new MadeSession(4));
    views.refresh();
    expect(idsOf(views)).toEqual([1, 2, 3, 4]);
  });

  it('look at all rows when they are sorted or searched anew, and count none twice afterwards', () => {
    const store = new SessionStore(100);
    const views = new Views(store);
    views.open(1, BY_TIME);
    views.hold(true);
    for (const id of [1, 2]) store.sessionOpened(new MadeSession(id));
    views.change(1, { ...BY_TIME, sort: { column: 'time', descending: true } });
    expect(idsOf(views)).toEqual([2, 1]);
    views.hold(false);
    expect(idsOf(views)).toEqual([2, 1]);
  });

  it('let what changed be told all the same', () => {
    const store = new SessionStore(100);
    const told: number[] = [];
    const views = new Views(store, ({ sessions }) =>
      told.push(...sessions.added.map((slot) => store.sessions.idOf(slot))),
    );
    views.hold(true);
    store.sessionOpened(new MadeSession(7));
    views.refresh();
    expect(told).toEqual([7]);
  });
});

describe('severe violations', () => {
  it('are told once per protection and source, and only high and critical ones', () => {
    const table = new ViolationTable();
    const enter = (changes: Partial<Violation>): number => table.enter(makeViolation(1, 'smtp-x', changes));
    const known = enter({ severity: 'critical', protection: 'smtp-z' });
    table.takeChange();
    table.change(known);
    enter({ severity: 'medium' });
    enter({ severity: 'high' });
    enter({ severity: 'high' });
    enter({ severity: 'critical', protection: 'smtp-y' });
    enter({ severity: 'high', client: { address: '2001:db8::9', port: 1 } });
    const told: (readonly number[])[] = [];
    tellSevere(table, table.takeChange(), (violations) => told.push(violations.map(({ id }) => id)));
    expect(told).toEqual([[3, 5, 6]]);
  });

  it('are not told when there is none', () => {
    const table = new ViolationTable();
    table.enter(makeViolation(1, 'smtp-x', { severity: 'low' }));
    const told: unknown[] = [];
    tellSevere(table, table.takeChange(), (found) => told.push(found));
    expect(told).toEqual([]);
  });
});
