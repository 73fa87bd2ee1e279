/**
 * A connection whose streams are elsewhere: what was told of it when its dialogue
 * began, and when it was over. Until then, only what its streams say of their
 * silence is known. One object holds all that belongs to its number.
 */
import type { SessionEnd } from '../../shared/session.js';
import type { DirectionCounts, DisorderCounts, SessionConnection } from '../session/session-connection.js';
import type { Session } from '../session/session.js';
import { COLUMN, HALF, halfAt } from '../tcp/flow-rows.js';
import type { Side } from '../tcp/side.js';
import { END_NAMES } from './names.js';
import { DISORDER_FIELDS, ENDED, ENDED_FIELDS, FOLLOWED, FOLLOWED_FIELDS } from './stream-batch.js';

/** Two addresses of four words, and the ports. */
const IPV6_WORDS = 9;
const NO_VLAN: readonly number[] = Object.freeze([]);

/**
 * The numbers of a connection that is over. Read while it ends and hardly ever later, so one of these
 * serves all connections in turn. What may be beyond 32 bits begins as no number: V8 knows its kind at once.
 */
export class ToldNumbers {
  lastUs = NaN;
  lastPacket = 0;
  lastByte = NaN;
  readonly lower = new ToldCounts();
  readonly higher = new ToldCounts();

  constructor() {
    this.clear();
  }

  clear(): void {
    this.lastUs = this.lastByte = this.lastPacket = 0;
    this.lower.clear();
    this.higher.clear();
  }

  /** Takes the numbers out of the details of an `end`, which begin at `at`. */
  take(details: Float64Array, at: number): void {
    const row = at + ENDED_FIELDS;
    this.lastUs = details[row + COLUMN.lastUs] as number;
    this.lastPacket = details[row + COLUMN.lastPacket] as number;
    this.lastByte = details[row + COLUMN.lastByte] as number;
    this.lower.take(details, row + halfAt(0, 0), at + ENDED.disorders);
    this.higher.take(details, row + halfAt(0, 1), at + ENDED.disorders + DISORDER_FIELDS);
  }

  /** One of its own that stays. */
  copy(): ToldNumbers {
    const copy = new ToldNumbers();
    copy.lastUs = this.lastUs;
    copy.lastPacket = this.lastPacket;
    copy.lastByte = this.lastByte;
    copy.lower.become(this.lower);
    copy.higher.become(this.higher);
    return copy;
  }
}

class ToldCounts implements DirectionCounts {
  packets = 0;
  bytes = 0;
  disorder: DisorderCounts | null = null;

  clear(): void {
    this.packets = this.bytes = 0;
    this.disorder = null;
  }

  /** `row`: where the direction's columns begin; `disorder`: where what was out of order is told. */
  take(details: Float64Array, row: number, disorder: number): void {
    this.packets = details[row + HALF.packets] as number;
    this.bytes = details[row + HALF.bytes] as number;
    this.disorder = details[disorder] === 0 ? null : disorderAt(details, disorder);
  }

  become({ packets, bytes, disorder }: ToldCounts): void {
    this.packets = packets;
    this.bytes = bytes;
    this.disorder = disorder;
  }
}

export class ToldConnection implements SessionConnection {
  /** Null until it is made. */
  session: Session | null = null;
  endReason: SessionEnd = 'open';
  isKept = false;
  readonly isIpv6: boolean;
  readonly clientSide: Side;
  readonly fromStart: boolean;
  readonly startUs: number;
  firstPacket: number;
  firstByte: number;
  readonly vlan: readonly number[];
  readonly key: readonly number[];
  private numbers: ToldNumbers;
  /** What it was told last of its silence; asked for once it is over. */
  private quiet = 0;

  /**
   * From the details of a `follow`, which begin at `at`. `quiets`: by the number of its conversation, bits: is side
   * 0, 1 missing; is side 0, 1 silent? They lie beside each other, because every event tells them. `numbers`: those
   * of whichever connection is ending, zero while none is.
   */
  constructor(
    private readonly number: number,
    private readonly quiets: readonly number[],
    details: Float64Array,
    at: number,
    numbers: ToldNumbers,
  ) {
    const keyAt = at + FOLLOWED_FIELDS + (details[at + FOLLOWED.vlans] as number);
    this.isIpv6 = details[at + FOLLOWED.isIpv6] === 1;
    this.clientSide = details[at + FOLLOWED.clientSide] === 0 ? 0 : 1;
    this.fromStart = details[at + FOLLOWED.fromStart] === 1;
    this.startUs = details[at + FOLLOWED.startUs] as number;
    this.firstPacket = details[at + FOLLOWED.firstPacket] as number;
    this.firstByte = details[at + FOLLOWED.firstByte] as number;
    this.vlan = keyAt > at + FOLLOWED_FIELDS ? [...details.subarray(at + FOLLOWED_FIELDS, keyAt)] : NO_VLAN;
    this.key = this.isIpv6
      ? [...details.subarray(keyAt, keyAt + IPV6_WORDS)]
      : [details[keyAt] as number, details[keyAt + 1] as number, details[keyAt + 2] as number];
    this.numbers = numbers;
  }

  /** Behind the details of its `follow`, which began at `at`. */
  detailsEnd(at: number): number {
    return at + FOLLOWED_FIELDS + this.vlan.length + this.key.length;
  }

  /** It is over. The details begin at `at`; its numbers are taken already. */
  ended(details: Float64Array, at: number): void {
    this.quiet = this.quietNow;
    this.firstPacket = details[at + ENDED.firstPacket] as number;
    this.firstByte = details[at + ENDED.firstByte] as number;
    this.endReason = END_NAMES[details[at + ENDED.reason] as number] ?? 'closed';
  }

  /** Its numbers will be others' soon: unless it is kept, they are zero from then on. */
  forget(): void {
    if (this.isKept) this.numbers = this.numbers.copy();
  }

  get isOver(): boolean {
    return this.endReason !== 'open';
  }

  get lastUs(): number {
    return this.numbers.lastUs;
  }

  get lastPacket(): number {
    return this.numbers.lastPacket;
  }

  get lastByte(): number {
    return this.numbers.lastByte;
  }

  half(side: Side): DirectionCounts {
    return side === 0 ? this.numbers.lower : this.numbers.higher;
  }

  port(side: Side): number {
    const ports = this.key[this.key.length - 1] as number;
    return side === 0 ? ports >>> 16 : ports & 0xffff;
  }

  addressAt(side: Side): number {
    return side * (this.isIpv6 ? 4 : 1);
  }

  isSideMissing(side: Side): boolean {
    return (this.quietNow & (1 << side)) !== 0;
  }

  isSideSilent(side: Side): boolean {
    return (this.quietNow & (4 << side)) !== 0;
  }

  private get quietNow(): number {
    return this.isOver ? this.quiet : (this.quiets[this.number] as number);
  }
}

function disorderAt(details: Float64Array, at: number): DisorderCounts {
  return {
    gaps: details[at + 1] as number,
    missingBytes: details[at + 2] as number,
    divergentOverlaps: details[at + 3] as number,
    badChecksums: details[at + 4] as number,
  };
}
