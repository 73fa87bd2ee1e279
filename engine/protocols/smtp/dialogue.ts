/**
 * The SMTP dialogue: gives each direction's octets to the part that knows what
 * they are at the moment. In: ordered octets and gaps. Out: events, facts,
 * transactions, and, while somebody looks, every line (PROTECTIONS 1.1, 1.4).
 */
import type { Dialogue } from '../dialogue.js';
import { KNOWLEDGE, type Direction } from '../events.js';
import { ProxyHeader, mayBeginProxyHeader } from '../proxy-header.js';
import { abandonMessage, chunkDone, endOfData, takeCommand, takePartialCommand } from './commands.js';
import { MODE } from './conversation.js';
import { emitEnd, emitGap } from './emitter.js';
import type { Lane } from './lane.js';
import { Line } from './line.js';
import { MESSAGE_LINE } from './message.js';
import { SmtpConversation } from './parts.js';
import { forgetUnfinished, takeReply } from './replies.js';
import { STATE } from './state.js';
import { PENDING } from './verbs.js';

/** A growing command or response line longer than this is reported before it ends. */
const GROWING_LINE_BYTES = 512;

export class SmtpDialogue extends SmtpConversation implements Dialogue {
  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void {
    if (direction === this.client.direction) {
      const lane = this.client;
      this.clientOctets(buffer, start, end, offset - start);
      lane.streamEnd = offset + end - start;
    } else {
      const lane = this.server;
      this.serverOctets(buffer, start, end, offset - start);
      lane.streamEnd = offset + end - start;
    }
    if (this.wire !== null) this.wire.settle();
  }

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    const isClient = direction === this.client.direction;
    const lane = isClient ? this.client : this.server;
    if (isClient) this.clientGap(lane, lengthBytes);
    else this.serverGap(lane);
    lane.streamEnd = offset + lengthBytes;
    this.wire?.gap(direction, offset, lengthBytes);
    this.wire?.settle();
    this.speakFor(this.confirmed);
    const { timeUs, packet } = this.position;
    emitGap(this, direction, this.facts.lines, timeUs, packet, lengthBytes);
  }

  end(): void {
    const { client, server, facts } = this;
    const { timeUs, packet } = this.position;
    const unfinished = server.opaque ? null : server.peek();
    if (unfinished) {
      takeReply(this, unfinished, server.afterGap);
      server.reset();
    }
    forgetUnfinished(this);
    this.tlsIfAny?.end(client);
    this.unfinishedClientLine(client);
    this.inferHeld();
    const message = this.messageIfAny;
    const nowhere = new Line(client.direction);
    nowhere.line = facts.lines;
    nowhere.timeUs = timeUs;
    nowhere.packet = packet;
    if (message !== null && message.open) {
      if (this.mode === MODE.chunk) this.chunk.finishLines();
      const isText = this.mode === MODE.message;
      this.speakFor(isText ? STATE.data : STATE.bdat);
      message.finish(nowhere, isText ? client.streamEnd : message.chunkEnd, true);
    }
    this.speakFor(this.confirmed);
    if (this.authIfAny !== null || this.confirmed === STATE.auth) this.auth.outcomeUnknown(nowhere);
    this.dropPending();
    if (this.transaction) this.finish(this.transaction);
    this.speakFor(this.confirmed);
    this.wire?.settle();
    emitEnd(this, client.direction, facts.lines, timeUs, packet);
  }

  giveBack(line: Line, provisional: boolean): void {
    this.takeClientLine(line, provisional, false);
  }

  private clientOctets(buffer: Uint8Array, start: number, end: number, base: number): void {
    const lane = this.client;
    let at = start;
    while (at < end) {
      if (lane !== this.client) return this.serverOctets(buffer, at, end, base);
      switch (this.mode) {
        case MODE.message:
          at = this.message.read(lane, buffer, at, end, base);
          this.messageStopped(lane.current);
          break;
        case MODE.chunk:
          at = this.chunk.read(lane, buffer, at, end, base);
          if (this.chunk.remaining === 0) chunkDone(this);
          break;
        case MODE.tls:
          return this.tls.octets(lane, buffer, at, end, base + at);
        case MODE.tlsHold:
          at = this.tls.read(lane, buffer, at, end, base);
          break;
        case MODE.proxy:
          at = this.firstOctets(buffer, at, end, base);
          break;
        default:
          at = lane.read(this.facts, this.position, buffer, at, end, base);
          if (at === -1) return this.reportGrowing(lane);
          this.takeClientLine(lane.current, false, lane.afterGap);
          lane.afterGap = false;
      }
    }
    this.reportGrowing(lane);
  }

  private serverOctets(buffer: Uint8Array, start: number, end: number, base: number): void {
    const lane = this.server;
    let at = start;
    while (at < end) {
      if (lane !== this.server) return this.clientOctets(buffer, at, end, base);
      if (lane.opaque) return this.tls.octets(lane, buffer, at, end, base + at);
      at = lane.read(this.facts, this.position, buffer, at, end, base);
      if (at === -1) break;
      const fragment = lane.afterGap;
      lane.afterGap = false;
      const line = lane.current;
      takeReply(this, line, fragment);
      if (this.joined !== null && line.buffer !== buffer) this.joined.settle();
      if (this.mode === MODE.chunk && this.client.partialBytes > 0) this.unfinishedIntoChunk();
    }
    if (this.joined !== null) this.joined.settle();
  }

  /** A verdict turned held lines into BDAT: the unfinished line behind them lies in the chunk. */
  private unfinishedIntoChunk(): void {
    const lane = this.client;
    const line = lane.peek()?.copy();
    if (line === undefined) return;
    lane.reset();
    const at = this.chunk.readHeld(line, line.buffer, 0, line.end, line.offset);
    if (this.chunk.remaining === 0) chunkDone(this);
    if (at < line.end) lane.readOn(line.buffer, at, line.end, line.offset);
  }

  /** A whole client line, from the stream or given back by a part that held it. */
  private takeClientLine(line: Line, provisional: boolean, fragment: boolean): void {
    switch (this.mode) {
      case MODE.message:
        this.message.stopped = this.message.takeLine(line, fragment);
        return this.messageStopped(line);
      case MODE.chunk:
        return this.chunkLine(line);
      case MODE.dataHold:
        return this.heldData.takeLine(line);
      case MODE.tlsHold:
        return this.tls.takeLine(line);
      case MODE.tls:
        return;
      case MODE.proxy:
        this.mode = MODE.command;
        if (ProxyHeader.isVersion1(line.buffer, line.start, line.end)) return this.showLine(line, 'unknown');
        return takeCommand(this, line, provisional);
      default:
        return takeCommand(this, line, provisional);
    }
  }

  private messageStopped(line: Line): void {
    const { message } = this;
    const { stopped } = message;
    if (stopped === MESSAGE_LINE.text) return;
    message.stopped = MESSAGE_LINE.text;
    if (stopped === MESSAGE_LINE.end) endOfData(this, line);
    else if (stopped === MESSAGE_LINE.command) {
      abandonMessage(this, line);
      this.takeClientLine(line, false, false);
    }
  }

  /** A held line that turns out to lie in a chunk: its octets are read, what is left is a line again. */
  private chunkLine(line: Line): void {
    const { buffer, start } = line;
    const total = line.end - start + line.terminatorBytes;
    const at = this.chunk.readHeld(line, buffer, start, start + total, line.offset - start);
    if (this.chunk.remaining === 0) chunkDone(this);
    if (at >= start + total) return;
    line.start = Math.min(at, line.end);
    line.offset += at - start;
    line.lengthBytes -= at - start;
    if (at > line.end) line.terminator = 'lf';
    this.takeClientLine(line, false, false);
  }

  /** Number of the first line that began and is not shown: unfinished, held, or a chunk. */
  protected firstOpenLine(): number {
    const { client, server, heldDataIfAny: held, tlsIfAny: tls, chunkIfAny: chunk } = this;
    let first = Math.min(held?.firstHeldLine ?? Infinity, tls?.firstHeldLine ?? Infinity);
    if (client.partialBytes > 0) first = Math.min(first, client.place.line);
    if (this.mode === MODE.chunk && chunk?.isOpen) first = Math.min(first, chunk.first.line);
    if (server.partialBytes > 0) first = Math.min(first, server.place.line);
    return first;
  }

  /** The client's very first octets. */
  private firstOctets(buffer: Uint8Array, start: number, end: number, base: number): number {
    const lane = this.client;
    if (lane.partialBytes === 0 && (this.isInProxyHeader || mayBeginProxyHeader(buffer[start] as number))) {
      const { proxy } = this;
      const at = proxy.read(buffer, start, end);
      if (proxy.isInside) return at;
      this.mode = MODE.command;
      const { givenBack } = proxy;
      if (givenBack > 0) this.clientOctets(proxy.signature, 0, givenBack, base + at - givenBack);
      else this.wire?.note('PROXY header skipped');
      return at;
    }
    const at = lane.read(this.facts, this.position, buffer, start, end, base);
    if (at === -1) return end;
    this.takeClientLine(lane.current, false, false);
    return at;
  }

  private reportGrowing(lane: Lane): void {
    if (lane.partialBytes <= GROWING_LINE_BYTES) return;
    const { mode } = this;
    if (mode === MODE.message) return this.message.reportPartial(lane);
    if (mode !== MODE.command && mode !== MODE.proxy) return;
    if (!lane.isReportDue(GROWING_LINE_BYTES)) return;
    const line = lane.peek();
    if (line) takePartialCommand(this, line);
  }

  /** A client line that will not be finished: judged as it is, and forgotten. */
  private unfinishedClientLine(lane: Lane): void {
    const { mode } = this;
    const line = lane.peek();
    if (line === null) return;
    if (mode === MODE.message) this.message.takeLine(line, lane.afterGap);
    else if (mode === MODE.dataHold) this.heldData.takeLine(line);
    else if (mode === MODE.command || mode === MODE.proxy) {
      takePartialCommand(this, line);
      const isSecret = line.secretEnd > line.secretStart;
      const isUnknown = this.confirmed === STATE.unknown;
      this.showLine(line, isSecret ? 'auth' : isUnknown ? 'unknown' : 'command');
    }
    lane.reset();
  }

  private clientGap(lane: Lane, lengthBytes: number): void {
    switch (this.mode) {
      case MODE.message:
        this.message.gap(lane);
        lane.afterGap = true;
        return;
      case MODE.chunk: {
        const { chunk } = this;
        const behind = chunk.gap(lengthBytes);
        if (chunk.remaining === 0) chunkDone(this);
        if (behind > 0) this.loseTrack(lane);
        return;
      }
      case MODE.dataHold:
        lane.reset();
        this.heldData.hasGap = true;
        return;
      case MODE.tlsHold:
      case MODE.tls:
        lane.reset();
        return this.tls.gap(lane);
      default:
        this.unfinishedClientLine(lane);
        this.loseTrack(lane);
    }
  }

  /** No reply to DATA will come: the lines held for it have to say what they are. */
  private inferHeld(): void {
    const held = this.heldDataIfAny;
    if (this.mode === MODE.dataHold && held !== null && !held.isEmpty) held.infer(null);
  }

  /** Commands were lost: nothing is known until a command and its reply are seen again. */
  private loseTrack(lane: Lane): void {
    this.mode = MODE.command;
    lane.afterGap = true;
    this.authIfAny?.forget();
    this.dropPending();
    this.replySeen = false;
    this.setKnowledge(KNOWLEDGE.unknown);
    this.confirm(STATE.unknown);
    this.sent = STATE.unknown;
  }

  private serverGap(lane: Lane): void {
    if (lane.opaque) return this.tls.gap(lane);
    const unfinished = lane.peek();
    if (unfinished) this.showLine(unfinished, 'unknown');
    lane.reset();
    forgetUnfinished(this);
    lane.afterGap = true;
    this.stale = true;
    this.lowerKnowledge(KNOWLEDGE.guessed);
    this.inferHeld();
    if (this.mode === MODE.tlsHold) this.tls.serverLost();
  }

  /** TURN, ATRN: the server is the client from here on, and greeted anew (RFC 2645 4). */
  swapRoles(): void {
    const { client, server } = this;
    this.dropPending();
    this.client = server;
    this.server = client;
    this.mode = MODE.command;
    this.confirm(STATE.connect);
    this.sent = STATE.connect;
    this.queue.push(PENDING.greeting, 0, null);
  }
}
