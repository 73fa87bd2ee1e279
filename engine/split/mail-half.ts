/**
 * The half of an inspection that begins with dialogues. In: the batches of a
 * `StreamHalf`, with the pieces of the capture that they speak of. Out: sessions
 * with their violations, at the sink, in the order in which one pipeline tells them.
 */
import type { Totals } from '../../shared/inspection.js';
import type { MailProtocol } from '../../shared/session.js';
import { MailSessions } from '../mail-sessions.js';
import type { EffectivePolicy } from '../policy/policy.js';
import type { Dialogue } from '../protocols/dialogue.js';
import type { Direction } from '../protocols/events.js';
import type { Session } from '../session/session.js';
import type { StreamCounts } from '../session/stream-counts.js';
import type { PipelineSink } from '../sink.js';
import { Connection } from '../tcp/connection.js';
import { FlowRows, ROW_FIELDS } from '../tcp/flow-rows.js';
import type { Side } from '../tcp/side.js';
import { END_NAMES, PROTOCOL_NAMES } from './names.js';
import {
  DIRECTION_BIT,
  DISORDER_FIELDS,
  ENDED,
  ENDED_FIELDS,
  FOLLOWED,
  FOLLOWED_FIELDS,
  IN_BATCH_BIT,
  INTEGER,
  INTEGER_FIELDS,
  KIND,
  KIND_BITS,
  NUMBER,
  NUMBER_FIELDS,
  QUIET_SHIFT,
  type StreamBatch,
} from './stream-batch.js';

export interface MailHalfOptions {
  readonly policy: EffectivePolicy;
  readonly revealSecrets: boolean;
}

/** What is known here of one connection. */
interface Conversation {
  readonly connection: ToldConnection;
  readonly session: Session;
  readonly dialogue: Dialogue;
}

export class MailHalf {
  private readonly position = { timeUs: 0, packet: 0 };
  private readonly mail: MailSessions;
  private readonly rows = new FlowRows<Connection>();
  private readonly conversations: (Conversation | null)[] = [];
  private details: Float64Array = new Float64Array(0);
  private detailed = 0;

  constructor({ policy, revealSecrets }: MailHalfOptions, sink: PipelineSink) {
    this.mail = new MailSessions({ policy, sink, revealSecrets, focus: null, share: null }, this.position);
  }

  /** Takes events; `piece` is borrowed. */
  take({ integers, numbers, details, octets }: StreamBatch, piece: Uint8Array): void {
    this.details = details;
    this.detailed = 0;
    const { position, mail } = this;
    for (let at = 0, place = 0; at < integers.length; at += INTEGER_FIELDS, place += NUMBER_FIELDS) {
      const code = integers[at + INTEGER.code] as number;
      const number = integers[at + INTEGER.conversation] as number;
      const clockUs = numbers[place + NUMBER.clockUs] as number;
      position.timeUs = numbers[place + NUMBER.timeUs] as number;
      position.packet = numbers[place + NUMBER.packet] as number;
      if (clockUs >= mail.nextDueUs) mail.reached(clockUs);
      const start = integers[at + INTEGER.start] as number;
      if ((code & KIND_BITS) === KIND.data) {
        const buffer = (code & IN_BATCH_BIT) === 0 ? piece : octets;
        const end = integers[at + INTEGER.end] as number;
        this.data(number, code, buffer, start, end, numbers[place + NUMBER.offset] as number);
      } else this.other(number, code, start, numbers[place + NUMBER.offset] as number);
    }
  }

  /** True while silence was agreed in the conversation of this number. */
  isWaiting(number: number): boolean {
    return this.conversations[number]?.session.isWaiting === true;
  }

  /** Every event was taken. */
  end(): void {
    this.mail.end();
  }

  /** A fresh, plain object each time; `counts` of the streams' half. */
  totals(counts: StreamCounts): Totals {
    return this.mail.totals(counts);
  }

  private data(number: number, code: number, buffer: Uint8Array, start: number, end: number, offset: number): void {
    const { connection, dialogue } = this.conversations[number] as Conversation;
    connection.quiet = code >> QUIET_SHIFT;
    dialogue.data(directionOf(code), buffer, start, end, offset);
  }

  private other(number: number, code: number, lengthBytes: number, offset: number): void {
    const kind = code & KIND_BITS;
    if (kind === KIND.follow) {
      this.conversations[number] = this.follow(code >> QUIET_SHIFT);
      return;
    }
    const conversation = this.conversations[number] as Conversation;
    conversation.connection.quiet = code >> QUIET_SHIFT;
    if (kind === KIND.gap) conversation.dialogue.gap(directionOf(code), offset, lengthBytes);
    else this.finish(number, conversation);
  }

  private follow(quiet: number): Conversation {
    const { details, detailed: at, mail } = this;
    const isIpv6 = details[at + FOLLOWED.isIpv6] === 1;
    const keyAt = at + FOLLOWED_FIELDS + (details[at + FOLLOWED.vlans] as number);
    const keyEnd = keyAt + (isIpv6 ? 9 : 3);
    this.detailed = keyEnd;
    const key: number[] = [];
    for (let i = keyAt; i < keyEnd; i++) key.push(details[i] as number);
    const connection = new ToldConnection(isIpv6, key, this.rows);
    connection.quiet = quiet;
    connection.clientSide = details[at + FOLLOWED.clientSide] as Side;
    connection.fromStart = details[at + FOLLOWED.fromStart] === 1;
    connection.startUs = details[at + FOLLOWED.startUs] as number;
    connection.firstPacket = details[at + FOLLOWED.firstPacket] as number;
    connection.firstByte = details[at + FOLLOWED.firstByte] as number;
    if (keyAt > at + FOLLOWED_FIELDS) connection.vlan = [...details.subarray(at + FOLLOWED_FIELDS, keyAt)];
    const session = mail.newSession(connection);
    session.identify(protocolOf(details[at + FOLLOWED.hint] as number));
    const protocol = protocolOf(details[at + FOLLOWED.protocol] as number);
    session.identify(protocol);
    const dialogue = mail.converse(session, protocol, connection);
    mail.opened(session);
    return { connection, session, dialogue };
  }

  private finish(number: number, { connection, session, dialogue }: Conversation): void {
    const { details, detailed: at } = this;
    const end = at + ENDED_FIELDS + ROW_FIELDS;
    connection.rowNumbers.set(details.subarray(at + ENDED_FIELDS, end));
    for (const side of [0, 1] as const) {
      this.noteDisorder(connection, side, at + ENDED.disorders + side * DISORDER_FIELDS);
    }
    connection.firstPacket = details[at + ENDED.firstPacket] as number;
    connection.firstByte = details[at + ENDED.firstByte] as number;
    connection.endReason = END_NAMES[details[at + ENDED.reason] as number] ?? 'closed';
    this.detailed = end;
    this.conversations[number] = null;
    dialogue.end();
    this.mail.closed(session);
    connection.forget();
  }

  private noteDisorder(connection: Connection, side: Side, at: number): void {
    const { details } = this;
    if (details[at] === 0) return;
    const { ownDisorder } = connection.half(side);
    ownDisorder.gaps = details[at + 1] as number;
    ownDisorder.missingBytes = details[at + 2] as number;
    ownDisorder.divergentOverlaps = details[at + 3] as number;
    ownDisorder.badChecksums = details[at + 4] as number;
  }
}

/** A connection whose streams are elsewhere: until it is over, only what it was told of their silence is known. */
class ToldConnection extends Connection {
  /** Bits: is side 0, 1 missing; is side 0, 1 silent? */
  quiet = 0;

  override isSideMissing(side: Side): boolean {
    return (this.quiet & (1 << side)) !== 0;
  }

  override isSideSilent(side: Side): boolean {
    return (this.quiet & (4 << side)) !== 0;
  }
}

function directionOf(code: number): Direction {
  return (code & DIRECTION_BIT) === 0 ? 0 : 1;
}

function protocolOf(number: number): MailProtocol | 'tls' | 'failed' {
  return PROTOCOL_NAMES[number] ?? 'failed';
}
