/**
 * F7, a system call: CD 80, 0F 34 or CD 2E in 32-bit mode, 0F 05 in 64-bit mode, and in
 * the 24 octets before it the setting of its number: B0 nn (MOV AL), 6A nn 58 (PUSH,
 * POP EAX), 31 C0 (XOR EAX,EAX), in 64-bit mode also 48 31 (XOR of any). Decoding
 * from there must come to the system call exactly. Beside `/bin/sh`, `//sh` (which is
 * also the end of PUSH 68 2F 2F 73 68) or `cmd` anywhere in the octets it weighs 70.
 */
import { FEATURE_WEIGHTS, SHELL_WEIGHT, type Findings } from './features.js';
import { canRun, lengthOf, type Listing } from './listing.js';

const SET_UP_WITHIN = 24;
const SHELLS = ['/bin/sh', '//sh', 'cmd'].map((name) => Array.from(name, (letter) => letter.charCodeAt(0)));

/** F7 at a CDh or 0Fh. */
export function findSystemCall(listing: Listing, at: number, modes: readonly boolean[], found: Findings): void {
  if (at + 2 > listing.end) return;
  const mode = modeOfCall(listing.buffer[at] as number, listing.buffer[at + 1] as number);
  if (mode === null || !modes.includes(mode)) return;
  for (let place = at - 2; place >= Math.max(listing.start, at - SET_UP_WITHIN); place--) {
    if (!isSetUp(listing, place, mode) || !leadsTo(listing, place, at, mode)) continue;
    found.add('F7', place, at + 2, namesShell(listing) ? SHELL_WEIGHT : FEATURE_WEIGHTS.F7);
    return;
  }
}

/** True for a system call of 64-bit mode, false for one of 32-bit mode, null for none. */
function modeOfCall(first: number, second: number): boolean | null {
  if (first === 0x0f) return second === 0x05 ? true : second === 0x34 ? false : null;
  return second === 0x80 || second === 0x2e ? false : null;
}

function isSetUp(listing: Listing, at: number, wide: boolean): boolean {
  const { buffer } = listing;
  switch (buffer[at]) {
    case 0xb0:
      return true;
    case 0x6a:
      return at + 2 < listing.end && buffer[at + 2] === 0x58;
    case 0x31:
      return buffer[at + 1] === 0xc0;
    case 0x48:
      return wide && buffer[at + 1] === 0x31;
    default:
      return false;
  }
}

function leadsTo(listing: Listing, from: number, to: number, wide: boolean): boolean {
  let place = from;
  while (place < to) {
    const code = listing.instruction(place, wide);
    if (!canRun(code)) return false;
    place += lengthOf(code);
  }
  return place === to;
}

function namesShell(listing: Listing): boolean {
  for (let i = listing.start; i < listing.end; i++) {
    const octet = listing.buffer[i];
    if ((octet === 0x2f || octet === 0x63) && SHELLS.some((name) => listing.matches(i, name))) return true;
  }
  return false;
}
