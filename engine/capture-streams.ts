/**
 * From the octets of a capture to the streams of its TCP connections: reader,
 * decoder and reassembly, wired. In: pieces of the capture. Out: each new
 * connection, whose consumer then gets its octets in order. Synchronous; knows
 * nothing of mail but the ports of its servers.
 */
import type { Problem } from '../shared/inspection.js';
import { problemOf } from './capture/problem.js';
import { CaptureReader, type ReaderCheckpoint } from './capture/reader.js';
import type { PacketRecord } from './capture/record.js';
import type { Limits } from './limits.js';
import { PacketDecoder } from './packet/decode.js';
import { NOT_DECODED } from './packet/segment.js';
import type { Share } from './packet/share.js';
import type { DecodeAs } from './policy/policy.js';
import { portHint, type PortHint } from './protocols/identify.js';
import { BAD_CHECKSUM, type StreamCounts } from './session/stream-counts.js';
import type { Connection, IdleClass } from './tcp/connection.js';
import { OrdinaryLane } from './tcp/ordinary-lane.js';
import { Reassembly, type ChecksumMode } from './tcp/reassembly.js';
import { opposite } from './tcp/side.js';
import type { DeliveryPosition } from './tcp/stream-assembler.js';

export interface StreamOptions {
  readonly limits: Limits;
  readonly checksums: ChecksumMode;
  readonly decodeAs: DecodeAs;
  /** Follows only its share of the connections. */
  readonly share: Share | null;
  /** Starts in the middle of a capture: the octets pushed begin at its `byteOffset`. */
  readonly resume: ReaderCheckpoint | undefined;
}

/** Who uses the streams. */
export interface StreamsHost {
  /** Packet time (µs since 1970) from which `reached` has something to do. */
  readonly nextDueUs: number;
  /** A packet of this time comes next; no later one was before it. */
  reached(timeUs: number): void;
  /** A new connection, sides and start known; the host sets its `consumer`. `hint`: what its server's port stands for. */
  connected(connection: Connection, hint: PortHint | null): void;
}

export class CaptureStreams {
  /** Of the octets that are being delivered. */
  readonly position: DeliveryPosition = { timeUs: 0, packet: 0 };
  /** Number of the packet that is being taken. */
  packetNumber = 0;
  /** The latest time of any packet so far (µs since 1970); -Infinity before the first. */
  lastPacketUs = -Infinity;
  isEnded = false;
  /** The piece of the capture that is being taken: octets that are delivered from it need not be copied to outlive the call. */
  piece: Uint8Array = new Uint8Array(0);
  private firstPacketUs = Infinity;
  private readonly reader: CaptureReader;
  private readonly decoder: PacketDecoder;
  private readonly reassembly: Reassembly;
  private readonly lane: OrdinaryLane;

  constructor(
    { limits, checksums, decodeAs, share, resume }: StreamOptions,
    private readonly host: StreamsHost,
  ) {
    const hintOf = (port: number): PortHint | null => portHint(port, decodeAs);
    this.decoder = new PacketDecoder(limits, VERIFIED[checksums], share);
    this.reader = new CaptureReader(limits, (record) => this.packet(record), resume);
    this.reassembly = new Reassembly(
      limits,
      checksums,
      this.position,
      (connection) => host.connected(connection, hintOf(connection.port(opposite(connection.clientSide)))),
      (port) => hintOf(port) !== null,
    );
    this.lane = new OrdinaryLane(this.decoder, this.reassembly, share);
  }

  /** Takes the next octets of the capture, decompressed; borrowed until it returns. */
  push(chunk: Uint8Array): void {
    if (this.finished) return;
    // A plain view: Node's buffers are another kind of object, and hot code wants to see one kind only.
    this.piece = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    this.reader.push(this.piece);
  }

  /** No more octets: ends all connections. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.reader.end();
    this.reassembly.endAll();
  }

  /** Set when the input is no capture, broken or cut off. */
  get problem(): Problem | null {
    return this.reader.damage === null ? null : problemOf(this.reader.damage);
  }

  /** True when further octets would be ignored. */
  get finished(): boolean {
    return this.isEnded || this.reader.damage !== null;
  }

  /** The last packet of the connection that ends because of its time or the capture's end; 0 while none does. */
  get endingPacket(): number {
    return this.reassembly.endingPacket;
  }

  /** Chooses how long a connection may be idle. */
  setIdleClass(connection: Connection, idleClass: IdleClass): void {
    this.reassembly.setIdleClass(connection, idleClass);
  }

  /** Where re-reading must start for the packet `packetNumber`, whose record begins at `byteOffset`. */
  checkpointBefore(byteOffset: number, packetNumber: number): ReaderCheckpoint {
    return this.reader.checkpointBefore(byteOffset, packetNumber);
  }

  /** A fresh object each time. */
  get counts(): StreamCounts {
    const { reader, decoder, reassembly } = this;
    const { fragments } = decoder;
    return {
      packets: reader.packets,
      bytes: reader.bytes,
      droppedPackets: reader.droppedPackets,
      decoded: {
        ipv4: decoder.ipv4Packets,
        ipv6: decoder.ipv6Packets,
        tcp: decoder.tcpSegments,
        connections: reassembly.opened,
      },
      notDecoded: this.notDecoded,
      bounded: {
        ...reassembly.bounded,
        fragmentSets: fragments.abandonedByBound,
        fragmentSeconds: fragments.abandonedByTime,
      },
      firstPacketUs: Number.isFinite(this.firstPacketUs) ? this.firstPacketUs : null,
      lastPacketUs: Number.isFinite(this.lastPacketUs) ? this.lastPacketUs : null,
    };
  }

  private get notDecoded(): Record<string, number> {
    const counts: Record<string, number> = {};
    NOT_DECODED.forEach((reason, index) => (counts[reason] = this.decoder.notDecoded[index] as number));
    counts[BAD_CHECKSUM] = this.reassembly.badChecksums;
    counts['undescribed-interface'] = this.reader.strayPackets;
    return counts;
  }

  private packet(record: PacketRecord): void {
    const { decoder, host } = this;
    const { timeUs } = record;
    this.packetNumber = record.number;
    if (timeUs < this.firstPacketUs) this.firstPacketUs = timeUs;
    if (timeUs > this.lastPacketUs) this.lastPacketUs = timeUs;
    if (this.lastPacketUs >= host.nextDueUs) host.reached(this.lastPacketUs);
    if (this.lane.take(record) || !decoder.decode(record)) return;
    if (decoder.segment.isForeign) this.reassembly.pass(decoder.segment);
    else this.reassembly.process(decoder.segment);
  }
}

/** Only payload is ever left out by `auto`. */
const VERIFIED = { auto: 'payload', on: 'all', off: 'none' } as const;
