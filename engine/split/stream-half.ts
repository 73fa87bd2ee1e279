/**
 * The half of an inspection that ends where dialogues begin: streams in order,
 * and what each connection speaks. In: pieces of a capture. Out: batches of
 * events for `MailHalf`, which may be in another thread. It knows nothing of what
 * becomes of them, with one exception: of a connection that has been silent for
 * long it asks whether silence was agreed.
 */
import type { Problem } from '../../shared/inspection.js';
import type { MailProtocol, SessionProtocol } from '../../shared/session.js';
import { CaptureStreams, type StreamOptions } from '../capture-streams.js';
import type { Dialogue } from '../protocols/dialogue.js';
import type { Direction } from '../protocols/events.js';
import type { PortHint } from '../protocols/identify.js';
import { NO_TEXT_FACTS, textFacts } from '../protocols/text-facts.js';
import { ConnectionFollower, type Followed, type MailHost } from '../session/follower.js';
import type { StreamCounts } from '../session/stream-counts.js';
import type { Connection } from '../tcp/connection.js';
import type { DeliveryPosition } from '../tcp/stream-assembler.js';
import { batchRoom, MOST_OCTETS, ROOM_BYTES, StreamBatchWriter, type BatchSize } from './batch-writer.js';
import { END_NUMBER, PROTOCOL_NUMBER } from './names.js';
import { DIRECTION_BIT, IN_BATCH_BIT, KIND, QUIET_SHIFT, type StreamBatch } from './stream-batch.js';

/** The other half. */
export interface OtherHalf {
  /** Takes events of the piece that is being taken, before it is through. Borrowed. */
  early(batch: StreamBatch): void;
  /** Whether the conversation may be silent, once everything that was told is through. */
  isWaiting(conversation: number): boolean;
}

export class StreamHalf implements MailHost<Conversation> {
  readonly position: DeliveryPosition;
  /** For no time: what follows from it is the other half's. */
  readonly nextDueUs = Infinity;
  private readonly streams: CaptureStreams;
  private readonly writer: StreamBatchWriter;
  private readonly free: number[] = [];
  private conversations = 0;

  constructor(
    options: Omit<StreamOptions, 'share' | 'resume'>,
    private readonly other: OtherHalf,
    /** Where batches are written, unless they are to lie elsewhere. */
    private readonly room = batchRoom(new ArrayBuffer(ROOM_BYTES), 0),
  ) {
    this.writer = new StreamBatchWriter(room);
    this.streams = new CaptureStreams({ ...options, share: null, resume: undefined }, this);
    this.position = this.streams.position;
  }

  /** Takes the next octets, borrowed. The batch speaks of them by their indexes; it lies in `room`. */
  take(octets: Uint8Array, room = this.room): StreamBatch {
    this.writer.begin(room);
    this.streams.push(octets);
    return this.writer.batch;
  }

  /** No more octets. */
  end(room = this.room): StreamBatch {
    this.writer.begin(room);
    this.streams.end();
    return this.writer.batch;
  }

  /** Of the batch that was made last. */
  get size(): BatchSize {
    return this.writer.size;
  }

  /** Further octets would be ignored. */
  get isFinished(): boolean {
    return this.streams.finished;
  }

  get problem(): Problem | null {
    return this.streams.problem;
  }

  get counts(): StreamCounts {
    return this.streams.counts;
  }

  /** For `CaptureStreams`. */
  reached(): void {}

  /** For `CaptureStreams`. */
  connected(connection: Connection, hint: PortHint | null): void {
    connection.consumer = new ConnectionFollower(connection, hint, this, this.streams);
  }

  /** For `ConnectionFollower`. */
  newSession(connection: Connection): Conversation {
    return new Conversation(this, connection);
  }

  /** For `ConnectionFollower`. */
  converse(conversation: Conversation, protocol: MailProtocol | 'tls' | 'failed', connection: Connection): Dialogue {
    conversation.number = this.free.pop() ?? this.conversations++;
    this.event(KIND.follow, conversation, 0, 0, 0);
    const { writer } = this;
    writer.detail(connection.isIpv6 ? 1 : 0);
    writer.detail(PROTOCOL_NUMBER[conversation.firstName]);
    writer.detail(PROTOCOL_NUMBER[protocol]);
    writer.detail(connection.clientSide);
    writer.detail(connection.fromStart ? 1 : 0);
    writer.detail(connection.startUs);
    writer.detail(connection.firstPacket);
    writer.detail(connection.firstByte);
    writer.detail(connection.vlan.length);
    for (const id of connection.vlan) writer.detail(id);
    for (const word of connection.key) writer.detail(word);
    return conversation;
  }

  /** For `ConnectionFollower`: the other half knows it by `converse` and `end`. */
  opened(): void {}
  closed(): void {}
  identified(): void {}
  unshown(): void {}
  handshake(): void {}

  /** For `Conversation`. */
  isWaiting(conversation: Conversation): boolean {
    if (this.writer.size.events > 0) this.handOver();
    return this.other.isWaiting(conversation.number);
  }

  /** For `Conversation`. */
  data(
    conversation: Conversation,
    direction: Direction,
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
  ): void {
    const code = KIND.data | (direction === 0 ? 0 : DIRECTION_BIT);
    if (buffer === this.streams.piece) {
      this.event(code, conversation, start, end, offset, textFacts(buffer, start, end));
      return;
    }
    for (let from = start; from < end; from += MOST_OCTETS) {
      const to = Math.min(end, from + MOST_OCTETS);
      if (!this.writer.hasRoom(to - from)) this.handOver();
      const at = this.writer.copy(buffer, from, to);
      this.event(code | IN_BATCH_BIT, conversation, at, at + to - from, offset + from - start);
    }
  }

  /** For `Conversation`. */
  gap(conversation: Conversation, direction: Direction, offset: number, lengthBytes: number): void {
    this.event(KIND.gap | (direction === 0 ? 0 : DIRECTION_BIT), conversation, lengthBytes, 0, offset);
  }

  /** For `Conversation`. */
  ended(conversation: Conversation): void {
    const { connection } = conversation;
    this.event(KIND.end, conversation, 0, 0, 0);
    const { writer } = this;
    writer.detail(END_NUMBER[connection.endReason]);
    writer.detail(connection.firstPacket);
    writer.detail(connection.firstByte);
    for (const { disorder } of connection.halves) {
      writer.detail(disorder === null ? 0 : 1);
      writer.detail(disorder?.gaps ?? 0);
      writer.detail(disorder?.missingBytes ?? 0);
      writer.detail(disorder?.divergentOverlaps ?? 0);
      writer.detail(disorder?.badChecksums ?? 0);
    }
    writer.detailAll(connection.rowNumbers);
    this.free.push(conversation.number);
  }

  private handOver(): void {
    this.other.early(this.writer.batch);
    this.writer.clear();
  }

  private event(
    code: number,
    { number, connection }: Conversation,
    start: number,
    end: number,
    offset: number,
    text = NO_TEXT_FACTS,
  ): void {
    if (!this.writer.hasRoom(0)) this.handOver();
    const quiet = connection.haveBothSpoken ? 0 : quietSides(connection) << QUIET_SHIFT;
    this.writer.event(code | quiet, number, start, end, text, offset, this.position, this.streams.lastPacketUs);
  }
}

/** Stands for a session, and for its dialogue, that are in the other half. */
export class Conversation implements Followed, Dialogue {
  protocolName: SessionProtocol = 'failed';
  /** What it was taken for before it said anything. */
  firstName: SessionProtocol = 'failed';
  /** Nothing is told of it before it has a dialogue, and later it makes no difference here. */
  readonly hasTold = false;
  number = -1;
  private isNamed = false;
  /** What was answered when it was asked for its silence; null when it has said something since. */
  private answer: boolean | null = null;

  constructor(
    private readonly half: StreamHalf,
    readonly connection: Connection,
  ) {}

  identify(protocol: SessionProtocol): void {
    if (!this.isNamed) this.firstName = protocol;
    this.isNamed = true;
    this.protocolName = protocol;
  }

  get isWaiting(): boolean {
    if (this.protocolName !== 'imap') return false;
    this.answer ??= this.half.isWaiting(this);
    return this.answer;
  }

  data(direction: Direction, buffer: Uint8Array, start: number, end: number, offset: number): void {
    this.answer = null;
    this.half.data(this, direction, buffer, start, end, offset);
  }

  gap(direction: Direction, offset: number, lengthBytes: number): void {
    this.answer = null;
    this.half.gap(this, direction, offset, lengthBytes);
  }

  end(): void {
    this.half.ended(this);
  }
}

/** Bits: is side 0, 1 missing; is side 0, 1 silent? */
function quietSides(connection: Connection): number {
  return (
    (connection.isSideMissing(0) ? 1 : 0) |
    (connection.isSideMissing(1) ? 2 : 0) |
    (connection.isSideSilent(0) ? 4 : 0) |
    (connection.isSideSilent(1) ? 8 : 0)
  );
}
