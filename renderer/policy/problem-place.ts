/** Where on the screen a problem of a policy lies: its path in the document leads to a tab, a protection, a field. */
import type { PolicyProblem } from '../../shared/policy.js';

export type PolicyTab = 'protections' | 'networks' | 'perimeter';

export interface ProblemPlace {
  readonly tab: PolicyTab;
  /** The protection concerned, or null. */
  readonly protection: string | null;
  /** `data-policy-path` of the field. */
  readonly field: string;
}

const PLACES: readonly (readonly [PolicyTab, RegExp])[] = [
  ['protections', /^(protections\.([\w-]+)(?:\.settings\.[\w-]+|\.action|\.servers)?)/],
  ['networks', /^(networks\.\w+)/],
  ['perimeter', /^(perimeter)(?:\[|$)/],
];

/** Null for a path that no field of the screen shows. */
export function placeOf(path: string): ProblemPlace | null {
  for (const [tab, pattern] of PLACES) {
    const found = pattern.exec(path);
    if (found !== null) return { tab, protection: found[2] ?? null, field: found[1] as string };
  }
  return null;
}

/** `found`, `allowed` and the line of a field with one entry a line; null when the problem lies elsewhere. */
export function problemAt(problem: PolicyProblem | null, field: string): PolicyProblem | null {
  return problem !== null && placeOf(problem.path)?.field === field ? problem : null;
}

/** Number from 1 of the typed line that a list's problem is about; 0 when it cannot be told. */
export function lineOfProblem(problem: PolicyProblem, lines: readonly string[]): number {
  const index = /\[(\d+)\]$/.exec(problem.path)?.[1];
  const wanted = index === undefined ? null : Number(index);
  let entry = -1;
  for (const [at, line] of lines.entries()) {
    const text = line.trim();
    if (text === '') continue;
    entry++;
    if (wanted === null ? JSON.stringify(text) === problem.found : entry === wanted) return at + 1;
  }
  return 0;
}

/** A path as people count: lines from 1. */
export function readablePath(path: string): string {
  return path.replace(/^perimeter\[(\d+)\]$/, (_, index: string) => `perimeter, line ${Number(index) + 1}`);
}
