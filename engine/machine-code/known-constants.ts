/**
 * Instructions whose very octets give code away.
 *
 * F5 process environment block: 64 A1 30 00 00 00 and 64 8B /r 30 00 00 00 (fs:[30h],
 * 32 bit); 64 8B /r 30h through a register that XOR cleared in the 24 octets
 * before; 65 48 8B /r 25 60 00 00 00 (gs:[60h], 64 bit), and 65 48 8B /r 60h through a
 * cleared register likewise.
 * F11: EB 06 90 90 or EB 08 90 90 and four octets (the jump over the handler in a
 * structured exception record); 66 81 CA FF 0F 42 52 6A 02 58 CD 2E (the search for
 * an egg, page by page, by Skape 2004).
 */
import type { Findings } from './features.js';
import type { Listing } from './listing.js';

const FS = 0x64;
const MOV_EAX = [FS, 0xa1, 0x30, 0, 0, 0];
const FS_OFFSET = [0x30, 0, 0, 0];
const GS_MOV = [0x65, 0x48, 0x8b];
const GS_OFFSET = [0x25, 0x60, 0, 0, 0];
const EGG_HUNTER = [0x66, 0x81, 0xca, 0xff, 0x0f, 0x42, 0x52, 0x6a, 0x02, 0x58, 0xcd, 0x2e];
const CLEARED_WITHIN = 24;
const SEH_OCTETS = 8;

/** F5 at a 64h. */
export function findPeb32(listing: Listing, at: number, found: Findings): void {
  if (listing.matches(at, MOV_EAX)) {
    found.add('F5', at, at + MOV_EAX.length);
    return;
  }
  if (at + 4 > listing.end || listing.buffer[at + 1] !== 0x8b) return;
  const modRm = listing.buffer[at + 2] as number;
  // Mod 00, r/m 101: an address and no register.
  if ((modRm & 0xc7) === 0x05 && listing.matches(at + 3, FS_OFFSET)) found.add('F5', at, at + 7);
  else addThroughCleared(listing, at, at + 2, 0x30, found);
}

/** F5 at a 65h. */
export function findPeb64(listing: Listing, at: number, found: Findings): void {
  if (!listing.matches(at, GS_MOV) || at + 5 > listing.end) return;
  const modRm = listing.buffer[at + 3] as number;
  if ((modRm & 0xc7) === 0x04 && listing.matches(at + 4, GS_OFFSET)) found.add('F5', at, at + 9);
  else addThroughCleared(listing, at, at + 3, 0x60, found);
}

/** ModRM at `modRmAt` is [register + offset], and the register was cleared before `at`. */
function addThroughCleared(listing: Listing, at: number, modRmAt: number, offset: number, found: Findings): void {
  const modRm = listing.buffer[modRmAt] as number;
  const base = modRm & 7;
  if (modRm >> 6 !== 1 || base === 4 || listing.buffer[modRmAt + 1] !== offset) return;
  const cleared = 0xc0 | (base << 3) | base;
  for (let place = at - 2; place >= Math.max(listing.start, at - CLEARED_WITHIN); place--) {
    const opcode = listing.buffer[place];
    if ((opcode !== 0x31 && opcode !== 0x33) || listing.buffer[place + 1] !== cleared) continue;
    found.add('F5', place, modRmAt + 2);
    return;
  }
}

/** F11 at an EB. */
export function findExceptionJump(listing: Listing, at: number, found: Findings): void {
  if (at + SEH_OCTETS > listing.end) return;
  const distance = listing.buffer[at + 1];
  const isOver =
    (distance === 6 || distance === 8) && listing.buffer[at + 2] === 0x90 && listing.buffer[at + 3] === 0x90;
  if (isOver) found.add('F11', at, at + SEH_OCTETS);
}

/** F11 at a 66h. */
export function findEggHunter(listing: Listing, at: number, found: Findings): void {
  if (listing.matches(at, EGG_HUNTER)) found.add('F11', at, at + EGG_HUNTER.length);
}
