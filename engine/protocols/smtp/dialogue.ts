/**
 * The SMTP dialogue: gives each direction's octets to the part that knows what
 * they are at the moment. In: ordered octets and gaps. Out: events, facts,
 * transactions, and, while somebody looks, every line (PROTECTIONS 1.1, 1.4).
 */
import type { Dialogue, DialogueContext } from '../dialogue.js';
import { KNOWLEDGE, type Direction } from '../events.js';
import { Authentication } from './auth.js';
import { Chunk } from './chunk.js';
import { Commands } from './commands.js';
import { Conversation, MODE } from './conversation.js';
import { HeldData } from './held-data.js';
import { Line, type Lane } from './lane.js';
import { MESSAGE_LINE, Message } from './message.js';
import { ProxyHeader } from '../proxy-header.js';
import { Replies } from './replies.js';
import { STATE } from './state.js';
import { TlsHandover } from './tls-handover.js';
import { PENDING } from './verbs.js';

/** A growing command or response line longer than this is reported before it ends. */
const GROWING_LINE_BYTES = 512;

export class SmtpDialogue implements Dialogue {
  private readonly conversation: Conversation;
  private readonly auth: Authentication;
  private readonly message: Message;
  private readonly chunk: Chunk;
  private readonly tls: TlsHandover;
  private readonly commands: Commands;
  private readonly heldData: HeldData;
  private readonly replies: Replies;
  private proxy: ProxyHeader | null = null;

  constructor(private readonly context: DialogueContext) {
    const conversation = new Conversation(context, () => this.firstOpenLine());
    const giveBack = (line: Line, provisional: boolean): void => this.takeClientLine(line, provisional, false);
    this.conversation = conversation;
    this.auth = new Authentication(conversation);
    this.message = new Message(conversation);
    this.chunk = new Chunk(conversation, this.message);
    this.tls = new TlsHandover(conversation, giveBack);
    this.commands = new Commands(conversation, this.auth, this.message, this.chunk, this.tls);
    this.heldData = new HeldData(conversation, this.message, giveBack);
    this.replies = new Replies(conversation, this.auth, this.message, this.commands, this.heldData, this.tls, () =>
      this.swapRoles(),
    );
  }

  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { conversation } = this;
    const isClient = direction === conversation.client.direction;
    const lane = isClient ? conversation.client : conversation.server;
    if (isClient) this.clientOctets(buffer, start, end, offset - start);
    else this.serverOctets(buffer, start, end, offset - start);
    lane.streamEnd = offset + end - start;
    conversation.wire?.settle();
  }

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    const { conversation, context } = this;
    const isClient = direction === conversation.client.direction;
    const lane = isClient ? conversation.client : conversation.server;
    if (isClient) this.clientGap(lane, lengthBytes);
    else this.serverGap(lane);
    lane.streamEnd = offset + lengthBytes;
    conversation.wire?.gap(direction, offset, lengthBytes);
    conversation.wire?.settle();
    conversation.speakFor(conversation.confirmed);
    const { timeUs, packet } = context.position;
    conversation.emitter.gap(direction, context.facts.lines, timeUs, packet, lengthBytes);
  }

  end(): void {
    const { conversation, context, message } = this;
    const { client, server } = conversation;
    const { timeUs, packet } = context.position;
    if (server.framer.peekPartial() && !server.opaque) {
      this.replies.take(server.take(), server.afterGap);
      server.framer.reset();
    }
    this.tls.end(client);
    this.unfinishedClientLine(client);
    if (conversation.mode === MODE.dataHold && !this.heldData.isEmpty) this.heldData.infer(null);
    const nowhere = new Line(client.direction);
    nowhere.line = context.facts.lines;
    nowhere.timeUs = timeUs;
    nowhere.packet = packet;
    if (message.open) {
      if (conversation.mode === MODE.chunk) this.chunk.finishLines();
      const isText = conversation.mode === MODE.message;
      conversation.speakFor(isText ? STATE.data : STATE.bdat);
      message.finish(nowhere, isText ? client.streamEnd : message.chunkEnd, true);
    }
    conversation.speakFor(conversation.confirmed);
    this.auth.outcomeUnknown(nowhere);
    conversation.dropPending();
    if (conversation.transaction) conversation.finish(conversation.transaction);
    conversation.speakFor(conversation.confirmed);
    conversation.wire?.settle();
    conversation.emitter.end(client.direction, context.facts.lines, timeUs, packet);
  }

  private clientOctets(buffer: Uint8Array, start: number, end: number, base: number): void {
    const { conversation, context } = this;
    const lane = conversation.client;
    let at = start;
    while (at < end) {
      if (lane !== conversation.client) return this.serverOctets(buffer, at, end, base);
      switch (conversation.mode) {
        case MODE.message:
          at = this.message.read(lane, buffer, at, end, base);
          this.messageStopped(lane.current);
          break;
        case MODE.chunk:
          at = this.chunk.read(lane, buffer, at, end, base);
          if (this.chunk.remaining === 0) this.commands.chunkDone();
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
          if (lane.framer.partialBytes === 0) lane.begin(context.facts, context.position);
          at = lane.framer.next(buffer, at, end, base + at);
          if (lane.framer.ready) this.takeClientLine(lane.take(), false, lane.afterGap);
          if (lane.framer.ready) lane.afterGap = false;
      }
    }
    if (lane.framer.partialBytes > GROWING_LINE_BYTES) this.reportGrowing(lane);
  }

  private serverOctets(buffer: Uint8Array, start: number, end: number, base: number): void {
    const { conversation, context } = this;
    const lane = conversation.server;
    let at = start;
    while (at < end) {
      if (lane !== conversation.server) return this.clientOctets(buffer, at, end, base);
      if (lane.opaque) return this.tls.octets(lane, buffer, at, end, base + at);
      if (lane.framer.partialBytes === 0) lane.begin(context.facts, context.position);
      at = lane.framer.next(buffer, at, end, base + at);
      if (!lane.framer.ready) return;
      const fragment = lane.afterGap;
      lane.afterGap = false;
      this.replies.take(lane.take(), fragment);
      if (conversation.mode === MODE.chunk && conversation.client.framer.partialBytes > 0) this.unfinishedIntoChunk();
    }
  }

  /** A verdict turned held lines into BDAT: the unfinished line behind them lies in the chunk. */
  private unfinishedIntoChunk(): void {
    const lane = this.conversation.client;
    if (!lane.framer.peekPartial()) return;
    const line = lane.take().copy();
    lane.framer.reset();
    const at = this.chunk.readHeld(line, line.buffer, 0, line.end, line.offset);
    if (this.chunk.remaining === 0) this.commands.chunkDone();
    if (at < line.end) lane.framer.next(line.buffer, at, line.end, line.offset + at);
  }

  /** A whole client line, from the stream or given back by a part that held it. */
  private takeClientLine(line: Line, provisional: boolean, fragment: boolean): void {
    const { conversation } = this;
    switch (conversation.mode) {
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
        conversation.mode = MODE.command;
        if (ProxyHeader.isVersion1(line.buffer, line.start, line.end)) return conversation.showLine(line, 'unknown');
        return this.commands.take(line, provisional);
      default:
        return this.commands.take(line, provisional);
    }
  }

  private messageStopped(line: Line): void {
    const { stopped } = this.message;
    this.message.stopped = MESSAGE_LINE.text;
    if (stopped === MESSAGE_LINE.end) this.commands.endOfData(line);
    else if (stopped === MESSAGE_LINE.command) {
      this.commands.abandonMessage(line);
      this.takeClientLine(line, false, false);
    }
  }

  /** A held line that turns out to lie in a chunk: its octets are read, what is left is a line again. */
  private chunkLine(line: Line): void {
    const { buffer, start } = line;
    const total = line.end - start + line.terminatorBytes;
    const at = this.chunk.readHeld(line, buffer, start, start + total, line.offset - start);
    if (this.chunk.remaining === 0) this.commands.chunkDone();
    if (at >= start + total) return;
    line.start = Math.min(at, line.end);
    line.offset += at - start;
    line.lengthBytes -= at - start;
    if (at > line.end) line.terminator = 'lf';
    this.takeClientLine(line, false, false);
  }

  /** Number of the first line that began and is not shown: unfinished, held, or a chunk. */
  private firstOpenLine(): number {
    const { client, server, mode } = this.conversation;
    let first = Math.min(this.heldData.firstHeldLine, this.tls.firstHeldLine);
    if (client.framer.partialBytes > 0) first = Math.min(first, client.line);
    if (mode === MODE.chunk && this.chunk.isOpen) first = Math.min(first, this.chunk.first.line);
    if (server.framer.partialBytes > 0) first = Math.min(first, server.line);
    return first;
  }

  /** The client's very first octets. */
  private firstOctets(buffer: Uint8Array, start: number, end: number, base: number): number {
    const { conversation } = this;
    const lane = conversation.client;
    const proxy = (this.proxy ??= new ProxyHeader());
    if (proxy.isInside || (lane.framer.partialBytes === 0 && proxy.mayBegin(buffer[start] as number))) {
      const at = proxy.read(buffer, start, end);
      if (proxy.isInside) return at;
      conversation.mode = MODE.command;
      const { givenBack } = proxy;
      if (givenBack > 0) this.clientOctets(proxy.signature, 0, givenBack, base + at - givenBack);
      else this.conversation.wire?.note('PROXY header skipped');
      return at;
    }
    if (lane.framer.partialBytes === 0) lane.begin(this.context.facts, this.context.position);
    const at = lane.framer.next(buffer, start, end, base + start);
    if (lane.framer.ready) this.takeClientLine(lane.take(), false, false);
    return at;
  }

  private reportGrowing(lane: Lane): void {
    const { mode } = this.conversation;
    if (mode === MODE.message) return this.message.reportPartial(lane);
    if (mode !== MODE.command && mode !== MODE.proxy) return;
    if (lane.isReportDue(GROWING_LINE_BYTES) && lane.framer.peekPartial()) this.commands.takePartial(lane.take());
  }

  /** A client line that will not be finished: judged as it is, and forgotten. */
  private unfinishedClientLine(lane: Lane): void {
    const { mode } = this.conversation;
    if (!lane.framer.peekPartial()) return;
    const line = lane.take();
    if (mode === MODE.message) this.message.takeLine(line, lane.afterGap);
    else if (mode === MODE.dataHold) this.heldData.takeLine(line);
    else if (mode === MODE.command || mode === MODE.proxy) {
      this.commands.takePartial(line);
      const isSecret = line.secretEnd > line.secretStart;
      const isUnknown = this.conversation.confirmed === STATE.unknown;
      this.conversation.showLine(line, isSecret ? 'auth' : isUnknown ? 'unknown' : 'command');
    }
    lane.framer.reset();
  }

  private clientGap(lane: Lane, lengthBytes: number): void {
    const { conversation, message, chunk } = this;
    switch (conversation.mode) {
      case MODE.message:
        message.gap(lane);
        lane.afterGap = true;
        return;
      case MODE.chunk: {
        const behind = chunk.gap(lengthBytes);
        if (chunk.remaining === 0) this.commands.chunkDone();
        if (behind > 0) this.loseTrack(lane);
        return;
      }
      case MODE.dataHold:
        lane.framer.reset();
        this.heldData.hasGap = true;
        return;
      case MODE.tlsHold:
      case MODE.tls:
        lane.framer.reset();
        return this.tls.gap(lane);
      default:
        this.unfinishedClientLine(lane);
        this.loseTrack(lane);
    }
  }

  /** Commands were lost: nothing is known until a command and its reply are seen again. */
  private loseTrack(lane: Lane): void {
    const { conversation } = this;
    conversation.mode = MODE.command;
    lane.afterGap = true;
    this.auth.forget();
    conversation.dropPending();
    conversation.replySeen = false;
    conversation.setKnowledge(KNOWLEDGE.unknown);
    conversation.confirm(STATE.unknown);
    conversation.sent = STATE.unknown;
  }

  private serverGap(lane: Lane): void {
    const { conversation } = this;
    if (lane.opaque) return this.tls.gap(lane);
    if (lane.framer.peekPartial()) conversation.showLine(lane.take(), 'unknown');
    lane.framer.reset();
    this.replies.forgetUnfinished();
    lane.afterGap = true;
    conversation.stale = true;
    conversation.lowerKnowledge(KNOWLEDGE.guessed);
    if (conversation.mode === MODE.dataHold && !this.heldData.isEmpty) this.heldData.infer(null);
    if (conversation.mode === MODE.tlsHold) this.tls.serverLost();
  }

  /** TURN, ATRN: the server is the client from here on, and greeted anew (RFC 2645 4). */
  private swapRoles(): void {
    const { conversation } = this;
    const { client, server } = conversation;
    conversation.dropPending();
    conversation.client = server;
    conversation.server = client;
    conversation.mode = MODE.command;
    conversation.confirm(STATE.connect);
    conversation.sent = STATE.connect;
    conversation.queue.push(PENDING.greeting, 0, null);
  }
}
