/**
 * Opens a view in the inspector for as long as a screen shows it, keeps it in
 * step with the wanted sort and search, and gives its rows by index.
 */
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Problem, ViewRows, ViewSpec, ViewState } from '../../shared/inspection.js';
import type { Bridge } from '../../shared/ipc.js';
import type { SessionSummary } from '../../shared/session.js';
import type { Violation } from '../../shared/violation.js';
import { ask } from '../bridge.js';
import { useLatest } from '../react/use-latest.js';
import { useApp, useBridge } from '../store/store-context.js';
import { RowPages } from './row-pages.js';
import type { RowAnswer } from './row-pages.js';

interface RowOf {
  readonly sessions: SessionSummary;
  readonly violations: Violation;
}

export interface RowView<Row> {
  readonly total: number;
  readonly unfiltered: number;
  /** Rises whenever rows may differ. */
  readonly version: number;
  /** False until the view has answered for the first time. */
  readonly ready: boolean;
  readonly problem: Problem | null;
  readonly rowAt: (index: number) => Row | undefined;
  readonly setWindow: (first: number, last: number) => void;
  /** Index of the row with this id as sorted now, or -1. */
  readonly indexOf: (id: number) => Promise<number>;
}

/** Rows of all sessions or violations of the open capture, as `spec` sorts and searches them. */
export function useRowView<Kind extends ViewSpec['kind']>(
  spec: ViewSpec & { readonly kind: Kind },
): RowView<RowOf[Kind]> {
  type Row = RowOf[Kind];
  const bridge = useBridge();
  const captureSerial = useApp((state) => state.captureSerial);
  const [opened, setOpened] = useState<{ readonly state: ViewState; readonly serial: number } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const viewId = opened?.state.viewId ?? -1;
  const pushed = useApp((state) => state.status.views.find((view) => view.viewId === viewId));
  const latestSpec = useLatest<ViewSpec>(spec);
  const sentSpec = useRef<ViewSpec | null>(null);

  useEffect(() => {
    const sent = latestSpec.current;
    const closing = openView(bridge, sent, (answer) => {
      if (answer.ok) {
        sentSpec.current = sent;
        setOpened({ state: answer.value, serial: captureSerial });
      }
      setProblem(answer.ok ? null : answer.problem);
    });
    return () => {
      setOpened(null);
      closing();
    };
  }, [bridge, captureSerial, latestSpec]);

  const listeners = useMemo(() => new RowListeners(), []);
  const pages = useMemo(
    () =>
      new RowPages<Row>(
        (from, count) => fetchRows<Row>(bridge, viewId, from, count),
        () => listeners.tell(),
      ),
    [bridge, viewId, listeners],
  );
  useEffect(() => {
    if (opened !== null) pages.setState(opened.state);
    return () => pages.close();
  }, [pages, opened]);
  useEffect(() => {
    if (pushed !== undefined) pages.setState(pushed);
  }, [pages, pushed]);

  const isChanging = useRef(false);
  useEffect(() => {
    if (viewId === -1 || isChanging.current || sameSpec(sentSpec.current, spec)) return;
    const change = async (): Promise<void> => {
      isChanging.current = true;
      // One change at a time, the latest next: what was typed in between need not be looked for.
      while (!sameSpec(sentSpec.current, latestSpec.current)) {
        const wanted = latestSpec.current;
        sentSpec.current = wanted;
        const answer = await ask(bridge.invoke['view:change']({ viewId, spec: wanted }));
        if (answer.ok) pages.setState(answer.value);
        setProblem(answer.ok ? null : answer.problem);
      }
      isChanging.current = false;
    };
    void change();
  }, [bridge, viewId, pages, spec, latestSpec]);

  const version = useSyncExternalStore(listeners.listen, listeners.count);
  const state = pushed ?? opened?.state;
  return {
    total: pages.total,
    unfiltered: Math.max(state?.unfiltered ?? 0, pages.total),
    version,
    ready: opened !== null,
    problem,
    rowAt: (index) => pages.rowAt(index),
    setWindow: (first, last) => pages.setWindow(first, last),
    indexOf: async (id) => {
      const answer = await ask(bridge.invoke['view:index-of']({ viewId, id }));
      return answer.ok ? answer.value : -1;
    },
  };
}

function openView(
  bridge: Bridge,
  spec: ViewSpec,
  opened: (answer: Awaited<ReturnType<typeof ask<ViewState>>>) => void,
): () => void {
  let closed = false;
  const call = ask(bridge.invoke['view:open'](spec));
  void call.then((answer) => {
    if (!closed) opened(answer);
  });
  return () => {
    closed = true;
    void call.then((answer) => {
      if (answer.ok) void ask(bridge.invoke['view:close']({ viewId: answer.value.viewId }));
    });
  };
}

async function fetchRows<Row>(
  bridge: Bridge,
  viewId: number,
  from: number,
  count: number,
): Promise<RowAnswer<Row> | null> {
  if (viewId === -1) return null;
  const answer = await ask(bridge.invoke['view:rows']({ viewId, from, count }));
  return answer.ok ? rowsOf<Row>(answer.value) : null;
}

/** The kind of a view's rows is the kind it was opened with; the type system cannot follow that through the call. */
function rowsOf<Row>(answer: ViewRows): RowAnswer<Row> {
  return { state: answer.state, from: answer.from, rows: answer.rows as unknown as readonly Row[] };
}

function sameSpec(a: ViewSpec | null, b: ViewSpec): boolean {
  return (
    a !== null && a.search === b.search && a.sort.column === b.sort.column && a.sort.descending === b.sort.descending
  );
}

/** Counts changes outside of React, so that many page arrivals make one render. */
class RowListeners {
  private readonly listeners = new Set<() => void>();
  private changes = 0;

  readonly count = (): number => this.changes;

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  tell(): void {
    this.changes++;
    for (const listener of this.listeners) listener();
  }
}
