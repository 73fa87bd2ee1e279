/** What an input that tries to make the engine slow or fat is described by. */
import type { CaptureWriter } from '../capture-writer.js';

export interface Attack {
  readonly name: string;
  /** What it does, as a sentence without its end. */
  readonly does: string;
  /** The bound of limits.ts that it runs into, under whose name `bounded` counts; absent when nothing has to be given up. */
  readonly counted?: string;
  /** What a policy file says besides its schema and limits; absent for the default policy. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** First octets of the file; absent for classic pcap. */
  readonly fileHeader?: Uint8Array;
  /** Writes until the output has `bytes` octets. */
  readonly write: (output: CaptureWriter, bytes: number) => void;
}

/** Calls `step` with 0, 1, 2, ... until the output has `bytes` octets. */
export function repeat(output: CaptureWriter, bytes: number, step: (index: number) => void): void {
  for (let index = 0; output.bytes < bytes; index++) step(index);
}
