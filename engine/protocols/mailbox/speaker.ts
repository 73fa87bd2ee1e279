/**
 * Says what a POP3 or IMAP dialogue found: fills the reused events with the
 * line, its place and the state, and sends them; shows lines to the wire
 * listener when there is one.
 */
import type { LineRole } from '../../../shared/transcript.js';
import type { DialogueContext, PacketPosition } from '../dialogue.js';
import { TO_SERVER, type Direction, type EventSink, type OctetsEvent, type ProtocolEvent } from '../events.js';
import type { ConnectionFacts } from '../facts.js';
import { NO_OCTETS, REUSED_EVENTS, REUSED_WIRE_LINE, type Mutable, type ReusedEvents } from '../reused-events.js';
import type { HeldLine } from './held-octets.js';
import type { Side } from './side.js';

export class Speaker {
  readonly facts: ConnectionFacts;
  /** Of the context, without a step through it for each line. */
  readonly position: PacketPosition;
  readonly isShown: boolean;
  private readonly sink: EventSink;
  /** State that client lines are judged by: as if what was sent before will be accepted (RFC 2449 6.6). */
  sentState: string;
  /** The events of this protocol, to be filled and sent; shared by all dialogues. */
  readonly events: ReusedEvents;

  constructor(
    readonly context: DialogueContext,
    protocol: 'pop3' | 'imap',
  ) {
    this.facts = context.facts;
    this.position = context.position;
    this.isShown = context.wire !== null;
    this.sink = context.events;
    this.sentState = context.facts.state;
    this.events = protocol === 'pop3' ? REUSED_EVENTS.pop3 : REUSED_EVENTS.imap;
  }

  emit(event: ProtocolEvent): void {
    this.sink.emit(event);
  }

  /** Puts the side's line, its place, and the state into an event; without a secret. */
  fill(event: Mutable<OctetsEvent>, side: Side): void {
    const { current } = side;
    const { facts } = this;
    event.direction = current.direction;
    event.timeUs = current.timeUs;
    event.packet = current.packet;
    event.line = current.line;
    event.knowledge = facts.knowledge;
    event.state = current.direction === TO_SERVER ? this.sentState : facts.state;
    // Nearly always the same: to store a young object in an old one takes the collector's notice.
    if (event.buffer !== current.buffer) event.buffer = current.buffer;
    event.start = current.start;
    event.end = current.end;
    event.offset = current.offset;
    event.lengthBytes = current.lengthBytes;
    event.terminator = current.terminator;
    event.secretStart = current.start;
    event.secretEnd = current.start;
    event.secretLabel = '';
  }

  /** Shows the side's line to the wire listener. An empty secret range when `secretLabel` is empty. */
  wire(side: Side, role: LineRole, secretStart: number, secretEnd: number, secretLabel: string, message = -1): void {
    if (this.isShown) this.show(side, role, secretStart, secretEnd, secretLabel, message);
  }

  private show(
    side: Side,
    role: LineRole,
    secretStart: number,
    secretEnd: number,
    secretLabel: string,
    message: number,
  ): void {
    const line = REUSED_WIRE_LINE;
    this.fill(line, side);
    if (secretLabel !== '') {
      line.secretStart = secretStart;
      line.secretEnd = secretEnd;
      line.secretLabel = secretLabel;
    }
    line.role = role;
    line.message = message;
    const held = line.end - line.start;
    line.omittedBytes = Math.max(0, line.lengthBytes - held - terminatorBytes(line.terminator));
    this.context.wire?.line(line);
  }

  /** Shows a client line that was held back; `secretFrom` is -1 when it has no credential. */
  wireHeld(held: HeldLine, octets: Uint8Array, secretFrom: number): void {
    const line = REUSED_WIRE_LINE;
    line.direction = TO_SERVER;
    line.timeUs = held.timeUs;
    line.packet = held.packet;
    line.line = held.line;
    line.knowledge = this.facts.knowledge;
    line.state = this.facts.state;
    line.buffer = octets;
    line.start = held.start;
    line.offset = held.offset;
    line.lengthBytes = held.end - held.start;
    line.terminator = terminatorOf(octets, held.start, held.end);
    line.end = held.end - terminatorBytes(line.terminator);
    line.secretStart = secretFrom === -1 ? held.start : secretFrom;
    line.secretEnd = secretFrom === -1 ? held.start : line.end;
    line.secretLabel = secretFrom === -1 ? '' : 'password';
    line.role = 'command';
    line.message = -1;
    line.omittedBytes = 0;
    this.context.wire?.line(line);
  }

  tellGap(side: Side, offset: number, lengthBytes: number): void {
    const { context } = this;
    const gapEvent = this.events.gap;
    context.wire?.gap(side.direction, offset, lengthBytes);
    this.place(gapEvent, side.direction);
    gapEvent.lengthBytes = lengthBytes;
    this.emit(gapEvent);
  }

  tellEnd(): void {
    this.place(this.events.end, 0);
    this.emit(this.events.end);
  }

  /** A message ended at the side's line, or was cut off there; `offset` is the place in the side's stream. */
  endMessage(
    side: Side,
    offset: number,
    message: number,
    lengthBytes: number,
    lines: number,
    truncated: boolean,
    line = side.current.line,
  ): void {
    const event = this.events.messageEnd;
    this.place(event, side.direction);
    if (line !== 0) event.line = line;
    event.buffer = NO_OCTETS;
    event.start = event.end = event.secretStart = event.secretEnd = 0;
    event.offset = offset;
    event.lengthBytes = lengthBytes;
    event.terminator = 'crlf';
    event.message = message;
    event.lines = lines;
    event.truncated = truncated;
    this.emit(event);
  }

  /** Event without octets: it happens now, at the last line that began. */
  private place(
    event: { -readonly [K in 'direction' | 'timeUs' | 'packet' | 'line' | 'knowledge' | 'state']: OctetsEvent[K] },
    direction: Direction,
  ): void {
    const { facts } = this;
    const { position } = this;
    event.direction = direction;
    event.timeUs = position.timeUs;
    event.packet = position.packet;
    event.line = facts.lines;
    event.knowledge = facts.knowledge;
    event.state = facts.state;
  }
}

function terminatorOf(octets: Uint8Array, start: number, end: number): OctetsEvent['terminator'] {
  if (end === start || octets[end - 1] !== 10) return 'none';
  return end - start > 1 && octets[end - 2] === 13 ? 'crlf' : 'lf';
}

/** Octets of a line's end. */
export function terminatorBytes(terminator: OctetsEvent['terminator']): number {
  return terminator === 'crlf' ? 2 : terminator === 'lf' ? 1 : 0;
}

/** Length of the side's line without its end, also beyond what is held. */
export function textBytes(side: Side): number {
  return side.current.lengthBytes - terminatorBytes(side.current.terminator);
}
