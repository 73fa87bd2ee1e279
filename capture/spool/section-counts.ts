/**
 * The statistics of interface 0, file by file. Capture processes count from the
 * start of the capture, but each file is a section of its own whose statistics
 * are added up by readers: so each file states what was counted since the file
 * before. A statistics block of the capture process waits for the end of its
 * file, because the driver of the process knows better what its numbers mean
 * (the kernel counts a packet on loopback twice), and knows it last.
 */
import { countsOf, interfaceStatistics, withCounts, type InterfaceCounts } from './pcapng-blocks.js';

const NOTHING: InterfaceCounts = { received: null, dropped: null };

export class SectionCounts {
  readonly #ask: () => InterfaceCounts;
  /** Stated in the files before. */
  #stated = NOTHING;
  /** What the capture process said in the present file; null when it said nothing. */
  #said: Uint8Array | null = null;

  /** `ask`: what is counted since the start of the capture. */
  constructor(ask: () => InterfaceCounts) {
    this.#ask = ask;
  }

  /** A statistics block of the capture process; false when it is not of interface 0, and is not kept. */
  take(buffer: Uint8Array, start: number, end: number, littleEndian: boolean): boolean {
    const view = new DataView(buffer.buffer, buffer.byteOffset + start, end - start);
    if (view.byteLength < 24 || view.getUint32(8, littleEndian) !== 0) return false;
    this.#said = Uint8Array.from(buffer.subarray(start, end));
    return true;
  }

  /** The present file ends: its statistics block, or null when there is nothing to state. */
  endFile(timeUs: number, littleEndian: boolean): Uint8Array | null {
    const said = this.#said;
    this.#said = null;
    const known = this.#ask();
    const inBlock = said === null ? NOTHING : countsOf(said, 0, said.length, littleEndian);
    const received = known.received ?? inBlock.received;
    const dropped = known.dropped ?? inBlock.dropped;
    if (received === null && dropped === null) return said;
    const { received: receivedBefore, dropped: droppedBefore } = this.#stated;
    const since = { received: difference(received, receivedBefore), dropped: difference(dropped, droppedBefore) };
    this.#stated = { received: received ?? receivedBefore, dropped: dropped ?? droppedBefore };
    return said === null ? interfaceStatistics(since, timeUs, littleEndian) : withCounts(said, since, littleEndian);
  }
}

function difference(now: number | null, before: number | null): number | null {
  return now === null ? null : Math.max(0, now - (before ?? 0));
}
