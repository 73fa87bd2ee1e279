/**
 * What the benchmark of the window measures inside the page: each function is
 * sent there whole and sees nothing of this module. Times are the page's own,
 * in milliseconds, from the event that a user causes to the frame in which the
 * rows stand.
 */
import type { Page } from 'playwright-core';

/** Longest time between two frames, and longest task, since the watch began. */
export interface Frames {
  readonly longestFrameMs: number;
  readonly longestTaskMs: number;
  readonly frames: number;
}

interface Watch {
  longestFrameMs: number;
  longestTaskMs: number;
  frames: number;
  last: number;
}

declare global {
  interface Window {
    frameWatch?: Watch;
    benchGrid?: GridProbe;
  }
}

interface GridProbe {
  /** Text of the rows in view, by their index; empty when there are none, null while one of them is on its way. */
  shown(): string | null;
  /** Index of the first row in view. */
  first(): number;
  /** Acts, and resolves with the time until `isDone` holds in a frame; -1 after ten seconds. */
  until(act: () => void, isDone: () => boolean): Promise<number>;
}

/** Puts the probes into the page; to be called once. */
export async function preparePage(page: Page): Promise<void> {
  // The name keeper that the compiler of these scripts calls.
  await page.evaluate('globalThis.__name = (made) => made');
  await page.evaluate(() => {
    const rowsInView = (): HTMLElement[] => {
      const scroller = document.querySelector('[role="grid"]')?.parentElement;
      if (scroller === null || scroller === undefined) return [];
      const frame = scroller.getBoundingClientRect();
      return [...scroller.querySelectorAll<HTMLElement>('[role="row"][aria-selected]')].filter((row) => {
        const box = row.getBoundingClientRect();
        return box.bottom > frame.top + 28 && box.top < frame.bottom;
      });
    };
    const indexOf = (row: HTMLElement | undefined): number => Number(row?.getAttribute('aria-rowindex') ?? 1) - 2;
    const inOrder = (): HTMLElement[] => rowsInView().sort((a, b) => indexOf(a) - indexOf(b));
    window.benchGrid = {
      shown: () => {
        const rows = inOrder();
        if (document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount') === '1') return '';
        if (rows.length === 0 || rows.some((row) => (row.textContent ?? '') === '')) return null;
        return rows.map((row) => `${indexOf(row)} ${row.textContent}`).join('\n');
      },
      first: () => indexOf(inOrder()[0]),
      until: (act, isDone) =>
        new Promise((resolve) => {
          const start = performance.now();
          const look = (): void => {
            if (isDone()) resolve(performance.now() - start);
            else if (performance.now() - start > 10_000) resolve(-1);
            else requestAnimationFrame(look);
          };
          act();
          requestAnimationFrame(look);
        }),
    };
  });
}

/** Begins to watch the frames. */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watch: Watch = { longestFrameMs: 0, longestTaskMs: 0, frames: 0, last: performance.now() };
    window.frameWatch = watch;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) watch.longestTaskMs = Math.max(watch.longestTaskMs, entry.duration);
    }).observe({ entryTypes: ['longtask'] });
    const frame = (): void => {
      const now = performance.now();
      watch.longestFrameMs = Math.max(watch.longestFrameMs, now - watch.last);
      watch.last = now;
      watch.frames++;
      if (window.frameWatch === watch) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
}

/** What was seen since `watchFrames`; the watch ends. */
export async function framesSeen(page: Page): Promise<Frames> {
  return page.evaluate(() => {
    const watch = window.frameWatch;
    delete window.frameWatch;
    if (watch === undefined) throw new Error('nobody watches the frames');
    const { longestFrameMs, longestTaskMs, frames } = watch;
    return { longestFrameMs, longestTaskMs, frames };
  });
}

/** Opens a capture; the time until session rows stand in the table. */
export async function openUntilRows(page: Page, path: string): Promise<number> {
  return page.evaluate((path) => {
    const grid = window.benchGrid;
    if (grid === undefined) throw new Error('the page is not prepared');
    return grid.until(
      () => void window.mailscope?.invoke['capture:open']({ path }),
      () => (grid.shown() ?? '') !== '',
    );
  }, path);
}

/** Cancels loading; the time until the window says that nothing is read any more. */
export async function cancelUntilIdle(page: Page): Promise<number> {
  return page.evaluate(() => {
    const status = (): HTMLElement | null => document.querySelector('footer[aria-label="Status"]');
    return window.benchGrid?.until(
      () =>
        [...(status()?.querySelectorAll('button') ?? [])].find((button) => button.textContent === 'Cancel')?.click(),
      () => status()?.dataset['phase'] === 'cancelled',
    );
  }) as Promise<number>;
}

/** Clicks on a column's title; the time until other rows stand there. */
export async function sortUntilRows(page: Page, column: string): Promise<number> {
  return page.evaluate((column) => {
    const grid = window.benchGrid;
    const title = [...document.querySelectorAll<HTMLElement>('[role="columnheader"] button')].find((button) =>
      (button.textContent ?? '').startsWith(column),
    );
    if (grid === undefined || title === undefined) throw new Error(`there is no column ${column}`);
    const before = grid.shown();
    return grid.until(
      () => title.click(),
      () => grid.shown() !== null && grid.shown() !== before,
    );
  }, column);
}

/** Types a search; the time until the count and the rows are those of the search. */
export async function searchUntilRows(page: Page, text: string): Promise<number> {
  return page.evaluate((text) => {
    const grid = window.benchGrid;
    const field = document.querySelector<HTMLInputElement>('[data-search]');
    if (grid === undefined || field === null) throw new Error('there is no search field');
    const before = grid.shown();
    return grid.until(
      () => {
        // Past the property that React puts over it, so that React sees a change.
        const property = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
        property?.set?.call(field, text);
        field.dispatchEvent(new Event('input', { bubbles: true }));
      },
      () => grid.shown() !== null && grid.shown() !== before,
    );
  }, text);
}

/** Scrolls to a row; the time until the rows around it stand there. */
export async function scrollUntilRows(page: Page, index: number): Promise<number> {
  return page.evaluate((index) => {
    const grid = window.benchGrid;
    const scroller = document.querySelector('[role="grid"]')?.parentElement;
    if (grid === undefined || scroller === null || scroller === undefined) throw new Error('there is no table');
    return grid.until(
      () => scroller.scrollTo({ top: index * 28 }),
      () => Math.abs(grid.first() - index) <= 2 && grid.shown() !== null,
    );
  }, index);
}
