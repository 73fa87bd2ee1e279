/**
 * What several shares of one inspection amount to together. In: the facts and
 * the sessions of which they were told, of all shares, in the order in which
 * one inspection of everything would meet them; the time of packets; in the end
 * the totals of each share. Out: those sessions complete, findings of several
 * connections, the totals of all.
 */
import type { Totals } from '../../shared/inspection.js';
import type { Violation } from '../../shared/violation.js';
import { Correlator, type CorrelatedFinding } from '../correlate/correlator.js';
import type { EffectivePolicy } from '../policy/policy.js';
import type { Fact } from '../protections/record.js';
import { AttachedRecords } from './attached-records.js';
import { joinedSession, violationOfSeveral, type JoinedSession, type ToldSession } from './told-session.js';
import { TotalsCounter } from './totals.js';

export interface JoinSink {
  session(session: JoinedSession): void;
  finding(violation: Violation): void;
}

export class SharesJoin {
  private readonly correlator: Correlator;
  private readonly counter = new TotalsCounter();
  /** Of sessions that are not over, by their ids. */
  private readonly attached = new Map<number, AttachedRecords>();
  private reachedPacket = 0;

  constructor(
    policy: EffectivePolicy,
    private readonly sink: JoinSink,
  ) {
    this.correlator = new Correlator(policy, (found) => this.correlated(found));
  }

  /** What comes next happened at this packet; `clockUs` is the latest time of any packet up to it. */
  reach(packet: number, clockUs: number): void {
    if (packet <= this.reachedPacket) return;
    this.reachedPacket = packet;
    this.correlator.advance(clockUs);
  }

  fact(fact: Fact): void {
    this.correlator.take(fact);
  }

  over(told: ToldSession): void {
    const { id } = told.summary;
    const attached = this.attached.get(id) ?? null;
    this.attached.delete(id);
    if (!told.isShown && attached === null) return;
    const joined = joinedSession(told, attached);
    this.counter.joined(joined, !told.isShown);
    this.sink.session(joined);
  }

  /** The capture is over, and every session was told to be. */
  end(): void {
    this.correlator.end();
  }

  totals(shares: readonly [Totals, ...Totals[]]): Totals {
    return this.counter.totalsWith(shares, this.correlator);
  }

  private correlated({ fact, record, isSummary }: CorrelatedFinding): void {
    if (isSummary) {
      this.counter.finding(record.severity, record.protection);
      this.sink.finding(violationOfSeveral(fact, record));
      return;
    }
    const { sessionId } = fact;
    let attached = this.attached.get(sessionId);
    if (attached === undefined) this.attached.set(sessionId, (attached = new AttachedRecords()));
    attached.add(record);
  }
}
