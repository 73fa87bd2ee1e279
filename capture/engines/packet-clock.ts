/**
 * Time stamps for an engine that has none: a monotonic clock aligned once to
 * the wall clock. It is aligned anew only when the wall clock has run ahead by
 * more than a machine's drift, as after a sleep in which the monotonic clock
 * stood still; it never goes back, so packets stay in order.
 */
const SLEPT_US = 2_000_000;

export interface ClockSource {
  /** Milliseconds of a monotonic clock, with fractions. */
  readonly monotonicMs: () => number;
  /** Wall clock, milliseconds since 1970. */
  readonly wallMs: () => number;
}

const SYSTEM: ClockSource = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

export class PacketClock {
  private offsetUs: number;

  constructor(private readonly source: ClockSource = SYSTEM) {
    this.offsetUs = this.alignment();
  }

  /** Microseconds since 1970; never less than the time before. */
  nowUs(): number {
    return Math.floor(this.offsetUs + this.source.monotonicMs() * 1000);
  }

  /** To be called about once a second. */
  realign(): void {
    const offsetUs = this.alignment();
    if (offsetUs - this.offsetUs > SLEPT_US) this.offsetUs = offsetUs;
  }

  private alignment(): number {
    return this.source.wallMs() * 1000 - this.source.monotonicMs() * 1000;
  }
}
