/**
 * How code without an address of its own finds out where it lies.
 *
 * F3 call and pop: E8 whose 32-bit displacement is at most 512 either way and
 * leads into the argument, where one of the first four instructions is POP of a
 * register; or E8 FF FF FF FF and C0 to C7 (the call into its own last octet);
 * or EB or E9 forward to an E8 that calls backward into the argument. The bound
 * of 512 and the look for POP are libemu's (`emu_shellcode.c`).
 * F4 x87: D9 74 24 F4, FNSTENV [ESP-0Ch], with an x87 instruction in the 40
 * octets before it and a POP of a register in the 12 behind it (libemu: FNSTENV
 * with the effective address ESP-0Ch). It is a trick of 32-bit code.
 */
import type { Findings } from './features.js';
import { canRun, displacementBefore, lengthOf, opcodeIndex, type Listing } from './listing.js';
import { CODE } from './length-decoder.js';

const CALL = 0xe8;
const FARTHEST = 512;
const POP_WITHIN = 4;
const INTO_ITSELF = [CALL, 0xff, 0xff, 0xff, 0xff];
const FNSTENV = [0xd9, 0x74, 0x24, 0xf4];
const X87_BEFORE = 40;
const POP_BEHIND = 12;

/** F3 at an E8. Returns whether it was found. */
export function findCallPop(listing: Listing, at: number, modes: readonly boolean[], found: Findings): void {
  const target = callTarget(listing, at);
  if (target < 0) return;
  if (
    listing.matches(at, INTO_ITSELF) &&
    at + 5 < listing.end &&
    (listing.buffer[at + 5] as number) >> 3 === 0xc0 >> 3
  ) {
    found.add('F3', at, at + 6);
    return;
  }
  for (const wide of modes) {
    const popped = popBehind(listing, target, POP_WITHIN, listing.end, wide);
    if (popped < 0) continue;
    found.add('F3', Math.min(at, target), Math.max(at + 5, popped));
    return;
  }
}

/** F3 at an EB or E9 that jumps forward to a call backward. */
export function findJumpCall(listing: Listing, at: number, found: Findings): void {
  const size = listing.buffer[at] === 0xeb ? 1 : 4;
  const next = at + 1 + size;
  if (next > listing.end) return;
  const call = next + displacementBefore(listing.buffer, next, size);
  if (call <= next || call > next + FARTHEST || call >= listing.end || listing.buffer[call] !== CALL) return;
  const target = callTarget(listing, call);
  if (target >= 0 && target < call) found.add('F3', Math.min(at, target), call + 5);
}

/** Where the call at `at` leads, when that lies in the octets and near; else -1. */
function callTarget(listing: Listing, at: number): number {
  const next = at + 5;
  if (next > listing.end) return -1;
  const displacement = displacementBefore(listing.buffer, next, 4);
  const target = next + displacement;
  const isNear = displacement >= -FARTHEST && displacement <= FARTHEST;
  return isNear && target >= listing.start && target < listing.end ? target : -1;
}

/** Index behind the first POP of a register among `count` instructions from `at` that begin before `limit`; else -1. */
function popBehind(listing: Listing, at: number, count: number, limit: number, wide: boolean): number {
  let place = at;
  for (let i = 0; i < count && place < limit && place < listing.end; i++) {
    const code = listing.instruction(place, wide);
    if (!canRun(code)) return -1;
    const opcode = listing.buffer[opcodeIndex(code, place)] as number;
    place += lengthOf(code);
    if ((code & CODE.oneOctet) !== 0 && opcode >= 0x58 && opcode <= 0x5f) return place;
  }
  return -1;
}

/** F4 at a D9; 32-bit mode. Returns the index behind the POP, or -1. */
export function findFnstenv(listing: Listing, at: number, found: Findings): number {
  if (!listing.matches(at, FNSTENV)) return -1;
  const behind = at + FNSTENV.length;
  const popped = popBehind(listing, behind, POP_BEHIND, behind + POP_BEHIND, false);
  const before = popped < 0 ? -1 : x87Before(listing, at);
  if (before < 0) return -1;
  if (found.wants('F4')) found.add('F4', before, popped);
  return popped;
}

/** The nearest x87 instruction that ends at or before `at`; -1 when the 40 octets before have none. */
function x87Before(listing: Listing, at: number): number {
  for (let place = at - 2; place >= Math.max(listing.start, at - X87_BEFORE); place--) {
    if ((listing.buffer[place] as number) >> 3 !== 0xd8 >> 3) continue;
    const code = listing.instruction(place, false);
    if (canRun(code) && place + lengthOf(code) <= at) return place;
  }
  return -1;
}
