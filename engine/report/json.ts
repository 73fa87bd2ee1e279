/**
 * One JSON document of everything: `{schema, tool, sessions[], violations[],
 * inputs[], totals}`. Sessions are written as they end, so nothing has to be
 * held; violations wait in a spool that the caller provides, because they stand
 * behind all sessions. Ids of sessions and violations are those of their input.
 */
import type { SessionSummary } from '../../shared/session.js';
import type { Violation } from '../../shared/violation.js';
import type { SessionHandle } from '../sink.js';
import {
  inPacketOrder,
  reportOf,
  type ReportInput,
  type ReportSession,
  type ReportWriter,
  type Write,
} from './report-input.js';
import { sumTotals } from './totals.js';

/** Version of the document's shape; rises when a reader has to change. */
export const JSON_SCHEMA = 1;

/** Holds text until it is its turn; where it does so is its own affair. */
export interface Spool {
  append(text: string): void;
  /** Everything appended, in order, to `write`; afterwards it is empty. */
  drainTo(write: Write): void;
}

export interface Tool {
  readonly name: string;
  readonly version: string;
}

export class JsonReport implements ReportWriter {
  private readonly inputs: ReportInput[] = [];
  private started = false;
  private sessions = 0;
  private violations = 0;

  constructor(
    private readonly write: Write,
    private readonly spool: Spool,
    private readonly tool: Tool,
  ) {}

  begin(): void {
    this.open();
  }

  ended(session: SessionHandle, violations: readonly Violation[]): void {
    this.session(reportOf(session, violations));
  }

  session({ session, violations }: ReportSession): void {
    this.sessionPiece(sessionPiece(session));
    for (const violation of inPacketOrder(violations)) this.finding(violation);
  }

  finding(violation: Violation): void {
    this.violationPiece(violation.id, violationPiece(violation));
  }

  /** A session that `sessionPiece` made. */
  sessionPiece(piece: string): void {
    this.write(`${separator(this.sessions++)}{"input":${this.inputs.length},${piece}`);
  }

  /** A violation that `violationPiece` made, under its number. */
  violationPiece(id: number, piece: string): void {
    this.spool.append(`${separator(this.violations++)}{"input":${this.inputs.length},"id":${id},${piece}`);
  }

  finish(input: ReportInput): void {
    this.inputs.push(input);
  }

  close(): void {
    this.open();
    this.write('\n],\n"violations": [');
    this.spool.drainTo(this.write);
    const totals = sumTotals(this.inputs.map((input) => input.totals));
    this.write(`\n],\n"inputs": ${JSON.stringify(this.inputs)},\n"totals": ${JSON.stringify(totals)}\n}\n`);
  }

  private open(): void {
    if (this.started) return;
    this.started = true;
    this.write(`{\n"schema": ${JSON_SCHEMA},\n"tool": ${JSON.stringify(this.tool)},\n"sessions": [`);
  }
}

/** A session as the document has it, but for where it begins: the number of its input. */
export function sessionPiece(session: SessionSummary): string {
  return JSON.stringify(session).slice(1);
}

/** A violation, but for where it begins: the number of its input, and its own. */
export function violationPiece({ id: _, ...violation }: Violation): string {
  return JSON.stringify(violation).slice(1);
}

function separator(before: number): string {
  return before === 0 ? '\n' : ',\n';
}
