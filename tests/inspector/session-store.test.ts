import { describe, expect, it } from 'vitest';
import { SessionStore } from '../../inspector/store/session-store.js';
import type { Row } from '../../inspector/store/rows.js';
import { MadeSession, makeViolation } from './made-sessions.js';

function named(rows: Iterable<Row>): string[] {
  return Array.from(rows, (row) =>
    row.kind === 'sessions' ? `session ${row.id}` : `violation ${row.id} ${row.value.protection}`,
  );
}

describe('the session store', () => {
  it('announces a session once as added, then as changed only when its version rose', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(7);
    store.sessionOpened(session);
    expect(named(store.refresh().added)).toEqual(['session 7']);
    expect(store.refresh()).toEqual({ added: [], changed: [], discarded: [] });
    session.change({ commands: 4 });
    expect(named(store.refresh().changed)).toEqual(['session 7']);
    expect(store.session(7)?.value.commands).toBe(4);
  });

  it('takes the final values of a session that closed and lets its handle go', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(7, { end: 'open' });
    store.sessionOpened(session);
    store.refresh();
    store.sessionClosed(session.change({ end: 'reset' }));
    expect(store.session(7)?.value.end).toBe('open');
    expect(named(store.refresh().changed)).toEqual(['session 7']);
    expect([store.session(7)?.value.end, store.session(7)?.handle]).toEqual(['reset', null]);
    session.change({ commands: 99 });
    expect(store.refresh().changed).toEqual([]);
  });

  it('keeps the number of a violation when its count, its order or the session changes', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(1).find(makeViolation(1, 'smtp-bad-greeting'));
    store.sessionOpened(session);
    expect(named(store.refresh().added)).toEqual(['session 1', 'violation 1 smtp-bad-greeting']);
    session.find(makeViolation(1, 'smtp-unknown-command'), makeViolation(1, 'smtp-bad-greeting', { count: 5 }));
    const change = store.refresh();
    expect([named(change.added), named(change.changed)]).toEqual([
      ['violation 2 smtp-unknown-command'],
      ['session 1', 'violation 1 smtp-bad-greeting'],
    ]);
    expect(store.violation(1)?.value).toEqual(makeViolation(1, 'smtp-bad-greeting', { id: 1, count: 5 }));
    expect(store.session(1)?.violations.map((row) => row.id)).toEqual([2, 1]);
  });

  it('does not announce a violation that stayed the same while its session went on', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(1).find(makeViolation(1, 'smtp-bad-greeting'));
    store.sessionOpened(session);
    store.refresh();
    session.change({ commands: 10 });
    expect(named(store.refresh().changed)).toEqual(['session 1']);
  });

  it('keeps a finding of several connections beside the violations of the first of them', () => {
    const store = new SessionStore(10);
    const session = new MadeSession(7).find(makeViolation(7, 'perimeter-imap-denied'));
    store.sessionOpened(session);
    store.finding(makeViolation(7, 'perimeter-imap-denied', { measured: 3 }));
    store.sessionClosed(session);
    store.finding(makeViolation(7, 'perimeter-imap-denied', { measured: 8 }));
    expect(named(store.refresh().added)).toEqual([
      'session 7',
      'violation 1 perimeter-imap-denied',
      'violation 2 perimeter-imap-denied',
      'violation 3 perimeter-imap-denied',
    ]);
    expect(store.session(7)?.findings.map(({ value }) => value.measured)).toEqual([3, 8]);
  });

  it('has no use for a finding whose session it does not keep', () => {
    const store = new SessionStore(1);
    store.finding(makeViolation(7, 'perimeter-imap-denied'));
    expect(named(store.rows())).toEqual([]);
  });

  it('discards the oldest sessions with their violations beyond the bound, and counts them', () => {
    const store = new SessionStore(2);
    for (const id of [1, 2, 3]) store.sessionOpened(new MadeSession(id).find(makeViolation(id, 'smtp-bad-greeting')));
    const change = store.refresh();
    // The first never became visible, so nobody needs to hear that it is gone.
    expect(named(change.added)).toEqual([
      'session 2',
      'violation 2 smtp-bad-greeting',
      'session 3',
      'violation 3 smtp-bad-greeting',
    ]);
    expect(change.discarded).toEqual([]);
    store.sessionOpened(new MadeSession(4));
    expect(named(store.refresh().discarded)).toEqual(['violation 2 smtp-bad-greeting', 'session 2']);
    expect(named(store.rows())).toEqual(['session 3', 'session 4', 'violation 3 smtp-bad-greeting']);
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
    expect(store.refresh()).toEqual({ added: [], changed: [], discarded: [] });
    expect(named(store.rows())).toEqual(['session 2']);
  });

  it('bounds violations as well when few sessions have very many', () => {
    const store = new SessionStore(3);
    store.sessionOpened(new MadeSession(1).find(makeViolation(1, 'a'), makeViolation(1, 'b')));
    store.sessionOpened(new MadeSession(2).find(makeViolation(2, 'a'), makeViolation(2, 'b')));
    store.refresh();
    expect(named(store.rows())).toEqual(['session 2', 'violation 3 a', 'violation 4 b']);
  });
});
