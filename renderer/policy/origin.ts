/** Where a draft comes from, in words: a file that holds exactly it, a profile alone, or the user's own changes. */
import type { ImportedPolicy, PolicyDocument } from '../../shared/policy.js';
import { DEFAULT_PROFILE, isSameDocument } from './draft.js';
import { profileTitle } from './policy-words.js';

export function originOf(draft: PolicyDocument, file: ImportedPolicy | null): string {
  if (file !== null && isSameDocument(file.document, draft)) return `from ${lastPart(file.path)}`;
  const profile = draft.profile ?? DEFAULT_PROFILE;
  if (isSameDocument({ ...draft, profile }, { schema: 1, profile })) return `from the ${profileTitle(profile)} profile`;
  const base = file === null ? profileTitle(profile) : lastPart(file.path);
  return `from ${base}, changed`;
}

function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
