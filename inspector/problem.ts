/**
 * The world refused: errors of files and of reading them, as data with a
 * permanent code. Thrown inside the inspector as `ProblemError`, caught at its
 * edges and handed on as the plain `Problem` that crosses processes.
 */
import { ProblemError } from '../capture/spool/index.js';
import type { Problem } from '../shared/inspection.js';

export { ProblemError, refuse, systemCode } from '../capture/spool/index.js';

/** The problem inside any thrown value; a value that carries none is an internal error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: 'internal-error',
    message: `Mailscope itself failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Open the capture again. If it happens again, this is a defect of Mailscope that deserves a report.',
  };
}
