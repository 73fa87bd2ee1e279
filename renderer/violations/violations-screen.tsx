/** The log of findings; Enter or a double click leads to the line of the transcript. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Violation } from '../../shared/violation.js';
import { Button } from '../controls/button.js';
import { countOf } from '../format/numbers.js';
import { spansDays } from '../format/time.js';
import { EmptyState } from '../problem/empty-state.js';
import { useApp } from '../store/store-context.js';
import { DataGrid } from '../table/data-grid.js';
import { useActiveRow } from '../table/use-active-row.js';
import { useRowView } from '../views/use-row-view.js';
import { SelectedViolation } from './selected-violation.js';
import { violationColumns } from './violation-columns.js';
import styles from './violations.module.css';

const NO_WIDTHS: Readonly<Record<string, number>> = {};

export function ViolationsScreen() {
  const search = useApp((state) => state.search.violations);
  const sort = useApp((state) => state.sort.violations);
  const setSort = useApp((state) => state.setSort);
  const setMatching = useApp((state) => state.setMatching);
  const showViolation = useApp((state) => state.showViolation);
  const severalDays = useApp((state) => spansDays(state.status.totals.firstPacketUs, state.status.totals.lastPacketUs));
  const spec = useMemo(() => ({ kind: 'violations' as const, search, sort }), [search, sort]);
  const view = useRowView(spec);
  const live = useApp((state) => state.status.phase === 'live');
  // In the order of time new rows come at the end.
  const follow = live && sort.column === 'time' && !sort.descending;
  const [selected, setSelected] = useState<Violation | null>(null);
  const [widths, setWidths] = useState(NO_WIDTHS);
  const active = useActiveRow(view, selected?.id ?? null, setSelected);
  const grid = useRef<HTMLDivElement>(null);
  const { total, unfiltered } = view;
  useEffect(() => grid.current?.focus(), []);
  useEffect(() => {
    setMatching('violations', { total, unfiltered });
    return () => setMatching('violations', null);
  }, [setMatching, total, unfiltered]);
  const columns = useMemo(() => violationColumns(severalDays), [severalDays]);
  const open = (index: number): void => {
    const row = view.rowAt(index);
    if (row !== undefined) showViolation(row);
  };
  return (
    <div className={styles.screen}>
      <div className={styles.log}>
        <DataGrid
          label="Violations"
          gridRef={grid}
          columns={columns}
          widths={widths}
          onWidth={(id, width) => setWidths({ ...widths, [id]: width })}
          total={total}
          version={view.version}
          rowAt={view.rowAt}
          onWindow={view.setWindow}
          activeIndex={active.index}
          revealSerial={active.revealSerial}
          onActive={active.activate}
          onOpen={open}
          sort={sort}
          search={search}
          follow={follow}
          onSort={(order) => setSort('violations', order)}
          empty={
            view.problem === null ? (
              view.ready ? (
                <NoViolations />
              ) : null
            ) : (
              <EmptyState title={view.problem.message}>{view.problem.hint}</EmptyState>
            )
          }
        />
      </div>
      {selected === null || total === 0 ? null : <SelectedViolation violation={selected} onShow={showViolation} />}
    </div>
  );
}

function NoViolations() {
  const search = useApp((state) => state.search.violations);
  const status = useApp((state) => state.status);
  const setSearch = useApp((state) => state.setSearch);
  if (search !== '') {
    return (
      <EmptyState title="No violation matches">
        <p>Every word of “{search}” has to occur in a violation’s row.</p>
        <p>
          <Button onClick={() => setSearch('violations', '')}>Clear the search</Button>
        </p>
      </EmptyState>
    );
  }
  if (status.phase === 'loading' || status.phase === 'live')
    return <EmptyState title="No violation so far">{countOf(status.totals.sessions, 'session')} judged.</EmptyState>;
  return (
    <EmptyState title="No violations">
      <p>
        {countOf(status.totals.sessions, 'session')} {status.totals.sessions === 1 ? 'was' : 'were'} judged by{' '}
        {status.policy.active} active protections.
      </p>
    </EmptyState>
  );
}
