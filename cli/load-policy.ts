/** Makes the policy that `--policy` names: a profile, or a file that is checked as a whole. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { EffectivePolicy } from '../engine/index.js';
import { CommandError, EXIT } from './exit-status.js';
import { systemCode } from './fd-writer.js';
import type { Inspector } from './host.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder',
};

/** Throws a `CommandError` that says what is wrong where. */
export function loadPolicy(choice: string, inspector: Inspector): EffectivePolicy {
  if (inspector.profiles.includes(choice)) return inspector.profilePolicy(choice);
  const text = readPolicy(choice, inspector.profiles);
  try {
    return inspector.parsePolicy(text, basename(choice));
  } catch (error) {
    const hint = hintOf(error);
    if (!(error instanceof Error) || hint === null) throw error;
    throw new CommandError(EXIT.usage, error.message, hint);
  }
}

function readPolicy(path: string, profiles: readonly string[]): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === '') throw error;
    const hint = `Give a readable policy file or one of the profiles ${profiles.join(', ')}.`;
    throw new CommandError(EXIT.usage, `policy ${path}: ${REASONS[code] ?? code}`, hint);
  }
}

/** Errors of a policy carry a hint; others are defects. */
function hintOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('hint' in error)) return null;
  return typeof error.hint === 'string' ? error.hint : null;
}
