/**
 * The octets of a finding as text for people and logs. In: a line event and the
 * marked range. Out: at most 128 octets around the mark, escaped, every secret
 * replaced by its label and length. Nothing of a secret ever leaves here.
 */
import { displayText } from '../text/display.js';
import { EVENT, type CommandEvent, type OctetsEvent, type ProtocolEvent } from '../protocols/events.js';

/** PROTECTIONS 0.3. */
export const EVIDENCE_BYTES = 128;
/** Octets shown before the mark when the line does not fit. */
const LEAD_BYTES = 24;

interface Secret {
  start: number;
  end: number;
  readonly label: string;
}

/**
 * Escaped text of the line around [markStart, markEnd) (indexes of `event.buffer`); `…` shows a cut.
 * Secrets stand as they crossed the wire only with `reveal`.
 */
export function evidenceOf(event: OctetsEvent, markStart: number, markEnd: number, reveal = false): string {
  const { start, end } = windowOf(event, markStart, markEnd);
  let text = start > event.start ? '…' : '';
  let at = start;
  for (const secret of reveal ? NO_SECRETS : secretsOf(event)) {
    if (secret.end <= at || secret.start >= end) continue;
    if (secret.start > at) text += displayText(event.buffer, at, secret.start);
    text += `[${secret.label}, ${secret.end - secret.start} bytes]`;
    at = secret.end;
  }
  if (at < end) text += displayText(event.buffer, at, end);
  return Math.max(at, end) < event.end ? `${text}…` : text;
}

const NO_SECRETS: readonly Secret[] = [];

function windowOf(event: OctetsEvent, markStart: number, markEnd: number): { start: number; end: number } {
  if (event.end - event.start <= EVIDENCE_BYTES) return { start: event.start, end: event.end };
  const slack = EVIDENCE_BYTES - (markEnd - markStart);
  const lead = slack > 0 ? Math.max(LEAD_BYTES, slack >> 1) : LEAD_BYTES;
  const latest = event.end - EVIDENCE_BYTES;
  const start = Math.max(event.start, Math.min(markStart - lead, latest));
  return { start, end: start + EVIDENCE_BYTES };
}

/** The credential ranges of the line in order, overlapping ones joined. */
function secretsOf(event: OctetsEvent): Secret[] {
  const ranges: Secret[] = [];
  add(ranges, event, event.secretStart, event.secretEnd, event.secretLabel);
  const typed = event as ProtocolEvent;
  if (typed.kind === EVENT.login) add(ranges, event, typed.passwordStart, typed.passwordEnd, 'password');
  if (typed.kind === EVENT.authStep) add(ranges, event, typed.responseStart, typed.responseEnd, 'response');
  if ((typed.kind === EVENT.command || typed.kind === EVENT.partialCommand) && isLoneResponse(typed)) {
    add(ranges, event, event.start, event.end, 'response');
  }
  ranges.sort((a, b) => a.start - b.start);
  const joined: Secret[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && range.start < last.end) last.end = Math.max(last.end, range.end);
    else joined.push(range);
  }
  return joined;
}

function add(ranges: Secret[], event: OctetsEvent, from: number, to: number, label: string): void {
  const start = Math.max(from, event.start);
  const end = Math.min(to, event.end);
  if (end > start) ranges.push({ start, end, label: label === '' ? 'secret' : label });
}

/**
 * A line that is no command but one word of base64 may be a response that missed its exchange, for
 * example because the server ended it early. A word of letters of one case alone is a word.
 */
function isLoneResponse(event: CommandEvent): boolean {
  if (event.verb !== '') return false;
  let { end } = event;
  while (end > event.start && (event.buffer[end - 1] as number) <= 0x20) end--;
  if (end - event.start < RESPONSE_BYTES) return false;
  let kinds = 0;
  for (let i = event.start; i < end; i++) {
    const kind = base64Kind(event.buffer[i] as number);
    if (kind === 0) return false;
    kinds |= kind;
  }
  return kinds !== UPPER && kinds !== LOWER;
}

const RESPONSE_BYTES = 8;
const UPPER = 1;
const LOWER = 2;
const OTHER = 4;

/** 0 for an octet outside the alphabet (RFC 4648 4). */
function base64Kind(octet: number): number {
  if (octet >= 0x41 && octet <= 0x5a) return UPPER;
  if (octet >= 0x61 && octet <= 0x7a) return LOWER;
  const isOther = (octet >= 0x2f && octet <= 0x39) || octet === 0x2b || octet === 0x3d;
  return isOther ? OTHER : 0;
}
