/** How `mailscope` ends: the exit statuses, and errors that are the user's to solve. */
export const EXIT = {
  done: 0,
  /** Mailscope itself failed, or its output could not be written. */
  failed: 1,
  /** Wrong usage or policy. */
  usage: 2,
  /** An input could not be opened, or not be read to its end. */
  input: 3,
  /** Capturing could not start. */
  capture: 4,
  /** Done, and a finding at or above `--fail-on` exists. */
  findings: 20,
  /** Ended by Ctrl+C: 128 + SIGINT, as shells count. */
  interrupted: 130,
} as const;
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Ends the program with a message instead of a stack. */
export class CommandError extends Error {
  constructor(
    readonly status: ExitStatus,
    message: string,
    readonly hint: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

/** The error of an output that the system refused to take. */
export function unwritable(reason: Error): CommandError {
  const message = `the output could not be written: ${reason.message}`;
  return new CommandError(EXIT.failed, message, 'Check the space and the permissions there.');
}
