/**
 * The live capture of the app and the captures that were never saved. Starts,
 * stops and saves; keeps the ring's folder of a capture until it was saved or
 * the user removes it, so that nothing captured is lost by closing. Packets
 * never come here.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  captureEngines,
  chooseEngine,
  defaultMailFilter,
  findLeftCaptures,
  mailFilterFor,
  removeLeftCapture,
  type CaptureEngines,
  type HelperProgram,
  type InspectorClient,
} from '../../inspector/index.js';
import { refuse } from '../../inspector/problem.js';
import type { CaptureEngineChoice, LeftCapture, LiveStatus } from '../../shared/capture.js';
import type { InspectionStatus } from '../../shared/inspection.js';
import type { LiveStart, Settings } from '../../shared/ipc.js';
import { captureFolderName, proposedName } from './capture-names.js';

const MEBIBYTE = 1_048_576;

export interface LiveSurroundings {
  readonly inspector: InspectorClient;
  readonly settings: () => Settings;
  /** Holds one folder per capture. */
  readonly folder: string;
  readonly helper: HelperProgram;
  /** Asks for a place to save to; null when the user cancels. */
  readonly choosePlace: (proposed: string) => Promise<string | null>;
}

interface OpenCapture {
  readonly folder: string;
  saved: boolean;
}

export class LiveCaptures {
  readonly engines: CaptureEngines;
  readonly #surroundings: LiveSurroundings;
  /** The capture in a folder of ours that is open: live, over, or reopened. */
  #open: OpenCapture | null = null;
  /** Captures of this run that are over and were not saved. */
  readonly #kept = new Map<string, LeftCapture>();

  constructor(surroundings: LiveSurroundings) {
    this.#surroundings = surroundings;
    this.engines = captureEngines(surroundings.helper);
  }

  /** True while packets are captured. */
  get isRunning(): boolean {
    const phase = this.#status?.phase;
    return phase === 'starting' || phase === 'running';
  }

  /** Starts; what was open is left in order before. Never rejects for what the world refuses. */
  async start(input: LiveStart): Promise<InspectionStatus> {
    await this.leave();
    const { inspector, settings } = this.#surroundings;
    const { captureEngine, ringFileMebibytes, ringFiles } = settings();
    const { interfaceName, engine = captureEngine, promiscuous = true } = input;
    const filter = input.filter ?? (await this.defaultFilter(interfaceName, engine));
    const folder = join(this.#surroundings.folder, captureFolderName(new Date()));
    const ring = { fileBytes: ringFileMebibytes * MEBIBYTE, files: ringFiles, fileSeconds: 0 };
    this.#open = { folder, saved: false };
    return inspector.startLive({ interfaceName, engine, filter, promiscuous, ring, folder });
  }

  /** Ends the capture that runs, if any; what was captured stays open. */
  async stop(): Promise<void> {
    if (this.isRunning) await this.#surroundings.inspector.stopLive();
  }

  /** Ends what is open as far as it is a capture of ours: stopped, and its files kept unless they were saved. */
  async leave(): Promise<void> {
    await this.stop();
    const open = this.#open;
    if (open === null) return;
    const kept = this.#left(this.#status);
    this.#open = null;
    if (open.saved || kept?.bytes === 0) this.#discard(open.folder);
    else if (kept !== null) this.#kept.set(open.folder, kept);
  }

  async save(): Promise<string | null> {
    const open = this.#open;
    if (open === null) throw refuse('no-live-capture', 'There is no live capture to save.', 'Start a capture first.');
    const path = await this.#surroundings.choosePlace(
      proposedName(this.#surroundings.inspector.status.name, open.folder),
    );
    if (path === null) return null;
    await this.#surroundings.inspector.saveLive(path);
    // What comes after this moment is in no file yet.
    open.saved = !this.isRunning;
    return path;
  }

  /** Newest first; the one that is open among them once it is over. */
  left(): readonly LeftCapture[] {
    const open = this.isRunning || this.#open?.saved === true ? null : this.#left(this.#status);
    const kept = [...this.#kept.values()].filter(({ folder }) => existsSync(folder));
    const own = [...kept, ...(open === null || open.bytes === 0 ? [] : [open])];
    const known = new Set(own.map(({ folder }) => folder));
    const others = findLeftCaptures(this.#surroundings.folder).filter(({ folder }) => !known.has(folder));
    return [...own, ...others].sort((one, other) => other.startedMs - one.startedMs);
  }

  async reopen(folder: string): Promise<InspectionStatus> {
    this.#assertLeft(folder);
    await this.leave();
    this.#open = { folder, saved: false };
    return this.#surroundings.inspector.open(folder);
  }

  remove(folder: string): readonly LeftCapture[] {
    this.#assertLeft(folder);
    removeLeftCapture(folder);
    this.#kept.delete(folder);
    if (this.#open?.folder === folder) this.#open = null;
    return this.left();
  }

  /** For the mail ports, as this interface and the engine that would be used take it. */
  async defaultFilter(interfaceName: string, engine?: CaptureEngineChoice): Promise<string> {
    const choice = await this.#choose(interfaceName, engine);
    return choice.kind === 'refused' ? defaultMailFilter() : mailFilterFor(choice.engine, interfaceName);
  }

  /** Null when the filter is good, or when nothing here may capture and so nothing can tell. */
  async checkFilter(interfaceName: string, filter: string): Promise<string | null> {
    const choice = await this.#choose(interfaceName);
    return choice.kind === 'refused' ? null : choice.engine.checkFilter(filter, interfaceName);
  }

  #choose(interfaceName: string, engine = this.#surroundings.settings().captureEngine) {
    return chooseEngine(engine, interfaceName, this.engines);
  }

  /** How the capture that is open goes, or went; null when it is none of ours. */
  get #status(): LiveStatus | null {
    const { live = null } = this.#surroundings.inspector.status;
    return live !== null && live.folder === this.#open?.folder ? live : null;
  }

  /** The open capture as one that is left; a reopened one is known by its files already. */
  #left(live: LiveStatus | null): LeftCapture | null {
    if (live === null) return null;
    const { folder, interfaceName, startedMs, keptBytes } = live;
    return { folder, interfaceName, startedMs, bytes: live.packets === 0 ? 0 : keptBytes, ended: true };
  }

  #assertLeft(folder: string): void {
    if (this.left().some((left) => left.folder === folder)) return;
    throw refuse('capture-unknown', 'This capture is no longer there.', 'It may have been removed or saved meanwhile.');
  }

  /** Nobody misses it: that it cannot be removed now is no fault, it is offered at the next start. */
  #discard(folder: string): void {
    this.#kept.delete(folder);
    try {
      removeLeftCapture(folder);
    } catch {
      // A capture that did not even begin has no folder.
    }
  }
}
