/** SMTP: lines of message text that are longer than a server has to take (RFC 5321 4.5.3.1.6). */
import { indexOfOctet } from '../octets.js';
import { LONG_DATA_LINE, type LongDataLineEvent } from '../protocols/events.js';
import { KNOWLEDGE, protection, type CheckContext } from './protection.js';
import { containsWord } from './word-search.js';

const CR = 0x0d;

interface DataState {
  /** MAIL of the current transaction said BODY=BINARYMIME: its chunks are not lines (RFC 3030). */
  isBinary: boolean;
}
/** A header line this long has the shape of an overflow. */
const OVERFLOW_HEADER = 4096;

export const smtpDataLineTooLong = protection<DataState>({
  id: 'smtp-data-line-too-long',
  title: 'Line of a message too long',
  protocols: ['smtp'],
  attackName: 'SMTP Format Violation',
  attackInfo: 'Data line is too long',
  why:
    'A line of message text has at most 1000 octets. Longer ones are cut or folded somewhere on their way, which ' +
    'breaks signatures, and in header fields they are how mail programs are overflowed.',
  sources: ['SBP-2010-06: Maximum Data Line Length Enforcement'],
  references: ['RFC 5321 4.5.3.1.6', 'RFC 5321 4.5.2', 'RFC 3030'],
  severity: 'low',
  confidence: 95,
  precedence: 'format',
  remedy:
    'Usually a program that sends HTML or base64 without line breaks: have it encode its messages as quoted-printable ' +
    'or base64 with lines of 76 characters. A very long header line from an unknown sender is suspicious: keep the ' +
    'message from being opened and see that the mail programs are up to date.',
  defaultAction: 'detect',
  minimumKnowledge: KNOWLEDGE.guessed,
  hearsVerb: (verb, settings) => verb === 'MAIL' && settings.flag('check_bdat'),
  settings: [
    {
      kind: 'number',
      name: 'limit',
      title: 'Longest line of text',
      unit: 'bytes',
      default: 1000,
      minimum: LONG_DATA_LINE,
      maximum: 1_048_576,
      reason: 'RFC 5321 4.5.3.1.6: 1000 octets with CRLF; the dot that was stuffed is not counted.',
    },
    {
      kind: 'number',
      name: 'header_limit',
      title: 'Longest header line',
      unit: 'bytes',
      default: 1000,
      minimum: LONG_DATA_LINE,
      maximum: 1_048_576,
      reason: 'The same bound holds in the header section; some header fields of other products are longer.',
    },
    {
      kind: 'flag',
      name: 'check_bdat',
      title: 'Judge BDAT chunks too',
      default: false,
      reason: 'Chunks need no lines at all when the message is binary; text sent in chunks is judged only on request.',
    },
    {
      kind: 'flag',
      name: 'lenient_eol',
      title: 'Let a lone CR or LF end a line too',
      default: false,
      reason:
        'RFC 5321 2.3.8: only CRLF ends a line, so a message with bare line feeds is one long line to strict servers.',
    },
  ],
  newState: () => ({ isBinary: false }),
  on: {
    command(event, { state }) {
      if (event.verb === 'MAIL')
        state.isBinary = containsWord(event.buffer, event.argumentStart, event.end, 'BODY=BINARYMIME');
    },
    longDataLine(event, context) {
      const { settings } = context;
      if (event.transfer === 'chunk' && (!settings.flag('check_bdat') || context.state.isBinary)) return;
      const limit = settings.number(event.inHeader ? 'header_limit' : 'limit');
      if (event.strictBytes <= limit) return;
      const isLenient = settings.flag('lenient_eol');
      const excess = isLenient ? lenientExcess(event, limit) : strictExcess(event, limit);
      if (excess !== null) reportDataLine(event, context, limit, excess);
    },
  },
});

interface Excess {
  /** Octets of the line, as far as they are counted. */
  readonly bytes: number;
  /** First octet beyond the limit, as index of the event's buffer. */
  readonly start: number;
  /** The line has parts that end in LF alone. */
  readonly isJoined: boolean;
}

/** From one CRLF to the next; told with the part in which it passes the limit. */
function strictExcess(event: LongDataLineEvent, limit: number): Excess | null {
  const before = event.strictBytes - event.countedBytes;
  if (before > limit) return null;
  const start = event.start + stuffedDot(event) + limit - before;
  return { bytes: event.strictBytes, start, isJoined: before > 0 };
}

/** From one CR or LF to the next: the longest of the event's line. */
function lenientExcess(event: LongDataLineEvent, limit: number): Excess | null {
  if (event.countedBytes <= limit) return null;
  const { buffer, end } = event;
  const first = event.start + stuffedDot(event);
  // What is not held, and the terminator, belong to the last.
  const after = event.countedBytes - (end - first);
  let bytes = 0;
  let start = first;
  for (let from = first; from <= end;) {
    const cr = indexOfOctet(buffer, CR, from, end);
    const length = cr === -1 ? end - from + after : cr + 1 - from;
    if (length > bytes) {
      bytes = length;
      start = from + limit;
    }
    if (cr === -1) break;
    from = cr + 1;
  }
  return bytes > limit ? { bytes, start, isJoined: false } : null;
}

/** The dot that was stuffed is on the wire but not counted. */
function stuffedDot(event: LongDataLineEvent): number {
  return event.lengthBytes - event.countedBytes;
}

function reportDataLine(
  event: LongDataLineEvent,
  context: CheckContext<DataState>,
  limit: number,
  { bytes, start, isJoined }: Excess,
): void {
  const where = event.inHeader ? 'header line' : 'line of message text';
  context.report({
    event,
    start: Math.min(start, Math.max(event.start, event.end - 1)),
    severity: event.inHeader && bytes > OVERFLOW_HEADER ? 'medium' : 'low',
    measured: bytes,
    limit,
    unit: 'bytes',
    detail: `A ${where} is longer than ${limit} octets${isJoined ? '; parts of it end in LF, and only CRLF ends a line' : ''}.`,
  });
}
