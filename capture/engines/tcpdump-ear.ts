/** Reads what tcpdump writes to standard error: that it listens, its counters, its errors. */
import type { CaptureStatistics } from './capture-engine.js';
import type { ProgramEar, ToldError } from './child-capture.js';

const LINE_LIMIT = 4096;
/** The counters are 32 bits wide and start over. */
const WRAP = 2 ** 32;

const CHATTER = /^(?:listening on|data link type|verbose output|Warning:|\d+ packets? )/i;
const FILTER =
  /filter expression|syntax error|unknown (?:host|port|network|protocol)|expression rejected|no VLAN support/i;

export class TcpdumpEar implements ProgramEar {
  isListening = false;
  told: ToldError | null = null;
  private received: number | null = null;
  private dropped: number | null = null;
  private rest = '';

  /** `sightings`: how often each packet passes the capturing socket (`socketSightings`). */
  constructor(private readonly sightings = 1) {}

  push(chunk: Uint8Array): void {
    const lines = (this.rest + Buffer.from(chunk).toString('utf8')).split('\n');
    this.rest = (lines.pop() ?? '').slice(0, LINE_LIMIT);
    for (const line of lines) this.readLine(line);
  }

  statistics(): CaptureStatistics {
    return { received: this.packets(this.received), dropped: this.packets(this.dropped) };
  }

  private packets(counted: number | null): number | null {
    return counted === null ? null : Math.ceil(counted / this.sightings);
  }

  private readLine(line: string): void {
    const [, received] = /(\d+) packets? received by filter/.exec(line) ?? [];
    const [, dropped] = /(\d+) packets? dropped by kernel/.exec(line) ?? [];
    if (received !== undefined) this.received = unwrapped(this.received, Number(received));
    if (dropped !== undefined) this.dropped = unwrapped(this.dropped, Number(dropped));
    const [, own] = /^tcpdump: (.*)$/.exec(line) ?? [];
    if (own === undefined) return;
    if (own.startsWith('listening on ')) this.isListening = true;
    else if (!CHATTER.test(own)) this.told ??= { kind: FILTER.test(own) ? 'filter' : 'error', text: own };
  }
}

/** A counter that only grows, from one that starts over at 2^32. */
function unwrapped(before: number | null, counter: number): number {
  if (before === null) return counter;
  const candidate = Math.floor(before / WRAP) * WRAP + counter;
  return candidate >= before ? candidate : candidate + WRAP;
}
