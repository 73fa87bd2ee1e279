/**
 * Whether a session of a live capture goes on, and when it has grown: by a view
 * of that one session, whose version rises with it. What grows quickly is told
 * a few times a second.
 */
import { useEffect, useRef, useState } from 'react';
import type { ViewSpec } from '../../shared/inspection.js';
import type { Bridge } from '../../shared/ipc.js';
import { ask } from '../bridge.js';
import { useApp, useBridge } from '../store/store-context.js';

const SHORTEST_MS = 400;

export interface Growth {
  /** Rises when the session has grown. */
  readonly version: number;
  /** The connection is open and packets are being captured. */
  readonly isGrowing: boolean;
}

const STILL: Growth = { version: 0, isGrowing: false };

export function useGrowth(sessionId: number): Growth {
  const bridge = useBridge();
  const live = useApp((state) => state.status.phase === 'live');
  const captureSerial = useApp((state) => state.captureSerial);
  const [viewId, setViewId] = useState(-1);
  const pushed = useApp((state) => state.status.views.find((view) => view.viewId === viewId)?.version);
  const [growth, setGrowth] = useState(STILL);
  const lastMs = useRef(0);

  useEffect(() => {
    setGrowth(STILL);
    setViewId(-1);
    return live ? openSessionView(bridge, sessionId, setViewId) : undefined;
  }, [bridge, sessionId, live, captureSerial]);

  useEffect(() => {
    if (viewId === -1) return undefined;
    let current = true;
    const look = async (): Promise<void> => {
      lastMs.current = performance.now();
      const answer = await ask(bridge.invoke['view:rows']({ viewId, from: 0, count: 1 }));
      if (!current || !answer.ok || answer.value.kind !== 'sessions') return;
      const isGrowing = answer.value.rows[0]?.end === 'open';
      setGrowth((before) => ({ version: before.version + 1, isGrowing }));
    };
    const timer = setTimeout(() => void look(), Math.max(0, lastMs.current + SHORTEST_MS - performance.now()));
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [bridge, viewId, pushed]);

  return growth;
}

/** Returns what closes the view. */
function openSessionView(bridge: Bridge, sessionId: number, opened: (viewId: number) => void): () => void {
  const spec: ViewSpec = { kind: 'sessions', sort: { column: 'time', descending: false }, search: '', sessionId };
  let closed = false;
  const call = ask(bridge.invoke['view:open'](spec));
  void call.then((answer) => {
    if (!closed && answer.ok) opened(answer.value.viewId);
  });
  return () => {
    closed = true;
    void call.then((answer) => {
      if (answer.ok) void ask(bridge.invoke['view:close']({ viewId: answer.value.viewId }));
    });
  };
}
