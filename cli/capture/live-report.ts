/** Hands what a capture finds to the report as it comes, numbers the findings, and notes whether one is too bad. */
import type { PipelineSink, ReportInput, ReportWriter, SessionHandle, TransactionHandle } from '../../engine/index.js';
import { SEVERITY_RANK, type Severity } from '../../shared/severity.js';
import type { Violation } from '../../shared/violation.js';

export class LiveReport implements PipelineSink {
  /** True when a finding is at least as bad as `failOn`. */
  isFailing = false;
  /** Told of each finding as soon as its session is over. */
  onFound: ((violation: Violation) => void) | null = null;
  readonly #given: ReportWriter;
  readonly #path: string;
  readonly #failRank: number;
  #lastId = 0;
  #isBegun = false;

  /** `path`: what the report calls the capture. Nothing is written before there is something to tell. */
  constructor(report: ReportWriter, path: string, failOn: Severity | undefined) {
    this.#given = report;
    this.#path = path;
    this.#failRank = failOn === undefined ? Infinity : SEVERITY_RANK[failOn];
  }

  sessionClosed(handle: SessionHandle): void {
    const violations = handle.violations().map((violation) => this.#numbered(violation));
    this.#report.ended(handle, violations);
  }

  transaction(transaction: TransactionHandle, session: SessionHandle): void {
    this.#report.transaction?.(transaction, session);
  }

  finding(violation: Violation): void {
    this.#report.finding(this.#numbered(violation));
  }

  finish(input: ReportInput): void {
    this.#report.finish(input);
    this.#given.close();
  }

  get #report(): ReportWriter {
    if (!this.#isBegun) this.#given.begin(this.#path);
    this.#isBegun = true;
    return this.#given;
  }

  #numbered(violation: Violation): Violation {
    if (SEVERITY_RANK[violation.severity] >= this.#failRank) this.isFailing = true;
    const numbered = { ...violation, id: ++this.#lastId };
    this.onFound?.(numbered);
    return numbered;
  }
}
