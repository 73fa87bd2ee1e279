/**
 * Printf conversions in octets of a command: the mark of a format string attack
 * (CVE-2003-0391 and its like). In: a range of octets. Out: how many conversions
 * there are and which of them write to memory.
 *
 * A single `%` is legal in user names (`user%domain`), so `%n` that reads on as the
 * name of a host is not taken for a conversion.
 */
const PERCENT = 0x25;

/** Which octets play which part behind the `%`. */
const FLAG = 1;
const LENGTH = 2;
const INTEGER = 4;
const OTHER_CONVERSION = 8;
const WRITES = 16;
const HOST = 32;
const PARTS = new Uint8Array(256);
mark('0123456789$.*-', FLAG);
mark('hlqjzt', LENGTH);
mark('sxpdu', INTEGER);
mark('ioXeEfgGc', OTHER_CONVERSION);
mark('n', WRITES);
mark('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-', HOST);

function mark(characters: string, part: number): void {
  for (const character of characters)
    PARTS[character.charCodeAt(0)] = (PARTS[character.charCodeAt(0)] as number) | part;
}

/** What was found; indexes of the buffer, -1 where there is none. */
export interface PrintfConversions {
  /** `%s`, `%x`, `%p`, `%d`, `%u`, with flags, width and length. */
  readonly reading: number;
  /** `%n` with flags and length: it writes. */
  readonly writing: number;
  /** Any conversion of C, `reading` and `writing` included. */
  readonly all: number;
  readonly first: number;
  readonly last: number;
}

/** Counts the conversions in [start, end). */
export function findConversions(buffer: Uint8Array, start: number, end: number): PrintfConversions {
  let reading = 0;
  let writing = 0;
  let all = 0;
  let first = -1;
  let last = -1;
  for (let at = start; at < end; at++) {
    if (buffer[at] !== PERCENT) continue;
    const stop = conversionEnd(buffer, at, end);
    if (stop === -1) continue;
    const part = PARTS[buffer[stop - 1] as number] as number;
    if ((part & INTEGER) !== 0) reading++;
    if ((part & WRITES) !== 0 && !readsOnAsHost(buffer, at, stop, end)) writing++;
    all++;
    if (first === -1) first = at;
    last = stop;
    at = stop - 1;
  }
  return { reading, writing, all, first, last };
}

/** Behind the conversion that begins with the `%` at `at`; -1 when it is none. */
function conversionEnd(buffer: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  while (i < end && ((PARTS[buffer[i] as number] as number) & (FLAG | LENGTH)) !== 0) i++;
  const isConversion =
    i < end && ((PARTS[buffer[i] as number] as number) & (INTEGER | OTHER_CONVERSION | WRITES)) !== 0;
  return isConversion ? i + 1 : -1;
}

/** `%north.example`: nothing but characters of host names up to and behind the letter. */
function readsOnAsHost(buffer: Uint8Array, at: number, stop: number, end: number): boolean {
  if (stop === end) return false;
  for (let i = at + 1; i <= stop; i++) if (((PARTS[buffer[i] as number] as number) & HOST) === 0) return false;
  return true;
}
