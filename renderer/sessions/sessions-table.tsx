/** The Sessions table over its view: rows, columns, sort, selection. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Ref } from 'react';
import type { SessionSummary } from '../../shared/session.js';
import { SESSION_COLUMNS } from '../../shared/view-columns.js';
import type { SessionColumn } from '../../shared/view-columns.js';
import { spansDays } from '../format/time.js';
import { EmptyState } from '../problem/empty-state.js';
import { useApp } from '../store/store-context.js';
import { DataGrid } from '../table/data-grid.js';
import { useActiveRow } from '../table/use-active-row.js';
import { useRowView } from '../views/use-row-view.js';
import { ColumnChooser } from './column-chooser.js';
import { NoSessions } from './no-sessions.js';
import { DEFAULT_SESSION_COLUMNS, sessionColumns } from './session-columns.js';
import styles from './sessions.module.css';

const SAVE_WIDTHS_AFTER_MS = 400;

interface SessionsTableProps {
  readonly gridRef: Ref<HTMLDivElement>;
  /** Enter or double click on a row. */
  readonly onOpen: () => void;
}

export function SessionsTable({ gridRef, onOpen }: SessionsTableProps) {
  const search = useApp((state) => state.search.sessions);
  const sort = useApp((state) => state.sort.sessions);
  const setSort = useApp((state) => state.setSort);
  const setMatching = useApp((state) => state.setMatching);
  const selectedId = useApp((state) => state.selected?.id ?? null);
  const selectSession = useApp((state) => state.selectSession);
  const spec = useMemo(() => ({ kind: 'sessions' as const, search, sort }), [search, sort]);
  const view = useRowView(spec);
  const live = useApp((state) => state.status.phase === 'live');
  // In the order of time new rows come at the end.
  const follow = live && sort.column === 'time' && !sort.descending;
  const select = useCallback((row: SessionSummary) => selectSession(row), [selectSession]);
  const active = useActiveRow(view, selectedId, select);
  const { total, unfiltered } = view;
  useEffect(() => {
    setMatching('sessions', { total, unfiltered });
    return () => setMatching('sessions', null);
  }, [setMatching, total, unfiltered]);
  const columns = useShownColumns();
  return (
    <div className={styles.table}>
      <DataGrid
        label="Sessions"
        gridRef={gridRef}
        columns={columns.shown}
        widths={columns.widths}
        onWidth={columns.setWidth}
        total={total}
        version={view.version}
        rowAt={view.rowAt}
        onWindow={view.setWindow}
        activeIndex={active.index}
        revealSerial={active.revealSerial}
        onActive={active.activate}
        onOpen={(index) => {
          active.activate(index);
          onOpen();
        }}
        sort={sort}
        search={search}
        follow={follow}
        onSort={(order) => setSort('sessions', order)}
        empty={
          view.problem === null ? (
            view.ready ? (
              <NoSessions />
            ) : null
          ) : (
            <EmptyState title={view.problem.message}>{view.problem.hint}</EmptyState>
          )
        }
        corner={
          <ColumnChooser
            columns={columns.all}
            shown={columns.shown.map((column) => column.id)}
            onShown={columns.setShown}
            onReset={columns.reset}
          />
        }
      />
    </div>
  );
}

/** The chosen columns and widths, stored in the settings a moment after the last change. */
function useShownColumns() {
  const chosen = useApp((state) => state.settings.sessionColumns);
  const storedWidths = useApp((state) => state.settings.sessionColumnWidths);
  const changeSettings = useApp((state) => state.changeSettings);
  const severalDays = useApp((state) => spansDays(state.status.totals.firstPacketUs, state.status.totals.lastPacketUs));
  const [widths, setWidths] = useState(storedWidths);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setWidths(storedWidths), [storedWidths]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const all = useMemo(() => sessionColumns(severalDays), [severalDays]);
  const known = chosen.filter((id): id is SessionColumn => SESSION_COLUMNS.some((column) => column === id));
  const ids = known.length === 0 ? DEFAULT_SESSION_COLUMNS : known;
  const shownIds = ids.join(' ');
  const shown = useMemo(() => all.filter((column) => shownIds.split(' ').includes(column.id)), [all, shownIds]);
  return {
    all,
    shown,
    widths,
    setWidth: (id: string, width: number): void => {
      const next = { ...widths, [id]: Math.round(width) };
      setWidths(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => changeSettings({ sessionColumnWidths: next }), SAVE_WIDTHS_AFTER_MS);
    },
    setShown: (shown: readonly SessionColumn[]): void => changeSettings({ sessionColumns: shown }),
    reset: (): void => changeSettings({ sessionColumns: [], sessionColumnWidths: {} }),
  };
}
