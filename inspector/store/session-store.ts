/**
 * Everything the inspector remembers of a capture: its sessions and violations
 * as rows of two tables. In: the pipeline's calls. Out: at each `refresh`, what
 * changed since the last. Holds at most `sessionsKept` sessions and as many
 * violations; the oldest sessions go first, with their violations, and are counted.
 */
import type { CaptureStretch, PipelineSink, SessionHandle } from '../../engine/index.js';
import type { SessionSummary } from '../../shared/session.js';
import type { Violation } from '../../shared/violation.js';
import type { LinkColumn } from './columns.js';
import type { TableChange } from './row-table.js';
import { SessionTable } from './session-table.js';
import { ViolationTable } from './violation-table.js';

/** What happened to the store between two refreshes. Valid until the next. */
export interface StoreChange {
  readonly sessions: TableChange;
  readonly violations: TableChange;
}

/** All that is known of one session; made afresh. */
export interface KnownSession {
  readonly id: number;
  /** Null when the connection is over. */
  readonly handle: SessionHandle | null;
  /** Version of the handle that `value` shows. */
  readonly seenVersion: number;
  readonly value: SessionSummary;
  readonly stretch: CaptureStretch;
  readonly violations: readonly Violation[];
  /** Findings that tell of several connections, of which this was the first. */
  readonly findings: readonly Violation[];
}

/** A connection that is not over. */
interface OpenSession {
  readonly handle: SessionHandle;
  /** Of its row once it was looked at, or one of the two below. */
  slot: number;
}

const NONE = -1;
/** Discarded while it was open: it stays discarded. */
const GONE = -2;

export class SessionStore implements PipelineSink {
  readonly sessions = new SessionTable();
  readonly violations = new ViolationTable();
  readonly #maximum: number;
  readonly #open = new Map<number, OpenSession>();
  #closed: OpenSession[] = [];
  #discardedSessions = 0;

  /** `maximum` is `limits.sessionsKept`. */
  constructor(maximum: number) {
    this.#maximum = Math.max(1, maximum);
  }

  /** Sessions that had to go so far. */
  get discardedSessions(): number {
    return this.#discardedSessions;
  }

  sessionOpened(handle: SessionHandle): void {
    this.#open.set(handle.id, { handle, slot: NONE });
  }

  sessionClosed(handle: SessionHandle): void {
    const open = this.#open.get(handle.id) ?? { handle, slot: NONE };
    // A row that views show already changes only at a refresh, with all others.
    if (open.slot === NONE) {
      this.#look(open);
      this.#open.delete(handle.id);
    } else this.#closed.push(open);
  }

  /** Findings of a session that is not kept any more are not kept either. */
  finding(violation: Violation): void {
    const open = this.#open.get(violation.sessionId);
    if (open !== undefined && open.slot === NONE) this.#look(open);
    const slot = this.sessions.slotOf(violation.sessionId);
    if (slot === NONE) return;
    this.#appendFinding(slot, this.violations.enter(violation));
    this.#enforceBounds();
  }

  /**
   * Looks at every connection that changed, and returns all that happened since the last call. Rows
   * that are told as discarded stay in their tables until the caller releases them.
   */
  refresh(): StoreChange {
    for (const open of this.#closed) {
      this.#look(open);
      if (this.#open.get(open.handle.id) === open) this.#open.delete(open.handle.id);
    }
    this.#closed = [];
    const { values } = this.sessions.seenVersion;
    for (const open of this.#open.values()) {
      if (open.slot === NONE || (open.slot !== GONE && values[open.slot] !== open.handle.version)) this.#look(open);
    }
    return { sessions: this.sessions.takeChange(), violations: this.violations.takeChange() };
  }

  session(id: number): KnownSession | undefined {
    const { sessions } = this;
    const slot = sessions.slotOf(id);
    if (slot === NONE) return undefined;
    const open = this.#open.get(id);
    return {
      id,
      handle: open?.slot === slot ? open.handle : null,
      seenVersion: sessions.seenVersion.values[slot] as number,
      value: sessions.summary(slot),
      stretch: sessions.stretch(slot),
      violations: this.#chain(sessions.firstViolation, slot).map((found) => this.violations.violation(found)),
      findings: this.#chain(sessions.firstFinding, slot).map((found) => this.violations.violation(found)),
    };
  }

  #look(open: OpenSession): void {
    const { handle } = open;
    if (open.slot === GONE) return;
    const { sessions } = this;
    const summary = handle.summary();
    if (open.slot === NONE) open.slot = sessions.open(summary);
    const { slot } = open;
    sessions.write(slot, summary, handle.stretch);
    sessions.seenVersion.values[slot] = handle.version;
    sessions.change(slot);
    if (summary.worst !== null || sessions.firstViolation.values[slot] !== NONE)
      this.#takeViolations(slot, handle.violations());
    this.#enforceBounds();
  }

  /** A violation is the same one when it is the n-th of its protection on its connection. */
  #takeViolations(slot: number, found: readonly Violation[]): void {
    const { violations } = this;
    const left = this.#chain(this.sessions.firstViolation, slot);
    const now: number[] = [];
    for (const violation of found) {
      const at = left.findIndex((known) => violations.protection.get(known) === violation.protection);
      const [known] = at === -1 ? [] : left.splice(at, 1);
      if (known === undefined) now.push(violations.enter(violation));
      else {
        if (!violations.shows(known, violation)) {
          violations.write(known, violation);
          violations.change(known);
        }
        now.push(known);
      }
    }
    for (const gone of left) violations.discard(gone);
    this.#link(this.sessions.firstViolation, slot, now);
  }

  /** Constant in time: one session may have as many findings as there are connections. */
  #appendFinding(slot: number, found: number): void {
    const { firstFinding, lastFinding } = this.sessions;
    const next = this.violations.next.values;
    const last = lastFinding.values[slot] as number;
    if (last === NONE) firstFinding.values[slot] = found;
    else next[last] = found;
    next[found] = NONE;
    lastFinding.values[slot] = found;
  }

  #chain(first: LinkColumn, slot: number): number[] {
    const chain: number[] = [];
    const next = this.violations.next.values;
    for (let at = first.values[slot] as number; at !== NONE; at = next[at] as number) chain.push(at);
    return chain;
  }

  #link(first: LinkColumn, slot: number, chain: readonly number[]): void {
    const next = this.violations.next.values;
    let following = NONE;
    for (let i = chain.length - 1; i >= 0; i--) {
      const at = chain[i] as number;
      next[at] = following;
      following = at;
    }
    first.values[slot] = following;
  }

  #enforceBounds(): void {
    const { sessions, violations } = this;
    while (sessions.size > this.#maximum || (violations.size > this.#maximum && sessions.size > 1)) {
      const { oldest } = sessions;
      for (const first of [sessions.firstViolation, sessions.firstFinding])
        for (const violation of this.#chain(first, oldest)) violations.discard(violation);
      const open = this.#open.get(sessions.idOf(oldest));
      if (open?.slot === oldest) open.slot = GONE;
      sessions.discardOldest();
      this.#discardedSessions++;
    }
  }
}
