/**
 * From STARTTLS/STLS to TLS (RFC 2595). In: client octets behind the command,
 * the server's answer, then both directions' octets. Out: `injectedPlaintext`
 * when clear text stands where TLS must (CVE-2011-0411), the facts about TLS, and
 * the held octets back to the dialogue when the server refused.
 */
import { indexOfOctet } from '../../octets.js';
import { TO_CLIENT, TO_SERVER, type Direction, type InjectedPlaintextEvent } from '../events.js';
import { TLS_CONTENT, TLS_START, tlsStart } from '../tls/detect.js';
import { TlsHello } from '../tls/hello.js';
import { LIMIT_DEFAULTS } from '../../limits.js';
import { HeldOctets } from './held-octets.js';
import { NO_OCTETS, type Mutable } from '../reused-events.js';
import type { Side } from './side.js';
import type { Speaker } from './speaker.js';

/** Octets of an injection that its event shows. */
const SHOWN_BYTES = 512;
/** Octets of a premature TLS record that its event shows. */
const RECORD_SHOWN_BYTES = 16;
/** Octets of it that are held, in case that it is none. */
const RECORD_BYTES = LIMIT_DEFAULTS.lineBytes;

/** What the handover must know of the protocol's commands. */
export interface CommandReader {
  /** Verb that the line begins with, when it is one the protocol knows; else empty. */
  verbOf(buffer: Uint8Array, start: number, end: number): string;
  /** Index from which the line is secret, -1 when it has no credential. */
  secretFrom(buffer: Uint8Array, start: number, end: number): number;
}

export class TlsHandover {
  /** STARTTLS was sent and is not answered. */
  isWaiting = false;
  /** The server agreed, and the client's first TLS octet is still to come. */
  awaitsHello = false;
  /** The answer to STARTTLS may be among octets that are missing. */
  answerLost = false;
  /** More came behind STARTTLS than is held: the client cannot be read any more. */
  overran = false;
  readonly held = new HeldOctets();

  private readonly opaque: [boolean, boolean] = [false, false];
  /** Made when TLS octets come. */
  private madeHello: TlsHello | null = null;
  private readonly event: Mutable<InjectedPlaintextEvent>;
  private commandLine = 0;
  private commandPacket = 0;
  /** The octets behind STARTTLS are a TLS record that did not wait. */
  private recordStarted = false;
  private recordOffset = 0;
  private recordTimeUs = 0;
  private recordPacket = 0;
  private recordBytes = 0;
  /** A record that did not wait, as far as it is held. */
  private record: Uint8Array = NO_OCTETS;
  private reported = false;

  constructor(
    private readonly speaker: Speaker,
    private readonly reader: CommandReader,
  ) {
    this.event = speaker.events.injectedPlaintext;
  }

  private get hello(): TlsHello {
    return (this.madeHello ??= new TlsHello());
  }

  /** Client octets cannot simply be read as lines: they wait, or are TLS, or are to be. */
  get changesClient(): boolean {
    return this.isWaiting || this.awaitsHello || this.overran || this.opaque[TO_SERVER];
  }

  /** True when this direction is TLS. */
  isOpaque(direction: Direction): boolean {
    return this.opaque[direction];
  }

  /** Octets of the server are missing: the answer to STARTTLS may be among them. */
  loseAnswer(): void {
    this.answerLost = this.isWaiting;
  }

  /** True when a line of the server that begins with this octet is TLS instead, and so the answer that was lost. */
  isAnsweredBy(octet: number): boolean {
    return this.answerLost && this.isWaiting && octet === TLS_CONTENT.handshake;
  }

  /** True while octets come in the very packet of STARTTLS. */
  get isSamePacket(): boolean {
    return this.speaker.context.position.packet === this.commandPacket;
  }

  /** The client sent STARTTLS in the side's line. */
  begin(side: Side): void {
    this.isWaiting = true;
    this.commandLine = side.current.line;
    this.commandPacket = this.speaker.context.position.packet;
    this.recordStarted = this.reported = this.answerLost = false;
    this.recordBytes = 0;
  }

  /** Client octets while the answer is awaited. */
  hold(buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { facts, position } = this.speaker.context;
    if (!this.recordStarted && this.held.isEmpty && buffer[start] === TLS_CONTENT.handshake) {
      this.recordStarted = true;
      this.recordOffset = offset;
      this.recordTimeUs = position.timeUs;
      this.recordPacket = position.packet;
      this.record = NO_OCTETS;
    }
    if (!this.recordStarted) {
      this.held.add(buffer, start, end, offset, facts, position);
      this.overran = this.held.overflowed;
      return;
    }
    this.keepRecord(buffer, start, end);
    this.recordBytes += end - start;
    this.hello.push(TO_SERVER, buffer, start, end);
  }

  private keepRecord(buffer: Uint8Array, start: number, end: number): void {
    const needed = Math.min(RECORD_BYTES, this.recordBytes + end - start);
    if (needed > this.record.length) {
      const larger = new Uint8Array(Math.min(RECORD_BYTES, Math.max(needed, 256, this.record.length * 2)));
      larger.set(this.record);
      this.record = larger;
    }
    for (let i = this.recordBytes; i < needed; i++) this.record[i] = buffer[start + i - this.recordBytes] as number;
  }

  /** One octet is no proof: what is no TLS after all are lines, and the server reads them as such. */
  private settleRecord(): void {
    const held = Math.min(this.recordBytes, RECORD_BYTES);
    if (!this.recordStarted || tlsStart(this.record, 0, held) !== TLS_START.no) return;
    const position = { timeUs: this.recordTimeUs, packet: this.recordPacket };
    this.recordStarted = false;
    this.madeHello = null;
    this.held.add(this.record, 0, held, this.recordOffset, this.speaker.context.facts, position);
    this.overran = this.held.overflowed || this.recordBytes > held;
  }

  /** The octets behind a refused STARTTLS that were not held are lost like those of a gap. True when there are any. */
  forgetOverrun(): boolean {
    if (!this.overran || this.isWaiting || !this.held.isEmpty) return false;
    this.overran = this.held.overflowed = false;
    this.speaker.context.wire?.note('More stood behind the refused command than is held; the rest was not read.');
    return true;
  }

  /** The server agreed: TLS follows in both directions, its own from `offset` on. */
  accept(offset: number): void {
    this.isWaiting = false;
    this.settleRecord();
    this.reportHeld('accepted');
    this.showHeld();
    this.becomeOpaque(TO_CLIENT, offset);
    if (this.recordStarted) this.becomeOpaque(TO_SERVER, this.recordOffset);
    else this.awaitsHello = true;
    const { facts } = this.speaker.context;
    facts.tls = 'starttls';
    facts.capabilities = null;
    this.learn();
  }

  /** The server refused: the held octets are ordinary lines, left in `held`. A premature record leaves the client unreadable. */
  reject(): void {
    this.isWaiting = false;
    this.settleRecord();
    this.reportHeld('rejected');
    if (this.recordStarted) this.becomeOpaque(TO_SERVER, this.recordOffset);
  }

  /**
   * Nobody will tell: the server was not captured, or octets are missing. Clear octets are then
   * ordinary lines, reported only when they came in the packet of STARTTLS itself.
   */
  resolveUnknown(): void {
    this.isWaiting = false;
    this.settleRecord();
    if (this.recordStarted) this.acceptUnseen(TO_SERVER, this.recordOffset);
    else if (this.held.first?.packet === this.commandPacket) this.reportHeld('unknown');
  }

  /** TLS began in a direction though the answer was not seen. */
  acceptUnseen(direction: Direction, offset: number): void {
    this.isWaiting = false;
    this.becomeOpaque(direction, offset);
    this.opaque[TO_SERVER] = this.opaque[TO_CLIENT] = true;
    const { facts } = this.speaker.context;
    facts.tls = 'starttls';
    facts.state = this.speaker.sentState = 'TLS';
    this.learn();
  }

  /** True when the client's octet at a line's start begins TLS after the server agreed. */
  startsTls(octet: number): boolean {
    return octet === TLS_CONTENT.handshake || octet === TLS_CONTENT.alert || (octet & 0x80) !== 0;
  }

  /** A clear line, whole or cut off, where the ClientHello should be. Reported once. */
  lateLine(side: Side): void {
    const { buffer, start, end, lengthBytes } = side.current;
    const from = this.reader.secretFrom(buffer, start, end);
    this.speaker.wire(side, 'unknown', from, end, from === -1 ? '' : 'password');
    const solidBytes = countSolid(buffer, start, end);
    if (this.reported || solidBytes === 0) return;
    this.speaker.fill(this.event, side);
    this.event.lengthBytes = lengthBytes;
    this.say('accepted', solidBytes);
  }

  /** Octets of a direction that is TLS. */
  push(direction: Direction, buffer: Uint8Array, start: number, end: number): void {
    if (this.hello.isDone) return;
    this.hello.push(direction, buffer, start, end);
    this.learn();
  }

  /** This direction is TLS from `offset` on. */
  becomeOpaque(direction: Direction, offset: number): void {
    this.opaque[direction] = true;
    this.awaitsHello = this.awaitsHello && direction !== TO_SERVER;
    this.speaker.context.wire?.tls(direction, offset);
  }

  gap(direction: Direction): void {
    this.hello.gap(direction);
  }

  private learn(): void {
    const { facts } = this.speaker.context;
    facts.tlsVersion = this.hello.version;
    facts.sni = this.hello.sni;
  }

  private reportHeld(outcome: InjectedPlaintextEvent['outcome']): void {
    const { event, held } = this;
    const first = held.first;
    if (this.recordStarted) this.fillRecord();
    else if (first === undefined) return;
    else {
      this.place(first.line, first.timeUs, first.packet, first.offset);
      event.buffer = held.octets;
      event.start = first.start;
      event.end = Math.min(held.end, first.start + SHOWN_BYTES);
      event.lengthBytes = held.end - first.start;
      event.secretStart = event.secretEnd = event.start;
      this.maskSecret();
    }
    this.say(outcome, this.recordStarted ? this.recordBytes : held.solidBytes);
  }

  private fillRecord(): void {
    const { event } = this;
    this.place(this.commandLine, this.recordTimeUs, this.recordPacket, this.recordOffset);
    event.buffer = this.record;
    event.start = event.secretStart = event.secretEnd = 0;
    event.end = Math.min(this.recordBytes, RECORD_SHOWN_BYTES);
    event.lengthBytes = this.recordBytes;
  }

  private place(line: number, timeUs: number, packet: number, offset: number): void {
    const { event } = this;
    const { facts } = this.speaker.context;
    event.direction = TO_SERVER;
    event.knowledge = facts.knowledge;
    event.state = facts.state;
    event.line = line;
    event.timeUs = timeUs;
    event.packet = packet;
    event.offset = offset;
    event.terminator = 'none';
    event.secretLabel = '';
  }

  /** The first credential among the shown lines hides everything behind it. */
  private maskSecret(): void {
    const { event } = this;
    for (let at = event.start; at < event.end;) {
      const lineFeed = indexOfOctet(event.buffer, 10, at, event.end);
      const end = lineFeed === -1 ? event.end : lineFeed;
      const from = this.reader.secretFrom(event.buffer, at, end);
      if (from !== -1) {
        event.secretStart = from;
        event.secretEnd = event.end;
        event.secretLabel = 'password';
        return;
      }
      at = end + 1;
    }
  }

  private say(outcome: InjectedPlaintextEvent['outcome'], injectedBytes: number): void {
    if (injectedBytes === 0) return;
    const { event } = this;
    let at = event.start;
    while (at < event.end && (event.buffer[at] as number) <= 32) at++;
    event.outcome = outcome;
    event.injectedBytes = injectedBytes;
    event.tlsRecord = this.recordStarted;
    event.injectedVerb = this.recordStarted ? '' : this.reader.verbOf(event.buffer, at, event.end);
    this.reported = true;
    this.speaker.emit(event);
  }

  /** Shows injected lines that will never be commands. */
  private showHeld(): void {
    const { speaker, held } = this;
    for (let line = held.shift(); line !== undefined; line = held.shift()) {
      if (speaker.context.wire !== null)
        speaker.wireHeld(line, held.octets, this.reader.secretFrom(held.octets, line.start, line.end));
    }
  }
}

function countSolid(buffer: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if (buffer[i] !== 13 && buffer[i] !== 10 && buffer[i] !== 32) count++;
  return count;
}
