import { describe, expect, it } from 'vitest';
import { SessionStore, type StoreChange } from '../../inspector/store/session-store.js';
import { MadeSession, makeViolation } from './made-sessions.js';

/** Rows by their slots, sessions first. */
function named(store: SessionStore, sessions: Iterable<number>, violations: Iterable<number>): string[] {
  return [
    ...Array.from(sessions, (slot) => `session ${store.sessions.idOf(slot)}`),
    ...Array.from(violations, (slot) => {
      const { id, protection } = store.violations.violation(slot);
      return `violation ${id} ${protection}`;
    }),
  ];
}

const rowsOf = (store: SessionStore): string[] => named(store, store.sessions.slots(), store.violations.slots());

type Told = Record<'added' | 'changed' | 'discarded', string[]>;

function toldOf(store: SessionStore, { sessions, violations }: StoreChange): Told {
  return {
    added: named(store, sessions.added, violations.added),
    changed: named(store, sessions.changed, violations.changed),
    discarded: named(store, sessions.discarded, violations.discarded),
  };
}

/** What a refresh tells, by name. */
const refreshed = (store: SessionStore): Told => toldOf(store, store.refresh());

const NOTHING: Told = { added: [], changed: [], discarded: [] };

describe('the session store', () => {
  it('announces a session once as added, then as changed only when its version rose', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(7);
    store.sessionOpened(session);
    expect(refreshed(store).added).toEqual(['session 7']);
    expect(refreshed(store)).toEqual(NOTHING);
    session.change({ commands: 4 });
    expect(refreshed(store).changed).toEqual(['session 7']);
    expect(store.session(7)?.value.commands).toBe(4);
  });

  it('takes the final values of a session that closed and lets its handle go', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(7, { end: 'open' });
    store.sessionOpened(session);
    store.refresh();
    store.sessionClosed(session.change({ end: 'reset' }));
    expect(store.session(7)?.value.end).toBe('open');
    expect(refreshed(store).changed).toEqual(['session 7']);
    expect([store.session(7)?.value.end, store.session(7)?.handle]).toEqual(['reset', null]);
    session.change({ commands: 99 });
    expect(refreshed(store).changed).toEqual([]);
  });

  it('keeps the number of a violation when its count, its order or the session changes', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(1).find(makeViolation(1, 'smtp-bad-greeting'));
    store.sessionOpened(session);
    expect(refreshed(store).added).toEqual(['session 1', 'violation 1 smtp-bad-greeting']);
    session.find(makeViolation(1, 'smtp-unknown-command'), makeViolation(1, 'smtp-bad-greeting', { count: 5 }));
    const change = refreshed(store);
    expect([change.added, change.changed]).toEqual([
      ['violation 2 smtp-unknown-command'],
      ['session 1', 'violation 1 smtp-bad-greeting'],
    ]);
    expect(store.violations.violation(store.violations.slotOf(1))).toEqual(
      makeViolation(1, 'smtp-bad-greeting', { id: 1, count: 5 }),
    );
    expect(store.session(1)?.violations.map((row) => row.id)).toEqual([2, 1]);
  });

  it('does not announce a violation that stayed the same while its session went on', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(1).find(makeViolation(1, 'smtp-bad-greeting'));
    store.sessionOpened(session);
    store.refresh();
    session.change({ commands: 10 });
    expect(refreshed(store).changed).toEqual(['session 1']);
  });

  it('keeps a finding of several connections beside the violations of the first of them', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(7).find(makeViolation(7, 'perimeter-imap-denied'));
    store.sessionOpened(session);
    store.finding(makeViolation(7, 'perimeter-imap-denied', { measured: 3 }));
    store.sessionClosed(session);
    store.finding(makeViolation(7, 'perimeter-imap-denied', { measured: 8 }));
    expect(refreshed(store).added).toEqual([
      'session 7',
      'violation 1 perimeter-imap-denied',
      'violation 2 perimeter-imap-denied',
      'violation 3 perimeter-imap-denied',
    ]);
    expect(store.session(7)?.findings.map(({ measured }) => measured)).toEqual([3, 8]);
  });

  it('enters each of many findings of one session with as much effort as the first ones, and in order', () => {
    const store = new SessionStore(30_000);
    store.sessionOpened(new MadeSession(7));
    let links = 0;
    const { next } = store.violations;
    // Has room for all from the start, and counts every look at a link.
    next.values = new Proxy(new Int32Array(30_000), {
      get: (values, key) => (links++, Reflect.get(values, key) as unknown),
      set: (values, key, value) => (links++, Reflect.set(values, key, value)),
    });
    next.grow = () => undefined;
    let mostLinks = 0;
    for (let measured = 0; measured < 20_000 && mostLinks <= 4; measured++) {
      links = 0;
      store.finding(makeViolation(7, 'perimeter-imap-denied', { measured }));
      mostLinks = Math.max(mostLinks, links);
    }
    expect(mostLinks).toBeLessThanOrEqual(4);
    const findings = store.session(7)?.findings.map(({ measured }) => measured);
    expect(findings).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
  });

  it('begins the findings anew for a session that has the slot of a discarded one', () => {
    const store = new SessionStore(1);
    store.sessionOpened(new MadeSession(1));
    for (const measured of [1, 2]) store.finding(makeViolation(1, 'perimeter-imap-denied', { measured }));
    store.sessionOpened(new MadeSession(2));
    for (let i = 0; i < 2; i++) store.refresh();
    store.sessionOpened(new MadeSession(3));
    for (const measured of [3, 4, 5]) store.finding(makeViolation(3, 'perimeter-imap-denied', { measured }));
    expect([...store.sessions.slots()]).toEqual([0]);
    expect(store.session(3)?.findings.map(({ measured }) => measured)).toEqual([3, 4, 5]);
  });

  it('has no use for a finding whose session it does not keep', () => {
    const store = new SessionStore(1);
    store.finding(makeViolation(7, 'perimeter-imap-denied'));
    expect(rowsOf(store)).toEqual([]);
  });

  it('discards the oldest sessions with their violations beyond the bound, and counts them', () => {
    const store = new SessionStore(2);
    for (const id of [1, 2, 3]) store.sessionOpened(new MadeSession(id).find(makeViolation(id, 'smtp-bad-greeting')));
    const change = refreshed(store);
    // The first never became visible, so nobody needs to hear that it is gone.
    expect(change.added).toEqual([
      'session 2',
      'session 3',
      'violation 2 smtp-bad-greeting',
      'violation 3 smtp-bad-greeting',
    ]);
    expect(change.discarded).toEqual([]);
    store.sessionOpened(new MadeSession(4));
    expect(refreshed(store).discarded).toEqual(['session 2', 'violation 2 smtp-bad-greeting']);
    expect(rowsOf(store)).toEqual(['session 3', 'session 4', 'violation 3 smtp-bad-greeting']);
    expect(store.discardedSessions).toBe(2);
  });

  it('never brings a session back that was discarded while it was open', () => {
    const store = new SessionStore(1);
    const first = new MadeSession(1);
    store.sessionOpened(first);
    store.refresh();
    store.sessionOpened(new MadeSession(2));
    store.refresh();
    store.sessionClosed(first.change({ commands: 50 }));
    expect(refreshed(store)).toEqual(NOTHING);
    expect(rowsOf(store)).toEqual(['session 2']);
  });

  it('bounds violations as well when few sessions have very many', () => {
    const store = new SessionStore(3);
    store.sessionOpened(new MadeSession(1).find(makeViolation(1, 'a'), makeViolation(1, 'b')));
    store.sessionOpened(new MadeSession(2).find(makeViolation(2, 'a'), makeViolation(2, 'b')));
    store.refresh();
    expect(rowsOf(store)).toEqual(['session 2', 'violation 3 a', 'violation 4 b']);
  });
});
