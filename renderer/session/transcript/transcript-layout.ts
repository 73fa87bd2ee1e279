/**
 * Lays a transcript out for a terminal: gutter, line number, seconds since the
 * start, arrow, text, as mail administrators know it from swaks. In: items and
 * a width. Out: rows. Pure, so that what the terminal shows can be tested.
 */
import type { Severity } from '../../../shared/severity.js';
import { SEVERITY_RANK } from '../../../shared/severity.js';
import type { TextRun, TranscriptItem, TranscriptLine } from '../../../shared/transcript.js';
import type { DirectionName } from '../../../shared/violation.js';
import { countOf, formatBytes } from '../../format/numbers.js';
import { formatElapsed } from '../../format/time.js';
import { RowBuilder } from './row-builder.js';
import type { Ink } from './terminal-ink.js';
import type { Span, TranscriptRow } from './transcript-row.js';

export interface LayoutFrame {
  readonly columns: number;
  readonly startUs: number;
  /** Cells for the line number and for the time, without their gaps. */
  readonly numberWidth: number;
  readonly timeWidth: number;
  /** Severity of a finding by its id, for folds that hide findings. */
  readonly severityOf: (violationId: number) => Severity | null;
}

const GUTTER = 2;
const ARROW = 2;
const HANGING = 2;
const FEWEST_TEXT_COLUMNS = 16;
const TAB = ' '.repeat(4);

/** Widths that hold every line number up to `lastNumber` and time up to `lastUs`. */
export function frameWidths(
  lastNumber: number,
  startUs: number,
  lastUs: number,
): Pick<LayoutFrame, 'numberWidth' | 'timeWidth'> {
  return {
    numberWidth: Math.max(4, String(lastNumber).length),
    timeWidth: Math.max(6, formatElapsed(lastUs, startUs).length),
  };
}

/** Cells before the text of a line. */
export function textColumn(frame: LayoutFrame): number {
  return GUTTER + frame.numberWidth + 1 + frame.timeWidth + 2 + ARROW + 1;
}

/**
 * Rows of items, of which the first has index `from` in the whole transcript.
 * A time is shown when it differs from that of the line before (`previousUs`).
 */
export function layoutItems(
  items: readonly TranscriptItem[],
  from: number,
  frame: LayoutFrame,
  previousUs = -1,
): TranscriptRow[] {
  const rows: TranscriptRow[] = [];
  let lastUs = previousUs;
  items.forEach((item, at) => {
    for (const row of layoutItem(item, from + at, frame, lastUs)) rows.push(row);
    if (item.kind === 'line') lastUs = item.timeUs;
  });
  return rows;
}

function layoutItem(item: TranscriptItem, index: number, frame: LayoutFrame, lastUs: number): readonly TranscriptRow[] {
  if (item.kind === 'line') return layoutLine(item, index, frame, lastUs);
  const mark = item.kind === 'fold' ? worstOf(item.findings, frame.severityOf) : null;
  const builder = builderFor(index, frame, null, mark);
  builder.add({ text: prefix(frame, mark !== null, '', ''), ink: 'text-3' });
  builder.add({ text: item.kind === 'fold' ? arrowOf(item.direction, false) : '  ', ink: 'note' });
  builder.add({ text: ' ', ink: 'note' });
  for (const span of describe(item)) builder.add(span);
  return builder.finish();
}

function layoutLine(line: TranscriptLine, index: number, frame: LayoutFrame, lastUs: number): readonly TranscriptRow[] {
  const builder = builderFor(index, frame, line.severity, line.severity);
  const time = line.timeUs === lastUs ? '' : formatElapsed(line.timeUs, frame.startUs);
  const quiet: Ink = line.severity === null ? 'text-3' : 'text-2';
  const ink: Ink = line.direction === 'to_server' ? 'client' : 'server';
  builder.add({ text: prefix(frame, line.severity !== null, String(line.number), time), ink: quiet });
  builder.add({ text: arrowOf(line.direction, line.secure), ink: line.secure ? 'tls' : ink });
  builder.add({ text: ' ', ink });
  const indent = leadingTabs(line.runs);
  builder.add({ text: TAB.repeat(indent), ink });
  for (const run of line.runs.slice(indent)) addRun(builder, run, ink, quiet);
  if (line.omittedBytes > 0 && !line.runs.some((run) => run.kind === 'omitted'))
    builder.add({ text: ` … ${countOf(line.omittedBytes, 'more byte')}`, ink: quiet, italic: true });
  if (line.terminator === 'lf') builder.add({ text: ' (bare LF)', ink: quiet, italic: true });
  return builder.finish();
}

/** How many runs are tabs that indent the line, as in a folded header field: nothing that has to be boxed. */
export function leadingTabs(runs: readonly TextRun[]): number {
  const other = runs.findIndex((run) => run.kind !== 'octet' || run.hex !== '09' || run.mark !== null);
  return other === -1 ? 0 : other;
}

function addRun(builder: RowBuilder, run: TextRun, ink: Ink, quiet: Ink): void {
  const marked: Pick<Span, 'paper'> = run.mark === null ? {} : { paper: run.mark };
  const inked: Ink = run.mark === null ? ink : `${run.mark}-ink`;
  if (run.kind === 'text') {
    builder.add({ text: run.text, ink: inked, ...marked });
  } else if (run.kind === 'octet') {
    builder.addOctet(run.hex, { ink: run.mark === null ? quiet : inked, ...marked }, run.mark);
  } else if (run.kind === 'omitted') {
    builder.add({
      text: omittedWords(run.lengthBytes),
      ink: run.mark === null ? quiet : inked,
      italic: true,
      ...marked,
    });
  } else {
    builder.add({ text: '••••••••', ink: run.mark === null ? quiet : inked, ...marked });
    builder.add({ text: ` ${maskedWords(run)}`, ink: inked, ...marked });
  }
}

/** Stands for octets of a very long line: ` … 1,200 more bytes `. */
export function omittedWords(lengthBytes: number): string {
  return ` … ${countOf(lengthBytes, 'more byte')} … `;
}

/** Label and length of a masked secret: `response, 1,400 bytes`. */
export function maskedWords(run: Extract<TextRun, { kind: 'masked' }>): string {
  return `${run.label}, ${countOf(run.lengthBytes, 'byte')}`;
}

/** What an item that is no line says, in spans. */
export function describe(item: Exclude<TranscriptItem, TranscriptLine>): readonly Span[] {
  switch (item.kind) {
    case 'pause':
      return [{ text: `--- ${item.seconds.toFixed(1)} s ---`, ink: 'note', italic: true }];
    case 'gap':
      return [
        {
          text: `--- ${countOf(item.lengthBytes, 'byte')} missing from the ${sideOf(item.direction)} ---`,
          ink: 'note',
          italic: true,
        },
      ];
    case 'note':
      return [{ text: item.text, ink: 'note', italic: true }];
    case 'fold':
      return [
        { text: `${foldWords(item)} `, ink: 'note', italic: true },
        { text: item.expanded ? 'collapse' : 'expand', ink: 'accent' },
      ];
    default:
      return assertNever(item);
  }
}

/** `body, 42 lines, 1.2 kB`. */
export function foldWords(fold: Extract<TranscriptItem, { kind: 'fold' }>): string {
  const lines = fold.lines > 0 ? `${countOf(fold.lines, 'line')}, ` : '';
  return `[${fold.what}: ${lines}${formatBytes(fold.lengthBytes)}]`;
}

export function arrowOf(direction: DirectionName, secure: boolean): string {
  if (direction === 'to_server') return secure ? '~>' : '->';
  return secure ? '<~' : '<-';
}

function sideOf(direction: DirectionName): string {
  return direction === 'to_server' ? 'client' : 'server';
}

/** `**` stands under the mark that is drawn over the gutter, so that copied text carries it. */
function prefix(frame: LayoutFrame, marked: boolean, number: string, time: string): string {
  return `${marked ? '**' : '  '}${number.padStart(frame.numberWidth)} ${time.padEnd(frame.timeWidth)}  `;
}

function builderFor(item: number, frame: LayoutFrame, tint: Severity | null, mark: Severity | null): RowBuilder {
  const column = textColumn(frame);
  const columns = Math.max(frame.columns, column + FEWEST_TEXT_COLUMNS);
  return new RowBuilder({ item, columns, indent: column + HANGING, tint, mark });
}

function worstOf(findings: readonly number[], severityOf: LayoutFrame['severityOf']): Severity | null {
  let worst: Severity | null = null;
  for (const id of findings) {
    const severity = severityOf(id);
    if (severity !== null && (worst === null || SEVERITY_RANK[severity] > SEVERITY_RANK[worst])) worst = severity;
  }
  return worst;
}

function assertNever(value: never): never {
  throw new Error(`Unknown transcript item: ${JSON.stringify(value)}`);
}
