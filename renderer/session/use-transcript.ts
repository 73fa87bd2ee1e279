/** The held part of a session's transcript, as React state. */
import { useEffect, useMemo, useState } from 'react';
import { ask } from '../bridge.js';
import { useApp, useBridge } from '../store/store-context.js';
import { EMPTY_TRANSCRIPT, TranscriptWindow } from './transcript/transcript-window.js';
import type { TranscriptSnapshot } from './transcript/transcript-window.js';

export interface Transcript {
  readonly window: TranscriptWindow;
  readonly snapshot: TranscriptSnapshot;
}

/** Loads anew when another session is meant, and once more when loading the capture, or capturing, has ended. */
export function useTranscript(sessionId: number, reveal: boolean): Transcript {
  const bridge = useBridge();
  const loading = useApp((state) => state.status.phase === 'loading' || state.status.phase === 'live');
  const [held, setHeld] = useState<{ readonly id: number; readonly snapshot: TranscriptSnapshot } | null>(null);
  const window = useMemo(
    () =>
      new TranscriptWindow(
        (request) => ask(bridge.invoke['session:transcript']({ sessionId, ...request })),
        (snapshot) => setHeld({ id: sessionId, snapshot }),
      ),
    [bridge, sessionId],
  );
  useEffect(() => () => window.close(), [window]);
  useEffect(() => void window.reload(), [window, loading]);
  // Revealing keeps the window: its wishes go on, only the octets change.
  useEffect(() => void window.setReveal(reveal), [window, reveal]);
  return { window, snapshot: held?.id === sessionId ? held.snapshot : EMPTY_TRANSCRIPT };
}
