/**
 * Sleds and long chains: octets that run wherever they are entered.
 *
 * F1 trivial sled: 16 or more octets in a row of the one-octet instructions 90,
 * F8, F9, FC, 98, 99, 9B, 9E, 9F, 91 to 97 (40 to 4F are printable, hence out).
 * F2 STRIDE sled (Akritidis et al., 2005): a window of 96 octets, a quarter of
 * them or more not printable, in which decoding from every offset reaches the
 * window's end. Every offset is a start, so this is a run of 96 places whose
 * instruction is defined, unprivileged, no debug trap, and leads further on:
 * no return, no jump through a register, no jump backward or out of the octets.
 * F9 long chain (APE: Toth and Kruegel, 2002): 60 or more instructions from some
 * offset on, along forward jumps and calls; those of printable octets alone
 * and idle ones do not count; a fifth of the octets or more not printable.
 */
import type { Findings } from './features.js';
import { branchTarget, canRun, flowOf, lengthOf, type Listing } from './listing.js';
import { CODE } from './length-decoder.js';
import { FLOW } from './opcode-tables.js';

const TRIVIAL_RUN = 16;
const TRIVIAL = new Uint8Array(256);
for (const octet of [0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9b, 0x9e, 0x9f, 0xf8, 0xf9, 0xfc]) {
  TRIVIAL[octet] = 1;
}
const STRIDE_WINDOW = 96;
const STRIDE_UNPRINTABLE = STRIDE_WINDOW / 4;
const CHAIN_LENGTH = 60;
/** One octet in so many is not printable. */
const CHAIN_UNPRINTABLE = 5;

/** F1, counted by the caller's pass over the octets. */
export class TrivialSled {
  private length = 0;

  /** The octet at `at`, each in its turn; `last` for the final one. */
  octet(octet: number, at: number, last: boolean, found: Findings): void {
    const isTrivial = TRIVIAL[octet] === 1;
    if (isTrivial) this.length++;
    if (isTrivial && !last) return;
    const end = isTrivial ? at + 1 : at;
    if (this.length >= TRIVIAL_RUN && found.wants('F1')) found.add('F1', end - this.length, end);
    this.length = 0;
  }
}

/** F2 and F9 need the same look at every place, from the last to the first. */
export class Chains {
  private counts = new Uint32Array(0);
  private ends = new Uint32Array(0);

  find(listing: Listing, wide: boolean, found: Findings): void {
    const wantsStride = found.wants('F2') && listing.end - listing.start >= STRIDE_WINDOW;
    const wantsChain = found.wants('F9') && listing.end - listing.start >= CHAIN_LENGTH;
    if (!wantsStride && !wantsChain) return;
    this.makeRoom(listing.end - listing.start);
    const stride = new Stretch();
    const chain = new Stretch();
    let run = 0;
    for (let at = listing.end - 1; at >= listing.start; at--) {
      const code = listing.instruction(at, wide);
      const next = nextPlace(listing, at, code);
      run = next > at ? run + 1 : 0;
      if (run >= STRIDE_WINDOW && listing.unprintableIn(at, at + STRIDE_WINDOW) >= STRIDE_UNPRINTABLE) {
        stride.include(at, at + STRIDE_WINDOW);
      }
      if (wantsChain) this.extend(listing, at, code, next, chain);
    }
    if (wantsStride && stride.end > 0) found.add('F2', stride.start, stride.end);
    if (wantsChain && chain.end > 0) found.add('F9', chain.start, chain.end);
  }

  /** The chain from `at` is its instruction and the chain behind it. */
  private extend(listing: Listing, at: number, code: number, next: number, chain: Stretch): void {
    const { start, end } = listing;
    const index = at - start;
    if (!canRun(code)) {
      this.counts[index] = 0;
      this.ends[index] = at;
      return;
    }
    const own = at + lengthOf(code);
    const counted = (code & CODE.idle) === 0 && listing.unprintableIn(at, own) > 0 ? 1 : 0;
    const goesOn = next > at && next < end;
    const count = counted + (goesOn ? (this.counts[next - start] as number) : 0);
    const last = goesOn ? Math.max(own, this.ends[next - start] as number) : own;
    this.counts[index] = count;
    this.ends[index] = last;
    if (count >= CHAIN_LENGTH && listing.unprintableIn(at, last) * CHAIN_UNPRINTABLE >= last - at) {
      chain.include(at, last);
    }
  }

  private makeRoom(length: number): void {
    if (this.counts.length >= length) return;
    this.counts = new Uint32Array(length);
    this.ends = new Uint32Array(length);
  }
}

/** Hull of the stretches it was given; `end` is 0 while there is none. */
class Stretch {
  start = 0;
  end = 0;

  include(start: number, end: number): void {
    this.start = this.end === 0 ? start : Math.min(this.start, start);
    this.end = Math.max(this.end, end);
  }
}

/** Where the run goes on behind the instruction at `at`, `end` when the octets are over; -1 when it cannot. */
function nextPlace(listing: Listing, at: number, code: number): number {
  if ((code & CODE.cutOff) !== 0) return listing.end;
  if (!canRun(code)) return -1;
  const next = at + lengthOf(code);
  const flow = flowOf(code);
  if (flow === FLOW.on || flow === FLOW.mayJump) return next;
  if (flow === FLOW.leaves) return -1;
  const target = branchTarget(listing.buffer, at, code);
  return target >= next && target <= listing.end ? target : -1;
}
