/**
 * `capture.json`: what a ring's folder holds. Written whole to a second file
 * that then takes its name, so that a reader sees the old or the new one. When
 * the disk has no room for a second file, the old one is overwritten in place:
 * for that it is padded to whole pages.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CAPTURE_ENGINES, type CaptureEngineName } from '../../shared/capture.js';
import type { Problem } from '../../shared/problem.js';
import { reasonOf, refuse, systemCode } from './problem-error.js';

export const MANIFEST_NAME = 'capture.json';
const SCHEMA = 1;
const PAGE_BYTES = 4096;
/** ECMA-262, 21.4.1.1. */
const LATEST_MS = 8.64e15;

export interface SpoolFile {
  readonly name: string;
  /** Place of its first octet in the virtual stream. */
  readonly start: number;
  /** Octets; of the file that is being written, as many as there were when the manifest was. */
  readonly length: number;
}

export interface Manifest {
  readonly schema: number;
  readonly interfaceName: string;
  readonly engine: CaptureEngineName;
  readonly filter: string;
  /** Wall clock, ms since 1970. */
  readonly startedMs: number;
  /** The process that captures, and when it began, because numbers of processes come again. */
  readonly pid: number;
  readonly processStartedMs: number;
  readonly state: 'running' | 'closed';
  readonly problem: Problem | null;
  /** Where the files lie; empty for the folder of the manifest. */
  readonly filesFolder: string;
  /** Oldest first; the last one is being written while the state is `running`. */
  readonly files: readonly SpoolFile[];
  /** Files given up so far. */
  readonly discardedFiles: number;
}

/** When this process began, ms since 1970. */
export function processStartedMs(): number {
  return Math.round(Date.now() - process.uptime() * 1000);
}

/** Where a file of the ring lies. */
export function spoolFilePath(folder: string, manifest: Manifest, name: string): string {
  return join(manifest.filesFolder === '' ? folder : manifest.filesFolder, name);
}

/** Throws what the file system throws. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const path = join(folder, MANIFEST_NAME);
  const text = `${JSON.stringify({ ...manifest, schema: SCHEMA }, null, 1)}\n`;
  const octets = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / PAGE_BYTES) * PAGE_BYTES, ' ');
  octets.write(text);
  const second = `${path}.new`;
  try {
    writeFileSync(second, octets, { mode: 0o600 });
    renameSync(second, path);
  } catch (error) {
    rmSync(second, { force: true });
    if (systemCode(error) !== 'ENOSPC' && systemCode(error) !== 'EDQUOT') throw error;
    overwrite(path, octets);
  }
}

function overwrite(path: string, octets: Buffer): void {
  const fd = openSync(path, 'r+');
  try {
    writeSync(fd, octets, 0, octets.length, 0);
  } finally {
    closeSync(fd);
  }
}

/** Throws `ProblemError` when there is none, or when it is not what Mailscope writes. */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST_NAME), 'utf8');
  } catch (error) {
    const hint = 'Choose the folder of a capture that Mailscope made.';
    if (systemCode(error) === 'ENOENT') throw refuse('spool-missing', `${folder} holds no capture.`, hint);
    throw refuse('spool-not-readable', `The capture in ${folder} cannot be read: ${reasonOf(error)}.`, hint);
  }
  const manifest = parsed(text);
  if (manifest === null)
    throw refuse(
      'spool-damaged',
      `The list of files of the capture in ${folder} is damaged.`,
      'The pcapng files beside it can be opened one by one.',
    );
  return manifest;
}

function parsed(text: string): Manifest | null {
  try {
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : null;
  } catch {
    return null;
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const found = value as Readonly<Record<string, unknown>>;
  const { schema, engine, state, files, problem } = found;
  return (
    schema === SCHEMA &&
    ['interfaceName', 'filter', 'filesFolder'].every((name) => typeof found[name] === 'string') &&
    ['startedMs', 'pid', 'processStartedMs', 'discardedFiles'].every((name) => isCount(found[name])) &&
    CAPTURE_ENGINES.some((name) => name === engine) &&
    (state === 'running' || state === 'closed') &&
    isMoment(found['startedMs']) &&
    (problem === null || isProblem(problem)) &&
    Array.isArray(files) &&
    files.every(isSpoolFile) &&
    files.every((file, i) => i === 0 || file.start === endOf(files[i - 1] as SpoolFile))
  );
}

/** Beyond, there is no date. */
function isMoment(value: unknown): boolean {
  return isCount(value) && value <= LATEST_MS;
}

function isProblem(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const found = value as Readonly<Record<string, unknown>>;
  return ['code', 'message', 'hint'].every((name) => typeof found[name] === 'string');
}

/** A name never leads out of its folder. */
function isSpoolFile(value: unknown): value is SpoolFile {
  if (typeof value !== 'object' || value === null) return false;
  const { name, start, length } = value as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && name !== '' && basename(name) === name && isCount(start) && isCount(length);
}

/** The place behind a file's last octet. */
export function endOf(file: SpoolFile): number {
  return file.start + file.length;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
