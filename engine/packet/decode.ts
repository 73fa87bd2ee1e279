/**
 * From a captured packet to a TCP segment, or to a counted reason why not.
 * Allocates nothing for a packet that is no fragment.
 */
import type { PacketRecord } from '../capture/record.js';
import type { Limits } from '../limits.js';
import { isTcpChecksumGood } from './checksum.js';
import { FragmentAssembler } from './fragments.js';
import { IP_OK, PROTOCOL_TCP, readIp, skipExtensions } from './ip.js';
import { findIpHeader } from './link.js';
import { int32, uint16 } from './octets.js';
import { IpPacket, NOT_DECODED, REASON, TcpSegment } from './segment.js';
import { isOwn, type Share } from './share.js';

/** Of which segments the TCP checksum is computed; where the snap length cut one, it cannot be. */
export type VerifiedChecksums = 'all' | 'payload' | 'none';

/** A header without options. */
const TCP_BYTES = 20;

export class PacketDecoder {
  /** The segment of the last packet for which `decode` returned true. Borrowed. */
  readonly segment = new TcpSegment();
  readonly fragments: FragmentAssembler;
  readonly notDecoded = new Float64Array(NOT_DECODED.length);
  ipv4Packets = 0;
  ipv6Packets = 0;
  tcpSegments = 0;
  private readonly ip = new IpPacket(this.segment.source, this.segment.destination);

  constructor(
    private readonly limits: Limits,
    readonly verified: VerifiedChecksums,
    /** Null: all connections are followed here. */
    private readonly share: Share | null = null,
  ) {
    this.fragments = new FragmentAssembler(limits);
  }

  /** True when the packet is a TCP segment, now in `segment`; otherwise its reason was counted. */
  decode(record: PacketRecord): boolean {
    const { segment, ip } = this;
    segment.vlanCount = 0;
    const at = findIpHeader(record.linkType, record.buffer, record.start, record.end, segment);
    if (at < 0) return this.count(-1 - at);
    const obstacle = readIp(record.buffer, at, record.end, ip, this.limits.headerDepth);
    if (obstacle !== IP_OK) return this.count(obstacle);
    if (ip.isIpv6) this.ipv6Packets++;
    else this.ipv4Packets++;
    segment.firstPacket = record.number;
    segment.recordStart = record.recordStart;
    if (ip.isFragment && !this.assemble(record)) return false;
    if (ip.protocol !== PROTOCOL_TCP) return this.count(REASON['not-tcp']);
    return this.readTcp(record);
  }

  private assemble(record: PacketRecord): boolean {
    const { ip, segment, fragments } = this;
    const outcome = fragments.add(ip, record.timeUs, record.number, record.recordStart);
    if (outcome === 'malformed') return this.count(REASON['malformed-fragment']);
    if (outcome === 'waiting') return this.count(REASON['ip-fragment-waiting']);
    segment.firstPacket = fragments.firstPacket;
    segment.recordStart = fragments.recordStart;
    if (!ip.isIpv6) return true;
    const obstacle = skipExtensions(ip, this.limits.headerDepth);
    return obstacle === IP_OK ? true : this.count(obstacle);
  }

  private readTcp(record: PacketRecord): boolean {
    const { ip } = this;
    const { buffer, start, end } = ip;
    if (end - start < TCP_BYTES) return this.count(REASON['truncated-tcp-header']);
    const headerBytes = ((buffer[start + 12] as number) >> 4) * 4;
    if (headerBytes < TCP_BYTES || headerBytes > ip.wireBytes) return this.count(REASON['malformed-tcp-header']);
    if (headerBytes > end - start) return this.count(REASON['truncated-tcp-header']);
    this.fill(record, headerBytes);
    return true;
  }

  /** What the TCP header at the start of `ip` says. */
  private fill(record: PacketRecord, headerBytes: number): void {
    const { ip, segment } = this;
    const { buffer, start, end } = ip;
    this.tcpSegments++;
    segment.timeUs = record.timeUs;
    segment.packet = record.number;
    segment.isIpv6 = ip.isIpv6;
    segment.sourcePort = uint16(buffer, start);
    segment.destinationPort = uint16(buffer, start + 2);
    if (this.share !== null) {
      segment.isForeign = !isOwn(this.share, segment);
      if (segment.isForeign) return;
    }
    segment.sequence = int32(buffer, start + 4);
    segment.acknowledgement = int32(buffer, start + 8);
    segment.flags = buffer[start + 13] as number;
    segment.buffer = buffer;
    segment.start = start + headerBytes;
    segment.end = end;
    segment.wireBytes = ip.wireBytes - headerBytes;
    segment.recordEnd = record.recordEnd;
    const isVerified = this.verified === 'all' || (this.verified === 'payload' && segment.wireBytes > 0);
    segment.checksum =
      isVerified && end - start === ip.wireBytes ? (isTcpChecksumGood(ip) ? 'good' : 'bad') : 'unknown';
  }

  private count(reason: number): false {
    this.notDecoded[reason] = (this.notDecoded[reason] as number) + 1;
    return false;
  }
}
