/**
 * The numbers of all TCP connections, a row of one typed array for each. A
 * packet that only acknowledges touches its row and no object: with thousands of
 * connections at a time, what a packet touches is what it costs. Rows are given
 * back when their connection is forgotten, and taken again; the array never shrinks.
 */
import type { Disorder } from './disorder.js';
import type { Side } from './side.js';

/** Columns of a row. Its two directions follow, `HALF_FIELDS` columns each. */
export const COLUMN = {
  /** Packet time (µs), number and end in the capture of the last packet. */
  lastUs: 0,
  lastPacket: 1,
  lastByte: 2,
  /** When it was put into its idle list, which list that is, and its neighbours there (rows; 0 for none). */
  queuedUs: 3,
  idleClass: 4,
  idlePrevious: 5,
  idleNext: 6,
  /** 1 once it is over. */
  isOver: 7,
} as const;
/** Columns of a direction, from its first on (`halfAt`). */
export const HALF = {
  /** Bits of `HALF_FLAG`. */
  flags: 0,
  /** Sequence number of the next octet. */
  next: 1,
  packets: 2,
  lastPacket: 3,
  payloadPackets: 4,
  bytes: 5,
  /** Stream offset of the next octet. */
  offset: 6,
  goodChecksums: 7,
  acknowledgedUnseen: 8,
  acknowledged: 9,
  finOffset: 10,
  initial: 11,
} as const;
export const HALF_FLAG = {
  known: 1,
  sawSyn: 2,
  finished: 4,
  finAcknowledged: 8,
  offloading: 16,
  disordered: 32,
  sawFin: 64,
} as const;
export const FIRST_HALF = 8;
export const HALF_FIELDS = 12;
/** 256 octets: four lines of a processor's cache. */
export const ROW_FIELDS = FIRST_HALF + 2 * HALF_FIELDS;

const INITIAL_ROWS = 1024;

/** `Owner`: what a row belongs to. */
export class FlowRows<Owner extends object> {
  /** What lies in no row, because hardly a direction has it; by the direction's first column. */
  readonly disorders = new Map<number, Disorder>();
  private readonly owners: (Owner | null)[] = [null];
  private readonly free: number[] = [];

  /** `numbers` is replaced when it grows. Row 0 is given to nobody. */
  constructor(public numbers = new Float64Array(INITIAL_ROWS * ROW_FIELDS)) {}

  /** A row for a connection, all zero. */
  take(owner: Owner): number {
    const row = this.free.pop() ?? this.owners.length;
    this.owners[row] = owner;
    if ((row + 1) * ROW_FIELDS > this.numbers.length) this.grow();
    return row;
  }

  release(row: number): void {
    const { numbers, disorders } = this;
    const at = row * ROW_FIELDS;
    if (disorders.size > 0) for (const side of [0, 1] as const) disorders.delete(halfAt(row, side));
    numbers.fill(0, at, at + ROW_FIELDS);
    this.owners[row] = null;
    this.free.push(row);
  }

  /** Rows whose row 0 is what this one is now. */
  copyOf(row: number): FlowRows<Owner> {
    const at = row * ROW_FIELDS;
    const copy = new FlowRows<Owner>(this.numbers.slice(at, at + ROW_FIELDS));
    for (const side of [0, 1] as const) {
      const disorder = this.disorders.get(halfAt(row, side));
      if (disorder !== undefined) copy.disorders.set(halfAt(0, side), disorder);
    }
    return copy;
  }

  /** The connection of a row that is taken. */
  connection(row: number): Owner {
    return this.owners[row] as Owner;
  }

  private grow(): void {
    const larger = new Float64Array(this.numbers.length * 2);
    larger.set(this.numbers);
    this.numbers = larger;
  }
}

/** Is the direction at this column known, and so far nothing but octets in their order: no FIN, nothing held, lost or wrong? */
export function isOrderly(numbers: Float64Array, at: number): boolean {
  return ((numbers[at + HALF.flags] as number) & ~HALF_FLAG.sawSyn) === HALF_FLAG.known;
}

/** First column of a direction of a row. */
export function halfAt(row: number, side: Side): number {
  return row * ROW_FIELDS + FIRST_HALF + side * HALF_FIELDS;
}
