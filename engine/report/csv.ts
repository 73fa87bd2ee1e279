/**
 * Findings as CSV (RFC 4180), one row each. Cells that a spreadsheet would run
 * as a formula are neutralised with an apostrophe, because captured text is hostile.
 */
import { displayString } from '../text/display.js';
import type { Violation } from '../../shared/violation.js';
import { isoMicroseconds } from '../session/timestamp.js';
import { inPacketOrder, type ReportSession, type ReportWriter, type Write } from './report-input.js';

type Cell = string | number | null;

const COLUMNS: readonly (readonly [string, (violation: Violation) => Cell])[] = [
  ['time', (violation) => `${isoMicroseconds(violation.timeUs)}Z`],
  ['packet', (violation) => violation.packet],
  ['severity', (violation) => violation.severity],
  ['confidence', (violation) => violation.confidence],
  ['attack_name', (violation) => violation.attackName],
  ['attack_info', (violation) => violation.attackInfo],
  ['protection', (violation) => violation.protection],
  ['protocol', (violation) => violation.protocol],
  ['client', (violation) => violation.client.address],
  ['client_port', (violation) => violation.client.port],
  ['server', (violation) => violation.server.address],
  ['server_port', (violation) => violation.server.port],
  ['direction', (violation) => violation.direction],
  ['action', (violation) => violation.action],
  ['count', (violation) => violation.count],
  ['measured', (violation) => violation.measured],
  ['limit', (violation) => violation.limit],
  ['unit', (violation) => violation.unit],
  ['line', (violation) => violation.line],
  ['offset', (violation) => violation.offset],
  ['length', (violation) => violation.length],
  ['session', (violation) => violation.sessionId],
  ['evidence', (violation) => violation.evidence],
  ['detail', (violation) => violation.detail],
  ['references', (violation) => violation.references.join('; ')],
  ['acl_log', (violation) => violation.accessLog?.corrected ?? ''],
];

export class CsvReport implements ReportWriter {
  private path = '';
  private started = false;

  constructor(private readonly write: Write) {}

  begin(path: string): void {
    this.path = displayString(path);
    this.head();
  }

  session({ violations }: ReportSession): void {
    this.findings(violations);
  }

  ended(_: unknown, violations: readonly Violation[]): void {
    this.findings(violations);
  }

  private findings(violations: readonly Violation[]): void {
    for (const violation of inPacketOrder(violations)) this.finding(violation);
  }

  finding(violation: Violation): void {
    this.write(csvRow([this.path, ...COLUMNS.map(([, cell]) => cell(violation))]));
  }

  finish(): void {
    // Totals have no place in a table of findings.
  }

  close(): void {
    this.head();
  }

  private head(): void {
    if (!this.started) this.write(csvRow(['capture', ...COLUMNS.map(([name]) => name)]));
    this.started = true;
  }
}

function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** A cell as text; numbers stay numbers, text never begins as a formula does. */
export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
