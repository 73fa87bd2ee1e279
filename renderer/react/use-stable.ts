/** A function that stays the same for as long as its component stands and calls that of the latest render, for memoised children. */
import { useState } from 'react';
import { useLatest } from './use-latest.js';

export function useStable<A extends readonly unknown[]>(call: (...args: A) => void): (...args: A) => void {
  const latest = useLatest(call);
  const [stable] = useState(() => {
    return (...args: A): void => latest.current(...args);
  });
  return stable;
}
