/**
 * Keeps a transcript that grows at its end: loads what came, and follows it
 * until the reader scrolls up; at the end it follows again.
 */
import { useCallback, useEffect, useState } from 'react';
import type { TranscriptSnapshot, TranscriptWindow } from './transcript/transcript-window.js';
import type { Growth } from './use-growth.js';

export interface Tail {
  /** The surface shall stay at its end. */
  readonly follow: boolean;
  /** It grows, and the reader is elsewhere. */
  readonly isPaused: boolean;
  /** The reader came to the end, or left it. */
  readonly setAtEnd: (atEnd: boolean) => void;
}

export function useTail(window: TranscriptWindow, snapshot: TranscriptSnapshot, growth: Growth): Tail {
  const { version, isGrowing } = growth;
  const [atEnd, setAtEndState] = useState(true);
  // Another session begins at its end, until a finding of it is asked for.
  useEffect(() => setAtEndState(true), [window]);
  useEffect(() => {
    if (version > 0) void window.grow();
  }, [window, version]);
  const follow = isGrowing && atEnd;
  const { from, items, total, loading, problem } = snapshot;
  const isBehind = from + items.length < total;
  useEffect(() => {
    if (follow && isBehind && !loading && problem === null) void window.toEnd();
  }, [window, follow, isBehind, loading, problem]);
  const setAtEnd = useCallback((now: boolean) => setAtEndState(now), []);
  return { follow, isPaused: isGrowing && !atEnd, setAtEnd };
}
