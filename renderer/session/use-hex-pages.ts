/** Fetches the octets of one direction by the page, as the hex view needs them. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DirectionName } from '../../shared/violation.js';
import { ask } from '../bridge.js';
import { useLatest } from '../react/use-latest.js';
import { useBridge } from '../store/store-context.js';

const PAGE_OCTETS = 4096;
const KEPT_PAGES = 64;

export interface HexPages {
  readonly streamLength: number;
  /** Until the first answer came. */
  readonly loading: boolean;
  readonly problem: string | null;
  readonly octetAt: (offset: number) => number | undefined;
  /** Says which octets are about to be shown. */
  readonly need: (from: number, to: number) => void;
}

/** `version` rises when the session has grown: then the last page is fetched anew. */
export function useHexPages(sessionId: number, direction: DirectionName, reveal: boolean, version: number): HexPages {
  const bridge = useBridge();
  const pages = useRef(new Map<number, readonly number[] | null>());
  const [streamLength, setStreamLength] = useState(0);
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  const [, setArrivals] = useState(0);
  const generation = useRef(0);

  const load = useCallback(
    async (page: number, again = false): Promise<void> => {
      const held = pages.current;
      if (held.has(page) && !again) return;
      if (held.size >= KEPT_PAGES) held.clear();
      if (!held.has(page)) held.set(page, null);
      const asked = generation.current;
      const input = { sessionId, direction, offset: page * PAGE_OCTETS, count: PAGE_OCTETS, reveal };
      const answer = await ask(bridge.invoke['session:hex'](input));
      if (asked !== generation.current) return;
      if (answer.ok) {
        held.set(page, answer.value.octets);
        setStreamLength(answer.value.streamLength);
      }
      setLoading(false);
      setProblem(answer.ok ? null : answer.problem.message);
      setArrivals((count) => count + 1);
    },
    [bridge, sessionId, direction, reveal],
  );

  useEffect(() => {
    generation.current++;
    pages.current.clear();
    setStreamLength(0);
    setLoading(true);
    void load(0);
  }, [load]);

  const latestLength = useLatest(streamLength);
  useEffect(() => {
    if (version > 0) void load(Math.floor(Math.max(0, latestLength.current - 1) / PAGE_OCTETS), true);
  }, [load, version, latestLength]);

  const need = useCallback(
    (from: number, to: number): void => {
      for (let page = Math.floor(from / PAGE_OCTETS); page * PAGE_OCTETS < to; page++) void load(page);
    },
    [load],
  );
  const octetAt = (offset: number): number | undefined =>
    pages.current.get(Math.floor(offset / PAGE_OCTETS))?.[offset % PAGE_OCTETS];
  return { streamLength, loading, problem, octetAt, need };
}
