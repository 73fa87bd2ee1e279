/**
 * F8, the beginnings of decoders that are written in letters and digits, so that
 * they pass as text: those of the `alpha2` encoder (Wever, 2004) in upper and
 * mixed case, its Unicode form, and the structured-exception form. Found
 * anywhere in the octets, exactly as written.
 *
 * This runs on every printable argument: a search by Horspool's rule for all at
 * once looks at about every tenth octet of ordinary text.
 */
import type { Findings } from './features.js';

const STUBS = [
  'PYIIIIIIIIII',
  'TYIIIIIIIIII',
  'VTX30VX4AP0A3HH0A00ABAABTAAQ2AB2BB0BBXP8ACJJI',
  'PPYAIAIAIAIA',
  'jAXP0A0AkAAQ',
].map((text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0)));

/** The search compares windows as long as the shortest stub. */
const WINDOW = Math.min(...STUBS.map((stub) => stub.length));
/** How far the window may move when its last octet is this one. */
const SHIFT = new Uint8Array(256).fill(WINDOW);
for (const stub of STUBS) {
  for (let i = 0; i < WINDOW - 1; i++) {
    const octet = stub[i] as number;
    SHIFT[octet] = Math.min(SHIFT[octet] as number, WINDOW - 1 - i);
  }
}
/** 1 for octets that end a stub's window. */
const ENDS_WINDOW = new Uint8Array(256);
for (const stub of STUBS) ENDS_WINDOW[stub[WINDOW - 1] as number] = 1;

/** F8 in [start, end). */
export function findAlphanumericStub(buffer: Uint8Array, start: number, end: number, found: Findings): void {
  for (let last = start + WINDOW - 1; last < end;) {
    const at = nextStub(buffer, last, end);
    if (at < 0) return;
    const stub = stubAt(buffer, at, end);
    if (stub !== null) {
      found.add('F8', at, at + stub.length);
      return;
    }
    last = at + WINDOW;
  }
}

/** True when [start, end) may hold a stub; quick, and never wrong in saying no. */
export function mayHoldStub(buffer: Uint8Array, start: number, end: number): boolean {
  return nextStub(buffer, start + WINDOW - 1, end) >= 0;
}

/** First index of a window that ends at `last` or later and equals some stub's first octets; -1 when there is none. */
function nextStub(buffer: Uint8Array, from: number, end: number): number {
  let last = from;
  while (last < end) {
    const octet = buffer[last] as number;
    if (ENDS_WINDOW[octet] === 1 && beginsStub(buffer, last - WINDOW + 1)) return last - WINDOW + 1;
    last += SHIFT[octet] as number;
  }
  return -1;
}

function beginsStub(buffer: Uint8Array, at: number): boolean {
  for (const stub of STUBS) if (equals(buffer, at, stub, WINDOW)) return true;
  return false;
}

function stubAt(buffer: Uint8Array, at: number, end: number): Uint8Array | null {
  for (const stub of STUBS) if (at + stub.length <= end && equals(buffer, at, stub, stub.length)) return stub;
  return null;
}

function equals(buffer: Uint8Array, at: number, stub: Uint8Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (buffer[at + i] !== stub[i]) return false;
  return true;
}
