/**
 * Holds the part of a JSON document that must come last: in memory while it is
 * small, then in a temporary file that only this user can read and that is
 * removed in the end.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Spool, Write } from '../engine/index.js';

const MEMORY_CHARACTERS = 8_388_608;
const READ_BYTES = 262_144;

export class FileSpool implements Spool {
  private pieces: string[] = [];
  private characters = 0;
  private file: { readonly folder: string; readonly fd: number } | null = null;

  /** `folder`: where the temporary file lies, should one be needed. */
  constructor(
    private readonly memoryCharacters = MEMORY_CHARACTERS,
    private readonly folder = tmpdir(),
  ) {}

  append(text: string): void {
    this.pieces.push(text);
    this.characters += text.length;
    if (this.characters >= this.memoryCharacters) this.spill();
  }

  drainTo(write: Write): void {
    if (this.file !== null) {
      this.spill();
      readBack(this.file.fd, write);
    }
    for (const piece of this.pieces) write(piece);
    this.dispose();
  }

  /** Removes the temporary file; safe to call at any time. */
  dispose(): void {
    this.pieces = [];
    this.characters = 0;
    if (this.file === null) return;
    closeSync(this.file.fd);
    rmSync(this.file.folder, { recursive: true, force: true });
    this.file = null;
  }

  private spill(): void {
    if (this.file === null) {
      const folder = mkdtempSync(join(this.folder, 'mailscope-'));
      this.file = { folder, fd: openSync(join(folder, 'violations'), 'wx+', 0o600) };
    }
    const octets = Buffer.from(this.pieces.join(''), 'utf8');
    for (let at = 0; at < octets.length;) at += writeSync(this.file.fd, octets, at);
    this.pieces = [];
    this.characters = 0;
  }
}

function readBack(fd: number, write: Write): void {
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(READ_BYTES);
  for (let position = 0; ;) {
    const length = readSync(fd, buffer, 0, buffer.length, position);
    if (length === 0) break;
    position += length;
    write(decoder.write(buffer.subarray(0, length)));
  }
  write(decoder.end());
}
