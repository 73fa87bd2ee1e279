/**
 * A row as the terminal's own language. The only escape sequences that ever
 * reach the terminal are made here, around texts that went through the guard.
 */
import { guardText } from './terminal-guard.js';
import { inkNumber } from './terminal-ink.js';
import type { Span, TranscriptRow } from './transcript-row.js';

const ESC = '\x1b[';
const RESET = `${ESC}0m`;
const HIDDEN = 8;
const ITALIC = 3;

/** Empties screen and scrollback, hides the cursor, switches wrapping off. */
export const CLEAR = `${RESET}${ESC}?25l${ESC}?7l${ESC}2J${ESC}3J${ESC}H`;
/** Between these the terminal shows nothing, so that a rewrite does not flicker. */
export const HOLD = `${ESC}?2026h`;
export const RELEASE = `${ESC}?2026l`;

/** One row with its tint over the whole width, without a line end. */
export function rowText(row: TranscriptRow): string {
  const tint = row.tint === null ? '' : `;48;5;${inkNumber(`${row.tint}-bg`)}`;
  const start = tint === '' ? '' : `${ESC}0${tint}m${ESC}2K`;
  return start + row.spans.map((span, at) => spanText(span, tint, at === 0 && row.mark !== null)).join('') + RESET;
}

/** All rows, line ends between them. */
export function rowsText(rows: readonly TranscriptRow[]): string {
  return rows.map(rowText).join('\r\n');
}

function spanText(span: Span, tint: string, gutter: boolean): string {
  const paper = span.paper === undefined ? tint : `;48;5;${inkNumber(span.paper)}`;
  const style = `0;38;5;${inkNumber(span.ink)}${paper}${span.italic === true ? `;${ITALIC}` : ''}`;
  const text = guardText(span.text);
  if (!gutter) return `${ESC}${style}m${text}`;
  // The two stars under a gutter mark are in the buffer, but not to be seen.
  return `${ESC}${style};${HIDDEN}m${text.slice(0, 2)}${ESC}${style}m${text.slice(2)}`;
}
