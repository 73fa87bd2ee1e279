/**
 * Which rows of a long table are in view. All rows are equally high, so nothing
 * is kept per row: half a million cost what ten do. In: the element that
 * scrolls and the number of rows. Out: first and last row to render, some more
 * on each side than are visible; and ways to scroll.
 */
import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { flushSync } from 'react-dom';

export const ROW_HEIGHT = 28;
/** The rows begin below the header, which stays at the top while they scroll. */
const HEADER_HEIGHT = ROW_HEIGHT;
const OVERSCAN = 8;
/** Until the element has been measured. */
const FIRST_HEIGHT = 400;

export interface RowWindow {
  /** For the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly first: number;
  /** Below `first` when there are no rows. */
  readonly last: number;
  /** To be called whenever the element was scrolled. */
  readonly onScroll: () => void;
  /** Brings a row into view, moving as little as possible. */
  readonly reveal: (index: number) => void;
  readonly toEnd: () => void;
}

interface Place {
  /** First row in view. */
  readonly top: number;
  /** How many fit. */
  readonly count: number;
}

export function useRowWindow(total: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>({ top: 0, count: Math.ceil(FIRST_HEIGHT / ROW_HEIGHT) });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    // It tells the first size as well, once the page has been laid out anyway.
    const observer = new ResizeObserver(() => setPlace((before) => placeOf(element, before)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onScroll = (): void => {
    const element = scroller.current;
    // At once: what was scrolled to must not be seen empty.
    if (element !== null) flushSync(() => setPlace((before) => placeOf(element, before)));
  };
  const reveal = (index: number): void => {
    const element = scroller.current;
    if (element === null) return;
    const top = index * ROW_HEIGHT;
    const least = top + ROW_HEIGHT + HEADER_HEIGHT - element.clientHeight;
    if (element.scrollTop > top) element.scrollTo({ top });
    else if (element.scrollTop < least) element.scrollTo({ top: least });
  };
  const toEnd = (): void => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  // Fewer rows than were scrolled past: the element moves up by itself, a moment later.
  const top = Math.min(place.top, Math.max(0, total - place.count));
  const first = Math.max(0, top - OVERSCAN);
  return { scroller, first, last: Math.min(total, top + place.count + OVERSCAN) - 1, onScroll, reveal, toEnd };
}

/** `before` when it is still so. */
function placeOf(element: HTMLElement, before: Place): Place {
  const top = Math.floor(element.scrollTop / ROW_HEIGHT);
  const count = Math.ceil(element.clientHeight / ROW_HEIGHT);
  return before.top === top && before.count === count ? before : { top, count };
}
