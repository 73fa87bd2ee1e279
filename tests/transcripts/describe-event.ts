/**
 * Copies events (they are borrowed) and writes them in the compact one-line
 * notation of the transcript files. In: an event while it is emitted. Out: a
 * plain value that keeps its meaning, and a line of text.
 */
import { displayText } from '../../engine/text/display.js';
import {
  EVENT,
  KNOWLEDGE,
  TO_SERVER,
  type EventKind,
  type KnowledgeLevel,
  type OctetsEvent,
  type ProtocolEvent,
} from '../../engine/protocols/events.js';

/** An event as plain data: octets copied, indexes made relative to the line's first octet. */
export interface CopiedEvent {
  readonly kind: number;
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
  /** The compact notation. */
  readonly text: string;
}

const INDEX_FIELD = /(Start|End)$/;

const PLACE = ['kind', 'protocol', 'direction', 'timeUs', 'packet', 'line', 'knowledge', 'state'];
const OCTETS = [
  ...PLACE,
  'end',
  'offset',
  'lengthBytes',
  'terminator',
  'secretStart',
  'secretEnd',
  'secretLabel',
  'octets',
];
const COMMAND = [...OCTETS, 'verb', 'verbStart', 'verbEnd', 'argumentStart', 'tagStart', 'tagEnd', 'provisional'];
const RESPONSE = [
  'mechanism',
  'initial',
  'step',
  'responseStart',
  'responseEnd',
  'responseBytes',
  'decoded',
  'partial',
];
const CREDENTIALS = ['user', 'password', 'userBytes', 'passwordBytes', 'accepted', 'failedBefore'];
const RANGES = ['userStart', 'userEnd', 'passwordStart', 'passwordEnd'];

/** The fields that have a meaning in each kind of event; the objects that carry them have those of all kinds. */
const FIELDS: Readonly<Record<EventKind, readonly string[]>> = {
  [EVENT.command]: COMMAND,
  [EVENT.partialCommand]: COMMAND,
  [EVENT.reply]: [...OCTETS, 'code', 'outcome', 'answers', 'answersLine', 'lines', 'codesDiffer'],
  [EVENT.answerLine]: [...OCTETS, 'answers', 'index'],
  [EVENT.authStep]: [...OCTETS, ...RESPONSE],
  [EVENT.login]: [...OCTETS, 'phase', 'mechanism', ...CREDENTIALS, ...RANGES],
  [EVENT.longDataLine]: [...OCTETS, 'countedBytes', 'strictBytes', 'inHeader', 'transfer', 'message'],
  [EVENT.literal]: [...OCTETS, 'verb', 'announced', 'nonSynchronizing', 'argument'],
  [EVENT.messageEnd]: [...PLACE, 'offset', 'message', 'lengthBytes', 'lines', 'truncated'],
  [EVENT.injectedPlaintext]: [...OCTETS, 'verb', 'injectedVerb', 'injectedBytes', 'outcome', 'tlsRecord'],
  [EVENT.gap]: [...PLACE, 'lengthBytes'],
  [EVENT.end]: PLACE,
  [EVENT.handshake]: [...PLACE, 'phase'],
  [EVENT.messageGrowth]: [...PLACE, 'offset', 'message', 'lengthBytes'],
  [EVENT.literalText]: [...OCTETS, 'verb', 'announced', 'argument'],
  [EVENT.fragment]: [...OCTETS, 'verb'],
};

/** Takes a copy that stays valid. */
export function copyEvent(event: ProtocolEvent): CopiedEvent {
  const fields: Record<string, unknown> = {};
  const meaningful = FIELDS[event.kind];
  const base = 'buffer' in event ? event.start : 0;
  for (const [name, value] of Object.entries(event) as [string, unknown][]) {
    if (!meaningful.includes(name)) continue;
    if (value instanceof Uint8Array) fields[name] = latin1(value, 0, value.length);
    else if (typeof value === 'number' && (name === 'end' || INDEX_FIELD.test(name))) fields[name] = value - base;
    else fields[name] = value;
  }
  if ('buffer' in event && meaningful.includes('octets')) {
    fields['octets'] = latin1(event.buffer, event.start, event.end);
  }
  return { kind: event.kind, line: event.line, fields, text: describeEvent(event) };
}

function latin1(octets: Uint8Array, start: number, end: number): string {
  return Buffer.from(octets.buffer, octets.byteOffset + start, end - start).toString('latin1');
}

/**
 * Drops the interim reports of a growing line: which of them exist depends on
 * the packets by design, and each replaces the one before. What stays is the
 * last word about a line, and that is the same for every cut.
 */
export function settleEvents(events: readonly CopiedEvent[]): CopiedEvent[] {
  const last = new Map<string, number>();
  const finished = new Map<string, number>();
  events.forEach((event, index) => {
    if (!isLineReport(event)) return;
    last.set(`${lineKey(event)}:${familyOf(event)}`, index);
    if (!isPartial(event)) finished.set(lineKey(event), index);
  });
  return events.filter((event, index) => {
    if (!isLineReport(event) || !isPartial(event)) return true;
    return last.get(`${lineKey(event)}:${familyOf(event)}`) === index && (finished.get(lineKey(event)) ?? -1) < index;
  });
}

/** One line: number, kind, what matters, `[state]`, knowledge when it is not `synced`. */
export function describeEvent(event: ProtocolEvent): string {
  const known = event.knowledge === KNOWLEDGE.synced ? '' : ` (${knowledgeName(event.knowledge)})`;
  return `${event.line} ${describeKind(event)} [${event.state}]${known}`;
}

function describeKind(event: ProtocolEvent): string {
  switch (event.kind) {
    case EVENT.command:
    case EVENT.partialCommand: {
      const kind = event.kind === EVENT.command ? 'command' : 'partialCommand';
      const tag = event.tagEnd > event.tagStart ? `${displayText(event.buffer, event.tagStart, event.tagEnd)} ` : '';
      const verb = event.verb === '' ? `?${shown(event, event.verbStart, event.verbEnd)}` : event.verb;
      const rest = event.argumentStart < event.end ? ` ${shown(event, event.argumentStart, event.end)}` : '';
      return `${kind} ${tag}${verb}${rest}${event.provisional ? ' provisional' : ''}`;
    }
    case EVENT.reply: {
      const code = event.protocol === 'smtp' ? `${event.code} ` : '';
      const answers = event.answers === '' ? '-' : event.answers;
      const lines = event.lines > 1 ? ` lines=${event.lines}` : '';
      return `reply ${code}${event.outcome} ${answers}@${event.answersLine}${lines}${event.codesDiffer ? ' codes-differ' : ''}`;
    }
    case EVENT.answerLine:
      return `answerLine ${event.answers}#${event.index} ${shown(event, event.start, event.end)}`;
    case EVENT.authStep: {
      const decoded = event.decoded === null ? 'not-base64' : String(event.decoded.length);
      const marks = `${event.initial ? ' initial' : ''}${event.partial ? ' partial' : ''}`;
      return `authStep ${event.mechanism || '?'}${marks} step=${event.step} bytes=${event.responseBytes} decoded=${decoded}`;
    }
    case EVENT.login: {
      const user = event.user === null ? '-' : `"${displayText(event.user, 0, event.user.length, 60)}"`;
      const outcome = event.phase === 'outcome' ? ` ${event.accepted} failedBefore=${event.failedBefore}` : '';
      return `login ${event.phase} ${event.mechanism} user=${user} password=${event.passwordBytes}${outcome}`;
    }
    case EVENT.longDataLine: {
      const marks = `${event.inHeader ? ' header' : ''}${event.terminator === 'none' ? ' partial' : ''}`;
      const strict = event.strictBytes === event.countedBytes ? '' : ` strict=${event.strictBytes}`;
      return `longDataLine ${event.countedBytes}${strict} ${event.transfer} message=${event.message}${marks}`;
    }
    case EVENT.literal:
      return `literal ${event.verb} ${event.announced}${event.nonSynchronizing ? '+' : ''} argument=${event.argument}`;
    case EVENT.messageEnd:
      return `messageEnd ${event.message} bytes=${event.lengthBytes} lines=${event.lines}${event.truncated ? ' truncated' : ''}`;
    case EVENT.injectedPlaintext: {
      const what = event.tlsRecord ? 'tls-record' : `${event.injectedVerb || '?'} bytes=${event.injectedBytes}`;
      return `injectedPlaintext ${event.verb} ${event.outcome} ${what}`;
    }
    case EVENT.gap:
      return `gap ${event.direction === TO_SERVER ? 'C' : 'S'} ${event.lengthBytes}`;
    case EVENT.end:
      return 'end';
    case EVENT.handshake:
      return `handshake ${event.phase}`;
    case EVENT.messageGrowth:
      return `messageGrowth ${event.message} bytes=${event.lengthBytes}`;
    case EVENT.literalText:
      return `literalText ${event.verb} ${event.announced} argument=${event.argument} ${shown(event, event.start, event.end)}`;
    case EVENT.fragment:
      return `fragment ${event.verb} ${shown(event, event.start, event.end)}`;
  }
}

/** Octets as text, secret ones as `<label>`. Long runs are cut. */
function shown(event: OctetsEvent, start: number, end: number): string {
  const from = Math.max(start, Math.min(event.secretStart, end));
  const to = Math.max(from, Math.min(event.secretEnd, end));
  if (from === to) return displayText(event.buffer, start, end, 60);
  const before = displayText(event.buffer, start, from, 60);
  return `${before}<${event.secretLabel}>${displayText(event.buffer, to, end, 60)}`;
}

function knowledgeName(level: KnowledgeLevel): string {
  return Object.keys(KNOWLEDGE).find((name) => KNOWLEDGE[name as keyof typeof KNOWLEDGE] === level) ?? '?';
}

function isLineReport(event: CopiedEvent): boolean {
  return (
    event.kind === EVENT.partialCommand ||
    event.kind === EVENT.command ||
    event.kind === EVENT.longDataLine ||
    event.kind === EVENT.authStep
  );
}

function isPartial(event: CopiedEvent): boolean {
  return (
    event.kind === EVENT.partialCommand || event.fields['partial'] === true || event.fields['terminator'] === 'none'
  );
}

function lineKey(event: CopiedEvent): string {
  return `${String(event.fields['direction'])}:${event.line}`;
}

function familyOf(event: CopiedEvent): number {
  return event.kind === EVENT.partialCommand ? EVENT.command : event.kind;
}
