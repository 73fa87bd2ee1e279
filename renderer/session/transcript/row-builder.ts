/**
 * Breaks spans into rows of a width, with a hanging indent. In: spans that
 * need not be safe (each goes through the guard here). Out: rows whose cells
 * never exceed the width; octet boxes are never split.
 */
import type { Severity } from '../../../shared/severity.js';
import { cellWidth } from './cell-width.js';
import { guardHex, guardText } from './terminal-guard.js';
import type { OctetBoxes, Span, TranscriptRow } from './transcript-row.js';

const PRINTABLE_ASCII = /^[ -~]*$/;

export interface RowFrame {
  readonly item: number;
  readonly columns: number;
  /** Cells before the text of a continuation row. */
  readonly indent: number;
  readonly tint: Severity | null;
  readonly mark: Severity | null;
}

export class RowBuilder {
  private readonly rows: TranscriptRow[] = [];
  private spans: Span[] = [];
  private boxes: OctetBoxes[] = [];
  private column = 0;

  constructor(private readonly frame: RowFrame) {}

  /** Appends text, continuing in further rows where it does not fit. */
  add(span: Span): void {
    const text = guardText(span.text);
    if (PRINTABLE_ASCII.test(text)) this.addCells(span, text);
    else this.addCharacters(span, text);
  }

  /** Appends one octet as two hex digits under a box. */
  addOctet(hex: string, span: Omit<Span, 'text'>, mark: Severity | null): void {
    const label = guardHex(hex);
    if (this.column + 2 > this.frame.columns) this.breakRow();
    const last = this.boxes[this.boxes.length - 1];
    if (last !== undefined && last.mark === mark && last.column + last.labels.length * 2 === this.column) {
      this.boxes[this.boxes.length - 1] = { ...last, labels: [...last.labels, label] };
    } else {
      this.boxes.push({ column: this.column, labels: [label], mark });
    }
    this.put(span, label, 2);
  }

  /** The rows so far, the last one included even when it is empty. */
  finish(): readonly TranscriptRow[] {
    this.endRow();
    return this.rows;
  }

  private addCells(span: Span, text: string): void {
    let at = 0;
    while (at < text.length) {
      if (this.column >= this.frame.columns) this.breakRow();
      const fits = text.slice(at, at + this.frame.columns - this.column);
      this.put(span, fits, fits.length);
      at += fits.length;
    }
  }

  private addCharacters(span: Span, text: string): void {
    let pending = '';
    let width = 0;
    for (const character of text) {
      const cells = cellWidth(character);
      if (this.column + width + cells > this.frame.columns) {
        this.put(span, pending, width);
        this.breakRow();
        pending = '';
        width = 0;
      }
      pending += character;
      width += cells;
    }
    this.put(span, pending, width);
  }

  private put(span: Omit<Span, 'text'>, text: string, cells: number): void {
    if (text === '') return;
    this.spans.push({ ...span, text });
    this.column += cells;
  }

  private breakRow(): void {
    this.endRow();
    this.spans = [{ text: ' '.repeat(this.frame.indent), ink: 'text' }];
    this.boxes = [];
    this.column = this.frame.indent;
  }

  private endRow(): void {
    const first = this.rows.length === 0;
    const { item, tint, mark } = this.frame;
    this.rows.push({ item, first, spans: this.spans, tint, mark: first ? mark : null, boxes: this.boxes });
  }
}
