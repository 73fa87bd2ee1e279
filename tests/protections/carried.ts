/**
 * A conversation as a capture: the transcripts' packets as real TCP segments,
 * cut, reordered, repeated, fragmented, over IPv4 or IPv6 and any link layer.
 * In: a transcript and how it is carried. Out: the octets of a pcap file.
 */
import { TO_SERVER, type Direction } from '../../engine/protocols/events.js';
import {
  ACK,
  ethernet,
  FIN,
  ipPacket,
  ipv4Fragments,
  ipv6Fragments,
  LINK,
  pcapFile,
  SYN,
  type CapturedPacket,
} from '../packet/build.js';
import { FIRST_PACKET_US, packetsOf, type Packet } from '../transcripts/replay.js';
import type { Transcript } from '../transcripts/transcript-file.js';

export interface Carriage {
  /** Segment sizes, used in turn; empty: a segment per packet of the transcript, as far as TCP allows. */
  readonly sizes: readonly number[];
  /** Of the segments that were sent at once, by turns: the last first, every second twice. */
  readonly reversed: boolean;
  readonly repeated: boolean;
  readonly ipv6: boolean;
  /** Octets of a fragment, a multiple of 8; 0 for none. */
  readonly fragmentBytes: number;
  readonly link: 'ethernet' | 'vlan' | 'qinq' | 'raw' | 'sll' | 'null';
}

export const PLAIN: Carriage = {
  sizes: [],
  reversed: false,
  repeated: false,
  ipv6: false,
  fragmentBytes: 0,
  link: 'ethernet',
};

const LONGEST_SEGMENT = 1400;
/** More than the engine holds out of order is a gap by design. */
const MOST_SEGMENTS = 2000;
const SERVER_PORTS = { smtp: 25, pop3: 110, imap: 143 } as const;

/** The conversation from its handshake (unless it is picked up in the middle) to its end. */
export function carried(transcript: Transcript, carriage: Carriage): Buffer {
  const wire = new Wire(transcript, carriage);
  if (transcript.fromStart) wire.handshake();
  for (const packet of packetsOf(transcript.steps)) wire.send(packet);
  wire.close();
  return pcapFile(wire.packets, { linkType: LINK_TYPES[carriage.link] });
}

const LINK_TYPES = {
  ethernet: LINK.ethernet,
  vlan: LINK.ethernet,
  qinq: LINK.ethernet,
  raw: LINK.raw,
  sll: LINK.sll,
  null: LINK.null,
} as const;

interface Segment {
  readonly direction: Direction;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

class Wire {
  readonly packets: CapturedPacket[] = [];
  private timeUs = FIRST_PACKET_US;
  /** Next sequence number of each direction. */
  private readonly next: [number, number] = [4_294_967_000, 77_000];

  constructor(
    private readonly transcript: Transcript,
    private readonly carriage: Carriage,
  ) {}

  handshake(): void {
    this.one(0, SYN, 0);
    this.advance(0, 1);
    this.one(1, SYN | ACK, 0);
    this.advance(1, 1);
    this.one(0, ACK, 0);
  }

  send({ direction, octets, gapBytes, waitUs }: Packet): void {
    this.timeUs += 1000 + waitUs;
    if (gapBytes > 0) {
      this.advance(direction, gapBytes);
      return;
    }
    const segments: Segment[] = [];
    const { sizes, reversed, repeated } = this.carriage;
    const shortest = Math.ceil(octets.length / MOST_SEGMENTS);
    for (let at = 0, turn = 0; at < octets.length; turn++) {
      const wished = sizes[turn % Math.max(1, sizes.length)] ?? LONGEST_SEGMENT;
      const size = Math.min(Math.max(wished, shortest), octets.length - at);
      const sequence = (this.next[direction] + at) >>> 0;
      segments.push({ direction, flags: ACK, sequence, payload: octets.subarray(at, at + size) });
      at += size;
    }
    if (reversed) segments.reverse();
    segments.forEach((segment, index) => {
      this.emit(segment);
      if (repeated && index % 2 === 1) this.emit(segment);
    });
    this.advance(direction, octets.length);
  }

  close(): void {
    this.timeUs += 1000;
    this.one(0, FIN | ACK, 0);
    this.advance(0, 1);
    this.one(1, FIN | ACK, 0);
    this.advance(1, 1);
    this.one(0, ACK, 0);
  }

  private one(direction: Direction, flags: number, bytes: number): void {
    this.emit({ direction, flags, sequence: this.next[direction], payload: new Uint8Array(bytes) });
  }

  private advance(direction: Direction, bytes: number): void {
    this.next[direction] = (this.next[direction] + bytes) >>> 0;
  }

  private emit({ direction, flags, sequence, payload }: Segment): void {
    if (this.transcript.missing[direction]) return;
    const { client, server } = this.ends();
    const [from, to] = direction === TO_SERVER ? [client, server] : [server, client];
    const packet = ipPacket({
      source: from.address,
      sourcePort: from.port,
      destination: to.address,
      destinationPort: to.port,
      sequence,
      acknowledgement: (flags & ACK) === 0 ? 0 : this.next[direction === TO_SERVER ? 1 : 0],
      flags,
      payload,
    });
    for (const piece of this.fragments(packet)) this.packets.push({ timeUs: this.timeUs, octets: this.framed(piece) });
  }

  private ends(): { client: { address: string; port: number }; server: { address: string; port: number } } {
    const { transcript, carriage } = this;
    const named = /^(\S+):(\d+) (\S+):(\d+)$/.exec(transcript.blocks.get('connection')?.trim() ?? '');
    if (named !== null) {
      const [, client = '', clientPort, server = '', serverPort] = named;
      return {
        client: { address: client, port: Number(clientPort) },
        server: { address: server, port: Number(serverPort) },
      };
    }
    return {
      client: { address: carriage.ipv6 ? '2001:db8::7' : '198.51.100.7', port: 40_000 },
      server: { address: carriage.ipv6 ? '2001:db8::25' : '10.0.0.25', port: SERVER_PORTS[transcript.protocol] },
    };
  }

  private fragments(packet: Buffer): readonly Buffer[] {
    const { fragmentBytes } = this.carriage;
    const isIpv4 = (packet[0] as number) >> 4 === 4;
    if (fragmentBytes === 0 || packet.length - (isIpv4 ? 20 : 40) <= fragmentBytes) return [packet];
    const pieces = isIpv4 ? ipv4Fragments(packet, fragmentBytes) : ipv6Fragments(packet, fragmentBytes);
    return this.carriage.reversed ? pieces.reverse() : pieces;
  }

  private framed(packet: Buffer): Buffer {
    switch (this.carriage.link) {
      case 'ethernet':
        return ethernet(packet);
      case 'vlan':
        return ethernet(packet, [7]);
      case 'qinq':
        return ethernet(packet, [7, 8], 0x88a8);
      case 'raw':
        return packet;
      case 'sll':
        return Buffer.concat([Buffer.alloc(14), Buffer.from(this.isIpv4(packet) ? [8, 0] : [0x86, 0xdd]), packet]);
      case 'null':
        return Buffer.concat([Buffer.from([this.isIpv4(packet) ? 2 : 30, 0, 0, 0]), packet]);
    }
  }

  private isIpv4(packet: Buffer): boolean {
    return (packet[0] as number) >> 4 === 4;
  }
}
