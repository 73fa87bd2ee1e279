/** `mailscope protections`: the catalogue as a table, or everything of it as JSON. */
import type { ProtectionDescription } from '../shared/protection.js';
import { alignedRow, columnWidths } from '../engine/index.js';

/** One row each: id, title, severity, default action. */
export function protectionsTable(protections: readonly ProtectionDescription[]): string {
  const rows = [
    ['ID', 'TITLE', 'SEVERITY', 'ACTION'],
    ...protections.map(({ id, title, severity, defaultAction }) => [id, title, severity, defaultAction]),
  ];
  const widths = columnWidths(rows);
  return `${rows.map((row) => alignedRow(row, widths)).join('\n')}\n`;
}

/** A JSON array of complete descriptions. */
export function protectionsJson(protections: readonly ProtectionDescription[]): string {
  return `${JSON.stringify(protections, null, 2)}\n`;
}
