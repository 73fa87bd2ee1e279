/**
 * Knows the TCP connections of a capture: in come segments in capture order; each
 * goes to its connection, whose octets `StreamAssembler` puts in order. Finds the
 * client, and handles mid-stream starts, port reuse and every way to end. Bounded
 * in connections: beyond that, the one gives way that is first in its idle list
 * (`IdleLists.mostDispensable`).
 */
import type { SessionEnd } from '../../shared/session.js';
import type { Limits } from '../limits.js';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN, type TcpSegment } from '../packet/segment.js';
import { Connection, IDLE_CLASS, type IdleClass } from './connection.js';
import { COLUMN, FlowRows, ROW_FIELDS } from './flow-rows.js';
import { FlowTable } from './flow-table.js';
import { HalfStream } from './half-stream.js';
import { IdleLists } from './idle-lists.js';
import { opposite, type Side } from './side.js';
import { StreamAssembler, type DeliveryPosition } from './stream-assembler.js';

export type ChecksumMode = 'auto' | 'on' | 'off';

const SWEEP_EVERY_US = 1_000_000;
/** A connection this long without a packet may be replaced by any SYN. */
const REUSE_AFTER_US = 60_000_000;

export class Reassembly {
  opened = 0;
  /**
   * The last packet of the connection that ends because of its time or the capture's end; 0 while none does.
   * Rows hold doubles: a field that begins as an integer would have everything compiled anew at the first end.
   */
  endingPacket = -0;
  /** These, and `nextSweepUs`, for `OrdinaryLane`, too. */
  readonly rows = new FlowRows<Connection>();
  readonly idle: IdleLists;
  readonly ipv4 = new FlowTable(3);
  /** When connections are looked at that have been idle (µs since 1970). */
  nextSweepUs = -Infinity;
  private readonly ipv6 = new FlowTable(9);
  /** Views of the direction that a segment comes from, and of the other. */
  private readonly own = new HalfStream(this.rows, 0, 0);
  private readonly other = new HalfStream(this.rows, 0, 0);
  private evictedFlows = 0;
  private readonly assembler: StreamAssembler;
  private clockUs = -Infinity;

  constructor(
    private readonly limits: Limits,
    private readonly checksums: ChecksumMode,
    private readonly position: DeliveryPosition,
    /** Called for each new connection, sides and start known; sets its `consumer`. */
    private readonly onOpen: (connection: Connection) => void,
    /** True for ports whose owner is the server. */
    private readonly isServerPort: (port: number) => boolean,
  ) {
    this.idle = new IdleLists(limits, this.rows);
    this.assembler = new StreamAssembler(limits, position, this.rows);
  }

  /** What bounds of limits.ts cut, by their names. */
  get bounded(): Readonly<Record<string, number>> {
    return { flows: this.evictedFlows, ...this.assembler.bounded };
  }

  /** Segments left out because of their checksum. */
  get badChecksums(): number {
    return this.assembler.badChecksums;
  }

  /** Takes only what a segment of somebody else's connection says of time. */
  pass(segment: TcpSegment): void {
    if (segment.timeUs >= this.nextSweepUs) this.sweep(segment.timeUs);
    this.reach(segment.timeUs, segment.packet);
  }

  /** A packet before the next sweep. */
  reach(timeUs: number, packet: number): void {
    if (timeUs > this.clockUs) this.clockUs = timeUs;
    this.position.timeUs = timeUs;
    this.position.packet = packet;
  }

  process(segment: TcpSegment): void {
    this.pass(segment);
    const table = segment.isIpv6 ? this.ipv6 : this.ipv4;
    const side = writeKey(table.key, segment);
    let row = table.find();
    if (row !== 0 && this.idle.isExpired(row, segment.timeUs)) {
      this.expire(this.rows.connection(row));
      row = 0;
    }
    if (row === 0) {
      if (this.checksums === 'on' && segment.checksum === 'bad') {
        this.assembler.badChecksums++;
        return;
      }
      if (this.ipv4.size + this.ipv6.size >= this.limits.flows) this.evict(table, segment);
      row = this.open(segment, side, table).row;
      table.insert(row);
    } else if ((segment.flags & TCP_SYN) !== 0) row = this.reopened(row, side, segment, table);
    if (this.rows.numbers[row * ROW_FIELDS + COLUMN.isOver] === 0) this.take(row, side, segment);
  }

  /** The capture is over: ends every connection that still lives, in the order of their last packet. */
  endAll(): void {
    for (const connection of this.idle.all()) {
      const reason = haveBothFinished(connection) ? 'closed' : 'capture-end';
      this.endingPacket = connection.lastPacket;
      this.finish(connection, reason);
      this.forget(connection);
    }
    this.endingPacket = 0;
  }

  /** Chooses how long a connection may be idle. */
  setIdleClass(connection: Connection, idleClass: IdleClass): void {
    this.idle.changeClass(connection.row, idleClass, this.clockUs);
  }

  /** Connections in the tables, the ended ones that are still remembered included. */
  get size(): number {
    return this.ipv4.size + this.ipv6.size;
  }

  private open(segment: TcpSegment, side: Side, table: FlowTable): Connection {
    const connection = new Connection(segment.isIpv6, table.copyKey(), this.rows);
    const { row } = connection;
    connection.startUs = segment.timeUs;
    connection.firstPacket = segment.firstPacket;
    connection.firstByte = segment.recordStart;
    connection.fromStart = (segment.flags & TCP_SYN) !== 0;
    connection.clientSide = this.findClient(connection, side, segment);
    if (segment.vlanCount > 0) connection.vlan = [...segment.vlan.subarray(0, segment.vlanCount)];
    this.notePacket(row, segment);
    this.opened++;
    this.idle.add(row, IDLE_CLASS.other, this.clockUs);
    this.onOpen(connection);
    return connection;
  }

  private notePacket(row: number, { timeUs, packet, recordEnd }: TcpSegment): void {
    const { numbers } = this.rows;
    const at = row * ROW_FIELDS;
    numbers[at + COLUMN.lastUs] = timeUs;
    numbers[at + COLUMN.lastPacket] = packet;
    numbers[at + COLUMN.lastByte] = recordEnd;
  }

  /** The side that sent SYN, else the one whose peer has a server's port, else the one seen first. */
  private findClient(connection: Connection, side: Side, segment: TcpSegment): Side {
    const other = opposite(side);
    if ((segment.flags & TCP_SYN) !== 0) return (segment.flags & TCP_ACK) === 0 ? side : other;
    const ownIsServer = this.isServerPort(connection.port(side));
    return ownIsServer && !this.isServerPort(connection.port(other)) ? other : side;
  }

  /** The row of the connection that a SYN belongs to: the one that is there, or its successor. */
  private reopened(row: number, side: Side, segment: TcpSegment, table: FlowTable): number {
    const connection = this.rows.connection(row);
    if (!this.isReplacedBy(connection, side, segment)) return row;
    this.finish(connection, 'replaced');
    this.idle.remove(row);
    connection.forget();
    const successor = this.open(segment, side, table);
    table.replace(successor.row);
    // It was announced by a SYN that has passed already.
    if ((segment.flags & TCP_ACK) !== 0 && connection.candidateSide !== -1)
      successor.half(connection.candidateSide).begin(connection.candidateSyn);
    return successor.row;
  }

  /**
   * Port reuse: a SYN with another sequence number. Believed at once when the old
   * connection is over, closing or long idle; otherwise when the other side answers it,
   * because anybody can send a SYN into a living connection.
   */
  private isReplacedBy(connection: Connection, side: Side, segment: TcpSegment): boolean {
    if ((segment.flags & TCP_ACK) !== 0) {
      const expected = (connection.candidateSyn + 1) | 0;
      return connection.candidateSide === opposite(side) && segment.acknowledgement === expected;
    }
    const { halves } = connection;
    const half = halves[side];
    if (half.sawSyn && half.initial === segment.sequence && !connection.isOver) return false;
    const isClosing = connection.isOver || halves[0].sawFin || halves[1].sawFin;
    if (isClosing || segment.timeUs - connection.lastUs > REUSE_AFTER_US) return true;
    connection.candidateSyn = segment.sequence;
    connection.candidateSide = side;
    return false;
  }

  private take(row: number, side: Side, segment: TcpSegment): void {
    const { own, other, assembler } = this;
    own.moveTo(row, side);
    other.moveTo(row, opposite(side));
    if (this.checksums === 'on' && segment.checksum === 'bad') {
      own.ownDisorder.badChecksums++;
      assembler.badChecksums++;
      return;
    }
    this.notePacket(row, segment);
    if (segment.firstPacket < segment.packet) this.noteFirst(this.rows.connection(row), segment);
    own.countPacket(segment.packet, segment.wireBytes);
    const { flags } = segment;
    if ((flags & TCP_RST) !== 0) {
      this.reset(row, own, segment);
      return;
    }
    this.synchronise(own, segment);
    if ((flags & TCP_SYN) !== 0) this.rows.connection(row).consumer?.synchronised(side);
    // Before its payload, which answers what it acknowledges.
    if ((flags & TCP_ACK) !== 0) assembler.acknowledge(row, side, other, segment);
    if (segment.wireBytes > 0) {
      const connection = this.rows.connection(row);
      if (connection.consumer === null) own.establish((segment.sequence + segment.wireBytes) | 0);
      else assembler.take(connection, side, own, segment);
    }
    if ((flags & TCP_FIN) !== 0) assembler.fin(own, segment);
    if (own.isFinAcknowledged && other.isFinAcknowledged) this.finish(this.rows.connection(row), 'closed');
  }

  /** A datagram put together of fragments may have begun before everything else of its connection. */
  private noteFirst(connection: Connection, segment: TcpSegment): void {
    if (segment.recordStart >= connection.firstByte) return;
    connection.firstByte = segment.recordStart;
    connection.firstPacket = segment.firstPacket;
  }

  private synchronise(half: HalfStream, segment: TcpSegment): void {
    const isSyn = (segment.flags & TCP_SYN) !== 0;
    if (isSyn && !half.sawSyn && half.payloadPackets === 0) half.begin(segment.sequence);
    else if (!half.isKnown) half.establish(segment.sequence);
  }

  /** RST ends a connection when its sequence number is near what is expected (RFC 5961 3.2 is stricter). */
  private reset(row: number, half: HalfStream, segment: TcpSegment): void {
    const ahead = (segment.sequence - half.next) | 0;
    if (half.isKnown && (ahead < -65_536 || ahead > 1_048_576)) return;
    this.finish(this.rows.connection(row), 'reset');
  }

  /** Delivers what is still held, tells the consumer, and lets go of everything heavy. */
  private finish(connection: Connection, reason: Exclude<SessionEnd, 'open'>): void {
    if (connection.isOver) return;
    const { clientSide, row } = connection;
    if (connection.consumer !== null) {
      this.assembler.flush(connection, clientSide);
      this.assembler.flush(connection, opposite(clientSide));
    }
    connection.endReason = reason;
    this.rows.numbers[row * ROW_FIELDS + COLUMN.isOver] = 1;
    const { consumer } = connection;
    connection.consumer = null;
    consumer?.end(reason);
    this.idle.changeClass(row, IDLE_CLASS.over, this.clockUs);
  }

  private sweep(timeUs: number): void {
    this.clockUs = timeUs;
    this.nextSweepUs = timeUs + SWEEP_EVERY_US;
    for (const connection of this.idle.expired(this.clockUs)) {
      this.endingPacket = connection.lastPacket;
      this.expire(connection);
    }
    this.endingPacket = 0;
  }

  /** Ends and forgets a connection that has been idle for too long. */
  private expire(connection: Connection): void {
    this.finish(connection, haveBothFinished(connection) ? 'closed' : 'timeout');
    this.forget(connection);
  }

  private forget(connection: Connection): void {
    this.idle.remove(connection.row);
    const table = connection.isIpv6 ? this.ipv6 : this.ipv4;
    table.setKey(connection.key);
    table.remove();
    connection.forget();
  }

  /** Makes room for a new connection; the table's key is that of `segment` again afterwards. */
  private evict(table: FlowTable, segment: TcpSegment): void {
    const connection = this.idle.mostDispensable();
    if (connection === null) return;
    if (!connection.isOver) this.evictedFlows++;
    this.finish(connection, 'timeout');
    this.forget(connection);
    writeKey(table.key, segment);
  }
}

function haveBothFinished({ halves }: Connection): boolean {
  return halves[0].sawFin && halves[1].sawFin;
}

/** Writes the segment's key, lower endpoint first; returns the side that sent it. */
function writeKey(key: Int32Array, segment: TcpSegment): Side {
  const { source, destination, sourcePort, destinationPort } = segment;
  if (!segment.isIpv6) return writeIpv4Key(key, source[0] as number, destination[0] as number, segment);
  const words = 4;
  let order = 0;
  for (let i = 0; i < words && order === 0; i++)
    order = ((source[i] as number) >>> 0) - ((destination[i] as number) >>> 0);
  if (order === 0) order = sourcePort - destinationPort;
  const isLower = order <= 0;
  const low = isLower ? source : destination;
  const high = isLower ? destination : source;
  for (let i = 0; i < words; i++) {
    key[i] = low[i] as number;
    key[words + i] = high[i] as number;
  }
  key[words * 2] = isLower ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
  return isLower ? 0 : 1;
}

function writeIpv4Key(
  key: Int32Array,
  source: number,
  destination: number,
  { sourcePort, destinationPort }: TcpSegment,
): Side {
  const isLower = source === destination ? sourcePort <= destinationPort : source >>> 0 < destination >>> 0;
  key[0] = isLower ? source : destination;
  key[1] = isLower ? destination : source;
  key[2] = isLower ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
  return isLower ? 0 : 1;
}
