/**
 * One direction of a TCP connection: what was delivered, what is out of order,
 * what the other side acknowledged. A view of the connection's row; it can be
 * moved to another. Positions are stream offsets (doubles), so sequence
 * wrap-around ends at the edge of this class.
 */
import { Disorder } from './disorder.js';
import { HALF, HALF_FLAG, halfAt, type FlowRows } from './flow-rows.js';
import type { Side } from './side.js';

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
    return this.has(HALF_FLAG.known);
  }

  get sawSyn(): boolean {
    return this.has(HALF_FLAG.sawSyn);
  }

  /** Everything up to FIN was delivered. */
  get isFinished(): boolean {
    return this.has(HALF_FLAG.finished);
  }

  /** The other side acknowledged FIN. */
  get isFinAcknowledged(): boolean {
    return this.has(HALF_FLAG.finAcknowledged);
  }

  set isFinAcknowledged(isSo: boolean) {
    this.put(HALF_FLAG.finAcknowledged, isSo);
  }

  /** The other side acknowledged what had a wrong checksum: it is wrong in the capture only (offloading). */
  get isOffloading(): boolean {
    return this.has(HALF_FLAG.offloading);
  }

  set isOffloading(isSo: boolean) {
    this.put(HALF_FLAG.offloading, isSo);
  }

  get sawFin(): boolean {
    return this.has(HALF_FLAG.sawFin);
  }

  /** Sequence number of the next octet. */
  get next(): number {
    return this.get(HALF.next);
  }

  /** Stream offset of the next octet. */
  get offset(): number {
    return this.get(HALF.offset);
  }

  /** Initial sequence number; meaningful when `sawSyn`. */
  get initial(): number {
    return this.get(HALF.initial);
  }

  /** Offset behind the last octet; meaningful when `sawFin`. */
  get finOffset(): number {
    return this.get(HALF.finOffset);
  }

  /** Highest offset that the other side acknowledged. */
  get acknowledged(): number {
    return this.get(HALF.acknowledged);
  }

  set acknowledged(offset: number) {
    this.set(HALF.acknowledged, offset);
  }

  /** Segments with payload from the other side while acknowledged octets were still missing. */
  get acknowledgedUnseen(): number {
    return this.get(HALF.acknowledgedUnseen);
  }

  set acknowledgedUnseen(segments: number) {
    this.set(HALF.acknowledgedUnseen, segments);
  }

  get packets(): number {
    return this.get(HALF.packets);
  }

  /** Number of the last packet of this direction. */
  get lastPacket(): number {
    return this.get(HALF.lastPacket);
  }

  get payloadPackets(): number {
    return this.get(HALF.payloadPackets);
  }

  /** Payload octets on the wire, retransmissions included. */
  get bytes(): number {
    return this.get(HALF.bytes);
  }

  /** Payload segments whose checksum was right. */
  get goodChecksums(): number {
    return this.get(HALF.goodChecksums);
  }

  set goodChecksums(segments: number) {
    this.set(HALF.goodChecksums, segments);
  }

  /** What is out of order; null as long as nothing is or was. */
  get disorder(): Disorder | null {
    return this.has(HALF_FLAG.disordered) ? (this.rows.disorders.get(this.at) ?? null) : null;
  }

  /** The same, made when there is none yet. */
  get ownDisorder(): Disorder {
    const known = this.disorder;
    if (known !== null) return known;
    const disorder = new Disorder();
    this.rows.disorders.set(this.at, disorder);
    this.put(HALF_FLAG.disordered, true);
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
    numbers[at + HALF.packets] = (numbers[at + HALF.packets] as number) + 1;
    numbers[at + HALF.lastPacket] = packet;
    if (wireBytes === 0) return;
    numbers[at + HALF.payloadPackets] = (numbers[at + HALF.payloadPackets] as number) + 1;
    numbers[at + HALF.bytes] = (numbers[at + HALF.bytes] as number) + wireBytes;
  }

  /** The sequence number of the octet at `offset` is established. */
  establish(next: number): void {
    this.put(HALF_FLAG.known, true);
    this.set(HALF.next, next);
  }

  /** The direction begins with this SYN. */
  begin(sequence: number): void {
    this.put(HALF_FLAG.sawSyn, true);
    this.set(HALF.initial, sequence);
    this.establish((sequence + 1) | 0);
  }

  /** FIN was seen, behind the octet before `offset`. */
  endAt(offset: number): void {
    this.put(HALF_FLAG.sawFin, true);
    this.set(HALF.finOffset, offset);
  }

  /** Everything up to FIN was delivered; FIN takes a sequence number, too. */
  finish(): void {
    if (this.isFinished) return;
    this.put(HALF_FLAG.finished, true);
    this.set(HALF.next, (this.next + 1) | 0);
  }

  /** Stream offset of a sequence number near `next`. */
  offsetOf(sequence: number): number {
    return this.offset + ((sequence - this.next) | 0);
  }

  /** Moves on by `lengthBytes` octets. */
  advance(lengthBytes: number): void {
    const { at } = this;
    const { numbers } = this.rows;
    numbers[at + HALF.offset] = (numbers[at + HALF.offset] as number) + lengthBytes;
    numbers[at + HALF.next] = ((numbers[at + HALF.next] as number) + lengthBytes) | 0;
    numbers[at + HALF.acknowledgedUnseen] = 0;
  }

  private has(flag: number): boolean {
    return ((this.rows.numbers[this.at] as number) & flag) !== 0;
  }

  private put(flag: number, isSo: boolean): void {
    const { numbers } = this.rows;
    const flags = numbers[this.at + HALF.flags] as number;
    numbers[this.at + HALF.flags] = isSo ? flags | flag : flags & ~flag;
  }

  private get(column: number): number {
    return this.rows.numbers[this.at + column] as number;
  }

  private set(column: number, value: number): void {
    this.rows.numbers[this.at + column] = value;
  }
}
