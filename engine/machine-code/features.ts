/**
 * The eleven signs of machine code, F1 to F11, their weights, and the list of
 * those found in one argument (PROTECTIONS, smtp-malicious-code). The exact
 * test of each stands in the file of its group.
 */
import { utf8SequenceLength } from '../text/display.js';

export const FEATURE_WEIGHTS = {
  /** A run of one-octet instructions that do nothing of note. */
  F1: 35,
  /** A stretch that can be entered at every octet (STRIDE). */
  F2: 40,
  /** A call whose return address is popped at once. */
  F3: 45,
  /** The address of the last x87 instruction, taken from FNSTENV. */
  F4: 60,
  /** The process environment block reached through FS or GS. */
  F5: 60,
  /** A short loop that changes memory through a register. */
  F6: 40,
  /** A system call with its number set up just before; 70 beside the name of a shell. */
  F7: 40,
  /** The beginning of a known alphanumeric decoder. */
  F8: 80,
  /** A long chain of valid instructions (abstract payload execution). */
  F9: 25,
  /** The same address over and over. */
  F10: 25,
  /** An egg hunter, or the jump over a structured exception handler. */
  F11: 70,
} as const;

export type FeatureName = keyof typeof FEATURE_WEIGHTS;

/** Weight of F7 beside the name of a shell. */
export const SHELL_WEIGHT = 70;

export interface Feature {
  readonly name: FeatureName;
  readonly weight: number;
  /** Octets concerned: [start, end) of the buffer. */
  readonly start: number;
  readonly end: number;
}

/** What was found, and what is still worth looking for: each feature counts once, where it was found first. */
export class Findings {
  readonly features: Feature[] = [];

  /** `sought` says which features count for these octets. */
  constructor(private readonly sought: (name: FeatureName) => boolean) {}

  wants(name: FeatureName): boolean {
    return this.sought(name) && !this.has(name);
  }

  has(name: FeatureName): boolean {
    return this.features.some((feature) => feature.name === name);
  }

  add(name: FeatureName, start: number, end: number, weight: number = FEATURE_WEIGHTS[name]): void {
    this.features.push({ name, weight, start, end });
  }
}

const SPACE = 0x20;
const TILDE = 0x7e;

/** True from space to tilde. */
export function isPrintable(octet: number): boolean {
  return octet >= SPACE && octet <= TILDE;
}

/** True when [start, end) is printable ASCII throughout. Four octets at a time: this runs on every argument. */
export function isPrintableText(buffer: Uint8Array, start: number, end: number): boolean {
  let i = start;
  for (const last = end - 3; i < last; i += 4) {
    const a = outside(buffer[i] as number) | outside(buffer[i + 1] as number);
    const b = outside(buffer[i + 2] as number) | outside(buffer[i + 3] as number);
    if ((a | b) < 0) return false;
  }
  for (; i < end; i++) if (outside(buffer[i] as number) < 0) return false;
  return true;
}

/** Negative for what is not printable: then one of the differences is. */
function outside(octet: number): number {
  return (octet - SPACE) | (TILDE - octet);
}

/** True for well-formed UTF-8 (RFC 3629) without control characters other than HT; a character that `end` cuts is let pass. */
export function isUtf8Text(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end;) {
    const octet = buffer[i] as number;
    if (octet < 0x20 ? octet !== 0x09 : octet === 0x7f) return false;
    const length = utf8SequenceLength(buffer, i, end);
    if (length === 0) return end - i < 4 && i > start && isCutCharacter(buffer, i, end);
    // C1 controls, U+0080 to U+009F.
    if (octet === 0xc2 && (buffer[i + 1] as number) < 0xa0) return false;
    i += length;
  }
  return true;
}

function isCutCharacter(buffer: Uint8Array, at: number, end: number): boolean {
  const lead = buffer[at] as number;
  const length = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (lead > 0xf4 || length <= end - at) return false;
  for (let i = at + 1; i < end; i++) if (((buffer[i] as number) & 0xc0) !== 0x80) return false;
  return true;
}
