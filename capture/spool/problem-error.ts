/**
 * The world refused, as an error that carries a plain `Problem`: thrown where a
 * capture's files are written and read, caught at the edges, and handed on as
 * the data that crosses processes.
 */
import type { Problem } from '../../shared/problem.js';

/** Carries a `Problem` through code that throws. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Makes the error of a problem, ready to throw. */
export function refuse(code: string, message: string, hint: string): ProblemError {
  return new ProblemError({ code, message, hint });
}

/** The system's error code (`ENOENT`, ...) of a thrown value; empty when it has none. */
export function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** What a thrown value says, for a message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
