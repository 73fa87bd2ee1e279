/**
 * A virtualised, sortable table with one active row, for any number of rows
 * that a browser can give height to (Chromium: about a million of 28 px).
 * The grid itself has the focus; the active row is named by aria-activedescendant.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import type { SortOrder } from '../../shared/inspection.js';
import { useLatest } from '../react/use-latest.js';
import { columnTemplate, leastWidth } from './grid-column.js';
import type { GridColumn } from './grid-column.js';
import { GridHeader } from './grid-header.js';
import { rowForKey } from './grid-keys.js';
import styles from './data-grid.module.css';

export const ROW_HEIGHT = 28;
const OVERSCAN = 8;
const CORNER_WIDTH = 28;

export interface DataGridProps<Row> {
  readonly label: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly widths: Readonly<Record<string, number>>;
  readonly onWidth?: (columnId: string, width: number) => void;
  readonly total: number;
  readonly version: number;
  readonly rowAt: (index: number) => Row | undefined;
  readonly onWindow: (first: number, last: number) => void;
  readonly activeIndex: number;
  /** Rises when the active row shall be scrolled into view. */
  readonly revealSerial: number;
  readonly onActive: (index: number) => void;
  readonly onOpen: (index: number) => void;
  readonly sort: SortOrder;
  /** What the rows are narrowed by. */
  readonly search: string;
  /** Rows are added at the end: stay there, until somebody scrolls up. */
  readonly follow?: boolean;
  readonly onSort: (sort: SortOrder) => void;
  readonly empty: ReactNode;
  readonly gridRef?: Ref<HTMLDivElement>;
  /** A control at the right end of the header. */
  readonly corner?: ReactNode;
}

export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { columns, total, activeIndex, onWindow, revealSerial, sort, search } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const baseId = useId();
  const corner = props.corner === undefined ? 0 : CORNER_WIDTH;
  const template = `${columnTemplate(columns, props.widths)} ${corner}px`;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    // The rows begin below the header, so the last one needs that much more room, and that of a scrollbar.
    scrollPaddingEnd: ROW_HEIGHT + 2 + scrollbarHeight(scroller.current),
    initialRect: { width: 1000, height: 400 },
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => onWindow(first, last), [first, last, total, onWindow]);
  // Only a new wish moves the table, not every row that streams in.
  const reveal = useLatest(() => rows.scrollToIndex(activeIndex, { align: 'auto' }));
  useLayoutEffect(() => {
    if (revealSerial > 0) reveal.current();
  }, [revealSerial, reveal]);

  // Where the user is; rows that are added do not change that, only scrolling does.
  const atEnd = useRef(true);
  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null) return;
    atEnd.current = element.scrollTop + element.clientHeight + ROW_HEIGHT > element.scrollHeight;
  };
  const toEnd = useLatest(() => rows.scrollToIndex(total - 1, { align: 'end' }));
  const { follow = false } = props;
  useLayoutEffect(() => {
    if (follow && atEnd.current && total > 0) toEnd.current();
  }, [follow, total, toEnd]);

  // Another order or search begins at its first row: whoever sorts wants to see what comes first.
  const shownOrder = useRef({ sort, search });
  useLayoutEffect(() => {
    const before = shownOrder.current;
    shownOrder.current = { sort, search };
    if (before.sort !== sort || before.search !== search) scroller.current?.scrollTo({ top: 0 });
  }, [sort, search]);

  const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW_HEIGHT) - 2);
  const onKeyDown = (event: KeyboardEvent): void => {
    // Keys of the header's buttons are theirs.
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' && activeIndex >= 0) {
      event.preventDefault();
      props.onOpen(activeIndex);
      return;
    }
    const target = rowForKey(event, activeIndex, total, pageRows);
    if (target === null) return;
    event.preventDefault();
    props.onActive(target);
    rows.scrollToIndex(target, { align: 'auto' });
  };

  return (
    <div className={styles.frame}>
      <div ref={scroller} className={styles.scroller} onScroll={onScroll}>
        <div
          ref={props.gridRef}
          role="grid"
          tabIndex={0}
          aria-label={props.label}
          aria-rowcount={total + 1}
          aria-colcount={columns.length}
          aria-activedescendant={
            activeIndex >= first && activeIndex <= last && total > 0 ? `${baseId}-${activeIndex}` : undefined
          }
          className={styles.grid}
          style={{ minWidth: leastWidth(columns, props.widths) + corner }}
          onKeyDown={onKeyDown}
        >
          <GridHeader columns={columns} template={template} sort={sort} onSort={props.onSort} onWidth={props.onWidth} />
          <div role="rowgroup" className={styles.body} style={{ height: rows.getTotalSize() }}>
            {items.map((item) => (
              <GridRow
                key={item.key}
                id={`${baseId}-${item.index}`}
                index={item.index}
                top={item.start}
                template={template}
                columns={columns}
                row={props.rowAt(item.index)}
                active={item.index === activeIndex}
                onActive={props.onActive}
                onOpen={props.onOpen}
              />
            ))}
          </div>
        </div>
      </div>
      {props.corner === undefined ? null : <div className={styles.corner}>{props.corner}</div>}
      {total === 0 ? <div className={styles.empty}>{props.empty}</div> : null}
    </div>
  );
}

function scrollbarHeight(element: HTMLElement | null): number {
  return element === null ? 0 : element.offsetHeight - element.clientHeight;
}

interface GridRowProps<Row> {
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly template: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly row: Row | undefined;
  readonly active: boolean;
  readonly onActive: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

function GridRow<Row>({ id, index, top, template, columns, row, active, onActive, onOpen }: GridRowProps<Row>) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      className={styles.row}
      style={{ top, gridTemplateColumns: template }}
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

function GridCell<Row>({
  column,
  at,
  content,
}: {
  readonly column: GridColumn<Row>;
  readonly at: number;
  readonly content: ReactNode;
}) {
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
