/**
 * Literals: `{n}`, `{n+}` (RFC 7888), `~{n}` (RFC 3516) at the end of a line.
 * In: a line. Out: whether it announces octets, how many, and what stands before.
 * Numbers beyond 32 bits, signs and empty braces announce nothing.
 */
const OPEN = 0x7b;
const CLOSE = 0x7d;
const PLUS = 0x2b;
const TILDE = 0x7e;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const OPEN_PARENTHESIS = 0x28;
/** RFC 9051 9: number is 32 bits, and has at most ten digits. */
const HIGHEST = 4_294_967_295;
const DIGITS = 10;

export class LiteralMark {
  /** Announced octets, whatever their number; Infinity beyond 2^53. */
  announced = 0;
  nonSynchronizing = false;
  /** Index of the brace (or tilde) that begins the mark. */
  start = 0;
  /** True when octets follow: the number is one that servers take. */
  isUsable = false;

  /** Reads the end of the line [start, end); false when it has no mark. */
  read(buffer: Uint8Array, start: number, end: number): boolean {
    if (end - start < 3 || buffer[end - 1] !== CLOSE) return false;
    let at = end - 2;
    this.nonSynchronizing = buffer[at] === PLUS;
    if (this.nonSynchronizing) at--;
    const lastDigit = at;
    while (at >= start && isDigit(buffer[at] as number)) at--;
    if (at < start || at === lastDigit || buffer[at] !== OPEN) return false;
    this.count(buffer, at + 1, lastDigit + 1);
    this.start = at > start && buffer[at - 1] === TILDE ? at - 1 : at;
    const before = this.start > start ? (buffer[this.start - 1] as number) : SPACE;
    return before === SPACE || before === OPEN_PARENTHESIS;
  }

  private count(buffer: Uint8Array, start: number, end: number): void {
    let value = 0;
    for (let i = start; i < end && value <= Number.MAX_SAFE_INTEGER; i++)
      value = value * 10 + (buffer[i] as number) - 0x30;
    this.announced = value > Number.MAX_SAFE_INTEGER ? Infinity : value;
    this.isUsable = this.announced <= HIGHEST && end - start <= DIGITS;
  }
}

/** True when position `end` lies inside a quoted string that began behind `start`: there is no literal there. */
export function isInsideQuotes(buffer: Uint8Array, start: number, end: number): boolean {
  let quoted = false;
  for (let i = start; i < end; i++) {
    const octet = buffer[i];
    if (octet === QUOTE) quoted = !quoted;
    else if (quoted && octet === BACKSLASH) i++;
  }
  return quoted;
}

/** Arguments in [start, end): words, strings, and parenthesised lists as one each. */
export function countArguments(buffer: Uint8Array, start: number, end: number): number {
  let count = 0;
  let depth = 0;
  let quoted = false;
  let inWord = false;
  for (let i = start; i < end; i++) {
    const octet = buffer[i] as number;
    if (quoted) {
      if (octet === BACKSLASH) i++;
      else if (octet === QUOTE) quoted = false;
      continue;
    }
    if (octet === SPACE && depth === 0) {
      inWord = false;
      continue;
    }
    if (!inWord) count++;
    inWord = true;
    if (octet === QUOTE) quoted = true;
    else if (octet === OPEN_PARENTHESIS) depth++;
    else if (octet === 0x29 && depth > 0) depth--;
  }
  return count;
}

const MESSAGE_ITEMS: readonly Uint8Array[] = ['BODY[]', 'RFC822', 'BINARY[]', 'BODY.PEEK[]'].map((name) =>
  Uint8Array.from(name, (character) => character.charCodeAt(0)),
);

/** Does the fetch item that ends before `mark` carry a whole message (RFC 9051 7.5.2)? */
export function isMessageItem(buffer: Uint8Array, start: number, mark: number): boolean {
  let end = mark;
  while (end > start && buffer[end - 1] === SPACE) end--;
  // BODY[]<0> is a message from its first octet on.
  if (end - start > 3 && buffer[end - 1] === 0x3e && buffer[end - 2] === 0x30 && buffer[end - 3] === 0x3c) end -= 3;
  return MESSAGE_ITEMS.some((item) => endsWith(buffer, start, end, item));
}

function endsWith(buffer: Uint8Array, start: number, end: number, upper: Uint8Array): boolean {
  const from = end - upper.length;
  if (from < start) return false;
  for (let i = 0; i < upper.length; i++) {
    const octet = buffer[from + i] as number;
    if ((octet >= 0x61 && octet <= 0x7a ? octet - 32 : octet) !== upper[i]) return false;
  }
  const before = from > start ? (buffer[from - 1] as number) : SPACE;
  return before === SPACE || before === OPEN_PARENTHESIS;
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}
