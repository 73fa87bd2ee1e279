/**
 * A policy file as the document that people edit: its own words, nothing of the
 * profile. In: the text, which may hold comments. Out: plain data.
 */
import type { PolicyDocument } from '../../shared/policy.js';
import { parseJsonText } from './json-text.js';
import { parsePolicy } from './parse.js';
import { plainValue } from './policy-reader.js';

/** Throws `PolicyError` for a text that is no policy. A file need not say its schema; a document always does. */
export function policyDocument(text: string, name: string): PolicyDocument {
  parsePolicy(text, name);
  return { schema: 1, ...(plainValue(parseJsonText(text)) as Partial<PolicyDocument>) };
}
