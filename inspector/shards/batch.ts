/**
 * A share's items on their way to the one who merges them: numbers in rows, and
 * texts as octets. In: items in the order of the share, each with its moment.
 * Out: a batch whose memory is handed over.
 */
import type { Fact, Moment, PieceKind, ToldSession } from '../../engine/index.js';
import type { Batch } from './messages.js';

/** Columns of a row. */
export const ROW = { kind: 0, packet: 1, rank: 2, clockUs: 3, length: 4, number: 5 } as const;
export const ROW_FIELDS = 6;
/** Kinds of items beside those of pieces: rows that stand for the next fact, and for the next session. */
export const FACT_ITEM = 16;
export const SESSION_ITEM = 17;

const FIRST_BYTES = 65_536;
/** UTF-8 takes at most three octets for a UTF-16 unit. */
const OCTETS_PER_UNIT = 3;

export class BatchWriter {
  private rows = new Float64Array(256 * ROW_FIELDS);
  private used = 0;
  private octets = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private written = 0;
  /** Where the piece that is being written begins. */
  private pieceStart = 0;
  private facts: Fact[] = [];
  private sessions: ToldSession[] = [];

  write(text: string): void {
    const most = text.length * OCTETS_PER_UNIT;
    if (most > this.octets.length - this.written) this.growOctets(most);
    this.written += this.octets.write(text, this.written, 'utf8');
  }

  /** Text that is octets already; borrowed. */
  writeUtf8(octets: Uint8Array): void {
    if (octets.length > this.octets.length - this.written) this.growOctets(octets.length);
    this.octets.set(octets, this.written);
    this.written += octets.length;
  }

  /** What was written since the last piece is one of `kind`; an empty one is none. */
  piece(kind: PieceKind, number: number, moment: Moment): void {
    const length = this.written - this.pieceStart;
    this.pieceStart = this.written;
    if (length > 0) this.row(kind, moment, length, number);
  }

  fact(fact: Fact, moment: Moment): void {
    this.row(FACT_ITEM, moment, 0, 0);
    this.facts.push(fact);
  }

  session(session: ToldSession, moment: Moment): void {
    this.row(SESSION_ITEM, moment, 0, 0);
    this.sessions.push(session);
  }

  /** Everything since the last call, and begins anew. The caller owns it. */
  take(): Batch {
    const { facts, sessions } = this;
    const rows = this.rows.slice(0, this.used);
    // A copy of just its length: the large buffer stays here.
    const octets = new Uint8Array(this.written);
    octets.set(this.octets.subarray(0, this.written));
    this.used = 0;
    this.written = 0;
    this.pieceStart = 0;
    this.facts = [];
    this.sessions = [];
    return { rows, octets, facts, sessions };
  }

  private row(kind: number, { packet, rank, clockUs }: Moment, length: number, number: number): void {
    if (this.used + ROW_FIELDS > this.rows.length) this.growRows();
    const { rows, used } = this;
    rows[used + ROW.kind] = kind;
    rows[used + ROW.packet] = packet;
    rows[used + ROW.rank] = rank;
    rows[used + ROW.clockUs] = clockUs;
    rows[used + ROW.length] = length;
    rows[used + ROW.number] = number;
    this.used += ROW_FIELDS;
  }

  private growRows(): void {
    const larger = new Float64Array(this.rows.length * 2);
    larger.set(this.rows);
    this.rows = larger;
  }

  private growOctets(more: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.octets.length * 2, this.written + more));
    this.octets.copy(larger, 0, 0, this.written);
    this.octets = larger;
  }
}
