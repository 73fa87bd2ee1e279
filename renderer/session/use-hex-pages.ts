/** Fetches the octets of one direction by the page, as the hex view needs them. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DirectionName } from '../../shared/violation.js';
import { ask } from '../bridge.js';
import { useBridge } from '../store/store-context.js';

const PAGE_OCTETS = 4096;
const KEPT_PAGES = 64;

export interface HexPages {
  readonly streamLength: number;
  readonly problem: string | null;
  readonly octetAt: (offset: number) => number | undefined;
  /** Says which octets are about to be shown. */
  readonly need: (from: number, to: number) => void;
}

export function useHexPages(sessionId: number, direction: DirectionName, reveal: boolean): HexPages {
  const bridge = useBridge();
  const pages = useRef(new Map<number, readonly number[] | null>());
  const [streamLength, setStreamLength] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const [, setArrivals] = useState(0);
  const generation = useRef(0);

  const load = useCallback(
    async (page: number): Promise<void> => {
      const held = pages.current;
      if (held.has(page)) return;
      if (held.size >= KEPT_PAGES) held.clear();
      held.set(page, null);
      const asked = generation.current;
      const input = { sessionId, direction, offset: page * PAGE_OCTETS, count: PAGE_OCTETS, reveal };
      const answer = await ask(bridge.invoke['session:hex'](input));
      if (asked !== generation.current) return;
      if (answer.ok) {
        held.set(page, answer.value.octets);
        setStreamLength(answer.value.streamLength);
      }
      setProblem(answer.ok ? null : answer.problem.message);
      setArrivals((count) => count + 1);
    },
    [bridge, sessionId, direction, reveal],
  );

  useEffect(() => {
    generation.current++;
    pages.current.clear();
    setStreamLength(0);
    void load(0);
  }, [load]);

  const need = useCallback(
    (from: number, to: number): void => {
      for (let page = Math.floor(from / PAGE_OCTETS); page * PAGE_OCTETS < to; page++) void load(page);
    },
    [load],
  );
  const octetAt = (offset: number): number | undefined =>
    pages.current.get(Math.floor(offset / PAGE_OCTETS))?.[offset % PAGE_OCTETS];
  return { streamLength, problem, octetAt, need };
}
