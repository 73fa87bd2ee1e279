/**
 * One file of the ring while it is written. In: whole blocks. What is counted
 * as written consists of whole blocks at any time: when the system takes only
 * a part of them (a full disk), the file is cut back to the last whole one.
 */
import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { SpoolFile } from './manifest.js';
import { writeProblem } from './write-problem.js';

export class RingFile {
  readonly name: string;
  readonly start: number;
  /** Octets written so far, whole blocks. */
  length = 0;
  /** Packets written so far. */
  packets = 0;
  readonly #path: string;
  readonly #fd: number;

  /** Makes the file. Throws `ProblemError`. */
  constructor(path: string, place: { readonly name: string; readonly start: number }, mayReplace: boolean) {
    this.name = place.name;
    this.start = place.start;
    this.#path = path;
    try {
      this.#fd = openSync(path, mayReplace ? 'w' : 'wx', 0o600);
    } catch (error) {
      throw writeProblem(error, path);
    }
  }

  /** As the manifest lists it. */
  get listed(): SpoolFile {
    return { name: this.name, start: this.start, length: this.length };
  }

  /** Whole blocks, [start, end) of `buffer`; all of them or none. Throws `ProblemError`. */
  write(buffer: Uint8Array, start: number, end: number, packets: number): void {
    let at = start;
    try {
      while (at < end) at += writeSync(this.#fd, buffer, at, end - at, this.length + at - start);
    } catch (error) {
      this.#cutBack();
      throw writeProblem(error, this.#path);
    }
    this.length += end - start;
    this.packets += packets;
  }

  /**
   * Closes the file once the disk has it. That takes as long as the disk needs, in another thread; a failure to
   * do so is the system's, whose next write reports it.
   */
  close(): Promise<void> {
    const fd = this.#fd;
    return new Promise((resolve) => {
      fdatasync(fd, () => {
        closeSync(fd);
        resolve();
      });
    });
  }

  #cutBack(): void {
    try {
      ftruncateSync(this.#fd, this.length);
    } catch {
      // A reader cuts what is no whole block by itself.
    }
  }
}
