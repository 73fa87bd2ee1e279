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
import type { SessionHandle } from '../sink.js';
import { reportOf, type ReportInput, type ReportSession, type ReportWriter, type Write } from './report-input.js';
import { alignedRow, columnWidths, shortened } from './text-table.js';
import { totalsLines } from './text-totals.js';
import { sumTotals } from './totals.js';
import { MAXIMUM_SESSIONS, WorstSessions, type Listed } from './worst-sessions.js';

export interface TextOptions {
  readonly colour: boolean;
  /** Sessions listed per capture at most; the worst are kept. */
  readonly maximumSessions?: number;
}

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
  private worst: WorstSessions;
  private across: Violation[] = [];
  private acrossLeft = 0;
  private readonly inputs: ReportInput[] = [];
  private readonly maximum: number;

  constructor(
    private readonly write: Write,
    private readonly options: TextOptions,
  ) {
    this.maximum = options.maximumSessions ?? MAXIMUM_SESSIONS;
    this.worst = new WorstSessions(this.maximum);
  }

  begin(): void {
    this.worst = new WorstSessions(this.maximum);
    this.across = [];
    this.acrossLeft = 0;
  }

  ended(session: SessionHandle, violations: readonly Violation[]): void {
    if (violations.length > 0) this.session(reportOf(session, violations));
  }

  session(report: ReportSession): void {
    this.worst.add(report);
  }

  /** Sessions of the capture that were put together elsewhere. */
  listed(listed: Listed): void {
    this.worst.join(listed);
  }

  finding(violation: Violation): void {
    if (this.across.length < this.maximum) this.across.push(violation);
    else this.acrossLeft++;
  }

  finish(input: ReportInput): void {
    if (this.inputs.length > 0) this.write('\n');
    this.inputs.push(input);
    this.write(`${displayString(input.path)}\n\n`);
    const { problem, totals } = input;
    if (problem !== null && totals.packets === 0) {
      this.write(`Not inspected: ${displayString(problem.message)}\n`);
      return;
    }
    this.table();
    this.acrossTable();
    for (const line of totalsLines(totals)) this.write(`${line}\n`);
    if (problem !== null) this.write(`Incomplete: ${displayString(problem.message)}\n`);
    this.worst = new WorstSessions(this.maximum);
  }

  close(): void {
    if (this.inputs.length < 2) return;
    this.write(`\nAll ${this.inputs.length} captures\n\n`);
    for (const line of totalsLines(sumTotals(this.inputs.map(({ totals }) => totals)))) this.write(`${line}\n`);
  }

  private table(): void {
    const { sessions, withFindings } = this.worst.list();
    if (sessions.length === 0) {
      if (this.across.length === 0) this.write('No findings.\n\n');
      return;
    }
    const rows = sessions.map(({ session }) => sessionRow(session));
    const widths = columnWidths([HEADINGS, ...rows]);
    this.write(`${this.painted(alignedRow(HEADINGS, widths), DIM)}\n`);
    sessions.forEach((report, i) => {
      const colour = report.session.worst === null ? '' : COLOURS[report.session.worst];
      const paint = (cell: string, column: number): string => (column === 0 ? this.painted(cell, colour) : cell);
      this.write(`${alignedRow(rows[i] ?? [], widths, paint)}\n`);
      for (const violation of [...report.violations].sort(worstViolationFirst)) this.describe(violation);
      this.write('\n');
    });
    const left = withFindings - sessions.length;
    if (left > 0)
      this.write(
        `${countOf(left, 'further session')} with findings not listed; the formats json and eve have all.\n\n`,
      );
  }

  private acrossTable(): void {
    if (this.across.length === 0) return;
    this.write(`${this.painted('ACROSS CONNECTIONS', DIM)}\n`);
    // No session above says when these were.
    for (const violation of this.across.sort(worstThenEarliest)) {
      this.describe(violation, `${readableTime(violation.timeUs).slice(0, 23)}  `);
    }
    if (this.acrossLeft > 0) this.write(`${countOf(this.acrossLeft, 'further finding')} not listed.\n`);
    this.write('\n');
  }

  private describe(violation: Violation, when = ''): void {
    const { severity, title, protection, count } = violation;
    const times = count > 1 ? `, ${formatCount(count)} times` : '';
    this.write(`  ${this.painted(severity.padEnd(8), COLOURS[severity])}  ${when}${title} (${protection}${times})\n`);
    this.write(`            ${violation.attackName}: ${violation.attackInfo}; confidence ${violation.confidence}\n`);
    this.write(`${this.painted(placeOf(violation), COLOURS[severity])}\n`);
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

function worstViolationFirst(a: Violation, b: Violation): number {
  return SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity] || a.line - b.line || a.id - b.id;
}

function worstThenEarliest(a: Violation, b: Violation): number {
  return SEVERITY_RANK[b.severity] - SEVERITY_RANK[a.severity] || a.timeUs - b.timeUs || a.id - b.id;
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

/** The offending line; of a connection without a line yet, the line of the router's log. */
function placeOf({ direction, line, evidence, accessLog, client, server }: Violation): string {
  if (line > 0)
    return `  ** ${String(line).padStart(5)} ${direction === 'to_server' ? '->' : '<-'}  ${evidence}`.trimEnd();
  return `  **          ${accessLog?.corrected ?? `${endpointText(client)} -> ${endpointText(server)}`}`;
}

function measuredWords({ measured, limit, unit }: Violation): string {
  if (measured === null) return '';
  const allowed = limit === null ? '' : `, ${formatCount(limit)} allowed`;
  return `${formatCount(measured)} ${unit}`.trimEnd() + allowed;
}
