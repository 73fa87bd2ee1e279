/** An error as it crosses a process. */
export interface Problem {
  /** Permanent. */
  readonly code: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}
