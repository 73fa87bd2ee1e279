/**
 * Static search for x86 machine code in what mail commands carry (PROTECTIONS,
 * smtp-malicious-code). In: octets and what they are; out: the features found,
 * their score, and where. Pure and bounded: nothing is emulated, no octet
 * beyond `maxScan` is read, no more than a fixed number of instructions decoded.
 * Nothing of it throws, and the result does not depend on where the octets lie.
 */
import type { Feature, FeatureName } from './features.js';
import { CodeScan, type CodeKind, type CodeOptions } from './scan.js';

export { isOrdinaryText } from './scan.js';

export { FEATURE_WEIGHTS, type Feature, type FeatureName } from './features.js';
export type { CodeKind, CodeOptions } from './scan.js';

/** The score from which on octets count as code, where no setting says otherwise. */
export const DEFAULT_SCORE = 70;
/** From this score on the finding is critical. */
export const CRITICAL_SCORE = 90;

/** What was found in one argument. */
export interface CodeVerdict {
  /** Sum of the features' weights; each feature counts once. */
  readonly score: number;
  /** The score as a confidence: 0 to 99. */
  readonly confidence: number;
  /** The least score that means something here, whatever the setting; 0 when the setting alone decides. */
  readonly threshold: number;
  readonly features: readonly Feature[];
  /** Hull of all features: [start, end) of the buffer. */
  readonly start: number;
  readonly end: number;
}

/** In ciphertext these come about by chance, so they need more beside them. */
const WEAK_IN_CIPHERTEXT: ReadonlySet<FeatureName> = new Set(['F3', 'F5', 'F7']);
const CIPHERTEXT_SCORE = 100;
/** A feature below this weight means nothing alone. */
const LEAST_ALONE = 60;
const HIGHEST_CONFIDENCE = 99;

const scan = new CodeScan();

/**
 * Examines [start, end) of `buffer`, which is borrowed until the call returns.
 * Null when there is no sign of code; else judge the verdict with `isMachineCode`.
 */
export function analyseCode(
  buffer: Uint8Array,
  start: number,
  end: number,
  kind: CodeKind,
  options: CodeOptions,
): CodeVerdict | null {
  const features = scan.examine(buffer, start, end, kind, options);
  return features === null ? null : verdictOf(features, kind);
}

/** True when the verdict reaches the score that is set, or that these octets need at least. */
export function isMachineCode(verdict: CodeVerdict, score: number = DEFAULT_SCORE): boolean {
  const [only] = verdict.features;
  if (verdict.features.length === 1 && only !== undefined && only.weight < LEAST_ALONE) return false;
  return verdict.score >= Math.max(score, verdict.threshold);
}

function verdictOf(features: readonly Feature[], kind: CodeKind): CodeVerdict {
  const score = features.reduce((sum, { weight }) => sum + weight, 0);
  const isWeak = kind === 'decoded-auth' && features.some(({ name }) => WEAK_IN_CIPHERTEXT.has(name));
  return {
    score,
    confidence: Math.min(HIGHEST_CONFIDENCE, score),
    threshold: isWeak ? CIPHERTEXT_SCORE : 0,
    features,
    start: Math.min(...features.map((feature) => feature.start)),
    end: Math.max(...features.map((feature) => feature.end)),
  };
}
