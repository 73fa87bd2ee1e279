/**
 * Which row of a view is active, by the id of what is selected: it stays the
 * same thing while rows stream in, are sorted or searched. A row that the user
 * went to before it had arrived is selected when it comes.
 */
import { useEffect, useRef, useState } from 'react';
import { useLatest } from '../react/use-latest.js';
import type { RowView } from '../views/use-row-view.js';

export interface ActiveRow {
  readonly index: number;
  /** Rises when the row shall be scrolled into view. */
  readonly revealSerial: number;
  readonly activate: (index: number) => void;
}

export function useActiveRow<Row extends { readonly id: number }>(
  view: RowView<Row>,
  selectedId: number | null,
  onSelect: (row: Row) => void,
): ActiveRow {
  const [index, setIndex] = useState(-1);
  const [revealSerial, setRevealSerial] = useState(0);
  const wanted = useRef(false);
  const revealedId = useRef<number | null>(null);
  const { version, ready } = view;
  const latestView = useLatest(view);

  const activate = (next: number): void => {
    setIndex(next);
    const row = view.rowAt(next);
    wanted.current = row === undefined;
    if (row === undefined) return;
    revealedId.current = row.id;
    onSelect(row);
  };

  const latestActivate = useLatest(activate);
  useEffect(() => {
    const here = index >= 0 ? latestView.current.rowAt(index) : undefined;
    if (wanted.current) {
      if (here !== undefined) latestActivate.current(index);
      return undefined;
    }
    if (selectedId === null || !ready) {
      setIndex(-1);
      return undefined;
    }
    if (here?.id === selectedId) return undefined;
    let current = true;
    void latestView.current.indexOf(selectedId).then((found) => {
      if (!current) return;
      setIndex(found);
      if (found === -1 || revealedId.current === selectedId) return;
      revealedId.current = selectedId;
      setRevealSerial((serial) => serial + 1);
    });
    return () => {
      current = false;
    };
  }, [version, ready, selectedId, index, latestView, latestActivate]);

  return { index, revealSerial, activate };
}
