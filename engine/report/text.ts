/**
 * The report for a terminal: a table of the sessions with findings, worst
 * first, under each its findings with the transcript line, then the totals.
 * In: sessions as they end. Out: plain text; colours only when asked for. All
 * captured text in it is display-safe already. Holds the worst sessions only.
 */
import { SEVERITY_RANK, type Severity } from '../../shared/severity.js';
import type { SessionSummary } from '../../shared/session.js';
import type { Violation } from '../../shared/violation.js';
import { endpointText } from '../session/endpoint.js';
import { countOf, formatCount } from '../session/quantity.js';
import { readableTime } from '../session/timestamp.js';
import { displayString } from '../text/display.js';
import type { ReportInput, ReportSession, ReportWriter, Write } from './report-input.js';
import { alignedRow, columnWidths, shortened } from './text-table.js';
import { totalsLines } from './text-totals.js';
import { sumTotals } from './totals.js';

export interface TextOptions {
  readonly colour: boolean;
  /** Sessions listed per capture at most; the worst are kept. */
  readonly maximumSessions?: number;
}

const MAXIMUM_SESSIONS = 10_000;
const HEADINGS = [
  'WORST',
  'TIME (UTC)',
  'PROTO',
  'CLIENT',
  'SERVER',
  'TLS',
  'USER',
  'FROM',
  'TO',
  'LAST REPLY',
] as const;

export class TextReport implements ReportWriter {
  private listed: ReportSession[] = [];
  private withFindings = 0;
  private readonly inputs: ReportInput[] = [];
  private readonly maximum: number;

  constructor(
    private readonly write: Write,
    private readonly options: TextOptions,
  ) {
    this.maximum = options.maximumSessions ?? MAXIMUM_SESSIONS;
  }

  begin(): void {
    this.listed = [];
    this.withFindings = 0;
  }

  session(report: ReportSession): void {
    if (report.violations.length === 0) return;
    this.withFindings++;
    this.listed.push(report);
    if (this.listed.length >= 2 * this.maximum) this.keepWorst();
  }

  finish(input: ReportInput): void {
    if (this.inputs.length > 0) this.write('\n');
    this.inputs.push(input);
    this.keepWorst();
    this.write(`${displayString(input.path)}\n\n`);
    const { problem, totals } = input;
    if (problem !== null && totals.packets === 0) {
      this.write(`Not inspected: ${displayString(problem.message)}\n`);
      return;
    }
    this.table();
    for (const line of totalsLines(totals)) this.write(`${line}\n`);
    if (problem !== null) this.write(`Incomplete: ${displayString(problem.message)}\n`);
    this.listed = [];
  }

  close(): void {
    if (this.inputs.length < 2) return;
    this.write(`\nAll ${this.inputs.length} captures\n\n`);
    for (const line of totalsLines(sumTotals(this.inputs.map(({ totals }) => totals)))) this.write(`${line}\n`);
  }

  private keepWorst(): void {
    this.listed.sort(worstFirst);
    this.listed.length = Math.min(this.listed.length, this.maximum);
  }

  private table(): void {
    if (this.listed.length === 0) {
      this.write('No findings.\n\n');
      return;
    }
    const rows = this.listed.map(({ session }) => sessionRow(session));
    const widths = columnWidths([HEADINGS, ...rows]);
    this.write(`${this.painted(alignedRow(HEADINGS, widths), DIM)}\n`);
    this.listed.forEach((report, i) => {
      const colour = report.session.worst === null ? '' : COLOURS[report.session.worst];
      const paint = (cell: string, column: number): string => (column === 0 ? this.painted(cell, colour) : cell);
      this.write(`${alignedRow(rows[i] ?? [], widths, paint)}\n`);
      for (const violation of [...report.violations].sort(worstViolationFirst)) this.finding(violation);
      this.write('\n');
    });
    const left = this.withFindings - this.listed.length;
    if (left > 0)
      this.write(
        `${countOf(left, 'further session')} with findings not listed; the formats json and eve have all.\n\n`,
      );
  }

  private finding(violation: Violation): void {
    const { severity, title, protection, count } = violation;
    const times = count > 1 ? `, ${formatCount(count)} times` : '';
    this.write(`  ${this.painted(severity.padEnd(8), COLOURS[severity])}  ${title} (${protection}${times})\n`);
    this.write(`            ${violation.attackName}: ${violation.attackInfo}; confidence ${violation.confidence}\n`);
    const arrow = violation.direction === 'to_server' ? '->' : '<-';
    const line = `  ** ${String(violation.line).padStart(5)} ${arrow}  ${violation.evidence}`;
    this.write(`${this.painted(line.trimEnd(), COLOURS[severity])}\n`);
    const measured = measuredWords(violation);
    const detail = [measured, violation.detail].filter((text) => text !== '').join('; ');
    if (detail !== '') this.write(`            ${detail}\n`);
  }

  private painted(text: string, colour: string): string {
    return this.options.colour && colour !== '' ? `\u001b[${colour}m${text}\u001b[0m` : text;
  }
}

const DIM = '2';
/** SGR parameters of the terminal's own palette, so that light and dark themes both work. */
const COLOURS: Readonly<Record<Severity, string>> = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '34',
  info: '2',
};

function worstFirst(a: ReportSession, b: ReportSession): number {
  const rank = (report: ReportSession): number =>
    report.session.worst === null ? 0 : SEVERITY_RANK[report.session.worst];
  return rank(b) - rank(a) || a.session.startUs - b.session.startUs || a.session.id - b.session.id;
}

function worstViolationFirst(a: Violation, b: Violation): number {
  return SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity] || a.line - b.line || a.id - b.id;
}

function sessionRow(session: SessionSummary): readonly string[] {
  const { rcptCount } = session;
  const others = rcptCount > 1 ? ` +${formatCount(rcptCount - 1)}` : '';
  return [
    session.worst ?? '',
    readableTime(session.startUs).slice(0, 23),
    session.protocol.toUpperCase(),
    endpointText(session.client),
    endpointText(session.server),
    session.tls,
    cell(session.user),
    cell(session.mailFrom),
    cell(session.rcptTo + others),
    shortened(session.lastReply, 60),
  ];
}

function cell(text: string): string {
  return text === '' ? '-' : shortened(text, 32);
}

function measuredWords({ measured, limit, unit }: Violation): string {
  if (measured === null) return '';
  const allowed = limit === null ? '' : `, ${formatCount(limit)} allowed`;
  return `${formatCount(measured)} ${unit}`.trimEnd() + allowed;
}
