/** The worst severity among findings. */
import { SEVERITY_RANK } from '../../shared/severity.js';
import type { Severity } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';

/** Null when there are no findings. */
export function worstSeverity(findings: readonly Violation[] | null): Severity | null {
  let worst: Severity | null = null;
  for (const { severity } of findings ?? []) {
    if (worst === null || SEVERITY_RANK[severity] > SEVERITY_RANK[worst]) worst = severity;
  }
  return worst;
}
