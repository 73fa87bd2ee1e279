/** The findings of one session, in the order of its transcript. */
import { useEffect, useState } from 'react';
import type { Problem } from '../../shared/inspection.js';
import type { Violation } from '../../shared/violation.js';
import { ask } from '../bridge.js';
import { useApp, useBridge } from '../store/store-context.js';
import { inTranscriptOrder } from './finding-order.js';

export interface Findings {
  /** Null while they are on their way. */
  readonly list: readonly Violation[] | null;
  readonly problem: Problem | null;
}

/** Fetched anew when `version` rises, and once more when loading or capturing has ended. */
export function useFindings(sessionId: number, version = 0): Findings {
  const bridge = useBridge();
  const loading = useApp((state) => state.status.phase === 'loading' || state.status.phase === 'live');
  const [held, setHeld] = useState<{ readonly id: number; readonly findings: Findings } | null>(null);
  useEffect(() => {
    let current = true;
    void ask(bridge.invoke['session:findings']({ sessionId })).then((answer) => {
      if (!current) return;
      const findings = answer.ok
        ? { list: inTranscriptOrder(answer.value), problem: null }
        : { list: null, problem: answer.problem };
      setHeld({ id: sessionId, findings });
    });
    return () => {
      current = false;
    };
  }, [bridge, sessionId, loading, version]);
  return held?.id === sessionId ? held.findings : { list: null, problem: null };
}
