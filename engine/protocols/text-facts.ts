/**
 * What of a delivery's octets can be said without knowing where they belong: who
 * finds it out has just had them in hand, and who needs it, perhaps in another
 * thread, need not look at most message text. In: octets that are delivered. Out:
 * their facts as one number, which may be told to someone else, and what they say.
 */
import { LONG_DATA_LINE } from './events.js';
import { countLineFeeds } from './line-feeds.js';
import { TEXT_SCAN } from './text-scan.js';

const CR = 13;
const DASH = 0x2d;
const DOT = 0x2e;
/** Commands and answers are shorter, as a rule, and looked at in any case. */
const WORTH_BYTES = 256;
/** Longest line of which facts are known; the part of it that came earlier may be as long again. */
export const FACT_LINE_BYTES = LONG_DATA_LINE / 2;

/** The number: where the last line ends (14 bits), how many do (13), and three bits. Two octets are the shortest line. */
const LONGEST_BYTES = 0x3fff;
const LINES_SHIFT = 14;
const LINES_BITS = 0x1fff;
const DOT_BIT = 1 << 27;
const DASH_BIT = 1 << 28;
const CR_BIT = 1 << 29;
/** Nothing is known. */
export const NO_TEXT_FACTS = -1;

/**
 * The facts of [start, end) of a delivery; none when the stretch is short, or a line ends in it that is not
 * ordinary: in CRLF, at most `FACT_LINE_BYTES` long, and followed neither by a dot nor by a dash.
 */
export function textFacts(buffer: Uint8Array, start: number, end: number): number {
  if (end - start < WORTH_BYTES || end - start > LONGEST_BYTES) return NO_TEXT_FACTS;
  const behind = TEXT_SCAN.ordinaryLines(buffer, start, end, DASH, FACT_LINE_BYTES);
  if (!TEXT_SCAN.isExhausted) return NO_TEXT_FACTS;
  const first = buffer[start] as number;
  const bits = (first === DOT ? DOT_BIT : first === DASH ? DASH_BIT : 0) | (buffer[end - 1] === CR ? CR_BIT : 0);
  return bits | (TEXT_SCAN.lineFeeds << LINES_SHIFT) | (behind - start);
}

/** The facts of the octets that are being delivered. */
class DeliveredText {
  private buffer: Uint8Array | null = null;
  private start = 0;
  private end = 0;
  private facts = NO_TEXT_FACTS;

  /** Of [start, end) these facts are known, until the next ones are told. */
  tell(buffer: Uint8Array, start: number, end: number, facts: number): void {
    this.facts = facts;
    if (facts === NO_TEXT_FACTS) return;
    if (this.buffer !== buffer) this.buffer = buffer;
    this.start = start;
    this.end = end;
  }

  /** Nothing is known, and nothing is held. */
  forget(): void {
    this.facts = NO_TEXT_FACTS;
    this.buffer = null;
  }

  /** Are facts known of exactly these octets? Only then ask for them. */
  isOf(buffer: Uint8Array, start: number, end: number): boolean {
    return this.facts !== NO_TEXT_FACTS && start === this.start && end === this.end && buffer === this.buffer;
  }

  /** How many lines end there; all are ordinary. */
  get lines(): number {
    return (this.facts >> LINES_SHIFT) & LINES_BITS;
  }

  /** Index behind the last line that ends there; that of the first octet when none does. */
  get behindLines(): number {
    return this.start + (this.facts & LONGEST_BYTES);
  }

  /** The first octet if it is a dot or a dash, else 0. */
  get firstMark(): number {
    const { facts } = this;
    if ((facts & (DOT_BIT | DASH_BIT)) === 0) return 0;
    return (facts & DOT_BIT) === 0 ? DASH : DOT;
  }

  get endsInCr(): boolean {
    return (this.facts & CR_BIT) !== 0;
  }
}

/** One for all. */
export const DELIVERED_TEXT = new DeliveredText();

/** How many LF there are in octets that are being delivered. */
export function countDeliveredLineFeeds(buffer: Uint8Array, start: number, end: number): number {
  return DELIVERED_TEXT.isOf(buffer, start, end) ? DELIVERED_TEXT.lines : countLineFeeds(buffer, start, end);
}
