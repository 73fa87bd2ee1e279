/** The header row: titles that sort, edges that resize. */
import { memo, useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { SortOrder } from '../../shared/inspection.js';
import type { GridColumn } from './grid-column.js';
import styles from './data-grid.module.css';

const NARROWEST = 44;
const WIDEST = 900;

interface GridHeaderProps<Row> {
  readonly columns: readonly GridColumn<Row>[];
  readonly template: string;
  readonly sort: SortOrder;
  readonly onSort: (sort: SortOrder) => void;
  readonly onWidth: ((columnId: string, width: number) => void) | undefined;
}

function Header<Row>({ columns, template, sort, onSort, onWidth }: GridHeaderProps<Row>) {
  return (
    <div role="rowgroup" className={styles.head}>
      <div
        role="row"
        aria-rowindex={1}
        className={styles.headRow}
        style={{ gridTemplateColumns: template }}
        onKeyDown={moveAlong}
      >
        {columns.map((column, at) => (
          <HeaderCell key={column.id} column={column} at={at} sort={sort} onSort={onSort} onWidth={onWidth} />
        ))}
      </div>
    </div>
  );
}

/** `memo` forgets type parameters; the header keeps its own. */
export const GridHeader = memo(Header) as typeof Header;

/** One tab stop for the whole header: arrows lead from title to title. */
function moveAlong(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[at + (event.key === 'ArrowRight' ? 1 : -1)]?.focus();
  event.preventDefault();
}

interface HeaderCellProps<Row> {
  readonly column: GridColumn<Row>;
  readonly at: number;
  readonly sort: SortOrder;
  readonly onSort: (sort: SortOrder) => void;
  readonly onWidth: ((columnId: string, width: number) => void) | undefined;
}

function HeaderCell<Row>({ column, at, sort, onSort, onWidth }: HeaderCellProps<Row>) {
  const sorted = sort.column === column.id;
  const order = !sorted ? 'none' : sort.descending ? 'descending' : 'ascending';
  return (
    <div
      role="columnheader"
      aria-colindex={at + 1}
      aria-sort={order}
      data-align={column.align}
      className={styles.headCell}
    >
      {column.sortable === false ? (
        <span className={styles.title}>{column.title}</span>
      ) : (
        <button
          type="button"
          tabIndex={sorted ? 0 : -1}
          className={styles.sort}
          title={column.hint ?? `Sort by ${column.title.toLowerCase()}`}
          onClick={() =>
            onSort({
              column: column.id,
              descending: sorted ? !sort.descending : column.align === 'end' || column.largestFirst === true,
            })
          }
        >
          <span className={styles.title}>{column.title}</span>
          {sorted ? <span className={styles.caret} data-descending={sort.descending} aria-hidden /> : null}
        </button>
      )}
      {onWidth === undefined ? null : <ResizeEdge columnId={column.id} onWidth={onWidth} />}
    </div>
  );
}

function ResizeEdge({
  columnId,
  onWidth,
}: {
  readonly columnId: string;
  readonly onWidth: (columnId: string, width: number) => void;
}) {
  const drag = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLSpanElement>): void => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width: event.currentTarget.parentElement?.offsetWidth ?? NARROWEST };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (drag.current === null) return;
    const width = drag.current.width + event.clientX - drag.current.x;
    onWidth(columnId, Math.max(NARROWEST, Math.min(WIDEST, width)));
  };
  const stop = (): void => {
    drag.current = null;
  };
  return (
    <span
      className={styles.edge}
      aria-hidden
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={stop}
      onPointerCancel={stop}
    />
  );
}
