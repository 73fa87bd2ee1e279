/**
 * Writes a capture to a ring of pcapng files. In: blocks from a cutter. Out:
 * files that are complete captures of their own (each begins with the section
 * header and the interfaces), the oldest of which is given up when there are
 * too many, and the manifest. All files ever written, one after the other, are
 * one capture: the virtual stream; a place in it never changes.
 *
 * Blocks are handed to the system at each `flush`, so the end of this process
 * loses nothing that was flushed. A file is brought to the disk (fdatasync) when
 * it is full and at the end: the loss of power can cost what the system had not
 * written of the newest file by itself.
 */
import { mkdirSync, rmdirSync, rmSync } from 'node:fs';
import type { CaptureEngineName, RingSize } from '../../shared/capture.js';
import type { Problem } from '../../shared/problem.js';
import type { BlockSink } from './block-cutter.js';
import { endOf, processStartedMs, spoolFilePath, writeManifest, type Manifest, type SpoolFile } from './manifest.js';
import { BLOCK, type InterfaceCounts } from './pcapng-blocks.js';
import { Preamble } from './preamble.js';
import { RingFile } from './ring-file.js';
import { SPOOL_NAMES, type RingNames } from './ring-names.js';
import { SectionCounts } from './section-counts.js';
import { writeProblem } from './write-problem.js';

const STAGE_BYTES = 1_048_576;

export interface RingOptions {
  /** Of the manifest; made when absent. */
  readonly folder: string;
  /** 0 in `files` or `fileBytes` stands for without bound. */
  readonly ring: RingSize;
  readonly interfaceName: string;
  readonly engine: CaptureEngineName;
  readonly filter: string;
  readonly startedMs: number;
  readonly names?: RingNames;
  /** What the capture process counted so far; asked when a file ends. */
  readonly counts?: () => InterfaceCounts;
  /** Wall clock, ms since 1970. */
  readonly now?: () => number;
}

export class RingWriter implements BlockSink {
  /** Files given up. */
  discarded = 0;
  /** Packets handed to the system. */
  packets = 0;
  readonly #options: RingOptions;
  readonly #names: RingNames;
  readonly #now: () => number;
  readonly #preamble = new Preamble();
  readonly #counts: SectionCounts;
  readonly #stage = new Uint8Array(STAGE_BYTES);
  #staged = 0;
  #stagedPackets = 0;
  #old: SpoolFile[] = [];
  #file: RingFile | null = null;
  #fileBegunMs = 0;
  #number = 0;
  /** Virtual end of the files before the present one. */
  #end = 0;
  readonly #closing = new Set<Promise<void>>();
  #problem: Problem | null = null;
  #isClosed = false;

  /** Makes the folder. Throws `ProblemError`. */
  constructor(options: RingOptions) {
    this.#options = options;
    this.#names = options.names ?? SPOOL_NAMES;
    this.#now = options.now ?? Date.now;
    this.#counts = new SectionCounts(options.counts ?? (() => ({ received: null, dropped: null })));
    try {
      mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw writeProblem(error, options.folder);
    }
  }

  /** Octets of the virtual stream that the system has. */
  get writtenBytes(): number {
    return this.#file === null ? this.#end : endOf(this.#file.listed);
  }

  /** First octet of the virtual stream that is still there. */
  get firstKept(): number {
    return this.#old[0]?.start ?? this.#file?.start ?? this.#end;
  }

  /** Files in use. */
  get files(): number {
    return this.#old.length + (this.#file === null ? 0 : 1);
  }

  /** Takes a block; borrowed. Throws `ProblemError`, after which only `close` is left. */
  block(type: number, buffer: Uint8Array, start: number, end: number, littleEndian: boolean): void {
    switch (type) {
      case BLOCK.section:
        // The blocks before belong to the section before.
        if (this.#preamble.isComplete) this.#endFile();
        this.#preamble.section(buffer, start, end, littleEndian);
        return;
      case BLOCK.interface:
        this.#preamble.interface(buffer, start, end);
        if (this.#file === null) this.#begin();
        else this.#put(buffer, start, end, 0);
        return;
      case BLOCK.statistics:
        if (!this.#counts.take(buffer, start, end, littleEndian) && this.#file !== null)
          this.#put(buffer, start, end, 0);
        return;
      case BLOCK.enhancedPacket:
      case BLOCK.simplePacket:
      case BLOCK.packet:
        this.#packet(buffer, start, end);
        return;
      default:
        if (this.#file !== null) this.#put(buffer, start, end, 0);
    }
  }

  /** Hands everything to the system. Throws `ProblemError`. */
  flush(): void {
    if (this.#staged === 0 || this.#file === null) return;
    const length = this.#staged;
    const packets = this.#stagedPackets;
    this.#staged = 0;
    this.#stagedPackets = 0;
    this.#file.write(this.#stage, 0, length, packets);
    this.packets += packets;
  }

  /** Begins a new file when the time of the present one is over. Throws `ProblemError`. */
  tick(): void {
    const { fileSeconds } = this.#options.ring;
    if (fileSeconds === 0 || this.#file === null || this.#filePackets === 0) return;
    if (this.#now() - this.#fileBegunMs >= fileSeconds * 1000) this.#rotate();
  }

  /** Ends the capture: what was taken is on the disk when it resolves. Never rejects; to be called once. */
  async close(problem: Problem | null): Promise<Problem | null> {
    this.#problem = problem;
    try {
      this.#endFile();
    } catch (error) {
      this.#problem ??= writeProblem(error, this.#options.folder).problem;
    }
    this.#isClosed = true;
    await Promise.all(this.#closing);
    if (this.#old.length === 0) this.#leave();
    else this.#writeLastManifest();
    return this.#problem;
  }

  #writeLastManifest(): void {
    try {
      this.#writeManifest();
    } catch (error) {
      this.#problem ??= writeProblem(error, this.#options.folder).problem;
    }
  }

  /** Nothing was captured: an empty folder need not stay. */
  #leave(): void {
    try {
      rmdirSync(this.#options.folder);
    } catch {
      // It was not ours alone.
    }
  }

  get #filePackets(): number {
    return (this.#file?.packets ?? 0) + this.#stagedPackets;
  }

  #packet(buffer: Uint8Array, start: number, end: number): void {
    if (this.#file === null) this.#begin();
    const { fileBytes, fileSeconds } = this.#options.ring;
    const size = (this.#file?.length ?? 0) + this.#staged + end - start;
    const isFull = fileBytes > 0 && size > fileBytes;
    const isOld = fileSeconds > 0 && this.#now() - this.#fileBegunMs >= fileSeconds * 1000;
    if ((isFull || isOld) && this.#filePackets > 0) this.#rotate();
    this.#put(buffer, start, end, 1);
  }

  #put(buffer: Uint8Array, start: number, end: number, packets: number): void {
    if (end - start > STAGE_BYTES - this.#staged) this.flush();
    if (end - start > STAGE_BYTES) {
      this.#file?.write(buffer, start, end, packets);
      this.packets += packets;
      return;
    }
    this.#stage.set(buffer.subarray(start, end), this.#staged);
    this.#staged += end - start;
    this.#stagedPackets += packets;
  }

  #rotate(): void {
    this.#endFile();
    this.#begin();
  }

  /** Writes the present file's statistics and closes it. */
  #endFile(): void {
    const file = this.#file;
    if (file === null) return;
    const statistics = this.#counts.endFile(this.#now() * 1000, this.#preamble.littleEndian);
    if (statistics !== null) this.#put(statistics, 0, statistics.length, 0);
    try {
      this.flush();
    } finally {
      const closed = file.close();
      this.#closing.add(closed);
      void closed.then(() => this.#closing.delete(closed));
      this.#old.push(file.listed);
      this.#end = endOf(file.listed);
      this.#file = null;
    }
  }

  #begin(): void {
    const { folder } = this.#options;
    const nowMs = this.#now();
    const name = this.#names.name(++this.#number, nowMs);
    const path = spoolFilePath(folder, this.#manifest(), name);
    const file = new RingFile(path, { name, start: this.#end }, this.#names.mayReplace);
    const headers = this.#preamble.octets();
    try {
      file.write(headers, 0, headers.length, 0);
    } catch (error) {
      // Without its headers it is no capture, and is not listed.
      void file.close();
      rmSync(path, { force: true });
      throw error;
    }
    this.#file = file;
    this.#fileBegunMs = nowMs;
    const given = this.#giveUp();
    try {
      this.#writeManifest();
      for (const { name } of given) rmSync(spoolFilePath(folder, this.#manifest(), name), { force: true });
    } catch (error) {
      throw writeProblem(error, folder);
    }
  }

  /** Takes the oldest files off the list as far as there are too many. */
  #giveUp(): readonly SpoolFile[] {
    const { files } = this.#options.ring;
    const tooMany = files > 0 ? Math.max(0, this.files - files) : 0;
    this.discarded += tooMany;
    return this.#old.splice(0, tooMany);
  }

  #writeManifest(): void {
    writeManifest(this.#options.folder, this.#manifest());
  }

  #manifest(): Manifest {
    const { interfaceName, engine, filter, startedMs } = this.#options;
    return {
      schema: 1,
      interfaceName,
      engine,
      filter,
      startedMs,
      pid: process.pid,
      processStartedMs: processStartedMs(),
      state: this.#isClosed ? 'closed' : 'running',
      problem: this.#problem,
      filesFolder: this.#names.filesFolder,
      files: this.#file === null ? this.#old : [...this.#old, this.#file.listed],
      discardedFiles: this.discarded,
    };
  }
}
