/**
 * The folder of public captures that tests may read when it is there:
 * `MAILSCOPE_CAPTURES`, else `../shared/captures` beside the repository.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

export type CaptureKind = 'mail' | 'formats' | 'malformed';

const FOLDER = process.env['MAILSCOPE_CAPTURES'] ?? resolve(import.meta.dirname, '../../../shared/captures');
const GZIP = 0x1f8b;

export const hasRealCaptures = existsSync(FOLDER);
if (!hasRealCaptures) console.warn(`real captures are not tested: there is no ${FOLDER}`);

export function capturePath(kind: CaptureKind, name: string): string {
  return join(FOLDER, kind, name);
}

/** File names in alphabetical order; none when the folder is absent. */
export function captureNames(kind: CaptureKind): readonly string[] {
  return hasRealCaptures ? readdirSync(join(FOLDER, kind)).sort() : [];
}

/** The capture's octets, decompressed when they are gzip. */
export function readCapture(path: string): Buffer {
  const octets = readFileSync(path);
  return octets.length > 2 && octets.readUInt16BE(0) === GZIP ? gunzipSync(octets) : octets;
}
