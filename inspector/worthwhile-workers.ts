/**
 * How many threads are worth it for a capture. More of them share a larger work,
 * but each has to start and to compile what is hot for itself.
 */
import { statSync } from 'node:fs';

/** From so many octets on two threads in two halves are done sooner than one. */
const SPLIT_BYTES = 32_000_000;
/**
 * Threads with a share of the connections each compile everything, a second of a processor; and where every
 * octet is looked at, they share the memory's bandwidth. Two take as long as one at about 0.5 GB of short
 * dialogues and 2 GB of large messages; the more threads, the sooner they pay.
 */
const SHARING_BYTES = 2_400_000_000;
/** How much a compressed capture grows, as a rule. */
const COMPRESSION = 4;

/** At most `most`; `maySplit`: two threads can do the work in two halves. */
export function worthwhileWorkers(path: string, most: number, maySplit: boolean): number {
  const bytes = sizeOf(path);
  if (most > 2 && bytes >= SHARING_BYTES / most) return most;
  return most >= 2 && bytes >= (maySplit ? SPLIT_BYTES : SHARING_BYTES / 2) ? 2 : 1;
}

/** Infinity for what has no size that anybody knows; 0 for what cannot be had: who opens it says why. */
function sizeOf(path: string): number {
  if (path === '-') return Infinity;
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats.size * (path.endsWith('.gz') ? COMPRESSION : 1) : Infinity;
  } catch {
    return 0;
  }
}
