/**
 * Puts what the shares of an inspection told into the order in which one
 * inspection of everything would have told it. In: a batch of each share, all
 * of the same piece of the capture. Out: pieces of the report, sessions and
 * findings in that order. Nothing waits here from one call to the next.
 */
import {
  SharesJoin,
  type EffectivePolicy,
  type Fact,
  type JoinSink,
  type Listed,
  type PieceKind,
  type ToldSession,
} from '../../engine/index.js';
import type { Totals } from '../../shared/inspection.js';
import type { SeverityCounts } from '../../shared/severity.js';
import { FACT_ITEM, ROW, ROW_FIELDS, SESSION_ITEM } from './batch.js';
import type { Batch, ShardOutcome } from './messages.js';

/** What a merged inspection tells; all calls come in the order of one inspection. */
export interface MergedSink extends JoinSink {
  /** A piece that a share made, in UTF-8; `octets` is borrowed. */
  piece(kind: PieceKind, octets: Uint8Array, number: number): void;
  /** At the end, of each share: what its pieces told of, and the sessions that the report sorts first. */
  share(counts: SeverityCounts, kept: Listed | null): void;
}

export class Merge {
  readonly #join: SharesJoin;
  readonly #sink: MergedSink;

  constructor(policy: EffectivePolicy, sink: MergedSink) {
    this.#sink = sink;
    this.#join = new SharesJoin(policy, sink);
  }

  /** One batch of each share. */
  take(batches: readonly Batch[]): void {
    const open = batches.map((batch) => new Cursor(batch)).filter((cursor) => !cursor.isOver);
    while (open.length > 1) {
      const next = earliest(open);
      this.#tell(next);
      if (next.isOver) open.splice(open.indexOf(next), 1);
    }
    const [last] = open;
    while (last !== undefined && !last.isOver) this.#tell(last);
  }

  /** The capture is over and every batch taken; returns the totals of all. */
  end(outcomes: readonly [ShardOutcome, ...ShardOutcome[]]): Totals {
    this.#join.end();
    for (const { totals, kept } of outcomes) this.#sink.share(totals.violations, kept);
    const [one, ...others] = outcomes;
    return this.#join.totals([one.totals, ...others.map(({ totals }) => totals)]);
  }

  #tell(cursor: Cursor): void {
    this.#join.reach(cursor.packet, cursor.clockUs);
    const { kind } = cursor;
    if (kind === FACT_ITEM) this.#join.fact(cursor.takeFact());
    else if (kind === SESSION_ITEM) this.#join.over(cursor.takeSession());
    else this.#sink.piece(kind as PieceKind, cursor.takeOctets(), cursor.number);
    cursor.next();
  }
}

function earliest(open: readonly Cursor[]): Cursor {
  let found = open[0] as Cursor;
  for (let i = 1; i < open.length; i++) {
    const other = open[i] as Cursor;
    if (other.packet < found.packet || (other.packet === found.packet && other.rank < found.rank)) found = other;
  }
  return found;
}

/** Goes through the items of one batch. */
class Cursor {
  packet = 0;
  rank = 0;
  isOver = false;
  readonly #batch: Batch;
  #row = 0;
  #octet = 0;
  #fact = 0;
  #session = 0;

  constructor(batch: Batch) {
    this.#batch = batch;
    this.#look();
  }

  get kind(): number {
    return this.#field(ROW.kind);
  }

  get clockUs(): number {
    return this.#field(ROW.clockUs);
  }

  get number(): number {
    return this.#field(ROW.number);
  }

  takeFact(): Fact {
    return this.#batch.facts[this.#fact++] as Fact;
  }

  takeSession(): ToldSession {
    return this.#batch.sessions[this.#session++] as ToldSession;
  }

  takeOctets(): Uint8Array {
    const start = this.#octet;
    this.#octet += this.#field(ROW.length);
    return this.#batch.octets.subarray(start, this.#octet);
  }

  next(): void {
    this.#row += ROW_FIELDS;
    this.#look();
  }

  #look(): void {
    this.isOver = this.#row >= this.#batch.rows.length;
    if (this.isOver) return;
    this.packet = this.#field(ROW.packet);
    this.rank = this.#field(ROW.rank);
  }

  #field(column: number): number {
    return this.#batch.rows[this.#row + column] as number;
  }
}
