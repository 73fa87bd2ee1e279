/** What it took to inspect something, and how an attack compares with ordinary traffic in the same process. */
import type { Load } from '../loads.js';

export interface Cost {
  readonly bytes: number;
  readonly packets: number;
  /** Of processor time. */
  readonly seconds: number;
  /** The most that was held at any time, octets outside the heap included. */
  readonly heldBytes: number;
  readonly sessions: number;
  /** What was given up or not decoded, by its name in the totals. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** What a process that runs attacks is asked for. */
export interface AttackRun {
  readonly names: readonly string[];
  /** Octets of each attack, and of each ordinary load before it. */
  readonly bytes: number;
  readonly normalBytes: number;
  /** Bounds of the engine that differ from the usual ones. */
  readonly limits: Readonly<Record<string, number>>;
}

export interface AttackCost extends Cost {
  readonly name: string;
  /** The ordinary load whose packets are as long as those of the attack. */
  readonly load: Load;
  readonly normal: Cost;
}

/** Octets in a second, as a part of what ordinary traffic of such packets gets. */
export function speedAgainstNormal({ bytes, seconds, normal }: AttackCost): number {
  return bytes / seconds / (normal.bytes / normal.seconds);
}
