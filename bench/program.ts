/**
 * A conversation compiled to pcap records: Ethernet, IPv4 and TCP with MSS 1460,
 * handshake, acknowledgements and close. What differs between two connections of
 * the same program (time, client, sequence numbers) is patched in when a record is
 * written, and the checksums are completed from sums made beforehand, so writing
 * costs one copy and a few additions whatever the length.
 */
import type { Conversation } from './script.js';

const MSS = 1460;
const RECORD = 16;
const IP = RECORD + 14;
const TCP = IP + 20;
const TCP_HEADER = 20;
const FIN = 0x01;
const SYN = 0x02;
const PSH = 0x08;
const ACK = 0x10;
/** MSS 1460, SACK permitted, two no-operations (RFC 9293 3.2, RFC 2018). */
const SYN_OPTIONS = Buffer.from([2, 4, MSS >> 8, MSS & 0xff, 4, 2, 1, 1]);
const NO_OCTETS = Buffer.alloc(0);
const SERVER_ADDRESS = 0x0a000019; // 10.0.0.25
const CLIENT_MAC = Buffer.from('0200000000fe', 'hex');
const SERVER_MAC = Buffer.from('020000000019', 'hex');
const SHORT_COPY = 160;

/** Packets of one connection, or of none, ready to be written one after the other. */
export interface PacketProgram {
  readonly records: number;
  readonly bytes: number;
  /** Writes the next record of `flow` at `at`, captured at `seconds` and `micros`; returns where it ends. */
  write(out: Buffer, at: number, flow: Flow, seconds: number, micros: number): number;
}

/** How the two hosts of a program behave. */
export interface Manners {
  /** Each turn is acknowledged by a packet of its own, as between hosts that answer slowly; default false. */
  readonly acknowledgesEachTurn?: boolean;
  /** Segments after which a receiver acknowledges; default 2 (RFC 9293 3.8.6.3), more where offloading joins them. */
  readonly segmentsPerAck?: number;
  /** The connection is closed at the end; default true. */
  readonly closes?: boolean;
}

/** One connection that runs a program. */
export interface Flow {
  readonly program: PacketProgram;
  next: number;
  readonly clientAddress: number;
  readonly clientPort: number;
  /** Initial sequence numbers as 32-bit integers, sign and all. */
  readonly clientIsn: number;
  readonly serverIsn: number;
}

export class Program implements PacketProgram {
  /** Start of each record in `octets`, and one more for the end. */
  private readonly starts: Uint32Array;
  private readonly ipSums: Uint32Array;
  private readonly tcpSums: Uint32Array;
  private readonly fromClient: Uint8Array;
  /** Sequence and acknowledgement numbers relative to the initial ones; -1: no acknowledgement. */
  private readonly seqs: Int32Array;
  private readonly acks: Int32Array;
  private readonly octets: Buffer;

  constructor(conversation: Conversation, manners: Manners = {}) {
    const { records, fromClient, seqs, acks } = new RecordBuilder(conversation, manners);
    this.octets = Buffer.concat(records);
    this.fromClient = Uint8Array.from(fromClient, Number);
    this.seqs = Int32Array.from(seqs);
    this.acks = Int32Array.from(acks);
    this.ipSums = Uint32Array.from(records, (record) => sum(record, IP, TCP));
    const fixed = half(SERVER_ADDRESS) + 6; // pseudo header: the server, TCP
    this.tcpSums = Uint32Array.from(records, (record) => sum(record, TCP, record.length) + fixed + record.length - TCP);
    this.starts = new Uint32Array(records.length + 1);
    for (const [index, record] of records.entries())
      this.starts[index + 1] = (this.starts[index] as number) + record.length;
  }

  get records(): number {
    return this.ipSums.length;
  }
  get bytes(): number {
    return this.octets.length;
  }

  write(out: Buffer, at: number, flow: Flow, seconds: number, micros: number): number {
    const index = flow.next++;
    const start = this.starts[index] as number;
    const end = this.starts[index + 1] as number;
    copy(this.octets, start, end, out, at);
    put32le(out, at, seconds);
    put32le(out, at + 4, micros);
    const isFromClient = this.fromClient[index] === 1;
    put32(out, at + IP + (isFromClient ? 12 : 16), flow.clientAddress);
    const addressSum = half(flow.clientAddress);
    put16(out, at + IP + 10, ~fold((this.ipSums[index] as number) + addressSum));
    put16(out, at + TCP + (isFromClient ? 0 : 2), flow.clientPort);
    const seq = ((this.seqs[index] as number) + (isFromClient ? flow.clientIsn : flow.serverIsn)) | 0;
    put32(out, at + TCP + 4, seq);
    const relativeAck = this.acks[index] as number;
    const ack = relativeAck < 0 ? 0 : (relativeAck + (isFromClient ? flow.serverIsn : flow.clientIsn)) | 0;
    put32(out, at + TCP + 8, ack);
    const total = (this.tcpSums[index] as number) + addressSum + flow.clientPort + half(seq) + half(ack);
    put16(out, at + TCP + 16, ~fold(total));
    return at + end - start;
  }
}

/** Turns a conversation into records whose variable fields and checksums are zero. */
class RecordBuilder {
  readonly records: Buffer[] = [];
  readonly fromClient: boolean[] = [];
  readonly seqs: number[] = [];
  readonly acks: number[] = [];
  private clientSeq = 0;
  private serverSeq = 0;
  private ipId = 1;

  constructor(
    private readonly conversation: Conversation,
    { acknowledgesEachTurn = false, segmentsPerAck = 2, closes = true }: Manners,
  ) {
    this.add(true, SYN, NO_OCTETS);
    this.add(false, SYN | ACK, NO_OCTETS);
    this.add(true, ACK, NO_OCTETS);
    for (const { fromClient, text } of conversation.turns) {
      this.addTurn(fromClient, Buffer.from(text, 'latin1'), segmentsPerAck);
      if (acknowledgesEachTurn) this.add(!fromClient, ACK, NO_OCTETS);
    }
    if (!closes) return;
    this.add(true, FIN | ACK, NO_OCTETS);
    this.add(false, FIN | ACK, NO_OCTETS);
    this.add(true, ACK, NO_OCTETS);
  }

  private addTurn(fromClient: boolean, octets: Buffer, segmentsPerAck: number): void {
    let segments = 0;
    for (let at = 0; at < octets.length; at += MSS) {
      const isLast = at + MSS >= octets.length;
      this.add(fromClient, isLast ? PSH | ACK : ACK, octets.subarray(at, at + MSS));
      if (++segments % segmentsPerAck === 0 && !isLast) this.add(!fromClient, ACK, NO_OCTETS);
    }
  }

  private add(fromClient: boolean, flags: number, payload: Buffer): void {
    const options = (flags & SYN) !== 0 ? SYN_OPTIONS : NO_OCTETS;
    const header = Buffer.alloc(TCP + TCP_HEADER);
    const length = header.length + options.length + payload.length;
    header.writeUInt32LE(length - RECORD, 8);
    header.writeUInt32LE(length - RECORD, 12);
    (fromClient ? SERVER_MAC : CLIENT_MAC).copy(header, RECORD);
    (fromClient ? CLIENT_MAC : SERVER_MAC).copy(header, RECORD + 6);
    header.writeUInt16BE(0x0800, RECORD + 12);
    this.ipHeader(header, length - IP, fromClient);
    header.writeUInt16BE(this.conversation.serverPort, TCP + (fromClient ? 2 : 0));
    header.writeUInt16BE(((TCP_HEADER + options.length) << 10) | flags, TCP + 12);
    header.writeUInt16BE(64_240, TCP + 14);
    this.records.push(Buffer.concat([header, options, payload]));
    this.fromClient.push(fromClient);
    this.advance(fromClient, flags, payload.length);
  }

  private ipHeader(header: Buffer, length: number, fromClient: boolean): void {
    header.writeUInt16BE(0x4500, IP);
    header.writeUInt16BE(length, IP + 2);
    header.writeUInt16BE(this.ipId++ & 0xffff, IP + 4);
    header.writeUInt16BE(0x4000, IP + 6); // do not fragment
    header.writeUInt16BE(0x4006, IP + 8); // 64 hops, TCP
    header.writeUInt32BE(SERVER_ADDRESS, IP + (fromClient ? 16 : 12));
  }

  private advance(fromClient: boolean, flags: number, length: number): void {
    this.seqs.push(fromClient ? this.clientSeq : this.serverSeq);
    this.acks.push((flags & ACK) === 0 ? -1 : fromClient ? this.serverSeq : this.clientSeq);
    const advance = length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0);
    if (fromClient) this.clientSeq += advance;
    else this.serverSeq += advance;
  }
}

/** Sum of 16-bit words, not folded (RFC 1071). */
function sum(octets: Buffer, start: number, end: number): number {
  let total = 0;
  let at = start;
  for (; at + 1 < end; at += 2) total += octets.readUInt16BE(at);
  return at < end ? total + ((octets[at] as number) << 8) : total;
}
/** Short stretches octet by octet: a call into native code costs more than they do. */
function copy(from: Buffer, start: number, end: number, to: Buffer, at: number): void {
  if (end - start > SHORT_COPY) from.copy(to, at, start, end);
  else for (let i = start; i < end; i++) to[at++] = from[i] as number;
}
const half = (word: number): number => (word >>> 16) + (word & 0xffff);
function fold(total: number): number {
  const once = (total & 0xffff) + (total >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
function put16(out: Buffer, at: number, value: number): void {
  out[at] = value >>> 8;
  out[at + 1] = value;
}
function put32(out: Buffer, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
}
function put32le(out: Buffer, at: number, value: number): void {
  out[at] = value;
  out[at + 1] = value >>> 8;
  out[at + 2] = value >>> 16;
  out[at + 3] = value >>> 24;
}
