/**
 * The sessions that a report for a terminal lists: those with findings, worst
 * first. Holds at most twice as many as it lists, however many there are.
 */
import { SEVERITY_RANK } from '../../shared/severity.js';
import type { ReportSession } from './report-input.js';

/** Sessions of one capture that are listed unless somebody says otherwise. */
export const MAXIMUM_SESSIONS = 10_000;

export interface Listed {
  /** The worst ones, worst first. */
  readonly sessions: readonly ReportSession[];
  /** How many have findings, those left out included. */
  readonly withFindings: number;
}

export class WorstSessions {
  private kept: ReportSession[] = [];
  private withFindings = 0;

  /** `maximum`: sessions that are listed. */
  constructor(private readonly maximum = MAXIMUM_SESSIONS) {}

  /** One without findings is passed over. */
  add(report: ReportSession): void {
    if (report.violations.length === 0) return;
    this.withFindings++;
    this.keep(report);
  }

  /** What another one lists. */
  join({ sessions, withFindings }: Listed): void {
    this.withFindings += withFindings;
    for (const session of sessions) this.keep(session);
  }

  list(): Listed {
    this.cut();
    return { sessions: this.kept, withFindings: this.withFindings };
  }

  private keep(report: ReportSession): void {
    this.kept.push(report);
    if (this.kept.length >= 2 * this.maximum) this.cut();
  }

  private cut(): void {
    this.kept.sort(worstFirst);
    this.kept.length = Math.min(this.kept.length, this.maximum);
  }
}

/** No two sessions share their last packet, so the order does not depend on which came first. */
function worstFirst(a: ReportSession, b: ReportSession): number {
  const rank = ({ session: { worst } }: ReportSession): number => (worst === null ? 0 : SEVERITY_RANK[worst]);
  const { session: one } = a;
  const { session: other } = b;
  return rank(b) - rank(a) || one.startUs - other.startUs || one.id - other.id || a.lastPacket - b.lastPacket;
}
