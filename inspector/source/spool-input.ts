/**
 * A live capture, or one that was left behind, as an input like a file: reads
 * the spool's virtual stream from its beginning, waits for what is still to
 * come, and ends when the capture is over. What the ring gave up before it was
 * read is passed over and told.
 *
 * Time is that of the packets here too. While none comes, no connection ends for
 * being idle: it is shown as open, which is what is known of it, and the capture's
 * own status goes on. The next packet catches up. That way a live capture and its
 * file say the same.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MANIFEST_NAME, openSpool, type SpoolGrowth, type SpoolReader } from '../../capture/spool/index.js';
import type { Problem } from '../../shared/inspection.js';
import type { CaptureInput } from './input.js';
import type { Chunks } from './read-chunks.js';
import { spoolStretches, type Stretches } from './stretches.js';

/** True for a folder that a live capture was written to. */
export function isSpoolFolder(path: string): boolean {
  return existsSync(join(path, MANIFEST_NAME));
}

export class SpoolInput implements CaptureInput {
  readonly path: string;
  readonly stretches: Stretches;
  readBytes = 0;
  readonly #growth: SpoolGrowth | undefined;
  readonly #givenName: string;
  #reader: SpoolReader | null = null;
  #lostBytes = 0;

  /** `growth`: how far the running capture is; without it the capture is over. */
  constructor(folder: string, growth?: SpoolGrowth, name = '') {
    this.path = folder;
    this.#growth = growth;
    this.#givenName = name;
    this.stretches = spoolStretches(() => this.#open());
  }

  get name(): string {
    return this.#givenName || (this.#reader?.manifest.interfaceName ?? basename(this.path));
  }

  get sizeBytes(): number {
    return this.#growth?.writtenBytes ?? this.#reader?.growth.writtenBytes ?? 0;
  }

  get lost(): Problem | null {
    if (this.#lostBytes === 0) return null;
    return {
      code: 'spool-outrun',
      message: `Packets came faster than they were inspected: the ring gave up ${this.#lostBytes} bytes before they were read.`,
      hint: 'A larger ring or a narrower capture filter lets inspection keep up.',
    };
  }

  async *chunks(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    await this.#growth?.beyond(0, signal);
    if (this.#growth?.writtenBytes === 0) return;
    const reader = await this.#open();
    const stream: Chunks = reader.readFrom(0, {
      follow: true,
      signal,
      onDiscarded: (bytes) => this.#passedOver(bytes),
    });
    for await (const chunk of stream) {
      this.readBytes += chunk.length;
      yield chunk;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** What a capture that is over gave up long ago is no loss of this reading. */
  #passedOver(bytes: number): void {
    if (this.#growth !== undefined) this.#lostBytes += bytes;
  }

  async #open(): Promise<SpoolReader> {
    return (this.#reader ??= await openSpool(this.path, this.#growth));
  }
}
