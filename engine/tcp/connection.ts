/**
 * A TCP connection as the reassembly sees it: two directions, when and where
 * its packets lay, and who consumes its octets. Its sides are numbered by the
 * order of their addresses (0 lower, 1 higher); `clientSide` says which one is
 * the client. What every packet changes lies in its row.
 */
import type { SessionEnd } from '../../shared/session.js';
import { COLUMN, HALF, halfAt, ROW_FIELDS, type FlowRows } from './flow-rows.js';
import { HalfStream } from './half-stream.js';
import { opposite, type Side } from './side.js';

/** Idle time-outs, shortest first; an index into the reassembly's idle lists. */
export const IDLE_CLASS = { over: 0, other: 1, mail: 2 } as const;
export type IdleClass = (typeof IDLE_CLASS)[keyof typeof IDLE_CLASS];

/** Gets the ordered octets of a connection. Octets are borrowed until the call returns. */
export interface StreamConsumer {
  data(side: Side, buffer: Uint8Array, start: number, end: number, offset: number): void;
  /** `lengthBytes` octets from `offset` on are missing; the next data follow behind them. */
  gap(side: Side, offset: number, lengthBytes: number): void;
  /** A SYN of this side, repeated ones too; before its first octet. */
  synchronised(side: Side): void;
  /** True while silence is what was agreed, as after IMAP's IDLE. Asked only of one that is silent for long. */
  isWaiting(): boolean;
  /** The last call. */
  end(reason: Exclude<SessionEnd, 'open'>): void;
}

export class Connection {
  /** Null: nobody wants its octets, and nothing is reassembled. */
  consumer: StreamConsumer | null = null;
  clientSide: Side = 0;
  /** A SYN of either side was seen, so the first octets are the first. */
  fromStart = false;
  endReason: SessionEnd = 'open';
  startUs = 0;
  firstPacket = 0;
  /** First octet of its first packet's record. */
  firstByte = 0;
  vlan: readonly number[] = NO_VLAN;
  /** A SYN that may replace this connection, once the other side agrees: its sequence number. */
  candidateSyn = 0;
  candidateSide: Side | -1 = -1;
  /** Somebody may ask for its numbers after it was forgotten, too. */
  isKept = false;
  private ownRow: number;

  constructor(
    readonly isIpv6: boolean,
    /** The flow table's key: lower address words, higher address words, ports. */
    readonly key: readonly number[],
    private rows: FlowRows<Connection>,
  ) {
    this.ownRow = rows.take(this);
  }

  /** Its row; 0 once it is forgotten. */
  get row(): number {
    return this.ownRow;
  }

  /** Gives its row back: unless it is kept, its numbers are zero from now on. */
  forget(): void {
    const { rows, ownRow } = this;
    if (this.isKept) this.rows = rows.copyOf(ownRow);
    rows.release(ownRow);
    this.ownRow = 0;
  }

  /** Its directions, by the side that sends. */
  get halves(): readonly [HalfStream, HalfStream] {
    return [this.half(0), this.half(1)];
  }

  half(side: Side): HalfStream {
    return new HalfStream(this.rows, this.ownRow, side);
  }

  get lastUs(): number {
    return this.column(COLUMN.lastUs);
  }

  get lastPacket(): number {
    return this.column(COLUMN.lastPacket);
  }

  /** First octet behind its last packet's record. */
  get lastByte(): number {
    return this.column(COLUMN.lastByte);
  }

  get isOver(): boolean {
    return this.endReason !== 'open';
  }

  port(side: Side): number {
    const ports = this.key[this.key.length - 1] as number;
    return side === 0 ? ports >>> 16 : ports & 0xffff;
  }

  /** Index of the side's first address word in `key`. */
  addressAt(side: Side): number {
    return side * (this.isIpv6 ? 4 : 1);
  }

  /** True when both directions were captured with octets: neither is missing, nor silent. */
  get haveBothSpoken(): boolean {
    const { numbers } = this.rows;
    const { ownRow } = this;
    const first = numbers[halfAt(ownRow, 0) + HALF.payloadPackets] as number;
    return first > 0 && (numbers[halfAt(ownRow, 1) + HALF.payloadPackets] as number) > 0;
  }

  /** Its row; borrowed until a connection is opened. */
  get rowNumbers(): Float64Array {
    return this.rows.numbers.subarray(this.ownRow * ROW_FIELDS, (this.ownRow + 1) * ROW_FIELDS);
  }

  /**
   * True when the direction sent by `side` was not captured though it must have spoken
   * (PROTECTIONS 1.4): the other side sent three payload segments, this one none, and
   * acknowledgements (or five seconds) prove that it spoke.
   */
  isSideMissing(side: Side): boolean {
    const own = this.half(side);
    const other = this.half(opposite(side));
    if (own.payloadPackets > 0 || other.payloadPackets < 3) return false;
    return own.acknowledged > own.offset || this.lastUs - this.startUs > 5_000_000;
  }

  /** True when packets of `side` were captured, none carries octets, and the other side acknowledged none. */
  isSideSilent(side: Side): boolean {
    const { packets, payloadPackets, acknowledged, offset, sawFin } = this.half(side);
    // FIN is acknowledged like an octet.
    return packets > 0 && payloadPackets === 0 && acknowledged <= offset + (sawFin ? 1 : 0);
  }

  private column(column: number): number {
    return this.rows.numbers[this.ownRow * ROW_FIELDS + column] as number;
  }
}

const NO_VLAN: readonly number[] = Object.freeze([]);
