/**
 * The octets under examination as instructions: each place is decoded at most
 * once in each mode, however often the tests pass over it. In: a stretch of a
 * borrowed buffer; out: what the length decoder says of a place. It also keeps
 * the budget: when that is used up, every place answers "undefined", which ends
 * every test, so that no input costs more than a fixed number of steps.
 */
import { isPrintable } from './features.js';
import { CODE, decodeInstruction } from './length-decoder.js';
import { FLOW } from './opcode-tables.js';

/**
 * Instructions looked at for one argument of up to `BUDGET_OCTETS` octets, in
 * both modes together; longer ones get proportionally more. It stands in for
 * the 2 ms of PROTECTIONS, because the engine has no clock: in the product's
 * bundle the costliest argument found, 4096 times E0, takes 126,018 steps and
 * 1.15 ms.
 */
export const STEP_BUDGET = 163_840;
export const BUDGET_OCTETS = 4096;

/** What ends a walk over instructions. */
const BROKEN = CODE.undefined | CODE.cutOff | CODE.privileged | CODE.debugTrap;

export class Listing {
  buffer: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Instructions looked at since `begin`. */
  steps = 0;
  private budget = STEP_BUDGET;
  private narrow = new Int32Array(0);
  private wide = new Int32Array(0);
  /** Octets before each place that are not printable. */
  private unprintable = new Int32Array(1);

  /** [start, end) of `buffer` is borrowed until the next `begin`. */
  begin(buffer: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.narrow.length < length) {
      this.narrow = new Int32Array(length);
      this.wide = new Int32Array(length);
      this.unprintable = new Int32Array(length + 1);
    }
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.steps = 0;
    this.budget = STEP_BUDGET * Math.max(1, length / BUDGET_OCTETS);
    this.narrow.fill(0, 0, length);
    this.wide.fill(0, 0, length);
    for (let i = 0, seen = 0; i < length; i++) {
      if (!isPrintable(buffer[start + i] as number)) seen++;
      this.unprintable[i + 1] = seen;
    }
  }

  /** What `decodeInstruction` says of the place `at`, which lies in [start, end). */
  instruction(at: number, wide: boolean): number {
    if (this.steps >= this.budget) return CODE.undefined;
    this.steps++;
    const known = wide ? this.wide : this.narrow;
    const index = at - this.start;
    let code = known[index] as number;
    if (code === 0) {
      code = decodeInstruction(this.buffer, at, this.end, wide);
      known[index] = code;
    }
    return code;
  }

  /** Number of octets in [from, to) that are not printable ASCII. */
  unprintableIn(from: number, to: number): number {
    return (this.unprintable[to - this.start] as number) - (this.unprintable[from - this.start] as number);
  }

  /** True when the octets at `at` are these. */
  matches(at: number, octets: readonly number[]): boolean {
    if (at < this.start || at + octets.length > this.end) return false;
    for (let i = 0; i < octets.length; i++) if (this.buffer[at + i] !== octets[i]) return false;
    return true;
  }
}

/** True for an instruction that a program can run: defined, whole, neither privileged nor a debug trap. */
export function canRun(code: number): boolean {
  return (code & BROKEN) === 0;
}

export function lengthOf(code: number): number {
  return code & CODE.lengthMask;
}

export function flowOf(code: number): number {
  return (code >> CODE.flowAt) & 7;
}

/** Index of the opcode's last octet of the instruction at `at`. */
export function opcodeIndex(code: number, at: number): number {
  return at + ((code >> CODE.opcodeAt) & 15);
}

/** Where a near branch at `at` goes, which may lie anywhere; -1 for what is no near branch. */
export function branchTarget(buffer: Uint8Array, at: number, code: number): number {
  const next = at + lengthOf(code);
  const size = (code >> CODE.displacementAt) & 7;
  if (flowOf(code) === FLOW.on || size === 0) return -1;
  return next + displacementBefore(buffer, next, size);
}

/** The signed little-endian number whose last octet stands before `end`. */
export function displacementBefore(buffer: Uint8Array, end: number, size: number): number {
  let value = 0;
  for (let i = 1; i <= size; i++) value = (value << 8) | (buffer[end - i] as number);
  const unused = 32 - 8 * size;
  return (value << unused) >> unused;
}
