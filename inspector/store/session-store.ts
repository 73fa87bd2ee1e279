/**
 * Everything the inspector remembers of a capture: its sessions and violations
 * as rows. In: the pipeline's calls. Out: at each `refresh`, what changed since
 * the last. Holds at most `sessionsKept` sessions and as many violations; the
 * oldest sessions go first, with their violations, and are counted.
 */
import type { PipelineSink, SessionHandle } from '../../engine/index.js';
import type { Violation } from '../../shared/violation.js';
import type { Row, SessionRow, StoreChange, ViolationRow } from './rows.js';
import { TextPool } from './text-pool.js';

/** A connection that is not over, and its row once it was looked at. */
interface OpenSession {
  readonly handle: SessionHandle;
  row: SessionRow | null;
}

export class SessionStore implements PipelineSink {
  readonly #maximum: number;
  readonly #pool = new TextPool();
  readonly #open = new Map<number, OpenSession>();
  #closed: OpenSession[] = [];
  /** In order of arrival; a Map keeps that order and finds by id. */
  readonly #sessions = new Map<number, SessionRow>();
  readonly #violations = new Map<number, ViolationRow>();
  #sequence = 0;
  #lastViolationId = 0;
  #discardedSessions = 0;
  #added = new Set<Row>();
  #changed = new Set<Row>();
  #discarded: Row[] = [];

  /** `maximum` is `limits.sessionsKept`. */
  constructor(maximum: number) {
    this.#maximum = Math.max(1, maximum);
  }

  /** Sessions that had to go so far. */
  get discardedSessions(): number {
    return this.#discardedSessions;
  }

  sessionOpened(handle: SessionHandle): void {
    this.#open.set(handle.id, { handle, row: null });
  }

  sessionClosed(handle: SessionHandle): void {
    const open = this.#open.get(handle.id) ?? { handle, row: null };
    this.#open.delete(handle.id);
    // A row that views show already changes only at a refresh, with all others.
    if (open.row === null) this.#finish(open);
    else this.#closed.push(open);
  }

  /** Findings of a session that is not kept any more are not kept either. */
  finding(violation: Violation): void {
    const open = this.#open.get(violation.sessionId);
    if (open !== undefined && open.row === null) this.#look(open);
    const row = this.#sessions.get(violation.sessionId);
    if (row === undefined) return;
    row.findings.push(this.#newViolation(violation));
    this.#enforceBounds();
  }

  /** Looks at every connection that changed, and returns all that happened since the last call. */
  refresh(): StoreChange {
    for (const open of this.#closed) this.#finish(open);
    this.#closed = [];
    for (const open of this.#open.values()) {
      if (open.row === null || open.row.seenVersion !== open.handle.version) this.#look(open);
    }
    const change = { added: [...this.#added], changed: [...this.#changed], discarded: this.#discarded };
    this.#added = new Set();
    this.#changed = new Set();
    this.#discarded = [];
    return change;
  }

  /** All rows, sessions first. */
  *rows(): IterableIterator<Row> {
    yield* this.#sessions.values();
    yield* this.#violations.values();
  }

  session(id: number): SessionRow | undefined {
    return this.#sessions.get(id);
  }

  violation(id: number): ViolationRow | undefined {
    return this.#violations.get(id);
  }

  #finish(open: OpenSession): void {
    this.#look(open);
    if (open.row !== null) open.row.handle = null;
  }

  #look(open: OpenSession): void {
    const { handle } = open;
    // Discarded while it was open: it stays discarded.
    if (open.row?.discarded === true) return;
    const value = this.#pool.shareSummary(handle.summary());
    const row = open.row ?? this.#newRow(open, value);
    row.value = value;
    row.seenVersion = handle.version;
    row.stretch = { ...handle.stretch };
    if (!this.#added.has(row)) this.#changed.add(row);
    if (value.worst !== null || row.violations.length > 0) this.#takeViolations(row, handle.violations());
    this.#enforceBounds();
  }

  #newRow(open: OpenSession, value: SessionRow['value']): SessionRow {
    const { handle } = open;
    const row: SessionRow = {
      kind: 'sessions',
      id: handle.id,
      sequence: ++this.#sequence,
      handle,
      seenVersion: handle.version,
      value,
      stretch: { ...handle.stretch },
      violations: [],
      findings: [],
      discarded: false,
    };
    open.row = row;
    this.#sessions.set(row.id, row);
    this.#added.add(row);
    return row;
  }

  /** A violation is the same one when it is the n-th of its protection on its connection. */
  #takeViolations(row: SessionRow, found: readonly Violation[]): void {
    const left = [...row.violations];
    const now: ViolationRow[] = [];
    for (const violation of found) {
      const at = left.findIndex((known) => known.value.protection === violation.protection);
      const known = at === -1 ? undefined : left.splice(at, 1)[0];
      now.push(known === undefined ? this.#newViolation(violation) : this.#updateViolation(known, violation));
    }
    for (const gone of left) this.#discard(gone, this.#violations);
    row.violations = now;
  }

  #newViolation(violation: Violation): ViolationRow {
    const id = ++this.#lastViolationId;
    const row: ViolationRow = {
      kind: 'violations',
      id,
      sequence: ++this.#sequence,
      value: { ...violation, id },
      discarded: false,
    };
    this.#violations.set(id, row);
    this.#added.add(row);
    return row;
  }

  #updateViolation(row: ViolationRow, violation: Violation): ViolationRow {
    if (isSameFinding(row.value, violation)) return row;
    row.value = { ...violation, id: row.id };
    if (!this.#added.has(row)) this.#changed.add(row);
    return row;
  }

  #enforceBounds(): void {
    while (this.#sessions.size > this.#maximum || (this.#violations.size > this.#maximum && this.#sessions.size > 1)) {
      const oldest = this.#sessions.values().next().value;
      if (oldest === undefined) return;
      for (const violation of [...oldest.violations, ...oldest.findings]) this.#discard(violation, this.#violations);
      oldest.handle = null;
      this.#discard(oldest, this.#sessions);
      this.#discardedSessions++;
    }
  }

  #discard<R extends Row>(row: R, from: Map<number, R>): void {
    row.discarded = true;
    from.delete(row.id);
    this.#changed.delete(row);
    // Nobody has seen a row that is still to be announced.
    if (!this.#added.delete(row)) this.#discarded.push(row);
  }
}

function isSameFinding(before: Violation, now: Violation): boolean {
  return (
    before.count === now.count &&
    before.severity === now.severity &&
    before.confidence === now.confidence &&
    before.length === now.length &&
    before.measured === now.measured &&
    before.detail === now.detail &&
    before.evidence === now.evidence &&
    before.also.length === now.also.length
  );
}
