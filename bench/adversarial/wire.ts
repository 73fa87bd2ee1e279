/**
 * Packets made one by one, for traffic that no decent host sends: Ethernet,
 * IPv4 or IPv6, TCP or fragments, with right checksums unless a wrong one is
 * asked for. `Talk` keeps the sequence numbers of one connection.
 */
import type { CaptureWriter } from '../capture-writer.js';
import { RECORD_HEADER_BYTES } from '../capture-writer.js';

export const SYN = 0x02;
export const PSH = 0x08;
export const ACK = 0x10;
const ETHERNET_BYTES = 14;
const IPV4_BYTES = 20;
const IPV6_BYTES = 40;
const TCP_BYTES = 20;
const LARGEST_HEADERS = RECORD_HEADER_BYTES + ETHERNET_BYTES + IPV6_BYTES + TCP_BYTES;
const PROTOCOL_TCP = 6;
const MSS = 1460;
export const NOTHING = Buffer.alloc(0);
export const SERVER = 0x0a000019; // 10.0.0.25
const FIRST_CLIENT = 0x0a400000; // 10.64.0.0

export interface Segment {
  /** IPv4 addresses as one number, IPv6 addresses as four. */
  readonly source: number | readonly number[];
  readonly destination: number | readonly number[];
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly flags: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly payload: Buffer;
  /** The TCP checksum is wrong; default false. */
  readonly isDamaged?: boolean;
  /** Captured payload octets, the rest cut off by the snap length; default all. */
  readonly capturedBytes?: number;
}

export class Wire {
  constructor(
    readonly output: CaptureWriter,
    private readonly pauseUs = 1,
  ) {}

  segment(segment: Segment): void {
    const { payload, source, destination } = segment;
    const captured = segment.capturedBytes ?? payload.length;
    const out = this.output.buffer;
    const start = this.output.begin(LARGEST_HEADERS + payload.length, this.pauseUs);
    const ip = start + RECORD_HEADER_BYTES + ETHERNET_BYTES;
    const tcp = this.addresses(out, ip, source, destination, TCP_BYTES + payload.length);
    out.writeUInt16BE(segment.sourcePort, tcp);
    out.writeUInt16BE(segment.destinationPort, tcp + 2);
    out.writeInt32BE(segment.sequence | 0, tcp + 4);
    out.writeInt32BE(segment.acknowledgement | 0, tcp + 8);
    out.writeUInt16BE(0x5000 | segment.flags, tcp + 12);
    out.writeUInt32BE(0xfaf00000, tcp + 14); // window; checksum 0 so far
    out.writeUInt16BE(0, tcp + 18);
    payload.copy(out, tcp + TCP_BYTES);
    const end = tcp + TCP_BYTES + payload.length;
    const addressBytes = typeof source === 'number' ? 8 : 32;
    const pseudo = sum(out, tcp - addressBytes, tcp) + PROTOCOL_TCP + TCP_BYTES + payload.length;
    const checksum = ~fold(pseudo + sum(out, tcp, end)) & 0xffff;
    out.writeUInt16BE(segment.isDamaged === true ? checksum ^ 0x5555 : checksum, tcp + 16);
    this.finish(start, end, tcp + TCP_BYTES + captured);
  }

  /** One fragment of an IPv4 datagram; `offset` in octets, a multiple of 8. */
  fragment(source: number, id: number, offset: number, moreFollow: boolean, payload: Buffer): void {
    const out = this.output.buffer;
    const start = this.output.begin(LARGEST_HEADERS + payload.length, this.pauseUs);
    const ip = start + RECORD_HEADER_BYTES + ETHERNET_BYTES;
    const body = this.addresses(out, ip, source, SERVER, payload.length);
    out.writeUInt16BE(id & 0xffff, ip + 4);
    out.writeUInt16BE((moreFollow ? 0x2000 : 0) | (offset >> 3), ip + 6);
    payload.copy(out, body);
    this.finish(start, body + payload.length, body + payload.length);
  }

  private addresses(
    out: Buffer,
    ip: number,
    source: number | readonly number[],
    destination: number | readonly number[],
    bodyBytes: number,
  ): number {
    out.fill(0, ip - ETHERNET_BYTES, ip + IPV6_BYTES);
    if (typeof source === 'number' && typeof destination === 'number') {
      out.writeUInt16BE(0x0800, ip - 2);
      out.writeUInt16BE(0x4500, ip);
      out.writeUInt16BE(IPV4_BYTES + bodyBytes, ip + 2);
      out.writeUInt16BE(0x4006, ip + 8);
      out.writeUInt32BE(source >>> 0, ip + 12);
      out.writeUInt32BE(destination >>> 0, ip + 16);
      return ip + IPV4_BYTES;
    }
    out.writeUInt16BE(0x86dd, ip - 2);
    out.writeUInt16BE(0x6000, ip);
    out.writeUInt16BE(bodyBytes, ip + 4);
    out.writeUInt16BE(0x0640, ip + 6);
    const words = [source, destination].flat();
    for (const [index, word] of words.entries()) out.writeInt32BE(word | 0, ip + 8 + index * 4);
    return ip + IPV6_BYTES;
  }

  /** Fills in the record's header and hands the record on; its time is that of the output. */
  private finish(start: number, end: number, capturedEnd: number): void {
    const { output } = this;
    const frame = start + RECORD_HEADER_BYTES;
    output.buffer.writeUInt32LE(output.seconds, start);
    output.buffer.writeUInt32LE(output.micros, start + 4);
    output.buffer.writeUInt32LE(capturedEnd - frame, start + 8);
    output.buffer.writeUInt32LE(end - frame, start + 12);
    output.end(capturedEnd);
  }
}

/** One IPv4 connection to the mail server, whose two sides say what they are told to. */
export class Talk {
  private clientNext = 1000;
  private serverNext = 5000;

  /** `number`: which client; each has an address or port of its own. */
  constructor(
    private readonly wire: Wire,
    private readonly number: number,
    private readonly serverPort: number,
  ) {}

  open(greeting: string): this {
    this.send(true, SYN, NOTHING, this.clientNext++);
    this.send(false, SYN | ACK, NOTHING, this.serverNext++);
    this.send(true, ACK, NOTHING, this.clientNext);
    return this.server(greeting);
  }

  client(text: string | Buffer): this {
    return this.say(true, typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  }

  server(text: string | Buffer): this {
    return this.say(false, typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  }

  /** A segment of the client's that lies `ahead` of what it said so far, and does not count as said. */
  clientAhead(ahead: number, payload: Buffer, changes: Partial<Segment> = {}): void {
    this.send(true, ACK, payload, this.clientNext + ahead, changes);
  }

  /** What lay ahead counts as said. */
  clientSaid(lengthBytes: number): void {
    this.clientNext += lengthBytes;
  }

  /** A bare acknowledgement of everything that the client said. */
  acknowledge(): void {
    this.send(false, ACK, NOTHING, this.serverNext);
  }

  private say(fromClient: boolean, octets: Buffer): this {
    for (let at = 0; at < octets.length; at += MSS) {
      const payload = octets.subarray(at, at + MSS);
      this.send(fromClient, PSH | ACK, payload, fromClient ? this.clientNext : this.serverNext);
      if (fromClient) this.clientNext += payload.length;
      else this.serverNext += payload.length;
    }
    return this;
  }

  private send(fromClient: boolean, flags: number, payload: Buffer, sequence: number, changes = {}): void {
    const client = clientAddress(this.number);
    const port = clientPort(this.number);
    this.wire.segment({
      source: fromClient ? client : SERVER,
      destination: fromClient ? SERVER : client,
      sourcePort: fromClient ? port : this.serverPort,
      destinationPort: fromClient ? this.serverPort : port,
      flags,
      sequence,
      acknowledgement: (flags & ACK) === 0 ? 0 : fromClient ? this.serverNext : this.clientNext,
      payload,
      ...changes,
    });
  }
}

const CLIENTS = 1_048_576;
export const clientAddress = (number: number): number => FIRST_CLIENT + (number % CLIENTS);
export const clientPort = (number: number): number => 1025 + (Math.floor(number / CLIENTS) % 60_000);

/** Sum of 16-bit words, not folded (RFC 1071). */
function sum(octets: Buffer, start: number, end: number): number {
  let total = 0;
  let at = start;
  for (; at + 1 < end; at += 2) total += ((octets[at] as number) << 8) | (octets[at + 1] as number);
  return at < end ? total + ((octets[at] as number) << 8) : total;
}

function fold(total: number): number {
  const once = (total & 0xffff) + (total >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
