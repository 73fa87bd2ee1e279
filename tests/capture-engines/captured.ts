/** Reads a capture with the engine's own reader. */
import { readFileSync } from 'node:fs';
import { CaptureReader } from '../../engine/capture/reader.js';
import { DEFAULT_LIMITS } from '../../engine/limits.js';

export interface CapturedPacket {
  readonly timeUs: number;
  readonly linkType: number;
  readonly octets: Buffer;
  readonly wireLength: number;
}

export interface Captured {
  readonly packets: readonly CapturedPacket[];
  /** Code of the damage; null for a whole file. */
  readonly damage: string | null;
}

export function readCaptured(octets: Uint8Array): Captured {
  const packets: CapturedPacket[] = [];
  const reader = new CaptureReader(DEFAULT_LIMITS, ({ timeUs, linkType, buffer, start, end, wireLength }) => {
    packets.push({ timeUs, linkType, octets: Buffer.from(buffer.subarray(start, end)), wireLength });
  });
  reader.push(octets);
  reader.end();
  return { packets, damage: reader.damage?.code ?? null };
}

export function readCapturedFile(path: string): Captured {
  return readCaptured(readFileSync(path));
}
