/**
 * The short way of the ordinary packet: Ethernet, IPv4 without options and in one
 * piece, TCP with nothing but ACK set, in a conversation where nothing is out of
 * order, bringing nothing or what comes next. Nearly all packets are such; they
 * touch their octets and the connection's row, and no object in between. In:
 * records. Out: octets at the consumer, or `false` for a packet of any other kind,
 * of which nothing was noted; decoder and reassembly then take it the long way.
 */
import type { PacketRecord } from '../capture/record.js';
import { isIpv4TcpChecksumGood } from '../packet/checksum.js';
import type { PacketDecoder } from '../packet/decode.js';
import { PROTOCOL_TCP } from '../packet/ip.js';
import { ETHERTYPE_IPV4, LINKTYPE } from '../packet/link.js';
import { int32, uint16 } from '../packet/octets.js';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../packet/segment.js';
import { isIpv4Own, type Share } from '../packet/share.js';
import { COLUMN, HALF, halfAt, isOrderly, ROW_FIELDS } from './flow-rows.js';
import type { Reassembly } from './reassembly.js';
import type { Side } from './side.js';

/** Headers without options. */
const ETHERNET_BYTES = 14;
const IPV4_BYTES = 20;
const TCP_BYTES = 20;
/** Version 4, five words. */
const PLAIN_IPV4 = 0x45;
/** More fragments, and the offset: all but "don't fragment". */
const FRAGMENT_BITS = 0x3fff;
const DECIDING_FLAGS = TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK;

export class OrdinaryLane {
  /** The packet that `take` looks at: where its TCP header and payload begin, and where it ends. */
  private tcp = 0;
  private payload = 0;
  private end = 0;

  constructor(
    private readonly decoder: PacketDecoder,
    private readonly reassembly: Reassembly,
    /** Null: all connections are followed here. */
    private readonly share: Share | null = null,
  ) {}

  /** True when the packet was ordinary, and everything was done. */
  take(record: PacketRecord): boolean {
    const { reassembly } = this;
    const { buffer, timeUs } = record;
    if (timeUs >= reassembly.nextSweepUs || !this.isPlain(record)) return false;
    const { tcp } = this;
    const source = int32(buffer, tcp - 8);
    const destination = int32(buffer, tcp - 4);
    const sourcePort = uint16(buffer, tcp);
    const destinationPort = uint16(buffer, tcp + 2);
    if (this.share !== null && !isIpv4Own(this.share, source, destination, sourcePort, destinationPort)) {
      this.note(record);
      return true;
    }
    const isLower = source === destination ? sourcePort <= destinationPort : source >>> 0 < destination >>> 0;
    const row = isLower
      ? reassembly.ipv4.rowOf(source, destination, (sourcePort << 16) | destinationPort)
      : reassembly.ipv4.rowOf(destination, source, (destinationPort << 16) | sourcePort);
    return row !== 0 && this.advance(record, row, isLower ? 0 : 1, source, destination);
  }

  /** Looks at the headers; true when there is nothing special about them. */
  private isPlain({ linkType, buffer, start, end }: PacketRecord): boolean {
    const ip = start + ETHERNET_BYTES;
    const tcp = ip + IPV4_BYTES;
    if (linkType !== LINKTYPE.ethernet || end - tcp < TCP_BYTES) return false;
    if (uint16(buffer, start + 12) !== ETHERTYPE_IPV4 || buffer[ip] !== PLAIN_IPV4) return false;
    if (buffer[ip + 9] !== PROTOCOL_TCP || (uint16(buffer, ip + 6) & FRAGMENT_BITS) !== 0) return false;
    if (((buffer[tcp + 13] as number) & DECIDING_FLAGS) !== TCP_ACK) return false;
    const tcpBytes = uint16(buffer, ip + 2) - IPV4_BYTES;
    const headerBytes = ((buffer[tcp + 12] as number) >> 4) * 4;
    if (headerBytes < TCP_BYTES || headerBytes > tcpBytes || tcpBytes > end - tcp) return false;
    this.tcp = tcp;
    this.payload = tcp + headerBytes;
    this.end = tcp + tcpBytes;
    return true;
  }

  /** Takes the packet if it is what its connection expects. */
  private advance(record: PacketRecord, row: number, side: Side, source: number, destination: number): boolean {
    const { reassembly, tcp, payload, end } = this;
    const { buffer } = record;
    const { numbers } = reassembly.rows;
    const at = row * ROW_FIELDS;
    const own = halfAt(row, side);
    const other = halfAt(row, side === 0 ? 1 : 0);
    if (numbers[at + COLUMN.isOver] !== 0 || !isOrderly(numbers, own) || !isOrderly(numbers, other)) return false;
    if (reassembly.idle.isExpired(row, record.timeUs)) return false;
    if (((int32(buffer, tcp + 8) - (numbers[other + HALF.next] as number)) | 0) > 0) return false;
    const lengthBytes = end - payload;
    const { verified } = this.decoder;
    const isVerified = verified === 'all' || (verified === 'payload' && lengthBytes > 0);
    if (lengthBytes === 0) {
      if (isVerified && !isIpv4TcpChecksumGood(buffer, tcp, end, source, destination)) return false;
      this.note(record);
      notePacket(numbers, at, own, record);
      return true;
    }
    const connection = reassembly.rows.connection(row);
    if (int32(buffer, tcp + 4) !== numbers[own + HALF.next] || connection.consumer === null) return false;
    if (isVerified && !isIpv4TcpChecksumGood(buffer, tcp, end, source, destination)) return false;
    this.note(record);
    notePacket(numbers, at, own, record);
    const offset = numbers[own + HALF.offset] as number;
    notePayload(numbers, own, lengthBytes, isVerified);
    connection.consumer.data(side, buffer, payload, end, offset);
    return true;
  }

  /** What every packet says, whoever's it is. */
  private note(record: PacketRecord): void {
    const { decoder, reassembly } = this;
    decoder.ipv4Packets++;
    decoder.tcpSegments++;
    reassembly.reach(record.timeUs, record.number);
  }
}

function notePacket(numbers: Float64Array, at: number, own: number, record: PacketRecord): void {
  const { number } = record;
  numbers[at + COLUMN.lastUs] = record.timeUs;
  numbers[at + COLUMN.lastPacket] = number;
  numbers[at + COLUMN.lastByte] = record.recordEnd;
  numbers[own + HALF.packets] = (numbers[own + HALF.packets] as number) + 1;
  numbers[own + HALF.lastPacket] = number;
}

function notePayload(numbers: Float64Array, own: number, lengthBytes: number, isVerified: boolean): void {
  numbers[own + HALF.payloadPackets] = (numbers[own + HALF.payloadPackets] as number) + 1;
  numbers[own + HALF.bytes] = (numbers[own + HALF.bytes] as number) + lengthBytes;
  numbers[own + HALF.offset] = (numbers[own + HALF.offset] as number) + lengthBytes;
  numbers[own + HALF.next] = ((numbers[own + HALF.next] as number) + lengthBytes) | 0;
  numbers[own + HALF.acknowledgedUnseen] = 0;
  if (isVerified) numbers[own + HALF.goodChecksums] = (numbers[own + HALF.goodChecksums] as number) + 1;
}
