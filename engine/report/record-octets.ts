/**
 * Records of a report as octets, put together piece by piece in a buffer that
 * is used again for the next: a capture has millions of records, and strings
 * that are joined are trees which the collector copies. In: fixed pieces, text,
 * numbers. Out: the octets of the records, borrowed until the next one begins.
 */
import { Buffer } from 'node:buffer';
import { DIGIT_PAIRS, putTime, TIME_OCTETS } from '../session/timestamp.js';
import { displayText } from '../text/display.js';

/** A piece that is always the same, encoded once. */
export interface FixedPiece {
  readonly octets: Uint8Array;
  /**
   * The same, eight octets a word, the last one filled up: to store words is quicker than to store
   * octets. No eight octets of UTF-8 are a number that is none, which could change when it is stored:
   * such a number ends in 0xff, or in 0x7f behind 0xf0 or more.
   */
  readonly words: Float64Array;
}

const WORD_OCTETS = 8;
/** Up to so many words a loop is quicker than a native copy. */
const SHORT_COPY = 24;
const FIRST_BYTES = 16_384;
/** UTF-8 takes at most three octets for a UTF-16 unit. */
const OCTETS_PER_UNIT = 3;
const LONGEST_NUMBER = 32;
const ZERO = 0x30;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

export function fixedPiece(text: string): FixedPiece {
  const octets = new TextEncoder().encode(text);
  const words = new Float64Array(Math.ceil(octets.length / WORD_OCTETS));
  const filled = new Uint8Array(words.length * WORD_OCTETS);
  filled.set(octets);
  const view = new DataView(filled.buffer);
  for (let i = 0; i < words.length; i++) words[i] = view.getFloat64(i * WORD_OCTETS, true);
  return { octets, words };
}

export class RecordOctets {
  private octets = Buffer.allocUnsafeSlow(FIRST_BYTES);
  /** The same memory. */
  private view = viewOf(this.octets);
  private used = 0;

  begin(): void {
    this.used = 0;
  }

  /** What was written since `begin`; borrowed. */
  get written(): Uint8Array {
    return this.octets.subarray(0, this.used);
  }

  get text(): string {
    return this.octets.toString('utf8', 0, this.used);
  }

  /** Octets since `begin`. */
  get length(): number {
    return this.used;
  }

  fixed({ octets, words }: FixedPiece): void {
    const { length } = octets;
    this.reserve(length + WORD_OCTETS);
    const { view, used } = this;
    if (words.length > SHORT_COPY) this.octets.set(octets, used);
    else for (let i = 0; i < words.length; i++) view.setFloat64(used + i * WORD_OCTETS, words[i] as number, true);
    this.used = used + length;
  }

  /** Octets that were written since `begin`, from `start` up to `end`, once more. */
  again(start: number, end: number): void {
    this.reserve(end - start);
    this.octets.copyWithin(this.used, start, end);
    this.used += end - start;
  }

  /** Text as it is. */
  raw(text: string): void {
    this.reserve(text.length * OCTETS_PER_UNIT);
    if (!this.plain(text)) this.used += this.octets.write(text, this.used, 'utf8');
  }

  /** A string as JSON; captured text is display-safe already, and is escaped once more where it is not plain. */
  quoted(text: string): void {
    this.reserve(text.length + 2);
    const start = this.used;
    this.octets[this.used++] = QUOTE;
    if (this.plain(text)) {
      this.octets[this.used++] = QUOTE;
      return;
    }
    this.used = start;
    this.raw(JSON.stringify(text));
  }

  /** The first `length` captured octets as JSON, as `displayText` shows them with at most `maximum` characters. */
  shown(text: Uint8Array, length: number, maximum: number): void {
    this.reserve(length + 2);
    const { octets, used } = this;
    let isPlain = length <= maximum;
    octets[used] = QUOTE;
    for (let i = 0; isPlain && i < length; i++) {
      const octet = text[i] as number;
      isPlain = octet >= 0x20 && octet <= 0x7e && octet !== QUOTE && octet !== BACKSLASH;
      octets[used + 1 + i] = octet;
    }
    octets[used + 1 + length] = QUOTE;
    if (isPlain) this.used = used + length + 2;
    else this.quoted(displayText(text, 0, length, maximum));
  }

  /** As `String(value)` writes it. */
  number(value: number): void {
    if ((value | 0) !== value || value < 0 || value >= HALF) {
      this.largeNumber(value);
      return;
    }
    this.reserve(LONGEST_NUMBER);
    if (value < 10) this.octets[this.used++] = ZERO + value;
    else this.digits(value, 2);
  }

  private largeNumber(value: number): void {
    if (!(value >= HALF && value <= Number.MAX_SAFE_INTEGER) || !Number.isInteger(value)) {
      this.raw(String(value));
      return;
    }
    this.reserve(LONGEST_NUMBER);
    // Two halves of which each is a small integer: division of large numbers is slow.
    const high = Math.floor(value / HALF);
    this.digits(high, 1);
    this.digits(value - high * HALF, HALF_DIGITS);
  }

  /** An IPv4 address, dotted decimal. */
  ipv4(word: number): void {
    this.reserve(LONGEST_NUMBER);
    this.dotted(word >>> 24);
    this.dotted((word >>> 16) & 255);
    this.dotted((word >>> 8) & 255);
    this.dotted(word & 255);
    // Behind the last one is no point.
    this.used--;
  }

  /** Packet time, as `isoMicroseconds` has it. */
  time(timeUs: number): void {
    this.reserve(TIME_OCTETS);
    putTime(this.view, this.used, timeUs);
    this.used += TIME_OCTETS;
  }

  /** An octet of an address and a point. */
  private dotted(octet: number): void {
    this.view.setInt32(this.used, DOTTED[octet] as number, true);
    this.used += octet < 10 ? 2 : octet < 100 ? 3 : 4;
  }

  /** At least so many digits of an integer below 2^31. */
  private digits(value: number, least: number): void {
    const { view, used } = this;
    let length = least;
    while (length < POWERS.length && (POWERS[length] as number) <= value) length++;
    let at = used + length;
    let rest = value;
    while (at - used >= 2) {
      const next = (rest / 100) | 0;
      at -= 2;
      view.setUint16(at, DIGIT_PAIRS[rest - next * 100] as number, true);
      rest = next;
    }
    if (at > used) view.setUint8(used, ZERO + rest);
    this.used = used + length;
  }

  /** Writes ASCII without quote, backslash and controls; false, and nothing written, when it is something else. */
  private plain(text: string): boolean {
    const { octets, used } = this;
    const { length } = text;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH) return false;
      octets[used + i] = unit;
    }
    this.used = used + length;
    return true;
  }

  private reserve(bytes: number): void {
    if (this.used + bytes > this.octets.length) this.grow(bytes);
  }

  private grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.octets.length * 2, this.used + bytes));
    larger.set(this.octets.subarray(0, this.used));
    this.octets = larger;
    this.view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

const HALF_DIGITS = 9;
const HALF = 1e9;
/** By exponent, as far as they are below 2^31. */
const POWERS = Int32Array.from({ length: HALF_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** By an octet's value, its digits and a point: the first octet is the low one. */
const DOTTED = Int32Array.from({ length: 256 }, (_, value) => {
  const text = `${value}.`.padEnd(4, '.');
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24);
});
