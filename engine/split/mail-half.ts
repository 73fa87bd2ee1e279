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
import { DELIVERED_TEXT } from '../protocols/text-facts.js';
import type { Session } from '../session/session.js';
import type { StreamCounts } from '../session/stream-counts.js';
import type { PipelineSink } from '../sink.js';
import { ROW_FIELDS } from '../tcp/flow-rows.js';
import { PROTOCOL_NAMES } from './names.js';
import {
  DIRECTION_BIT,
  ENDED_FIELDS,
  FOLLOWED,
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
import { ToldConnection, ToldNumbers } from './told-connection.js';

export interface MailHalfOptions {
  readonly policy: EffectivePolicy;
  readonly revealSecrets: boolean;
}

export class MailHalf {
  private readonly position = { timeUs: 0, packet: 0 };
  private readonly mail: MailSessions;
  /** Of the connection that is ending; zero while none is. Nobody asks for those of another meanwhile. */
  private readonly numbers = new ToldNumbers();
  /** By the number of the conversation; octets need no more than the dialogue. */
  private readonly connections: (ToldConnection | null)[] = [];
  private readonly dialogues: (Dialogue | null)[] = [];
  private readonly quiets: number[] = [];
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
        DELIVERED_TEXT.tell(buffer, start, end, integers[at + INTEGER.text] as number);
        this.data(number, code, buffer, start, end, numbers[place + NUMBER.offset] as number);
      } else this.other(number, code, start, numbers[place + NUMBER.offset] as number);
    }
    DELIVERED_TEXT.forget();
  }

  /** Number of the packet of the last event. */
  get packets(): number {
    return this.position.packet;
  }

  /** True while silence was agreed in the conversation of this number. */
  isWaiting(number: number): boolean {
    return this.connections[number]?.session?.isWaiting === true;
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
    this.quiets[number] = code >> QUIET_SHIFT;
    (this.dialogues[number] as Dialogue).data(directionOf(code), buffer, start, end, offset);
  }

  private other(number: number, code: number, lengthBytes: number, offset: number): void {
    const kind = code & KIND_BITS;
    this.quiets[number] = code >> QUIET_SHIFT;
    if (kind === KIND.follow) this.follow(number);
    else if (kind === KIND.gap) (this.dialogues[number] as Dialogue).gap(directionOf(code), offset, lengthBytes);
    else this.finish(number);
  }

  private follow(number: number): void {
    const { details, detailed: at, mail } = this;
    const connection = new ToldConnection(number, this.quiets, details, at, this.numbers);
    this.detailed = connection.detailsEnd(at);
    const session = mail.newSession(connection);
    connection.session = session;
    session.identify(protocolOf(details[at + FOLLOWED.hint] as number));
    const protocol = protocolOf(details[at + FOLLOWED.protocol] as number);
    session.identify(protocol);
    this.connections[number] = connection;
    this.dialogues[number] = mail.converse(session, protocol, connection);
    mail.opened(session);
  }

  private finish(number: number): void {
    const { details, detailed: at, numbers } = this;
    const connection = this.connections[number] as ToldConnection;
    const dialogue = this.dialogues[number] as Dialogue;
    numbers.take(details, at);
    connection.ended(details, at);
    this.detailed = at + ENDED_FIELDS + ROW_FIELDS;
    this.connections[number] = this.dialogues[number] = null;
    dialogue.end();
    this.mail.closed(connection.session as Session);
    connection.forget();
    numbers.clear();
  }
}

function directionOf(code: number): Direction {
  return (code & DIRECTION_BIT) === 0 ? 0 : 1;
}

function protocolOf(number: number): MailProtocol | 'tls' | 'failed' {
  return PROTOCOL_NAMES[number] ?? 'failed';
}
