/**
 * The gate between the page and the main process: who asks, and for what. Only
 * the main frame of the app's own window, at the app's own page, is answered;
 * input is checked; errors become data. Independent of Electron's objects, so
 * that it can be tested without a window.
 */
import type { ZodType } from 'zod';
import type { Answer } from '../../shared/ipc.js';
import type { Problem } from '../../shared/inspection.js';
import { problemOf } from '../../inspector/index.js';

/** What the gate looks at of an `IpcMainInvokeEvent`. */
export interface Asking {
  /** Null when the frame is gone already. */
  readonly senderFrame: { readonly url: string } | null;
}

export interface GateRules {
  /** True for the main frame of the app's window. */
  readonly isOurFrame: (frame: object) => boolean;
  readonly isOurUrl: (url: string) => boolean;
}

/** Checks the sender and the input, then answers; never throws, never rejects. */
export async function answerThroughGate<I, O>(
  rules: GateRules,
  asking: Asking,
  input: unknown,
  schema: ZodType<I>,
  answer: (input: I) => O | Promise<O>,
): Promise<Answer<O>> {
  const frame = asking.senderFrame;
  if (frame === null || !rules.isOurFrame(frame) || !rules.isOurUrl(frame.url)) {
    return refused(
      'ipc-foreign-sender',
      'This page may not ask that.',
      'Only the Mailscope window itself is answered.',
    );
  }
  const parsed = schema.safeParse(input);
  if (!parsed.success)
    return refused(
      'ipc-bad-input',
      `The question is malformed: ${issuesOf(parsed.error.issues)}.`,
      'This is a defect of Mailscope.',
    );
  try {
    return { ok: true, value: await answer(parsed.data) };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

/** Paths and reasons, never the values: those may be anything. */
function issuesOf(issues: readonly { readonly path: readonly PropertyKey[]; readonly code: string }[]): string {
  return issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'input'} (${issue.code})`)
    .join(', ');
}

function refused(code: string, message: string, hint: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code, message, hint } };
}
