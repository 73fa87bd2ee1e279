/**
 * Reports made in parts: where sessions end in several threads, each makes of
 * its sessions what the report will say of them, and the one who writes puts
 * these pieces in order. In: sessions and transactions of one capture. Out:
 * text, piece by piece; of what has to be sorted first, the sessions themselves.
 */
import type { Outlined } from '../outline.js';
import type { SessionHandle } from '../sink.js';
import type { TransactionHandle } from '../transaction-outline.js';
import { CsvReport } from './csv.js';
import { EveReport } from './eve.js';
import { sessionPiece, violationPiece } from './json.js';
import { inPacketOrder, reportOf, type Write } from './report-input.js';
import { WorstSessions, type Listed } from './worst-sessions.js';

export type ReportFormat = 'text' | 'json' | 'eve' | 'csv';

/** `text`: goes into the report as it is. `session` and `violation`: `JsonReport` takes them. */
export const PIECE = { text: 0, session: 1, violation: 2 } as const;
export type PieceKind = (typeof PIECE)[keyof typeof PIECE];

export interface PieceSink {
  /** Text of the piece that is being made. */
  readonly write: Write;
  /** The same as UTF-8, borrowed until it returns; when it is there, some pieces come this way. */
  readonly writeUtf8?: (octets: Uint8Array) => void;
  /**
   * It is complete, and may be empty. `number`: of a session, how many violations follow; of a
   * violation, its place among those of its session, from 1.
   */
  end(kind: PieceKind, number: number): void;
}

export interface PieceMaker {
  transaction?(transaction: TransactionHandle, session: Outlined): void;
  /** It is over. */
  ended(session: SessionHandle): void;
  /** At the end of the capture: what was kept back; null in formats that keep nothing. */
  kept(): Listed | null;
}

/** Makes the pieces of one capture; `path` as the user named it. */
export function pieceMaker(format: ReportFormat, path: string, sink: PieceSink): PieceMaker {
  if (format === 'text') return new ListMaker();
  if (format === 'json') return new JsonMaker(sink);
  return new RecordMaker(format, path, sink);
}

/** Formats whose report is its records one after the other. */
class RecordMaker implements PieceMaker {
  private readonly report: EveReport | CsvReport;
  private isBegun = false;

  constructor(
    format: 'eve' | 'csv',
    path: string,
    private readonly sink: PieceSink,
  ) {
    // What stands at the head of the report is written by the one who writes it.
    const write: Write = (text) => {
      if (this.isBegun) sink.write(text);
    };
    this.report = format === 'eve' ? new EveReport(write, sink.writeUtf8 ?? null) : new CsvReport(write);
    this.report.begin(path);
    this.isBegun = true;
  }

  transaction(transaction: TransactionHandle, session: Outlined): void {
    if (!(this.report instanceof EveReport)) return;
    this.report.transaction(transaction, session);
    this.sink.end(PIECE.text, 0);
  }

  ended(session: SessionHandle): void {
    this.report.ended(session, session.violations());
    this.sink.end(PIECE.text, 0);
  }

  kept(): null {
    return null;
  }
}

class JsonMaker implements PieceMaker {
  constructor(private readonly sink: PieceSink) {}

  ended(session: SessionHandle): void {
    const { sink } = this;
    const violations = session.violations();
    sink.write(sessionPiece(session.summary()));
    sink.end(PIECE.session, violations.length);
    const numbered = violations.map((violation, i) => ({ ...violation, id: i + 1 }));
    for (const violation of inPacketOrder(numbered)) {
      sink.write(violationPiece(violation));
      sink.end(PIECE.violation, violation.id);
    }
  }

  kept(): null {
    return null;
  }
}

class ListMaker implements PieceMaker {
  private readonly worst = new WorstSessions();

  ended(session: SessionHandle): void {
    const violations = session.violations();
    if (violations.length > 0) this.worst.add(reportOf(session, violations));
  }

  kept(): Listed {
    return this.worst.list();
  }
}
