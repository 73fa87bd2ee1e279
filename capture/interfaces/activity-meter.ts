/**
 * Packets per second of every interface over the last minute, from the system's
 * own counters: no capture and no privilege. They count all packets in both
 * directions; how many of them are mail only a capture could tell, and that
 * needs privileges, so it is not told here. Where the system has no counters to
 * read (macOS, Windows) there is no activity to show.
 */
import { linuxCounters, type InterfaceCounters } from './interface-state.js';

/** One minute, a second each. */
export const ACTIVITY_SAMPLES = 60;
const SAMPLE_EVERY_MS = 1000;

export interface InterfaceActivity {
  readonly name: string;
  /** Oldest first, at most `ACTIVITY_SAMPLES`; shorter while measuring began. */
  readonly packetsPerSecond: readonly number[];
}

interface Measured {
  packets: number;
  timeMs: number;
  readonly rates: number[];
}

export class ActivityMeter {
  private readonly measured = new Map<string, Measured>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly readCounters: () => readonly InterfaceCounters[] = systemCounters) {}

  /** Measures once a second until `stop`; does not keep the process alive. */
  start(): void {
    if (this.timer !== null) return;
    this.sample(performance.now());
    this.timer = setInterval(() => this.sample(performance.now()), SAMPLE_EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  /** Takes the counters as of `timeMs` (any monotonic clock). */
  sample(timeMs: number): void {
    const counters = this.readCounters();
    const present = new Set(counters.map(({ name }) => name));
    for (const name of this.measured.keys()) if (!present.has(name)) this.measured.delete(name);
    for (const { name, packets } of counters) this.add(name, packets, timeMs);
  }

  activity(): readonly InterfaceActivity[] {
    return [...this.measured].map(([name, { rates }]) => ({ name, packetsPerSecond: [...rates] }));
  }

  private add(name: string, packets: number, timeMs: number): void {
    const before = this.measured.get(name);
    if (before === undefined) {
      this.measured.set(name, { packets, timeMs, rates: [] });
      return;
    }
    const seconds = (timeMs - before.timeMs) / 1000;
    if (seconds <= 0) return;
    // A counter that went back is another interface of the same name: it began at zero.
    const more = packets >= before.packets ? packets - before.packets : packets;
    before.rates.push(more / seconds);
    if (before.rates.length > ACTIVITY_SAMPLES) before.rates.shift();
    before.packets = packets;
    before.timeMs = timeMs;
  }
}

function systemCounters(): readonly InterfaceCounters[] {
  return process.platform === 'linux' ? linuxCounters() : [];
}
