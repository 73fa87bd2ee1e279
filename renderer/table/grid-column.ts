/** What a table column is: its name, how wide, and what it shows of a row. */
import type { ReactNode } from 'react';

export interface GridColumn<Row> {
  /** Permanent; also the name to sort by. */
  readonly id: string;
  readonly title: string;
  /** Said of the column header when it has more to say than its title. */
  readonly hint?: string;
  /** Default width in pixels; a growing column is at least this wide. */
  readonly width: number;
  /** Share of the room that is left over. */
  readonly grows?: number;
  readonly align?: 'end';
  readonly mono?: boolean;
  readonly sortable?: boolean;
  /** The first click on its title sorts from the largest down; so do all columns of numbers. */
  readonly largestFirst?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

/** The columns as one `grid-template-columns`; a width that the user dragged is fixed. */
export function columnTemplate<Row>(
  columns: readonly GridColumn<Row>[],
  widths: Readonly<Record<string, number>>,
): string {
  return columns
    .map((column) => {
      const dragged = widths[column.id];
      if (dragged !== undefined) return `${Math.round(dragged)}px`;
      return column.grows === undefined ? `${column.width}px` : `minmax(${column.width}px, ${column.grows}fr)`;
    })
    .join(' ');
}

/** Pixels below which the columns have to be scrolled sideways. */
export function leastWidth<Row>(columns: readonly GridColumn<Row>[], widths: Readonly<Record<string, number>>): number {
  return columns.reduce((sum, column) => sum + Math.round(widths[column.id] ?? column.width), 0);
}
