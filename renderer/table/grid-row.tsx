/** One row of a table; rendered again only when it shows something else. */
import { memo } from 'react';
import type { ReactNode } from 'react';
import type { GridColumn } from './grid-column.js';
import { ROW_HEIGHT } from './use-row-window.js';
import styles from './data-grid.module.css';

interface GridRowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly template: string;
  readonly columns: readonly GridColumn<Row>[];
  /** Undefined while it is on its way. */
  readonly row: Row | undefined;
  readonly active: boolean;
  readonly onActive: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

function Row<Row>({ id, index, template, columns, row, active, onActive, onOpen }: GridRowProps<Row>) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      className={styles.row}
      style={{ top: index * ROW_HEIGHT, gridTemplateColumns: template }}
      onMouseDown={() => onActive(index)}
      onDoubleClick={() => onOpen(index)}
    >
      {columns.map((column, at) => (
        <GridCell
          key={column.id}
          column={column}
          at={at}
          content={row === undefined ? <span className={styles.waiting} /> : column.cell(row)}
        />
      ))}
    </div>
  );
}

/** `memo` forgets type parameters; the row keeps its own. */
export const GridRow = memo(Row) as typeof Row;

interface GridCellProps<Row> {
  readonly column: GridColumn<Row>;
  readonly at: number;
  readonly content: ReactNode;
}

function GridCell<Row>({ column, at, content }: GridCellProps<Row>) {
  return (
    <div
      role="gridcell"
      aria-colindex={at + 1}
      data-column={column.id}
      data-align={column.align}
      data-mono={column.mono === true ? '' : undefined}
      className={styles.cell}
      // What is cut off can still be read.
      title={typeof content === 'string' ? content : undefined}
    >
      {content}
    </div>
  );
}
