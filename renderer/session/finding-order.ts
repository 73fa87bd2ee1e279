/** The order in which n and p lead through findings. */
import type { Violation } from '../../shared/violation.js';

/** Findings by where they are in the transcript, then by when they were found. */
export function inTranscriptOrder(findings: readonly Violation[]): readonly Violation[] {
  return [...findings].sort((a, b) => a.line - b.line || a.id - b.id);
}

/**
 * The finding that `n` (step 1) or `p` (step -1) leads to, around the ends.
 * From the current finding if there is one, else from the active line.
 */
export function stepFinding(
  ordered: readonly Violation[],
  currentId: number | null,
  activeLine: number,
  step: 1 | -1,
): Violation | null {
  if (ordered.length === 0) return null;
  const current = ordered.findIndex((finding) => finding.id === currentId);
  if (current !== -1) return ordered[(current + step + ordered.length) % ordered.length] ?? null;
  if (step === 1) return ordered.find((finding) => finding.line > activeLine) ?? ordered[0] ?? null;
  const before = ordered.filter((finding) => finding.line < activeLine);
  return before[before.length - 1] ?? ordered[ordered.length - 1] ?? null;
}

/** How full the bar is and where the limit's tick stands, in percent; null when there is nothing to measure. */
export function measureBar(
  measured: number | null,
  limit: number | null,
): { readonly filled: number; readonly tick: number } | null {
  if (measured === null || limit === null || measured < 0 || limit < 0) return null;
  const most = Math.max(measured, limit);
  if (most === 0) return null;
  return { filled: (measured / most) * 100, tick: (limit / most) * 100 };
}
