/** Makes the policy that `--policy` names: a profile, or a file that is checked as a whole. */
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { EffectivePolicy } from '../engine/index.js';
import type { PolicyChoice } from '../inspector/index.js';
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
  return makePolicy(readChoice(choice, inspector), inspector);
}

/** What `--policy` names, as plain data; a file is read here. */
export function readChoice(choice: string, inspector: Inspector): PolicyChoice {
  if (inspector.profiles.includes(choice)) return { profile: choice };
  return { text: readPolicy(choice, inspector.profiles), name: basename(choice) };
}

/** Throws a `CommandError` that says what is wrong where. */
export function makePolicy(choice: PolicyChoice, inspector: Inspector): EffectivePolicy {
  if ('profile' in choice) return inspector.profilePolicy(choice.profile);
  try {
    return inspector.parsePolicy(choice.text, choice.name);
  } catch (error) {
    const hint = hintOf(error);
    if (!(error instanceof Error) || hint === null) throw error;
    throw new CommandError(EXIT.usage, error.message, hint);
  }
}

/** Many times what a policy with a list of every network in use takes; a device has no end. */
const LONGEST_POLICY_BYTES = 16 * 1024 * 1024;

/** The text of a policy file or a pipe; throws a `CommandError` when it cannot be read. */
export function readPolicy(path: string, profiles: readonly string[]): string {
  const octets = readOctets(path, profiles);
  if (octets.length <= LONGEST_POLICY_BYTES) return octets.toString('utf8');
  const hint = `A policy has at most ${LONGEST_POLICY_BYTES} bytes; is it the capture that is named here?`;
  throw new CommandError(EXIT.usage, `policy ${path}: it is too large`, hint);
}

function readOctets(path: string, profiles: readonly string[]): Buffer {
  try {
    return readBounded(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === '') throw error;
    const hint = `Give a readable policy file or one of the profiles ${profiles.join(', ')}.`;
    throw new CommandError(EXIT.usage, `policy ${path}: ${REASONS[code] ?? code}`, hint);
  }
}

/** One octet more than a policy may have at most, so that the caller sees that it is too large. */
function readBounded(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let held = 0; held <= LONGEST_POLICY_BYTES;) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, LONGEST_POLICY_BYTES + 1 - held));
      const read = readSync(file, piece);
      if (read === 0) break;
      pieces.push(piece.subarray(0, read));
      held += read;
    }
    return Buffer.concat(pieces);
  } finally {
    closeSync(file);
  }
}

const PIECE_BYTES = 65_536;

/** Errors of a policy carry a hint; others are defects. */
function hintOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('hint' in error)) return null;
  return typeof error.hint === 'string' ? error.hint : null;
}
