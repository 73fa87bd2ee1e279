/**
 * A virtualised, sortable table with one active row, for any number of rows
 * that a browser can give height to (Chromium: about a million of 28 px).
 * The grid itself has the focus; the active row is named by aria-activedescendant.
 */
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import type { SortOrder } from '../../shared/inspection.js';
import { useLatest } from '../react/use-latest.js';
import { useStable } from '../react/use-stable.js';
import { columnTemplate, leastWidth } from './grid-column.js';
import type { GridColumn } from './grid-column.js';
import { GridHeader } from './grid-header.js';
import { rowForKey } from './grid-keys.js';
import { GridRow } from './grid-row.js';
import { ROW_HEIGHT, useRowWindow } from './use-row-window.js';
import styles from './data-grid.module.css';

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
  const { columns, widths, total, activeIndex, onWindow, revealSerial, sort, search, follow = false } = props;
  const baseId = useId();
  const corner = props.corner === undefined ? 0 : CORNER_WIDTH;
  const template = useMemo(() => `${columnTemplate(columns, widths)} ${corner}px`, [columns, widths, corner]);
  const { scroller, first, last, onScroll, reveal, toEnd } = useRowWindow(total);
  useEffect(() => onWindow(first, Math.max(first, last)), [first, last, total, onWindow]);
  // Only a new wish moves the table, not every row that streams in.
  const revealActive = useLatest(() => reveal(activeIndex));
  useLayoutEffect(() => {
    if (revealSerial > 0) revealActive.current();
  }, [revealSerial, revealActive]);

  // Where the user is; rows that are added do not change that, only scrolling does.
  const atEnd = useRef(true);
  const scrolled = (): void => {
    const element = scroller.current;
    if (element === null) return;
    atEnd.current = element.scrollTop + element.clientHeight + ROW_HEIGHT > element.scrollHeight;
    onScroll();
  };
  const latestToEnd = useLatest(toEnd);
  useLayoutEffect(() => {
    if (follow && atEnd.current && total > 0) latestToEnd.current();
  }, [follow, total, latestToEnd]);

  // Another order or search begins at its first row: whoever sorts wants to see what comes first.
  const shownOrder = useRef({ sort, search });
  useLayoutEffect(() => {
    const before = shownOrder.current;
    shownOrder.current = { sort, search };
    if (before.sort !== sort || before.search !== search) scroller.current?.scrollTo({ top: 0 });
  }, [sort, search, scroller]);

  const onKeyDown = (event: KeyboardEvent): void => {
    // Keys of the header's buttons are theirs.
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' && activeIndex >= 0) {
      event.preventDefault();
      props.onOpen(activeIndex);
      return;
    }
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW_HEIGHT) - 2);
    const target = rowForKey(event, activeIndex, total, pageRows);
    if (target === null) return;
    event.preventDefault();
    props.onActive(target);
    reveal(target);
  };
  // The same functions for as long as the table stands, so that a row that did not change is not rendered again.
  const activate = useStable(props.onActive);
  const open = useStable(props.onOpen);
  const changeSort = useStable(props.onSort);
  const changeWidth = useStable((id: string, width: number) => props.onWidth?.(id, width));

  return (
    <div className={styles.frame}>
      <div ref={scroller} className={styles.scroller} onScroll={scrolled}>
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
          style={{ minWidth: leastWidth(columns, widths) + corner }}
          onKeyDown={onKeyDown}
        >
          <GridHeader
            columns={columns}
            template={template}
            sort={sort}
            onSort={changeSort}
            onWidth={props.onWidth === undefined ? undefined : changeWidth}
          />
          <div role="rowgroup" className={styles.body} style={{ height: total * ROW_HEIGHT }}>
            {Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => (
              <GridRow
                key={first + at}
                id={`${baseId}-${first + at}`}
                index={first + at}
                template={template}
                columns={columns}
                row={props.rowAt(first + at)}
                active={first + at === activeIndex}
                onActive={activate}
                onOpen={open}
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
