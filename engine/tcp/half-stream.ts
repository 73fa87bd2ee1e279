/**
 * One direction of a TCP connection: what was delivered, what is out of order,
 * what the other side acknowledged. A view of the connection's row; it can be
 * moved to another. Positions are stream offsets (doubles), so sequence
 * wrap-around ends at the edge of this class.
 */
import { Disorder } from './disorder.js';
import { halfAt, type FlowRows } from './flow-rows.js';
import type { Side } from './side.js';

/** Columns from the direction's first on. */
const FLAGS = 0;
const NEXT = 1;
const PACKETS = 2;
const LAST_PACKET = 3;
const PAYLOAD_PACKETS = 4;
const BYTES = 5;
const OFFSET = 6;
const GOOD_CHECKSUMS = 7;
const ACKNOWLEDGED_UNSEEN = 8;
const ACKNOWLEDGED = 9;
const FIN_OFFSET = 10;
const INITIAL = 11;

/** Bits of `FLAGS`. */
const KNOWN = 1;
const SAW_SYN = 2;
const FINISHED = 4;
const FIN_ACKNOWLEDGED = 8;
const OFFLOADING = 16;
const DISORDERED = 32;
const SAW_FIN = 64;

export class HalfStream {
  private at: number;

  constructor(
    private readonly rows: FlowRows<object>,
    row: number,
    side: Side,
  ) {
    this.at = halfAt(row, side);
  }

  /** Makes this a view of another direction. */
  moveTo(row: number, side: Side): void {
    this.at = halfAt(row, side);
  }

  /** True once a sequence number of this direction is established. */
  get isKnown(): boolean {
    return this.has(KNOWN);
  }

  get sawSyn(): boolean {
    return this.has(SAW_SYN);
  }

  /** Everything up to FIN was delivered. */
  get isFinished(): boolean {
    return this.has(FINISHED);
  }

  /** The other side acknowledged FIN. */
  get isFinAcknowledged(): boolean {
    return this.has(FIN_ACKNOWLEDGED);
  }

  set isFinAcknowledged(isSo: boolean) {
    this.put(FIN_ACKNOWLEDGED, isSo);
  }

  /** The other side acknowledged what had a wrong checksum: it is wrong in the capture only (offloading). */
  get isOffloading(): boolean {
    return this.has(OFFLOADING);
  }

  set isOffloading(isSo: boolean) {
    this.put(OFFLOADING, isSo);
  }

  get sawFin(): boolean {
    return this.has(SAW_FIN);
  }

  /** Known, and so far nothing but octets in their order: no FIN, nothing held, lost or wrong. */
  get isOrderly(): boolean {
    return ((this.rows.numbers[this.at] as number) & ~SAW_SYN) === KNOWN;
  }

  /** Sequence number of the next octet. */
  get next(): number {
    return this.get(NEXT);
  }

  /** Stream offset of the next octet. */
  get offset(): number {
    return this.get(OFFSET);
  }

  /** Initial sequence number; meaningful when `sawSyn`. */
  get initial(): number {
    return this.get(INITIAL);
  }

  /** Offset behind the last octet; meaningful when `sawFin`. */
  get finOffset(): number {
    return this.get(FIN_OFFSET);
  }

  /** Highest offset that the other side acknowledged. */
  get acknowledged(): number {
    return this.get(ACKNOWLEDGED);
  }

  set acknowledged(offset: number) {
    this.set(ACKNOWLEDGED, offset);
  }

  /** Segments with payload from the other side while acknowledged octets were still missing. */
  get acknowledgedUnseen(): number {
    return this.get(ACKNOWLEDGED_UNSEEN);
  }

  set acknowledgedUnseen(segments: number) {
    this.set(ACKNOWLEDGED_UNSEEN, segments);
  }

  get packets(): number {
    return this.get(PACKETS);
  }

  /** Number of the last packet of this direction. */
  get lastPacket(): number {
    return this.get(LAST_PACKET);
  }

  get payloadPackets(): number {
    return this.get(PAYLOAD_PACKETS);
  }

  /** Payload octets on the wire, retransmissions included. */
  get bytes(): number {
    return this.get(BYTES);
  }

  /** Payload segments whose checksum was right. */
  get goodChecksums(): number {
    return this.get(GOOD_CHECKSUMS);
  }

  set goodChecksums(segments: number) {
    this.set(GOOD_CHECKSUMS, segments);
  }

  /** What is out of order; null as long as nothing is or was. */
  get disorder(): Disorder | null {
    return this.has(DISORDERED) ? (this.rows.disorders.get(this.at) ?? null) : null;
  }

  /** The same, made when there is none yet. */
  get ownDisorder(): Disorder {
    const known = this.disorder;
    if (known !== null) return known;
    const disorder = new Disorder();
    this.rows.disorders.set(this.at, disorder);
    this.put(DISORDERED, true);
    return disorder;
  }

  /** Segments are held that came before what precedes them. */
  get isHolding(): boolean {
    const { disorder } = this;
    return disorder !== null && disorder.held.length > 0;
  }

  /** Offset of the first held octet; Infinity when nothing is held. */
  get firstHeld(): number {
    return this.disorder?.held[0]?.offset ?? Infinity;
  }

  /** Counts a packet of this direction. */
  countPacket(packet: number, wireBytes: number): void {
    const { at } = this;
    const { numbers } = this.rows;
    numbers[at + PACKETS] = (numbers[at + PACKETS] as number) + 1;
    numbers[at + LAST_PACKET] = packet;
    if (wireBytes === 0) return;
    numbers[at + PAYLOAD_PACKETS] = (numbers[at + PAYLOAD_PACKETS] as number) + 1;
    numbers[at + BYTES] = (numbers[at + BYTES] as number) + wireBytes;
  }

  /** The sequence number of the octet at `offset` is established. */
  establish(next: number): void {
    this.put(KNOWN, true);
    this.set(NEXT, next);
  }

  /** The direction begins with this SYN. */
  begin(sequence: number): void {
    this.put(SAW_SYN, true);
    this.set(INITIAL, sequence);
    this.establish((sequence + 1) | 0);
  }

  /** FIN was seen, behind the octet before `offset`. */
  endAt(offset: number): void {
    this.put(SAW_FIN, true);
    this.set(FIN_OFFSET, offset);
  }

  /** Everything up to FIN was delivered; FIN takes a sequence number, too. */
  finish(): void {
    if (this.isFinished) return;
    this.put(FINISHED, true);
    this.set(NEXT, (this.next + 1) | 0);
  }

  /** Stream offset of a sequence number near `next`. */
  offsetOf(sequence: number): number {
    return this.offset + ((sequence - this.next) | 0);
  }

  /** Moves on by `lengthBytes` octets. */
  advance(lengthBytes: number): void {
    const { at } = this;
    const { numbers } = this.rows;
    numbers[at + OFFSET] = (numbers[at + OFFSET] as number) + lengthBytes;
    numbers[at + NEXT] = ((numbers[at + NEXT] as number) + lengthBytes) | 0;
    numbers[at + ACKNOWLEDGED_UNSEEN] = 0;
  }

  private has(flag: number): boolean {
    return ((this.rows.numbers[this.at] as number) & flag) !== 0;
  }

  private put(flag: number, isSo: boolean): void {
    const { numbers } = this.rows;
    const flags = numbers[this.at + FLAGS] as number;
    numbers[this.at + FLAGS] = isSo ? flags | flag : flags & ~flag;
  }

  private get(column: number): number {
    return this.rows.numbers[this.at + column] as number;
  }

  private set(column: number, value: number): void {
    this.rows.numbers[this.at + column] = value;
  }
}
