/** The report writers and the words they are made of, for `engine/index.ts`. */
export { displayString } from '../text/display.js';
export { formatBytes } from '../session/quantity.js';
export { CsvReport } from './csv.js';
export { EveReport } from './eve.js';
export { JsonReport, type Spool, type Tool } from './json.js';
export { PIECE, pieceMaker, type PieceKind, type PieceMaker, type ReportFormat } from './pieces.js';
export type { ReportInput, ReportSession, ReportWriter, Write } from './report-input.js';
export { alignedRow, columnWidths } from './text-table.js';
export { TextReport, type TextOptions } from './text.js';
export type { Listed } from './worst-sessions.js';
