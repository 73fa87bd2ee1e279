/** The world refused: a policy that cannot be used, and what would help. */

export type PolicyErrorCode =
  | 'policy-syntax'
  | 'policy-duplicate-key'
  | 'policy-type'
  | 'policy-schema'
  | 'policy-unknown-profile'
  | 'policy-unknown-key'
  | 'policy-unknown-protection'
  | 'policy-unknown-setting'
  | 'policy-value'
  | 'policy-out-of-range'
  | 'policy-network'
  | 'policy-access-list';

export interface PolicyProblem {
  /** Permanent. */
  readonly code: PolicyErrorCode;
  /** Where in the file, for example `protections.smtp-max-recipients.settings.limit`; empty for the whole. */
  readonly path: string;
  /** From 1; 0 when it is about no place in a text. */
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly allowed: string;
  readonly hint: string;
}

/** One sentence in `message`; the parts as fields. */
export class PolicyError extends Error {
  readonly code: PolicyErrorCode;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly allowed: string;
  readonly hint: string;

  constructor(policyName: string, problem: PolicyProblem) {
    const place = problem.line === 0 ? '' : ` (line ${problem.line}, column ${problem.column})`;
    const what = problem.path === '' ? '' : ` at ${problem.path}`;
    super(`Policy ${policyName}${what}${place}: found ${problem.found}, allowed is ${problem.allowed}.`);
    this.name = 'PolicyError';
    this.code = problem.code;
    this.path = problem.path;
    this.line = problem.line;
    this.column = problem.column;
    this.found = problem.found;
    this.allowed = problem.allowed;
    this.hint = problem.hint;
  }
}
