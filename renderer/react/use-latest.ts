/** A reference to the value of the latest render, for effects and listeners that must not run again when it changes. */
import { useRef } from 'react';
import type { RefObject } from 'react';

export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}
