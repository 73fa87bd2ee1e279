/**
 * F6, the loop that decodes what follows it: LOOP, LOOPE, LOOPNE or a short Jcc
 * that leads back by at most 48 octets (its own counted), and between its target
 * and itself XOR, ADD or SUB (30, 31, 00, 01, 28, 29; 80, 81, 83 with /6, /0, /5) on
 * memory through a register. Decoding from the target must meet both: in
 * random octets a backward branch is common, a loop is rare.
 *
 * Behind F4 the branch may be encoded itself (Shikata ga nai). There it is enough
 * that among the 16 instructions behind the POP one changes memory through a
 * register and another moves that register by 4.
 */
import type { Findings } from './features.js';
import { canRun, displacementBefore, lengthOf, opcodeIndex, type Listing } from './listing.js';
import { CODE } from './length-decoder.js';

const LONGEST_LOOP = 48;
const HIDDEN_WITHIN = 16;

/** F6 at a short branch: 70 to 7F, E0 to E2. */
export function findDecoderLoop(listing: Listing, at: number, modes: readonly boolean[], found: Findings): void {
  const next = at + 2;
  if (next > listing.end) return;
  const displacement = displacementBefore(listing.buffer, next, 1);
  const target = next + displacement;
  if (displacement >= -2 || displacement < -LONGEST_LOOP || target < listing.start) return;
  for (const wide of modes) {
    if (!changesMemory(listing, target, at, wide)) continue;
    found.add('F6', target, next);
    return;
  }
}

/** True when decoding from `from` comes to `to` exactly, and past an instruction that changes memory. */
function changesMemory(listing: Listing, from: number, to: number, wide: boolean): boolean {
  let changes = false;
  let place = from;
  while (place < to) {
    const code = listing.instruction(place, wide);
    if (!canRun(code)) return false;
    changes ||= changedBase(listing, place, code, wide) >= 0;
    place += lengthOf(code);
  }
  return changes && place === to;
}

/** Register through which the instruction changes memory (8: through a SIB octet); -1 when it does not. */
function changedBase(listing: Listing, at: number, code: number, wide: boolean): number {
  if ((code & CODE.memory) === 0 || (code & CODE.oneOctet) === 0) return -1;
  const opcodeAt = opcodeIndex(code, at);
  const opcode = listing.buffer[opcodeAt] as number;
  const modRm = listing.buffer[opcodeAt + 1] as number;
  if (!isChange(opcode, (modRm >> 3) & 7)) return -1;
  const rm = modRm & 7;
  if (rm === 4) return hasBase(listing.buffer[opcodeAt + 2] as number, modRm) ? 8 : -1;
  // Mod 00, r/m 101: an address, in 64-bit mode one beside the instruction, which code may well decode.
  return modRm >> 6 === 0 && rm === 5 && !wide ? -1 : rm;
}

function isChange(opcode: number, reg: number): boolean {
  if (opcode >= 0x80 && opcode <= 0x83) return opcode !== 0x82 && (reg === 6 || reg === 0 || reg === 5);
  return opcode < 0x32 && (opcode & 0xc6) === 0 && [0x00, 0x28, 0x30].includes(opcode & 0xfe);
}

/** False for SIB without base and index: an address. */
function hasBase(sib: number, modRm: number): boolean {
  return (sib & 7) !== 5 || modRm >> 6 !== 0 || (sib & 0x38) !== 0x20;
}

/** F6 behind the POP of F4, which ends at `at`: 32-bit mode, the branch unseen. */
export function findHiddenLoop(listing: Listing, at: number, found: Findings): void {
  let changed = 0;
  let moved = 0;
  let place = at;
  for (let i = 0; i < HIDDEN_WITHIN && place < listing.end; i++) {
    const code = listing.instruction(place, false);
    if (!canRun(code)) return;
    const base = changedBase(listing, place, code, false);
    if (base >= 0 && base < 8) changed |= 1 << base;
    moved |= movedByFour(listing, place, code);
    place += lengthOf(code);
    if ((changed & moved) === 0) continue;
    found.add('F6', at, place);
    return;
  }
}

/** Bit of the register that ADD or SUB with 4 or -4 moves (83 /0 and /5); 0 for anything else. */
function movedByFour(listing: Listing, at: number, code: number): number {
  if (lengthOf(code) !== 3 || listing.buffer[at] !== 0x83) return 0;
  const modRm = listing.buffer[at + 1] as number;
  const step = listing.buffer[at + 2];
  const isAddOrSub = (modRm & 0xf8) === 0xc0 || (modRm & 0xf8) === 0xe8;
  return isAddOrSub && (step === 0x04 || step === 0xfc) ? 1 << (modRm & 7) : 0;
}
