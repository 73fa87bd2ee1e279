/**
 * One examination of one argument. Printable text, which is nearly all there
 * is, is left after a look for F8; in anything else each octet that may begin a
 * feature is tried, then the sleds and chains are followed in each mode. Holds
 * scratch memory that is used again, so one object serves one caller at a time.
 */
import { findAddressRow } from './address-rows.js';
import { findAlphanumericStub, mayHoldStub } from './alphanumeric-stubs.js';
import { findDecoderLoop, findHiddenLoop } from './decoder-loops.js';
import { Findings, isPrintableText, isUtf8Text, type Feature, type FeatureName } from './features.js';
import { findCallPop, findFnstenv, findJumpCall } from './getpc.js';
import { findEggHunter, findExceptionJump, findPeb32, findPeb64 } from './known-constants.js';
import { Listing } from './listing.js';
import { Chains, TrivialSled } from './sleds.js';
import { findSystemCall } from './syscalls.js';

/**
 * What the octets are. `utf8-argument`: SMTPUTF8 is in force, so UTF-8 is to be
 * expected. `decoded-auth`: a SASL response without its base64, which may be ciphertext.
 */
export type CodeKind = 'argument' | 'utf8-argument' | 'decoded-auth';

export interface CodeOptions {
  /** `x86-32`, `x86-64`. */
  readonly arches: ReadonlySet<string>;
  /** `F1` to `F11`. */
  readonly features: ReadonlySet<string>;
  /** Octets of an argument that are looked at, from its first. */
  readonly maxScan: number;
}

/** Bounds of the scan, beyond which `maxScan` has no effect: the longest IMAP literal that is offered. */
const LONGEST_SCAN = 65_536;

/** Features that say "this can be run" of any text in two-octet characters. */
const NOT_IN_UTF8: ReadonlySet<FeatureName> = new Set(['F2', 'F9', 'F10']);
const NOT_IN_CIPHERTEXT: ReadonlySet<FeatureName> = new Set(['F2', 'F9']);
const NONE: ReadonlySet<FeatureName> = new Set();
const NARROW = [false];
const WIDE = [true];
const BOTH = [false, true];
const NO_MODE: readonly boolean[] = [];

export class CodeScan {
  private readonly listing = new Listing();
  private readonly chains = new Chains();

  /** Instructions that the last examination looked at. */
  get steps(): number {
    return this.listing.steps;
  }

  /** The features in [start, end) of `buffer`, in the order found; null for none. */
  examine(
    buffer: Uint8Array,
    start: number,
    end: number,
    kind: CodeKind,
    options: CodeOptions,
  ): readonly Feature[] | null {
    const stop = Math.min(end, start + Math.min(options.maxScan, LONGEST_SCAN));
    if (isOrdinaryText(buffer, start, stop)) return null;
    if (isPrintableText(buffer, start, stop)) {
      const found = new Findings((name) => options.features.has(name));
      if (found.wants('F8')) findAlphanumericStub(buffer, start, stop, found);
      return found.features.length === 0 ? null : found.features;
    }
    return this.examineOctets(buffer, start, stop, kind, options);
  }

  private examineOctets(
    buffer: Uint8Array,
    start: number,
    stop: number,
    kind: CodeKind,
    options: CodeOptions,
  ): readonly Feature[] | null {
    const excluded = excludedFeatures(buffer, start, stop, kind);
    const found = new Findings((name) => !excluded.has(name) && options.features.has(name));
    const modes = modesOf(options.arches);
    this.listing.begin(buffer, start, stop);
    if (found.wants('F8')) findAlphanumericStub(buffer, start, stop, found);
    if (found.wants('F10')) findAddressRow(buffer, start, stop, found);
    for (const wide of modes) this.chains.find(this.listing, wide, found);
    this.tryOctets(modes, found);
    return found.features.length === 0 ? null : found.features;
  }

  private tryOctets(modes: readonly boolean[], found: Findings): void {
    const { listing } = this;
    const sled = new TrivialSled();
    for (let at = listing.start; at < listing.end; at++) {
      const octet = listing.buffer[at] as number;
      sled.octet(octet, at, at === listing.end - 1, found);
      if (MAY_BEGIN[octet] === 1) tryFeatures(listing, at, octet, modes, found);
    }
  }
}

/** True for printable text in which there is no sign of code, whatever the options. */
export function isOrdinaryText(buffer: Uint8Array, start: number, end: number): boolean {
  return isPrintableText(buffer, start, end) && !mayHoldStub(buffer, start, end);
}

/** 1 for octets that `tryFeatures` knows. */
const MAY_BEGIN = new Uint8Array(256).fill(1, 0x70, 0x80);
for (const octet of [0x0f, 0x64, 0x65, 0x66, 0xcd, 0xd9, 0xe0, 0xe1, 0xe2, 0xe8, 0xe9, 0xeb]) MAY_BEGIN[octet] = 1;

/** F3 to F7 and F11, as far as they begin with this octet. */
function tryFeatures(listing: Listing, at: number, octet: number, modes: readonly boolean[], found: Findings): void {
  switch (octet) {
    case 0x0f:
    case 0xcd:
      if (found.wants('F7')) findSystemCall(listing, at, modes, found);
      return;
    case 0x64:
      if (modes.includes(false) && found.wants('F5')) findPeb32(listing, at, found);
      return;
    case 0x65:
      if (modes.includes(true) && found.wants('F5')) findPeb64(listing, at, found);
      return;
    case 0x66:
      if (found.wants('F11')) findEggHunter(listing, at, found);
      return;
    case 0xd9:
      if (modes.includes(false)) tryFnstenv(listing, at, found);
      return;
    case 0xe8:
      if (found.wants('F3')) findCallPop(listing, at, modes, found);
      return;
    case 0xeb:
      if (found.wants('F11')) findExceptionJump(listing, at, found);
      if (found.wants('F3')) findJumpCall(listing, at, found);
      return;
    case 0xe9:
      if (found.wants('F3')) findJumpCall(listing, at, found);
      return;
    default:
      // Only a branch backward can close a loop.
      if ((listing.buffer[at + 1] ?? 0) >= 0x80 && found.wants('F6')) findDecoderLoop(listing, at, modes, found);
  }
}

function tryFnstenv(listing: Listing, at: number, found: Findings): void {
  if (!found.wants('F4') && !found.wants('F6')) return;
  const popped = findFnstenv(listing, at, found);
  if (popped >= 0 && found.wants('F6')) findHiddenLoop(listing, popped, found);
}

function excludedFeatures(buffer: Uint8Array, start: number, end: number, kind: CodeKind): ReadonlySet<FeatureName> {
  if (kind === 'decoded-auth') return NOT_IN_CIPHERTEXT;
  return kind === 'utf8-argument' || isUtf8Text(buffer, start, end) ? NOT_IN_UTF8 : NONE;
}

function modesOf(arches: ReadonlySet<string>): readonly boolean[] {
  const narrow = arches.has('x86-32');
  return arches.has('x86-64') ? (narrow ? BOTH : WIDE) : narrow ? NARROW : NO_MODE;
}
