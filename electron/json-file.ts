/**
 * A small JSON file that must never stop the app: written whole to a
 * neighbour and then renamed over, so that it is old or new and never half. A
 * file that cannot be read or is not what it should be counts as absent.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ZodType } from 'zod';

/** Content of the file as `schema` has it, or null. */
export function readJsonFile<T>(path: string, schema: ZodType<T>): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Only the user may read it: what the app keeps for itself. */
const PRIVATE = 0o600;

/** Replaces the file; false when the disk refused. `mode`: permissions of the new file. */
export function writeJsonFile(path: string, value: unknown, mode = PRIVATE): boolean {
  const neighbour = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(neighbour, `${JSON.stringify(value, null, 2)}\n`, { mode });
    renameSync(neighbour, path);
    return true;
  } catch {
    removeIfThere(neighbour);
    return false;
  }
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // `force` covers an absent file, not an absent or unusable folder; there is nothing to remove then.
  }
}
