/**
 * A policy document as text and back. In: the text of a file, which may hold
 * comments. Out: the document, once the engine has found nothing wrong with
 * it; else a `ProblemError` that says what is wrong where.
 */
import { basename } from 'node:path';
import { checkPolicy, policyDocument } from '../../engine/index.js';
import { refuse, ProblemError } from '../../inspector/problem.js';
import type { PolicyDocument } from '../../shared/policy.js';
import { POLICY_DOCUMENT } from './document-shape.js';

/** The document of a policy file; `name` is the file's, for messages. Throws `ProblemError`. */
export function documentOf(text: string, name: string): PolicyDocument {
  const { problem } = checkPolicy(text, name);
  if (problem !== null) throw new ProblemError(problem);
  const parsed = POLICY_DOCUMENT.safeParse(policyDocument(text, name));
  if (parsed.success) return parsed.data;
  throw refuse(
    'policy-too-large',
    `${name} is larger than a policy that the app can edit.`,
    'Shorten its lists, or use the file on the command line.',
  );
}

/** The text that the engine judges and the worker gets. */
export function textOf(document: PolicyDocument): string {
  return JSON.stringify(document, null, 2);
}

/** What a policy is called: its file, the profile that it is nothing but, or `own`. */
export function nameOf(document: PolicyDocument, path: string | null): string {
  if (path !== null) return basename(path);
  return textOf(document) === textOf(profileDocument(document.profile)) ? (document.profile ?? DEFAULT_PROFILE) : 'own';
}

const DEFAULT_PROFILE = 'modern';

/** A document that says nothing but its profile. */
export function profileDocument(profile: string = DEFAULT_PROFILE): PolicyDocument {
  return { schema: 1, profile };
}
