/** The main screen: the Sessions table, and below it the selected session. */
import { useEffect, useRef, useState } from 'react';
import { Split } from '../controls/split.js';
import { EmptyState } from '../problem/empty-state.js';
import { SessionPane } from '../session/session-pane.js';
import type { SelectedSession } from '../store/app-state.js';
import { useApp } from '../store/store-context.js';
import styles from './sessions.module.css';
import { SessionsTable } from './sessions-table.js';

/** So long an arrow key may rest on a row before its session is fetched. */
const SETTLE_MS = 90;

export function SessionsScreen() {
  const selected = useApp((state) => state.selected);
  const settled = useSettled(selected);
  const empty = useApp((state) => state.status.totals.sessions === 0);
  const grid = useRef<HTMLDivElement>(null);
  const pane = useRef<HTMLDivElement>(null);
  const cameForFinding = useRef(useApp((state) => state.findingRequest !== null));
  useEffect(() => {
    // A new table takes the keys, unless somebody types or a finding is shown, whose transcript takes them.
    if (document.activeElement === document.body && !cameForFinding.current) grid.current?.focus();
    cameForFinding.current = false;
  }, [empty]);
  const focusTranscript = (): void => {
    const target = pane.current?.querySelector<HTMLElement>('.xterm-helper-textarea, [data-plain-list]');
    target?.focus();
  };
  if (empty) return <SessionsTable gridRef={grid} onOpen={focusTranscript} />;
  return (
    <div className={styles.screen}>
      <Split
        name="sessions"
        orientation="vertical"
        label="Height of the session"
        secondSize="62%"
        secondMinimum={180}
        firstMinimum={112}
        first={<SessionsTable gridRef={grid} onOpen={focusTranscript} />}
        second={
          <div ref={pane} className={styles.pane}>
            {settled === null ? (
              <NothingSelected />
            ) : (
              <SessionPane session={settled} onBack={() => grid.current?.focus()} />
            )}
          </div>
        }
      />
    </div>
  );
}

function NothingSelected() {
  return (
    <div className={styles.nothing}>
      <EmptyState title="No session selected">
        <p>
          Choose a row to read its transcript. <kbd>j</kbd> <kbd>k</kbd> walk through the rows, <kbd>Enter</kbd> leads
          into the transcript.
        </p>
      </EmptyState>
    </div>
  );
}

/** The selection once it has stayed for a moment; another view of the same session at once. */
function useSettled(selected: SelectedSession | null): SelectedSession | null {
  const [settled, setSettled] = useState(selected);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(selected), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [selected]);
  return settled?.id === selected?.id ? selected : settled;
}
