/**
 * From STARTTLS to TLS (RFC 3207, PROTECTIONS 1.1.8). In: the client's octets
 * behind STARTTLS and the server's verdict. Out: plaintext that was injected
 * before TLS, the facts of the two hellos, or, when the server refused, the
 * lines given back as ordinary commands. Without keys both directions are opaque
 * from then on.
 */
import type { InjectedPlaintextEvent } from '../events.js';
import { TLS_START, tlsStart } from '../tls/detect.js';
import { TlsHello } from '../tls/hello.js';
import { MODE, type Conversation } from './conversation.js';
import { splitCommand, type CommandParts } from './grammar.js';
import { HeldLines } from './held-lines.js';
import { emitInjectedPlaintext } from './emitter.js';
import type { Lane } from './lane.js';
import { Line } from './line.js';
import { STATE } from './state.js';
import { verbName } from './verbs.js';
import { copyOctets } from '../../octets.js';

const HANDSHAKE_RECORD = 0x16;
const EARLY_EVIDENCE_BYTES = 16;
/** Octets of an early record that are held, in case that it is none. */
const EARLY_BYTES = 65_536;

export class TlsHandover {
  private verb = '';
  private verbLine = 0;
  private isAccepted = false;
  private isReported = false;
  private isServerSeen = false;
  /** The first octets of a TLS record that came before the server's answer. */
  private early: Line | null = null;
  private earlyOctets: Uint8Array = NO_OCTETS;
  private earlyBytes = 0;
  private readonly held = new HeldLines();
  private hello: TlsHello | null = null;
  private readonly shown: [boolean, boolean] = [false, false];

  constructor(private readonly conversation: Conversation) {}

  /** STARTTLS was sent, on transcript line `line`. */
  begin(verb: string, line: number): void {
    this.verb = verb;
    this.verbLine = line;
    this.isAccepted = this.isReported = this.isServerSeen = false;
    this.early = null;
    this.conversation.mode = MODE.tlsHold;
  }

  /** The client's octets between STARTTLS and TLS. Returns the position behind what was consumed. */
  read(lane: Lane, buffer: Uint8Array, start: number, end: number, base: number): number {
    if (this.early) {
      this.keepEarly(buffer, start, end);
      this.octets(lane, buffer, start, end, base + start);
      return end;
    }
    if (lane.partialBytes === 0 && this.startsTls(buffer[start] as number))
      return this.enter(lane, buffer, start, end, base);
    const { facts, position } = this.conversation;
    const at = lane.read(facts, position, buffer, start, end, base);
    if (at === -1) return end;
    this.takeLine(lane.current);
    return at;
  }

  /** Octets under TLS: only the hellos are looked at. */
  octets(lane: Lane, buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { facts, wire } = this.conversation;
    if (!this.shown[lane.direction] && this.isAccepted) {
      this.shown[lane.direction] = true;
      wire?.tls(lane.direction, offset);
    }
    this.noteServerOctet(lane, buffer[start] as number);
    const hello = (this.hello ??= new TlsHello());
    if (hello.isDone) return;
    hello.push(lane.direction, buffer, start, end);
    facts.tlsVersion = hello.version;
    facts.sni = hello.sni;
  }

  /** The server's very first octet behind its go-ahead is to be TLS; behind a gap nobody knows which it was. */
  private noteServerOctet(lane: Lane, octet: number): void {
    if (this.isServerSeen || !this.isAccepted || lane !== this.conversation.server) return;
    this.isServerSeen = true;
    this.conversation.facts.tlsServerOctet = octet;
  }

  /** Number of the first line that waits for the verdict; Infinity when there is none. */
  get firstHeldLine(): number {
    return this.held.first?.line ?? Infinity;
  }

  gap(lane: Lane): void {
    if (lane === this.conversation.server) this.isServerSeen = true;
    this.hello?.gap(lane.direction);
  }

  /** A client line where TLS should be. */
  takeLine(line: Line): void {
    const { conversation } = this;
    if (!this.isAccepted && (conversation.isServerMissing() || conversation.stale)) return this.resume(line);
    if (this.isReported || this.held.isFull) return conversation.showLine(line, 'unknown');
    this.held.add(line);
    if (this.isAccepted) this.report('accepted');
  }

  accepted(): void {
    const { conversation } = this;
    this.settleEarly();
    this.isAccepted = true;
    conversation.server.opaque = true;
    conversation.facts.tls = 'starttls';
    if (this.early) {
      this.reportEarly(this.early, 'accepted');
      conversation.mode = MODE.tls;
      this.shown[this.early.direction] = true;
      conversation.wire?.tls(this.early.direction, this.early.offset);
    } else this.report('accepted');
  }

  rejected(): void {
    const { conversation } = this;
    this.settleEarly();
    if (this.early) this.reportEarly(this.early, 'rejected');
    else if (!this.held.isEmpty) this.emit('rejected');
    this.early = null;
    this.hello = null;
    conversation.mode = MODE.command;
    for (const line of this.held.release()) conversation.giveBack(line, false);
  }

  /** The server's answer is lost: plaintext says that it was a refusal. */
  serverLost(): void {
    this.settleEarly();
    if (!this.isAccepted && !this.held.isEmpty) this.resume(null);
  }

  /** The connection is over. */
  end(lane: Lane): void {
    if (this.conversation.mode !== MODE.tlsHold) return;
    this.settleEarly();
    const unfinished = lane.peek();
    if (unfinished) this.takeLine(unfinished);
    lane.reset();
    if (this.conversation.mode !== MODE.tlsHold) return;
    if (this.early) this.reportEarly(this.early, 'unknown');
    else if (!this.isReported && !this.held.isEmpty) this.emit(this.isAccepted ? 'accepted' : 'unknown');
    this.showHeld();
  }

  private startsTls(octet: number): boolean {
    return octet === HANDSHAKE_RECORD || (octet >= 0x80 && this.isAccepted);
  }

  private enter(lane: Lane, buffer: Uint8Array, start: number, end: number, base: number): number {
    const { conversation } = this;
    if (!this.isAccepted && (conversation.isServerMissing() || conversation.stale)) {
      this.isAccepted = true;
      conversation.facts.tls = 'starttls';
      conversation.server.opaque = true;
      conversation.confirm(STATE.tls);
    }
    if (this.isAccepted) conversation.mode = MODE.tls;
    else {
      this.early = this.evidence(lane, buffer, start, end, base);
      this.earlyBytes = 0;
      this.keepEarly(buffer, start, end);
    }
    this.octets(lane, buffer, start, end, base + start);
    return end;
  }

  private keepEarly(buffer: Uint8Array, start: number, end: number): void {
    const needed = Math.min(EARLY_BYTES, this.earlyBytes + end - start);
    if (needed > this.earlyOctets.length) {
      const larger = new Uint8Array(Math.min(EARLY_BYTES, Math.max(needed, 256, this.earlyOctets.length * 2)));
      larger.set(this.earlyOctets.subarray(0, this.earlyBytes));
      this.earlyOctets = larger;
    }
    for (let at = start; this.earlyBytes < needed; at++) this.earlyOctets[this.earlyBytes++] = buffer[at] as number;
  }

  /** One octet is no proof: what is no TLS record after all are lines, and the server reads them as such. */
  private settleEarly(): void {
    const { early, earlyOctets, earlyBytes } = this;
    this.earlyOctets = NO_OCTETS;
    this.earlyBytes = 0;
    if (!early || tlsStart(earlyOctets, 0, earlyBytes) !== TLS_START.no) return;
    this.early = this.hello = null;
    const { client: lane, facts } = this.conversation;
    for (let at = 0; at < earlyBytes;) {
      at = lane.read(facts, early, earlyOctets, at, earlyBytes, early.offset);
      if (at === -1) return;
      if (this.held.isFull) this.conversation.showLine(lane.current, 'unknown');
      else this.held.add(lane.current);
    }
  }

  private evidence(lane: Lane, buffer: Uint8Array, start: number, end: number, base: number): Line {
    const line = new Line(lane.direction);
    // Only the first octet is the same for every cut of the stream; the rest is for the eye and not needed.
    line.buffer = copyOctets(buffer, start, Math.min(end, start + 1, start + EARLY_EVIDENCE_BYTES));
    line.end = line.buffer.length;
    line.offset = base + start;
    line.lengthBytes = line.end;
    line.line = this.verbLine;
    line.timeUs = this.conversation.position.timeUs;
    line.packet = this.conversation.position.packet;
    return line;
  }

  /** Plaintext goes on as if STARTTLS had been refused; nothing is claimed about it. */
  private resume(line: Line | null): void {
    const { conversation } = this;
    conversation.mode = MODE.command;
    if (conversation.confirmed === STATE.tlsWait) conversation.confirm(STATE.ready);
    conversation.sent = conversation.confirmed;
    for (const held of this.held.release()) conversation.giveBack(held, false);
    if (line) conversation.giveBack(line, false);
  }

  /** Says what was injected, once, as soon as it is more than line ends and spaces. */
  private report(outcome: InjectedPlaintextEvent['outcome']): void {
    if (this.held.isEmpty) return;
    if (!this.emit(outcome)) return;
    this.isReported = true;
    this.showHeld();
  }

  private emit(outcome: InjectedPlaintextEvent['outcome']): boolean {
    const joined = this.held.joined();
    let octets = 0;
    for (const octet of joined.buffer) if (octet !== 13 && octet !== 10 && octet !== 0x20) octets++;
    if (octets === 0) return false;
    const parts: CommandParts = { verb: 0, verbStart: 0, verbEnd: 0, argumentStart: 0 };
    let start = 0;
    while (joined.buffer[start] === 13 || joined.buffer[start] === 10 || joined.buffer[start] === 0x20) start++;
    let end = start;
    while (end < joined.end && joined.buffer[end] !== 13 && joined.buffer[end] !== 10) end++;
    splitCommand(joined.buffer, start, end, parts);
    this.conversation.speakFor(STATE.tlsWait);
    emitInjectedPlaintext(this.conversation, joined, this.verb, verbName(parts.verb), octets, outcome, false);
    return true;
  }

  private reportEarly(line: Line, outcome: InjectedPlaintextEvent['outcome']): void {
    this.conversation.speakFor(STATE.tlsWait);
    emitInjectedPlaintext(this.conversation, line, this.verb, '', line.lengthBytes, outcome, true);
    this.isReported = true;
  }

  private showHeld(): void {
    const joined = this.held.isEmpty ? null : this.held.joined();
    const secret = joined !== null && joined.secretEnd > joined.secretStart;
    for (const line of this.held.release()) {
      if (secret) line.markSecret(line.start, line.end, 'response');
      this.conversation.showLine(line, 'unknown');
    }
  }
}

const NO_OCTETS = new Uint8Array(0);
