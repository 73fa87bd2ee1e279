/**
 * Findings across connections. In: the facts that protections told, of all
 * connections, in packet order; time. Out: the findings that their protections
 * release. Facts and findings are plain data, so that facts may come from
 * several threads as long as they are put in order first.
 */
import { NetworkView } from '../policy/network-view.js';
import type { ActiveProtection, EffectivePolicy } from '../policy/policy.js';
import type { AcrossContext, Released, ResolvedSettings } from '../protections/protection.js';
import type { Fact, ViolationRecord } from '../protections/record.js';
import { RememberedPast } from './past.js';

export interface CorrelatedFinding {
  /** The connection that it belongs to. */
  readonly fact: Fact;
  readonly record: ViolationRecord;
  /** It tells of several connections, and is a finding beside those of its session. */
  readonly isSummary: boolean;
}

export class Correlator {
  private readonly active: readonly ActiveProtection[];
  private readonly networks: NetworkView;
  private readonly pasts = new Map<number, RememberedPast>();
  private readonly maximum: number;
  private dueUs = Infinity;

  constructor(
    policy: EffectivePolicy,
    private readonly onFinding: (finding: CorrelatedFinding) => void,
  ) {
    this.active = policy.active;
    this.networks = new NetworkView(policy.networks);
    this.maximum = policy.limits.pastKeys;
  }

  /** Packet time from which `advance` has something to do. */
  get nextDueUs(): number {
    return this.dueUs;
  }

  /** What its bound made it forget. */
  get bounded(): Readonly<Record<string, number>> {
    let pastKeys = 0;
    for (const past of this.pasts.values()) pastKeys += past.forgotten;
    return { pastKeys };
  }

  take(fact: Fact): void {
    this.advance(fact.timeUs);
    const past = this.pastOf(fact.index);
    past.fact = fact;
    this.judge(fact, past, 0);
    this.dueUs = Math.min(this.dueUs, past.nextDueUs);
  }

  /**
   * Time has come as far as `timeUs`: windows that are over are told, the one that ended first before
   * the others. Getting there in one step or in several makes no difference.
   */
  advance(timeUs: number): void {
    while (this.dueUs <= timeUs) this.tellWindows(this.dueUs);
  }

  private tellWindows(untilUs: number): void {
    const { pasts } = this;
    for (const past of pasts.values()) {
      if (past.nextDueUs > untilUs) continue;
      for (const { first, last, count } of past.due(untilUs)) {
        // Told of the connection that came first: the one that is shown as a session.
        this.judge({ ...last, sessionId: first.sessionId, clientPort: first.clientPort }, past, count);
      }
    }
    this.dueUs = Infinity;
    for (const past of pasts.values()) this.dueUs = Math.min(this.dueUs, past.nextDueUs);
  }

  /** The capture is over, and with it every window. */
  end(): void {
    this.advance(Number.MAX_SAFE_INTEGER);
  }

  private judge(fact: Fact, past: RememberedPast, tally: number): void {
    const { protection, settings } = this.active[fact.index] as ActiveProtection;
    protection.across?.(fact, this.contextFor(fact, settings, past, tally));
  }

  private contextFor(fact: Fact, settings: ResolvedSettings, past: RememberedPast, tally: number): AcrossContext {
    const { networks, onFinding } = this;
    return {
      settings,
      networks,
      past,
      tally,
      report(changes: Released = {}) {
        if (fact.record === null) throw new Error('a fact without a finding was reported');
        const { accessLog, ...others } = changes;
        const isSummary = tally > 0;
        const record = {
          ...fact.record,
          ...others,
          ...(accessLog === undefined ? {} : { accessLog }),
          ...(isSummary ? { count: tally } : {}),
        };
        onFinding({ fact, record, isSummary });
      },
    };
  }

  private pastOf(index: number): RememberedPast {
    let past = this.pasts.get(index);
    if (past === undefined) this.pasts.set(index, (past = new RememberedPast(this.maximum)));
    return past;
  }
}
