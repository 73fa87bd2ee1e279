/**
 * The world refused: errors of files and of reading them, as data with a
 * permanent code. Thrown inside the inspector as `ProblemError`, caught at its
 * edges and handed on as the plain `Problem` that crosses processes.
 */
import type { Problem } from '../shared/inspection.js';

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

/** The problem inside any thrown value; a value that carries none is an internal error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: 'internal-error',
    message: `Mailscope itself failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Open the capture again. If it happens again, this is a defect of Mailscope that deserves a report.',
  };
}

/** The system's error code (`ENOENT`, ...) of a thrown value; empty when it has none. */
export function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
