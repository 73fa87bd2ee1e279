/** A reply that is judged, or shown, when more is known: with octets of its own. */
import { copyOctets } from '../octets.js';
import type { ReplyEvent } from '../protocols/events.js';

/**
 * At most `maximumBytes` of its octets. One literal: a copy of the event would have the fields of all kinds. Its secret is not marked, so none may be in it.
 */
export function keptReply(event: ReplyEvent, maximumBytes: number): ReplyEvent {
  const buffer = copyOctets(event.buffer, event.start, Math.min(event.end, event.start + maximumBytes));
  return {
    kind: event.kind,
    protocol: event.protocol,
    direction: event.direction,
    timeUs: event.timeUs,
    packet: event.packet,
    line: event.line,
    knowledge: event.knowledge,
    state: event.state,
    buffer,
    start: 0,
    end: buffer.length,
    offset: event.offset,
    lengthBytes: event.lengthBytes,
    terminator: event.terminator,
    secretStart: 0,
    secretEnd: 0,
    secretLabel: event.secretLabel,
    code: event.code,
    outcome: event.outcome,
    answers: event.answers,
    answersNumber: event.answersNumber,
    answersLine: event.answersLine,
    lines: event.lines,
    codesDiffer: event.codesDiffer,
  };
}
